"""Over 100,000 signals, the daemon killed with -9 three times and the subscriber twice: nothing is
missed and nothing comes twice."""

import json
import socket
import threading
import time
import unittest

import tariffd as client
from daemon import Daemon, PATIENCE_S

SIGNALS = 100_000
PLACES = ["China", "Mexico", "Canada", "Japan", "India", "Brazil", "South Korea", "the EU"]
GOODS = ["steel", "copper", "cars", "furniture", "semiconductors", "lumber", "soybeans", "trucks"]


def headlines():
    """Ever new facts: another rate, place or product each time."""
    number = 0
    while True:
        number += 1
        rate = 1 + number % 997 / 10
        place = PLACES[number // 997 % len(PLACES)]
        goods = GOODS[number // 7976 % len(GOODS)]
        yield {"id": str(number), "source": "reuters", "published_at": "2025-10-10T20:50:00Z",
               "text": f"US to impose {rate:.1f}% tariff on {goods} from {place} from Nov 1"}


class Feeder(threading.Thread):
    """Sends headlines until told to stop; comes back when the daemon does. Never far ahead of the
    subscriber, so that each kill meets a daemon that is at work."""

    AHEAD_MAX = 500

    def __init__(self, daemon):
        super().__init__()
        self._daemon = daemon
        self.done = threading.Event()
        self.events_seen = 0

    def run(self):
        lines = headlines()
        while not self.done.is_set():
            try:
                with socket.socket(socket.AF_UNIX) as feed:
                    feed.connect(str(self._daemon.feed_socket))
                    sent, seen_before = 0, self.events_seen
                    while not self.done.is_set():
                        if sent > self.events_seen - seen_before + self.AHEAD_MAX:
                            time.sleep(0.002)
                            continue
                        sent += 20
                        batch = [json.dumps(next(lines)).encode() for _ in range(20)]
                        feed.sendall(b"\n".join(batch) + b"\n")
            except OSError:
                time.sleep(0.02)


class Resume(unittest.TestCase):

    def test_nothing_is_missed_or_doubled_when_both_ends_are_killed(self):
        with Daemon() as daemon:
            feeder = Feeder(daemon)
            feeder.start()
            try:
                seqs, signals, sessions = self._receive(daemon, feeder)
            finally:
                feeder.done.set()
                feeder.join()
            self.assertEqual(seqs, list(range(1, len(seqs) + 1)))
            self.assertGreaterEqual(signals, SIGNALS)
            self.assertEqual(len(sessions), 4, "three kills, four sessions")

    def _receive(self, daemon, feeder):
        seqs, sessions, signals = [], set(), 0
        kills = [SIGNALS // 4, SIGNALS // 2, SIGNALS * 3 // 4]
        resumes = [SIGNALS // 3, SIGNALS * 2 // 3]
        end = time.monotonic() + 8 * PATIENCE_S
        while signals < SIGNALS:
            # A new subscriber that knows nothing but the number of the last message it worked off.
            with client.subscribe(str(daemon.socket), from_seq=len(seqs) + 1, verify=False) as messages:
                for message in messages:
                    if time.monotonic() > end:
                        self.fail(f"only {signals} signals; the daemon's log:\n{daemon.log()[-2000:]}")
                    if isinstance(message, client.Gap):
                        self.fail(f"gap {message}")
                    if isinstance(message, (client.Heartbeat, client.Stale)):
                        continue
                    seqs.append(message.seq)
                    sessions.add(message.session)
                    signals += isinstance(message, client.Signal)
                    feeder.events_seen += isinstance(message, client.Event)
                    if kills and signals >= kills[0]:
                        kills.pop(0)
                        daemon.kill()
                        daemon.start()
                    if resumes and signals >= resumes[0]:
                        resumes.pop(0)
                        break  # killed: what it had not read is gone with it
                    if signals >= SIGNALS:
                        break
        return seqs, signals, sessions


if __name__ == "__main__":
    unittest.main()
