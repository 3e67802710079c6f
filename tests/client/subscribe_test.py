"""The plain and the asyncio client, and the examples, against a scripted server."""

import asyncio
import contextlib
import itertools
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import encode
import tariffd
from scripted_server import ScriptedServer

ROOT = pathlib.Path(os.environ["TARIFF_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["TARIFF_BUILD_DIR"])
NODE = shutil.which("node") or shutil.which("nodejs")  # ./run test installs it


def plain(count, path, **options):
    """The first `count` messages of a subscription."""
    with tariffd.subscribe(path, **options) as messages:
        return list(itertools.islice(messages, count))


def aio(count, path, **options):
    async def take():
        received = []
        async with tariffd.aio.subscribe(path, **options) as messages:
            async for message in messages:
                received.append(message)
                if len(received) == count:
                    return received

    return asyncio.run(take())


class BothClients:
    """Every case for either client: a subclass says which one `take` is."""

    def test_receives_in_order(self):
        with ScriptedServer(encode.signal(5) + encode.signal(6)) as server:
            self.assertEqual([m.seq for m in self.take(2, server.path)], [5, 6])
        self.assertEqual(server.lines, ['{"op":"subscribe","format":"binary"}\n'])

    def test_resumes_over_lost_connections_and_torn_records(self):
        with ScriptedServer(encode.signal(5) + encode.signal(6)[:50],
                            encode.signal(6) + encode.signal(7),
                            encode.signal(8)) as server:
            received = self.take(4, server.path, reconnect_min=0.001)
        self.assertEqual([m.seq for m in received], [5, 6, 7, 8])
        self.assertIn('"from_seq":6', server.lines[1])
        self.assertIn('"from_seq":8', server.lines[2])

    def test_tells_a_silence_once_and_again_after_it_was_broken(self):
        with ScriptedServer(encode.signal(1)) as server:
            received = self.take(2, server.path, stale_after=0.05)
        silence = tariffd.Stale("connected, but nothing was heard, not even a heartbeat")
        self.assertEqual(received[1], silence)

    def test_says_why_it_cannot_connect(self):
        (stale,) = self.take(1, "/nowhere/signals.sock", stale_after=0.05)
        self.assertEqual(
            stale.reason, "cannot connect to /nowhere/signals.sock: No such file or directory")

    def test_raises_at_a_malformed_stream_and_says_where(self):
        bad = bytearray(encode.signal(2))
        bad[-1] ^= 1
        with ScriptedServer(encode.signal(1) + bad) as server:
            with self.assertRaises(tariffd.ProtocolError) as raised:
                self.take(2, server.path)
        self.assertEqual(str(raised.exception), "the CRC32C does not match (number 2 was due)")

    def test_raises_the_daemons_reason_when_it_is_refused(self):
        with ScriptedServer(encode.error(b"no such message: signls")) as server:
            with self.assertRaisesRegex(tariffd.ProtocolError, "refused: no such message: signls"):
                self.take(1, server.path, messages=["signls"])

    def test_reads_json_by_an_option(self):
        beat = (b'{"type":"heartbeat","seq":0,"session":7,"source_ns":0,"received_ns":200,'
                b'"latency_ns":0,"last_seq":4}\n')
        with ScriptedServer(beat) as server:
            received = self.take(1, server.path, format="json")
        self.assertEqual(received, [tariffd.Heartbeat(0, 7, 0, 200, 0, 4)])
        self.assertEqual(server.lines, ['{"op":"subscribe","format":"json"}\n'])


class PlainTest(BothClients, unittest.TestCase):
    take = staticmethod(plain)


class AioTest(BothClients, unittest.TestCase):
    take = staticmethod(aio)


class ProgramsTest(unittest.TestCase):
    WIRE = (encode.heartbeat(4, session=6) + encode.signal(5) + encode.signal(6, -0.5) +
            encode.retract(7, 5) + encode.status(8, kind=1) + encode.gap(9, 20) +
            encode.heartbeat(20, session=7))
    # The same as JSON lines, for a client that speaks these.
    HEAD = '"session":%d,"source_ns":1760129400000000123,"received_ns":1,"latency_ns":1'
    LINES = "".join("{" + line + "}\n" for line in (
        '"type":"heartbeat","seq":0,' + HEAD % 6 + ',"last_seq":4',
        '"type":"signal","seq":5,' + HEAD % 6 + ',"instrument":"FXI","direction":1,"score":0.75',
        '"type":"signal","seq":6,' + HEAD % 6 + ',"instrument":"FXI","direction":-1,"score":-0.5',
        '"type":"retract","seq":7,' + HEAD % 6 + ',"supersedes_seq":5',
        '"type":"status","seq":8,' + HEAD % 6 + ',"kind":"blind"',
        '"type":"gap","seq":0,' + HEAD % 6 + ',"from_seq":9,"to_seq":20',
        '"type":"heartbeat","seq":0,' + HEAD % 7 + ',"last_seq":20')).encode()
    TOLD = ["5 buy FXI 0.75", "6 sell FXI -0.5", "7 undo 5", "8 blind", "reconcile 9..20",
            "daemon restarted: reconcile", "stale: stop quoting"]

    EXAMPLES = {
        "C++": [BUILD / "client" / "example_strategy"],
        "C": [BUILD / "client" / "example_strategy_c"],
        "Python": [sys.executable, ROOT / "client" / "python" / "example_strategy.py"],
        "asyncio": [sys.executable, ROOT / "client" / "python" / "example_strategy_async.py"],
    }
    if NODE:
        EXAMPLES["Node"] = [NODE, ROOT / "client" / "node" / "example_strategy.mjs"]

    def test_every_example_answers_every_message(self):
        with contextlib.ExitStack() as stack:
            running = {}
            # All at once: each has to sit out the same silence.
            for name, command in self.EXAMPLES.items():
                server = stack.enter_context(ScriptedServer(self.LINES if name == "Node" else self.WIRE))
                program = stack.enter_context(
                    subprocess.Popen([*command, server.path, "5"], stdout=subprocess.PIPE,
                                     text=True))
                stack.callback(program.kill)
                running[name] = server, program
            for name, (server, program) in running.items():
                with self.subTest(name):
                    lines = [program.stdout.readline().rstrip() for _ in self.TOLD]
                    self.assertEqual([line.replace("-0.50", "-0.5") for line in lines], self.TOLD)
                    self.assertIn('"from_seq":5,"messages":["signal","retract","status"]',
                                  server.lines[0])

    def test_every_example_has_less_than_forty_lines(self):
        for path in ("cpp/example_strategy.cc", "c/example_strategy.c", "python/example_strategy.py",
                     "python/example_strategy_async.py", "node/example_strategy.mjs"):
            self.assertLess(len((ROOT / "client" / path).read_text().splitlines()), 40, path)

    def test_the_package_prints_what_it_receives(self):
        with ScriptedServer(encode.signal(5) + encode.error(b"enough")) as server:
            done = subprocess.run([sys.executable, "-m", "tariffd", "--socket", server.path],
                                  capture_output=True, text=True, timeout=30, check=False)
        self.assertIn("Signal(seq=5", done.stdout)
        self.assertEqual(done.stderr, "tariffd: the daemon refused: enough (number 6 was due)\n")
        self.assertEqual(done.returncode, os.EX_PROTOCOL)


if __name__ == "__main__":
    unittest.main()
