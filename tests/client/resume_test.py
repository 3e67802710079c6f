"""100,000 signals to every client, the daemon's end killed three times and each client twice: no
number is missing and none comes twice."""

import array
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

BUILD = pathlib.Path(os.environ["TARIFF_BUILD_DIR"]) / "tests" / "client"
HERE = pathlib.Path(__file__).parent
LAST_SEQ = 106_250  # 100,000 signals and their 6,250 events
PER_SECOND = int(os.environ.get("TARIFF_RESUME_RATE", 20_000))
PATIENCE_S = 120
NODE = shutil.which("node") or shutil.which("nodejs")  # ./run test installs it
CLIENTS = {
    "cpp": [str(BUILD / "client_receiver"), "socket"],
    "cpp shared memory": [str(BUILD / "client_receiver"), "memory"],
    "c": [str(BUILD / "client_receiver_c")],
    "plain binary": [sys.executable, str(HERE / "receiver.py"), "plain", "binary"],
    "plain json": [sys.executable, str(HERE / "receiver.py"), "plain", "json"],
    "aio binary": [sys.executable, str(HERE / "receiver.py"), "aio", "binary"],
    **({"node": [NODE, str(HERE / "receiver.mjs")]} if NODE else {}),
    "aio json": [sys.executable, str(HERE / "receiver.py"), "aio", "json"],
}


class Process:
    """A program that can be killed and started again."""

    def __init__(self, command):
        self._command = command
        self.start()

    def start(self):
        self.running = subprocess.Popen(self._command, stdin=subprocess.PIPE)

    def kill(self):
        self.running.kill()
        self.running.wait()
        self.running.stdin.close()


class ResumeTest(unittest.TestCase):

    def test_nothing_is_lost_or_doubled_when_either_end_is_killed(self):
        with tempfile.TemporaryDirectory() as folder:
            socket, journal = f"{folder}/signals.sock", f"{folder}/journal"
            server = Process(
                [str(BUILD / "client_publisher"), journal, socket, str(LAST_SEQ), str(PER_SECOND)])
            files = {name: pathlib.Path(folder, name.replace(" ", "-")) for name in CLIENTS}
            clients = {
                name: Process([*command, socket, str(files[name]), str(LAST_SEQ)])
                for name, command in CLIENTS.items()
            }
            try:
                self._kill_on_the_way(server, clients, files)
                for name, client in clients.items():
                    self.assertEqual(client.running.wait(PATIENCE_S), 0, name)
            finally:
                for process in (server, *clients.values()):
                    process.kill()
            for name, file in files.items():
                received = array.array("Q", file.read_bytes())
                self.assertEqual(len(received), LAST_SEQ, name)
                self.assertTrue(all(seq == i for i, seq in enumerate(received, 1)), name)

    def _kill_on_the_way(self, server, clients, files):
        """By progress, not by time: the server at three places, each client at two of its own."""
        server_at = [20_000, 50_000, 80_000]
        clients_at = {name: [15_000 + 9_000 * i, 65_000 + 4_000 * i]
                      for i, name in enumerate(clients)}
        deadline = time.monotonic() + PATIENCE_S
        while server_at or any(clients_at.values()):
            self.assertLess(time.monotonic(), deadline, f"left: {server_at} {clients_at}")
            for name, client in clients.items():
                self.assertIn(client.running.poll(), (None, 0), f"{name} failed")
            received = {n: f.stat().st_size // 8 if f.exists() else 0 for n, f in files.items()}
            if server_at and max(received.values()) >= server_at[0]:
                del server_at[0]
                server.kill()
                server.start()
            for name, places in clients_at.items():
                if places and received[name] >= places[0]:
                    del places[0]
                    clients[name].kill()
                    clients[name].start()
            time.sleep(0.005)


if __name__ == "__main__":
    unittest.main()
