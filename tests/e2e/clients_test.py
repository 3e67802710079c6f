"""The example strategy of every language at a real daemon that is killed with -9 on the way: each acts on
every signal once."""

import os
import pathlib
import shutil
import subprocess
import sys
import threading
import unittest

from daemon import Daemon, SOURCE, headline, until, wait_for

BUILD = pathlib.Path(os.environ["TARIFF_BUILD_DIR"]) / "client"
NODE = shutil.which("node") or shutil.which("nodejs")
EXAMPLES = {
    "C++": [BUILD / "example_strategy"],
    "C": [BUILD / "example_strategy_c"],
    "Python": [sys.executable, SOURCE / "client" / "python" / "example_strategy.py"],
    "asyncio": [sys.executable, SOURCE / "client" / "python" / "example_strategy_async.py"],
    **({"Node": [NODE, SOURCE / "client" / "node" / "example_strategy.mjs"]} if NODE else {}),
}


class Strategy:
    """A running example and the numbers of the signals that it acted on."""

    def __init__(self, command, socket):
        self.acted, self.restarts, self.reconciled = [], 0, 0
        self.process = subprocess.Popen([*command, socket, "1"], stdout=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            words = line.split()
            if words[1:2] in (["buy"], ["sell"], ["move"]):
                self.acted.append(int(words[0]))
            self.restarts += line.startswith("daemon restarted")
            self.reconciled += line.startswith("reconcile ")

    def end(self):
        self.process.kill()
        self.process.wait()
        self._reader.join()
        self.process.stdout.close()


class Clients(unittest.TestCase):

    def test_every_example_acts_on_each_signal_once_though_the_daemon_is_killed(self):
        with Daemon() as daemon:
            strategies = {name: Strategy(command, str(daemon.socket))
                          for name, command in EXAMPLES.items()}
            try:
                for session in range(3):
                    if session:
                        wait_for(lambda: all(s.acted for s in strategies.values()), "all to begin")
                        daemon.kill()
                        daemon.start()
                    daemon.send(*[headline(f"US to impose {10 + session}.{i}% tariff on steel from "
                                           "China from Nov 1", f"{session}-{i}") for i in range(50)])
                    # Not waited for: the next kill finds strategies that have not read everything.
                    until(daemon.messages(from_seq=1), lambda m: m["type"] == "event" and
                          m["item_id"] == f"{session}-49")
                last = daemon.status()["last_seq"]
                told = until(daemon.messages(from_seq=1), lambda m: m["seq"] == last)
                wanted = [m["seq"] for m in told
                          if m["type"] == "signal" and abs(m["score"]) >= 0.3]
                self.assertGreater(len(wanted), 100)
                for name, strategy in strategies.items():
                    with self.subTest(name):
                        wait_for(lambda s=strategy: len(s.acted) >= len(wanted), f"{name}'s signals")
                        wait_for(lambda s=strategy: s.restarts >= 1, f"{name} to see a restart")
                        self.assertEqual(strategy.acted, wanted)
                        self.assertEqual(strategy.reconciled, 0)
                        self.assertIsNone(strategy.process.poll())
            finally:
                for strategy in strategies.values():
                    strategy.end()


if __name__ == "__main__":
    unittest.main()
