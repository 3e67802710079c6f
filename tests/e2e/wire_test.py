"""What a daemon really sends, and what it takes, is what docs/formats/signal.schema.json says."""

import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

from daemon import Daemon, PATIENCE_S, SOURCE, headline, until

SCHEMA = json.loads((SOURCE / "docs" / "formats" / "signal.schema.json").read_text())
NODE = shutil.which("node") or shutil.which("nodejs")
NPM = [os.path.join(os.environ["TARIFF_BUILD_DIR"], "npm"), str(SOURCE / "build" / "npm")]
QUOTE = {"symbol": "SPY", "bid": 650.01, "ask": 650.03,
         "time": "2025-10-10T20:49:59Z"}
REQUESTS = [  # whether it is one, and the line
    (True, {"op": "subscribe"}),
    (True, {"op": "status"}),
    (True, {"op": "subscribe", "format": "json", "from_seq": 0, "messages": ["event"],
            "instruments": ["SPY"], "min_abs_score": 1}),
    (False, {}),
    (False, {"op": "dance"}),
    (False, {"op": "status", "from_seq": 1}),
    (False, {"op": "subscribe", "format": "xml"}),
    (False, {"op": "subscribe", "from_seq": -1}),
    (False, {"op": "subscribe", "from_seq": "1"}),
    (False, {"op": "subscribe", "messages": []}),
    (False, {"op": "subscribe", "messages": ["heartbeat"]}),
    (False, {"op": "subscribe", "instruments": []}),
    (False, {"op": "subscribe", "instruments": [""]}),
    (False, {"op": "subscribe", "instruments": ["SEVENTEEN_LETTERS"]}),
    (False, {"op": "subscribe", "instruments": [str(i) for i in range(65)]}),
    (False, {"op": "subscribe", "min_abs_score": 1.5}),
    (False, {"op": "subscribe", "fromseq": 1}),
]


def verdicts(named):
    """For each (name of a definition, value): "ok" or what is wrong."""
    lines = "".join(f"{name}\t{json.dumps(value)}\n" for name, value in named)
    done = subprocess.run([NODE, "tests/npm/wire_schema.mjs"], input=lines, cwd=SOURCE, text=True,
                          capture_output=True, timeout=PATIENCE_S, check=True)
    found = done.stdout.splitlines()
    assert len(found) == len(named), done.stdout + done.stderr
    return found


def keys_of(definition):
    """In the order of the schema, which is the order on the wire."""
    own = [key for key in definition["properties"] if key not in ("type", "seq")]
    return [*SCHEMA["$defs"]["head"]["properties"], *own]


class Wire(unittest.TestCase):

    def check(self, messages):
        for message, verdict in zip(messages, verdicts([(m["type"], m) for m in messages])):
            self.assertEqual(verdict, "ok", message)
            self.assertEqual(list(message), keys_of(SCHEMA["$defs"][message["type"]]))
            for fact in message.get("events", []):
                self.assertEqual(list(fact), list(SCHEMA["$defs"]["fact"]["properties"]))

    def test_every_message_that_a_daemon_sends_is_in_the_schema(self):
        with Daemon() as daemon:
            stream = daemon.messages(from_seq=1)
            daemon.send(QUOTE)
            daemon.send(headline(), headline("Netflix beats estimates", "2"),
                        headline("EU to cut tariffs on US cars to 2.5% from 10%", "3"),
                        headline("China denies it will lift export controls on rare earths", "4"),
                        {**headline(), "deleted": True})
            seen = until(stream, lambda m: m["type"] == "retract")
            daemon.process.send_signal(signal.SIGHUP)
            seen += until(stream, lambda m: m.get("kind") == "reloaded")
            seen += until(stream, lambda m: m["type"] == "heartbeat")
            with daemon.connect({"op": "dance"}) as refused:
                seen.append(json.loads(refused.makefile().readline()))
            self.check(seen)
            self.assertEqual({m["type"] for m in seen},
                             {"event", "signal", "retract", "status", "heartbeat", "error"})
            quoted = [m for m in seen if m["type"] == "signal" and m["bid"] is not None]
            self.assertNotEqual(quoted, [], "a signal with a quote was among them")

    def test_every_golden_message_is_in_the_schema(self):
        files = sorted((SOURCE / "tests" / "golden").glob("*.json"))
        messages = [json.loads(file.read_text()) for file in files]
        self.assertEqual({m["type"] for m in messages},
                         {each["$ref"].split("/")[-1] for each in SCHEMA["oneOf"]})
        self.check(messages)

    def test_the_schema_refuses_what_no_daemon_sends(self):
        good = json.loads((SOURCE / "tests" / "golden" / "signal.json").read_text())
        bad = [{**good, "direction": 0}, {**good, "score": 2}, {**good, "event_id": 7},
               {**good, "seq": 0}, {**good, "type": "singal"}, {**good, "extra": 1},
               {key: value for key, value in good.items() if key != "bid"},
               {key: value for key, value in good.items() if key != "received_ns"}]
        self.assertEqual(verdicts([("signal", good)]), ["ok"])
        for value, verdict in zip(bad, verdicts([("signal", value) for value in bad])):
            self.assertNotEqual(verdict, "ok", value)

    def test_the_daemon_takes_the_requests_that_the_schema_takes(self):
        found = verdicts([("request", request) for _, request in REQUESTS])
        with Daemon() as daemon:
            for (good, request), verdict in zip(REQUESTS, found):
                with self.subTest(request), daemon.connect(request) as subscriber:
                    answer = json.loads(subscriber.makefile().readline())
                    self.assertEqual(answer.get("type") != "error", good, answer)
                    self.assertEqual(verdict == "ok", good, verdict)


if __name__ == "__main__":
    if not NODE or not any(os.path.isdir(os.path.join(each, "node_modules")) for each in NPM):
        print("skipped: node or its packages are not installed (./run test installs them)")
        sys.exit(77)
    unittest.main()
