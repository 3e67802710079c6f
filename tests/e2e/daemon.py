"""A real tariffd in a folder of its own, for the end-to-end tests: started, asked, killed."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

TARIFFD = os.environ["TARIFFD"]
SOURCE = pathlib.Path(os.environ["TARIFF_SOURCE_DIR"])
PATIENCE_S = 30  # for a machine under load and a sanitizer; no test passes because time went by


def wait_for(condition, what):
    """Waits until `condition()` gives something true, and returns it."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if result := condition():
            return result
        time.sleep(0.01)
    raise AssertionError(f"waited {PATIENCE_S} s for {what}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tariffd(*arguments, stdin="", timeout=PATIENCE_S):
    """Runs a command to its end."""
    return subprocess.run([TARIFFD, *map(str, arguments)], input=stdin, text=True,
                          capture_output=True, timeout=timeout, check=False)


class Daemon:
    """`feeds` is TOML. The default is one NDJSON feed on a Unix socket."""

    def __init__(self, feeds=None, extra="", rules=None, threads=""):
        self._folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self._folder.name)
        self.config = self.path / "tariffd.toml"
        self.socket = self.path / "signals.sock"
        self.feed_socket = self.path / "feed.sock"
        feeds = feeds or f'''
[[feed]]
name = "desk"
protocol = "ndjson"
url = "unix-listen://{self.feed_socket}"
'''
        self.config.write_text(f'''
rules_directory = "{rules or SOURCE / "config"}"
{feeds}
{threads}
[socket]
path = "signals.sock"
heartbeat_ms = 100
[journal]
directory = "signals"
segment_mib = 4
segments_max = 64
[inputs]
directory = "inputs"
segment_mib = 4
[stories]
stale_after_ms = 0  # the headlines of the tests are of 2025
{extra}
''')
        self.command = []  # what the daemon is started by
        self.process = None
        self._starts = 0

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._folder.cleanup()

    def log(self):
        return (self.path / "log").read_text()

    def start(self):
        with open(self.path / "log", "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [*self.command, TARIFFD, "run", "--config", self.config], stderr=log)
        self._starts += 1
        wait_for(self._is_up, "the daemon to start")

    def _is_up(self):
        if self.process.poll() is not None:
            raise AssertionError(f"exit code {self.process.returncode}: {self.log()}")
        return self.log().count(" is ready after ") == self._starts

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def connect(self, request=None):
        """A connection to the signal socket."""
        subscriber = socket.socket(socket.AF_UNIX)
        try:
            subscriber.settimeout(PATIENCE_S)
            subscriber.connect(str(self.socket))
        except OSError:
            subscriber.close()
            raise
        if request is not None:
            subscriber.sendall(json.dumps(request).encode() + b"\n")
        return subscriber

    def messages(self, **request):
        """JSON messages as they come, for ever."""
        with self.connect({"op": "subscribe", **request}) as subscriber:
            with subscriber.makefile("rb") as lines:
                for line in lines:
                    yield json.loads(line)

    def status(self):
        result = tariffd("status", "--socket", self.socket, "--json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    def send(self, *items):
        """Lines into the default feed, on a connection of their own."""
        with socket.socket(socket.AF_UNIX) as feed:
            feed.connect(str(self.feed_socket))
            for item in items:
                line = item if isinstance(item, bytes) else json.dumps(item).encode()
                feed.sendall(line + b"\n")


def until(messages, wanted):
    """The messages up to and with the first that `wanted` accepts."""
    seen = []
    end = time.monotonic() + PATIENCE_S
    for message in messages:
        seen.append(message)
        if wanted(message):
            return seen
        if time.monotonic() > end:
            break
    raise AssertionError(f"did not come: {[m for m in seen if m['type'] != 'heartbeat']}")


THREAT = "US to impose additional 100% tariff on China from Nov 1, Trump says"


def headline(text=THREAT, item="1", published="2025-10-10T20:50:00Z", source="reuters"):
    return {"id": item, "text": text, "published_at": published, "source": source}
