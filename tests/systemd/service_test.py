#!/usr/bin/env python3
"""The unit under a real systemd: start, a signal to a member of the group, reload, crash, watchdog,
bad configuration, stop. Skipped (77) where the lab cannot run; an error there if
TARIFF_LAB_REQUIRED is set. `service_test.py -v NAME...` runs some of the tests."""

import json
import os
import pathlib
import socket
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from lab import Lab, LabUnavailable, build_root, check_host, packages_of  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parents[2]
TARIFFD = pathlib.Path(os.environ.get("TARIFFD", SOURCE / "build/release/tariffd"))
SCRATCH = SOURCE / "build/lab"
CONFIG = """
[[feed]]
name = "wire"
protocol = "ndjson"
url = "tcp-listen://127.0.0.1:7700"
"""
SOCKET = "/run/tariffd/signals.sock"
COUNTRIES = ["China", "Canada", "Mexico", "Japan", "India", "Brazil", "Switzerland", "Vietnam"]
lab = None  # booted once, below


class Subscriber:
    """Reads JSON lines from the signal socket, from `from_seq` on."""

    def __init__(self, from_seq):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(10)
        self._socket.connect(str(lab.path(SOCKET)))
        request = {"op": "subscribe", "from_seq": from_seq}
        self._socket.sendall(json.dumps(request).encode() + b"\n")
        self._lines = self._socket.makefile("r", encoding="utf-8")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._lines.close()
        self._socket.close()

    def numbered(self, until):
        """The numbered messages up to and with the first for which `until` is true."""
        messages = []
        for line in self._lines:
            message = json.loads(line)
            assert message["type"] not in ("gap", "error"), line
            if message["seq"]:
                messages.append(message)
                if until(message):
                    return messages
        raise AssertionError(f"the socket closed after {messages}")


