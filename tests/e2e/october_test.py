"""The week of 9 to 13 October 2025, from the demo's tape: seven facts right, the rest none."""

import json
import unittest

from daemon import SOURCE, tariffd

TAPE = SOURCE / "config/demo/october-2025.ndjson"


def fact(action, measure, actor, targets, products=(), rate=None, effective=None, denied=False):
    return {"action": action, "measure": measure, "denied": denied, "actor": sorted(actor),
            "targets": sorted(targets), "products": sorted(products), "rate_pct": rate,
            "effective": effective}


# Item of the tape -> what it says. Every other item says nothing.
FACTS = {
    "7001": ("escalate", fact("impose", "export_control", ["CN"], [], ["rare_earths"])),
    "7005": ("escalate", fact("threaten", "tariff", ["US"], ["CN"])),
    "7008": ("escalate", fact("impose", "tariff", ["US"], ["CN"], rate=100, effective="2025-11-01")),
    "7010": ("escalate", fact("impose", "export_control", ["US"], ["*"], ["software"],
                              effective="2025-11-01")),
    "7013": ("deescalate", fact("impose", "tariff", ["US"], ["CN"], rate=100, denied=True)),
    "7014": ("deescalate", fact("talks", "general", ["US", "CN"], [])),
    "7015": ("deescalate", fact("delay", "tariff", ["US"], ["CN"], effective="2025-11-01")),
    "7016": ("deescalate", fact("talks", "general", ["US", "CN"], [])),
}
NOT_NEWS = ["7003", "7004", "7007", "7011", "7012", "7017", "7018"]


def plain(event):
    return {key: sorted(event[key]) if isinstance(event[key], list) else event[key]
            for key in fact("", "", [], [])}


class October(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.result = tariffd("replay", TAPE, "--rules", SOURCE / "config")
        assert cls.result.returncode == 0, cls.result.stderr
        cls.messages = [json.loads(line) for line in cls.result.stdout.splitlines()]
        cls.events = {}
        for message in cls.messages:
            if message["type"] == "event":
                cls.events.setdefault(message["item_id"], message)

    def test_every_fact_of_the_week_comes_out_right(self):
        for item, (net, expected) in FACTS.items():
            with self.subTest(item=item):
                event = self.events.get(item)
                self.assertIsNotNone(event, "no event")
                self.assertEqual(event["net"], net, event["text"])
                self.assertEqual([plain(e) for e in event["events"]], [expected], event["text"])

    def test_what_is_not_news_comes_out_as_none(self):
        told = {item: self.events[item]["text"] for item in NOT_NEWS if item in self.events}
        self.assertEqual(told, {})

    def test_the_same_news_from_a_second_source_brings_no_second_signal(self):
        second = self.events["7009"]
        self.assertEqual(second["novelty"], "confirmation")
        self.assertEqual(second["origins"], 1, "the first may be a copy of it")

    def test_the_threat_sells_and_the_reassurance_buys(self):
        def score(item):
            event = self.events[item]
            return next(m["score"] for m in self.messages if m["type"] == "signal"
                        and m["event_id"] == event["id"] and m["revision"] == event["revision"]
                        and m["instrument"] == "QQQ")
        self.assertLess(score("7008"), -0.3)
        self.assertGreater(score("7013"), 0.2)

    def test_a_replay_gives_the_same_bytes(self):
        again = tariffd("replay", TAPE, "--rules", SOURCE / "config")
        self.assertEqual(self.result.stdout, again.stdout)


if __name__ == "__main__":
    unittest.main()
