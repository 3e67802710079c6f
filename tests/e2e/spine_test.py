"""A headline in at a feed's socket, an event and its signals out at the signal socket."""

import json
import shutil
import socket
import subprocess
import unittest

import tariffd as client
from daemon import (Daemon, PATIENCE_S, SOURCE, free_port, headline, tariffd, until, wait_for)


def is_last_signal(message):
    return message["type"] == "signal" and message["instrument"] == "REMX"


class Spine(unittest.TestCase):

    def test_one_line_into_a_tcp_feed_gives_one_event_and_its_signals_to_socat(self):
        port = free_port()
        feeds = f'[[feed]]\nname = "desk"\nprotocol = "ndjson"\nurl = "tcp-listen://127.0.0.1:{port}"\n'
        with Daemon(feeds) as daemon:
            self.assertIsNotNone(shutil.which("socat"), "socat is a package of ./run test")
            socat = subprocess.Popen(["socat", "-u", f"UNIX-CONNECT:{daemon.socket}", "-"],
                                     stdout=subprocess.PIPE, text=True)
            try:
                first = json.loads(socat.stdout.readline())  # the heartbeat: it listens
                self.assertEqual(first["type"], "heartbeat")
                with socket.create_connection(("127.0.0.1", port)) as feed:
                    feed.sendall(json.dumps(headline()).encode() + b"\n")
                seen = until((json.loads(line) for line in socat.stdout), is_last_signal)
            finally:
                socat.kill()
                socat.wait()
                socat.stdout.close()
            events = [m for m in seen if m["type"] == "event"]
            signals = [m for m in seen if m["type"] == "signal"]
            self.assertEqual(len(events), 1)
            event = events[0]
            self.assertEqual(event["net"], "escalate")
            self.assertEqual(event["text"], headline()["text"])
            fact = event["events"][0]
            self.assertEqual((fact["action"], fact["measure"], fact["actor"], fact["targets"],
                              fact["rate_pct"], fact["effective"]),
                             ("impose", "tariff", ["US"], ["CN"], 100, "2025-11-01"))
            self.assertLess(event["latency_ns"], PATIENCE_S * 1e9)
            self.assertGreater(len(signals), 3)
            for signal in signals:
                self.assertEqual(signal["event_id"], event["id"] if "id" in event else event["event_id"])
            self.assertLess(next(s["score"] for s in signals if s["instrument"] == "SPY"), 0)

    def test_the_same_in_binary_by_the_python_client(self):
        with Daemon() as daemon:
            with client.subscribe(str(daemon.socket), from_seq=1) as messages:
                daemon.send(headline())
                for message in messages:
                    if isinstance(message, client.Event):
                        self.assertEqual(message.text, headline()["text"])
                        self.assertEqual(message.net, "escalate")
                        break

    def test_a_feed_that_comes_and_goes_is_told_and_so_is_blindness(self):
        with socket.create_server(("127.0.0.1", 0)) as provider:
            port = provider.getsockname()[1]
            feeds = f'[[feed]]\nname = "wire"\nprotocol = "ndjson"\nurl = "tcp://127.0.0.1:{port}"\n'
            with Daemon(feeds) as daemon:
                messages = daemon.messages(from_seq=1, messages=["status"])
                connection, _ = provider.accept()
                until(messages, lambda m: m.get("state") == "up" and m["feed"] == "wire")
                connection.close()
                until(messages, lambda m: m.get("kind") == "blind")
                connection, _ = provider.accept()  # it comes back by itself
                with connection:
                    until(messages, lambda m: m.get("kind") == "sighted")

    def test_bytes_that_are_not_headlines_cost_themselves_and_are_counted(self):
        with Daemon() as daemon:
            nested = b"[" * 10_000
            daemon.send(b"\xff\xfe\x00garbage", b"{\"text\":", nested, b"[]", b"{\"text\":7}",
                        b"\"" + b"x" * 100_000, headline())
            until(daemon.messages(from_seq=1), lambda m: m["type"] == "event")
            status = daemon.status()
            self.assertGreaterEqual(status["feeds"][0]["counters"]["bad_frames"], 5)
            self.assertEqual(status["feeds"][0]["counters"]["headlines"], 1)
            log = daemon.log()
            self.assertNotIn("\x00", log)
            self.assertLess(log.count("not understood") + log.count("not JSON"), 5,
                            "told once, not per frame")

    def test_a_malformed_request_gets_one_error_line_and_a_closed_socket(self):
        with Daemon() as daemon:
            for request in (b"hello\n", b"{\"op\":\"dance\"}\n", b"{\"op\":\"subscribe\",\"x\":1}\n",
                            b"{" * 70_000 + b"\n", b"\xff\xff\n"):
                with self.subTest(request=request[:30]), daemon.connect() as subscriber:
                    subscriber.sendall(request)
                    answer = b""
                    try:
                        while chunk := subscriber.recv(65536):
                            answer += chunk
                    except ConnectionResetError:
                        pass  # closed with unread bytes of ours
                    lines = [json.loads(line) for line in answer.splitlines()]
                    self.assertEqual([m["type"] for m in lines], ["error"], answer)
            daemon.send(headline())
            until(daemon.messages(from_seq=1), lambda m: m["type"] == "event")

    def test_a_burst_waits_in_the_socket_and_loses_nothing(self):
        with Daemon() as daemon:
            count = 3000
            daemon.send(*[headline(f"{i} US to impose {i % 97 + 1}% tariff on steel from China", str(i))
                          for i in range(count)])
            wait_for(lambda: daemon.status()["feeds"][0]["counters"]["headlines"] == count,
                     "all headlines to be taken")
            self.assertEqual(daemon.status()["feeds"][0]["counters"]["headlines_dropped"], 0)

    def test_it_stops_in_good_order_and_says_so(self):
        with Daemon() as daemon:
            messages = daemon.messages(from_seq=1, messages=["status"])
            until(messages, lambda m: m.get("kind") == "started")
            daemon.process.terminate()
            until(messages, lambda m: m.get("kind") == "stopping")
            self.assertEqual(daemon.process.wait(PATIENCE_S), 0)
            self.assertFalse(daemon.socket.exists(), "the socket file is removed")

    def test_every_layout_of_threads_gives_the_same_messages(self):
        layouts = {
            "one": "",
            "two": '[[thread]]\nname = "io"\nruns = ["feeds"]\n'
                   '[[thread]]\nname = "rest"\nruns = ["scorer", "publisher"]\nidle = "park"\n',
            "three": '[[thread]]\nname = "f"\nruns = ["feeds"]\nidle = "yield"\n'
                     '[[thread]]\nname = "s"\nruns = ["scorer"]\nidle = "yield"\n'
                     '[[thread]]\nname = "p"\nruns = ["publisher"]\nidle = "park"\n',
        }
        outcomes = {}
        for name, threads in layouts.items():
            with Daemon(threads=threads) as daemon:
                daemon.send(headline())
                seen = until(daemon.messages(from_seq=1, messages=["event", "signal"]),
                             is_last_signal)
                outcomes[name] = [(m["type"], m.get("instrument"), m.get("score"))
                                  for m in seen if m["type"] != "heartbeat"]
        self.assertEqual(outcomes["one"], outcomes["two"])
        self.assertEqual(outcomes["one"], outcomes["three"])

    def test_status_shows_feeds_counters_and_latency_to_a_person(self):
        with Daemon() as daemon:
            daemon.send(headline())
            until(daemon.messages(from_seq=1), is_last_signal)
            result = tariffd("status", "--socket", daemon.socket)
            self.assertEqual(result.returncode, 0, result.stderr)
            for word in ("desk", "p99", "headlines_scored", "over 1 headlines"):
                self.assertIn(word, result.stdout)

    def test_watch_shows_what_a_strategy_gets_without_colour_in_a_pipe(self):
        with Daemon() as daemon:
            daemon.send(headline())
            until(daemon.messages(from_seq=1), is_last_signal)
            count = daemon.status()["last_seq"]
            result = tariffd("watch", "--socket", daemon.socket, "--from", 1, "--count", count,
                             "--summary")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("impose tariff  US -> CN  100%  from 2025-11-01", result.stdout)
            self.assertIn("1 events", result.stdout)
            self.assertNotIn("\x1b", result.stdout)
            raw = tariffd("watch", "--socket", daemon.socket, "--from", 1, "--json", "--count", 9)
            lines = [json.loads(line) for line in raw.stdout.splitlines()]
            seqs = [m["seq"] for m in lines if m["type"] != "heartbeat"]
            self.assertEqual(seqs, list(range(1, 10)))

    def test_a_replay_of_the_journal_of_inputs_publishes_what_was_published_live(self):
        with Daemon() as daemon:
            daemon.send(headline(), headline(item="2", source="bloomberg"),
                        headline("EU to cut tariffs on US cars to 2.5% from 10%", "3"))
            live = until(daemon.messages(from_seq=1, messages=["event", "signal"]),
                         lambda m: m["type"] == "event" and m["item_id"] == "3")
            wait_for(lambda: daemon.status()["counters"]["headlines_scored"] == 3, "the third")
            daemon.stop()
            first = tariffd("replay", daemon.path / "inputs", "--config", daemon.config)
            second = tariffd("replay", daemon.path / "inputs", "--config", daemon.config)
            self.assertEqual(first.returncode, 0, first.stderr)
            self.assertEqual(first.stdout, second.stdout, "same input, same bytes")

            def facts(messages):
                return [(m["type"], m.get("net"), m.get("novelty"), m.get("events"),
                         m.get("instrument"), m.get("score"), m["received_ns"]) for m in messages
                        if m["type"] in ("event", "signal")]
            replayed = facts(json.loads(line) for line in first.stdout.splitlines())
            self.assertEqual(replayed[:len(facts(live))], facts(live))


if __name__ == "__main__":
    unittest.main()