def send_headline(number):
    """One that the rules as shipped turn into an event and signals; `number` makes it a new one."""
    text = f"Trump imposes {20 + number}% tariff on imports from {COUNTRIES[number % len(COUNTRIES)]}"
    line = json.dumps({"id": f"h{number}", "text": text, "source": "official",
                       "published_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())})
    lab.run("bash", "-c", "cat >/dev/tcp/127.0.0.1/7700", text_in=line + "\n")


def show(name):
    return lab.run("systemctl", "show", "--value", "-p", name, "tariffd").stdout.strip()


def is_active():
    return lab.run("systemctl", "is-active", "tariffd", check=False).stdout.strip() == "active"


def journal():
    return lab.run("journalctl", "--no-pager", "-o", "cat", "-u", "tariffd").stdout


def wait_for_restart(number):
    lab.wait_until(lambda: show("NRestarts") == str(number) and is_active(), f"restart {number}")


def is_event(number):
    return lambda message: message["type"] == "event" and message["item_id"] == f"h{number}"


class ServiceTest(unittest.TestCase):
    def setUp(self):
        for file in (SOURCE / "config").glob("*.toml"):
            lab.install(file, f"/etc/tariffd/{file.name}")
        lab.write("/etc/tariffd/tariffd.toml", CONFIG)
        lab.run("rm", "-rf", "/var/lib/tariffd", "/run/systemd/system/tariffd.service.d")
        lab.run("systemctl", "daemon-reload")
        lab.run("journalctl", "--rotate", "--vacuum-time=1us")
        self.addCleanup(self.clean_up)
        lab.run("systemctl", "start", "tariffd")

    def clean_up(self):
        if not self._outcome.success:  # of unittest's, private but there since 3.4
            print(f"--- the journal of {self.id()}:\n{journal()}---")
        lab.run("systemctl", "stop", "tariffd", check=False)
        lab.run("systemctl", "reset-failed", check=False)

    def test_start_returns_when_the_daemon_is_ready_and_says_how_it_is(self):
        self.assertTrue(is_active())
        self.assertNotEqual(show("StatusText"), "")
        with Subscriber(from_seq=1) as subscriber:
            first = subscriber.numbered(until=lambda _: True)[0]
        self.assertEqual((first["seq"], first["kind"]), (1, "started"))

    def test_a_member_of_the_group_gets_the_signal_of_a_headline(self):
        watch = ["runuser", "-u", "desk", "--", "tariffd", "watch", "--json", "--from", "1",
                 "--messages", "signal", "--count", "1"]
        send_headline(1)
        signal = json.loads(lab.run(*watch).stdout.splitlines()[-1])  # after a heartbeat
        self.assertEqual(signal["type"], "signal")
        self.assertNotEqual(signal["instrument"], "")
        self.assertIn(signal["direction"], (-1, 1))

    def test_a_stranger_may_not_subscribe(self):
        done = lab.run("runuser", "-u", "stranger", "--", "tariffd", "watch", "--count", "1",
                       check=False)
        self.assertEqual(done.returncode, 77, done.stderr)  # EX_NOPERM
        self.assertIn(SOCKET, done.stderr)

    def test_the_process_has_no_privilege_left(self):
        status = lab.run("cat", f"/proc/{show('MainPID')}/status").stdout
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        self.assertEqual(int(fields["CapEff"], 16), 0)
        self.assertEqual(int(fields["CapBnd"], 16), 0)
        self.assertEqual(fields["NoNewPrivs"], "1")
        self.assertEqual(fields["Seccomp"], "2")
        self.assertNotEqual(fields["Uid"].split()[0], "0")

    def test_log_lines_carry_their_priority(self):
        lines = lab.run("journalctl", "--no-pager", "-o", "json", "-u", "tariffd",
                        "_COMM=tariffd").stdout.splitlines()
        self.assertGreater(len(lines), 0)
        for line in map(json.loads, lines):
            self.assertNotRegex(line["MESSAGE"], r"^<\d>|\x1b|^\d{4}-")
            self.assertIn(line["PRIORITY"], "34567")

    def test_a_reload_keeps_the_process(self):
        pid = show("MainPID")
        lab.run("systemctl", "reload", "tariffd")
        self.assertEqual(show("MainPID"), pid)
        self.assertTrue(is_active())

    def test_a_rejected_reload_fails_and_the_old_rules_go_on(self):
        pid = show("MainPID")
        lab.write("/etc/tariffd/rules.toml", "[[rule]\n")
        done = lab.run("systemctl", "reload", "tariffd", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("/etc/tariffd/rules.toml:1: ", journal())
        self.assertTrue(is_active())
        self.assertEqual(show("MainPID"), pid)
        send_headline(1)
        with Subscriber(from_seq=1) as subscriber:
            subscriber.numbered(until=is_event(1))

    def test_numbers_go_on_over_kill_9_and_none_is_lost_or_doubled(self):
        messages = []
        for crash in range(3):
            with Subscriber(from_seq=len(messages) + 1) as subscriber:
                for number in range(10 * crash, 10 * crash + 10):
                    send_headline(number)
                messages += subscriber.numbered(until=is_event(10 * crash + 9))
                lab.run("bash", "-c", f"kill -9 {show('MainPID')}")
            wait_for_restart(crash + 1)
        send_headline(99)
        with Subscriber(from_seq=len(messages) + 1) as subscriber:
            messages += subscriber.numbered(until=is_event(99))
        self.assertEqual([m["seq"] for m in messages], list(range(1, len(messages) + 1)))
        self.assertEqual([m["item_id"] for m in messages if m["type"] == "event"],
                         [f"h{n}" for n in range(30)] + ["h99"])
        self.assertEqual(len({m["session"] for m in messages}), 4)

    def test_a_bad_configuration_stops_the_start_with_78_and_no_second_try(self):
        lab.run("systemctl", "stop", "tariffd")
        lab.write("/etc/tariffd/tariffd.toml", CONFIG + 'colour = "blue"\n')
        self.assertNotEqual(lab.run("systemctl", "start", "tariffd", check=False).returncode, 0)
        lab.wait_until(lambda: show("ActiveState") == "failed", "failed")
        self.assertEqual(show("ExecMainStatus"), "78")
        self.assertEqual(show("NRestarts"), "0")
        self.assertRegex(journal(), r"/etc/tariffd/tariffd.toml:6: .*colour")

    def test_the_watchdog_ends_a_daemon_that_hangs(self):
        lab.write("/run/systemd/system/tariffd.service.d/fast.conf", "[Service]\nWatchdogSec=1\n")
        lab.run("systemctl", "daemon-reload")
        lab.run("systemctl", "restart", "tariffd")
        time.sleep(2.5)  # longer than WatchdogSec: a daemon that works is left alone
        self.assertEqual(show("NRestarts"), "0")
        lab.run("bash", "-c", f"kill -STOP {show('MainPID')}")
        wait_for_restart(1)
        self.assertIn("Watchdog timeout", journal())

    def test_stop_is_clean_and_said(self):
        lab.run("systemctl", "stop", "tariffd")
        self.assertEqual(show("Result"), "success")
        self.assertEqual(show("ExecMainStatus"), "0")
        self.assertIn("stopping", journal())
        lab.run("systemctl", "start", "tariffd")
        with Subscriber(from_seq=1) as subscriber:
            kinds = [m["kind"] for m in subscriber.numbered(until=lambda m: m["seq"] > 1 and
                                                            m.get("kind") == "started")
                     if m["type"] == "status" and m["kind"] != "feed"]
        self.assertEqual(kinds[0], "started")
        self.assertIn("stopping", kinds)

    def test_credentials_are_for_the_daemon_alone(self):
        lab.run("systemctl", "stop", "tariffd")
        lab.write("/etc/tariffd/credentials/wire_key", "s3cret\n")
        lab.path("/etc/tariffd/credentials/wire_key").chmod(0o600)
        lab.run("systemctl", "start", "tariffd")
        self.addCleanup(lab.run, "rm", "/etc/tariffd/credentials/wire_key")
        file = "/run/credentials/tariffd.service/feed_wire_key"
        self.assertEqual(lab.run("runuser", "-u", "tariffd", "--", "cat", file).stdout, "s3cret\n")
        self.assertNotEqual(lab.run("runuser", "-u", "desk", "--", "cat", file, check=False).returncode,
                            0)


def install():
    """What a package would put in place."""
    lab.install(TARIFFD, "/usr/bin/tariffd", mode=0o755)
    lab.install(SOURCE / "systemd/tariffd.service", "/usr/lib/systemd/system/tariffd.service")
    lab.install(SOURCE / "systemd/tariffd.sysusers", "/usr/lib/sysusers.d/tariffd.conf")
    lab.path("/etc/tariffd/credentials").mkdir(parents=True, mode=0o700)
    lab.run("systemd-sysusers")
    lab.run("useradd", "--groups", "tariffd", "desk")
    lab.run("useradd", "stranger")
    lab.run("systemctl", "daemon-reload")


def main():
    global lab
    try:
        check_host()
        SCRATCH.mkdir(parents=True, exist_ok=True)
        root = build_root(SCRATCH / "root", packages_of(TARIFFD))
        with Lab(root, SCRATCH / "console.log") as lab:
            install()
            return 0 if unittest.main(exit=False).result.wasSuccessful() else 1
    except LabUnavailable as reason:
        print(f"{'failed' if os.environ.get('TARIFF_LAB_REQUIRED') else 'skipped'}: {reason}")
        return 1 if os.environ.get("TARIFF_LAB_REQUIRED") else 77


if __name__ == "__main__":
    sys.exit(main())
