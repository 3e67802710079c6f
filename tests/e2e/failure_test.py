"""What goes wrong is told in one line that says what, where and what to do, with the right exit code."""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import unittest

from daemon import Daemon, PATIENCE_S, SOURCE, TARIFFD, headline, tariffd, until, wait_for


class Starts(unittest.TestCase):

    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(lambda: self.daemon.__exit__())

    def change(self, old, new):
        text = self.daemon.config.read_text()
        self.assertIn(old, text)
        self.daemon.config.write_text(text.replace(old, new))

    def run_it(self):
        return tariffd("run", "--config", self.daemon.config)

    def fails(self, code, *words):
        result = self.run_it()
        self.assertEqual(result.returncode, code, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        return result.stderr

    def test_every_mistake_of_a_configuration_is_told_at_once_with_its_line(self):
        self.change('protocol = "ndjson"', 'protocol = "telepathy"')
        self.change("heartbeat_ms = 100", "heartbeat_ms = 1\nhart_beat = 2")
        self.change("segment_mib = 4\nsegments_max = 64", "segment_mib = 0")
        text = self.fails(78, "tariffd.toml:", "protocol = 'telepathy'", "heartbeat_ms = 1: is outside",
                          "hart_beat = 2: is not a key", "segment_mib = 0: is outside")
        check = tariffd("check", "--config", self.daemon.config)
        self.assertEqual(check.returncode, 78)
        self.assertEqual(len(check.stderr.splitlines()), len(text.splitlines()))

    def test_a_configuration_that_is_not_there(self):
        result = tariffd("run", "--config", "/nowhere/tariffd.toml")
        self.assertEqual(result.returncode, 78)
        self.assertIn("/nowhere/tariffd.toml: cannot be read: No such file or directory",
                      result.stderr)

    def test_a_rules_file_that_cannot_be_read(self):
        with tempfile.TemporaryDirectory() as rules:
            for name in ("lexicon", "lexicon.zh", "rules.zh", "exposures", "sources"):
                shutil.copy(SOURCE / f"config/{name}.toml", rules)
            self.change(f'"{SOURCE / "config"}"', f'"{rules}"')
            self.fails(78, f"{rules}/rules.toml: cannot be read: No such file or directory")

    def test_a_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.change(f"unix-listen://{self.daemon.feed_socket}", f"tcp-listen://127.0.0.1:{port}")
            self.fails(69, "desk", str(port), "in use")

    def test_a_signal_socket_of_a_daemon_that_lives(self):
        self.daemon.start()
        other = Daemon()
        with tempfile.TemporaryDirectory():
            other.config.write_text(other.config.read_text().replace(
                'path = "signals.sock"', f'path = "{self.daemon.socket}"'))
            result = tariffd("run", "--config", other.config)
        self.assertEqual(result.returncode, 73, result.stderr)
        self.assertIn(str(self.daemon.socket), result.stderr)

    def test_a_journal_that_another_daemon_writes(self):
        self.daemon.start()
        config = self.daemon.path / "second.toml"
        config.write_text(self.daemon.config.read_text().replace("signals.sock", "other.sock")
                          .replace("feed.sock", "other-feed.sock"))
        result = tariffd("run", "--config", config)
        self.assertIn(result.returncode, (73, 75), result.stderr)
        self.assertIn(str(self.daemon.path / "signals"), result.stderr)

    def test_a_journal_directory_without_rights_or_space(self):
        self.change('directory = "signals"', 'directory = "/proc/signals"')
        self.fails(73, "/proc/signals")

    def test_a_missing_certificate_authority(self):
        self.change(f"unix-listen://{self.daemon.feed_socket}", "wss://127.0.0.1:1/x")
        self.change('name = "desk"', 'name = "desk"\ntls_ca_file = "/nowhere/ca.pem"')
        self.fails(78, "tls_ca_file = '/nowhere/ca.pem': cannot be read")

    def test_a_secret_that_is_not_there(self):
        self.change('protocol = "ndjson"',
                    'protocol = "alpaca"\nnews = ["*"]\nkey_file = "k"\nsecret_file = "s"')
        self.change(f"unix-listen://{self.daemon.feed_socket}", "ws://127.0.0.1:1/x")
        self.fails(78, "key_file = 'k'", "No such file or directory")

    def test_a_command_that_does_not_exist_is_a_usage_error(self):
        self.assertEqual(tariffd("frobnicate").returncode, 64)
        self.assertEqual(tariffd().returncode, 64)
        self.assertEqual(tariffd("--help").returncode, 0)
        self.assertEqual(tariffd("--version").returncode, 0)

    def test_commands_that_need_a_daemon_say_that_there_is_none(self):
        for command in ("status", "reload", "watch"):
            result = tariffd(command, "--socket", "/nowhere/s.sock")
            self.assertEqual(result.returncode, 69, command)
            self.assertIn("/nowhere/s.sock: cannot connect", result.stderr)


class Reload(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.rules = pathlib.Path(folder.name)
        for name in ("lexicon", "lexicon.zh", "rules", "rules.zh", "exposures", "sources"):
            shutil.copy(SOURCE / f"config/{name}.toml", self.rules)

    def test_a_reload_takes_effect_and_a_bad_one_fails_and_keeps_the_old_rules(self):
        with Daemon(rules=self.rules) as daemon:
            self.assertEqual(tariffd("reload", "--socket", daemon.socket).returncode, 0)

            exposures = self.rules / "exposures.toml"
            good = exposures.read_text()
            exposures.write_text(good.replace("SPY = ", "SPYX = "))
            self.assertEqual(tariffd("reload", "--socket", daemon.socket).returncode, 0)
            daemon.send(headline())
            seen = until(daemon.messages(from_seq=1),
                         lambda m: m["type"] == "signal" and m["instrument"] == "REMX")
            instruments = {m["instrument"] for m in seen if m["type"] == "signal"}
            self.assertIn("SPYX", instruments)
            self.assertNotIn("SPY", instruments)

            exposures.write_text("[[exposure]]\nid = 7\n")
            bad = tariffd("reload", "--socket", daemon.socket)
            self.assertEqual(bad.returncode, 78)
            self.assertIn("exposures.toml", bad.stderr)
            daemon.send(headline("EU to impose 50% tariff on steel from China", "9"))
            until(daemon.messages(from_seq=1),
                  lambda m: m["type"] == "event" and m["item_id"] == "9")

    def test_a_reload_covers_the_chinese_files(self):
        with Daemon(rules=self.rules) as daemon:
            (self.rules / "rules.zh.toml").write_text("script = 'klingon'\n")
            bad = tariffd("reload", "--socket", daemon.socket)
            self.assertEqual(bad.returncode, 78)
            self.assertIn("rules.zh.toml:1: script = 'klingon'", bad.stderr)
            daemon.send(headline("商务部：对稀土实施出口管制", "10"))
            until(daemon.messages(from_seq=1),
                  lambda m: m["type"] == "event" and m["item_id"] == "10")


class FullDisk(unittest.TestCase):

    def test_a_journal_that_does_not_fit_is_told_at_the_start(self):
        daemon = Daemon()
        self.addCleanup(lambda: daemon.__exit__())
        daemon.config.write_text(daemon.config.read_text().replace(
            'directory = "inputs"\nsegment_mib = 4', 'directory = "inputs"\nsegment_mib = 1024'))
        result = subprocess.run(
            ["prlimit", f"--fsize={64 << 20}", TARIFFD, "run", "--config", daemon.config], text=True,
            capture_output=True, timeout=PATIENCE_S, check=False)
        self.assertIn(result.returncode, (73, 74), result.stderr)
        self.assertIn(str(daemon.path / "inputs"), result.stderr)

    def _on_a_small_disk(self, journal, size, segment_mib):
        """A daemon with one of its journals on a file system of that size."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        mount = f"mount -t tmpfs -o size={size} tmpfs {folder.name} 2>/dev/null"
        if subprocess.run(["unshare", "-m", "sh", "-c", mount], check=False,
                          capture_output=True).returncode != 0:
            self.skipTest("may not mount a small file system here")
        daemon = Daemon()
        self.addCleanup(lambda: daemon.__exit__())
        daemon.config.write_text(daemon.config.read_text().replace(
            f'directory = "{journal}"\nsegment_mib = 4',
            f'directory = "{folder.name}"\nsegment_mib = {segment_mib}'))
        daemon.command = ["unshare", "-m", "sh", "-c", mount + ' && exec "$@"', "sh"]
        daemon.start()
        return daemon

    def test_a_disk_that_fills_up_is_told_and_signals_go_on(self):
        # The first segment fits, the second one does not.
        daemon = self._on_a_small_disk("inputs", "6m", 4)
        messages = daemon.messages(from_seq=1)
        until(messages, lambda m: m.get("kind") == "journal_full")
        filler = {"id": "filler", "text": "x" * 60_000}
        daemon.send(*[filler] * 100)
        daemon.send(headline())
        until(messages, lambda m: m["type"] == "signal")
        counters = daemon.status()["feeds"][0]["counters"]
        self.assertGreater(counters["not_journalled"], 0)

    def test_a_full_disk_of_signals_is_told_when_they_are_lost_and_when_that_is_over(self):
        daemon = self._on_a_small_disk("signals", "2500k", 1)
        for first in range(0, 40_000, 200):
            daemon.send(*[headline(f"US to impose {i % 97 + 1}% tariff on steel from China, case {i}", str(i))
                          for i in range(first, first + 200)])
            if "signals are being lost" in daemon.log():
                break
        wait_for(lambda: "signals are being lost" in daemon.log(), "the loss to be told")
        wait_for(lambda: "signals were lost: " in daemon.log(), "the end of the loss to be told")


class Streams(unittest.TestCase):

    def test_closed_standard_streams_are_not_taken_for_files_of_the_daemon(self):
        daemon = Daemon()
        self.addCleanup(lambda: daemon.__exit__())
        daemon.process = subprocess.Popen(
            ["sh", "-c", f'exec "{TARIFFD}" run --config "{daemon.config}" <&- >&- 2>&-'])
        wait_for(daemon.socket.exists, "the signal socket")
        streams = [os.readlink(f"/proc/{daemon.process.pid}/fd/{number}") for number in range(3)]
        self.assertEqual(streams, ["/dev/null"] * 3)
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main()
