"""`tariffd score` as a desk uses it: its figures against ones worked out by hand, and its errors."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["TARIFF_SOURCE_DIR"])
TARIFFD = os.environ["TARIFFD"]
HEADLINES = sorted((SOURCE / "tests/headlines").glob("*.ndjson"))


def tariffd(*arguments, **options):
    return subprocess.run([TARIFFD, *map(str, arguments)], text=True, capture_output=True,
                          timeout=60, check=False, **options)


def event(action, **fields):
    return {"action": action, "measure": "tariff", "denied": False, "retaliation": False,
            "actor": ["US"], "targets": [], "products": [], "rate_pct": None,
            "effective": None} | fields


def row(identity, net, *events):
    return {"id": identity, "text": f"Text of {identity}", "published_at": "2025-10-10",
            "net": net, "events": list(events)}


class Score(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, rows):
        path = self.folder / name
        path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
        return path

    def score(self, gold, *arguments):
        result = tariffd("score", gold, "--json", *arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return json.loads(result.stdout)

    def test_figures_are_those_worked_out_by_hand(self):
        gold = self.file("gold", [
            row("a", "escalate", event("impose", targets=["CN"], rate_pct=25)),
            row("b", "deescalate", event("delay", targets=["CA", "MX"]), event("talks")),
            row("c", "escalate", event("delay", denied=True)),
            row("d", "none"),
            row("e", "none"),
            row("f", "escalate", event("threaten", products=["steel"])),
        ])
        predicted = self.file("predicted", [
            row("f", "none"),
            row("e", "none"),
            row("d", "escalate", event("impose", confidence=0.55)),
            row("c", "deescalate", event("delay", confidence=0.95)),
            row("b", "deescalate", event("delay", targets=["MX", "CA"], confidence=0.95)),
            row("a", "escalate", event("impose", targets=["CN"], rate_pct=10, confidence=0.85)),
        ])
        # Headlines with an event: a, b, c, f; told for a, b, c, d. Events: 5 labelled, 4 told,
        # 2 matched (a impose, b delay). F1: delay 1 of 2 and 2 told = 0.5; impose 1 of 1 and 2 told.
        self.assertEqual(self.score(gold, "--predicted", predicted), {
            "headlines": 6, "events": 5,
            "relevance_p": 0.75, "relevance_r": 0.75, "relevance_f1": 0.75,
            "false_alarms": 0.5, "sign_flips": 0.25, "net": 0.5,
            "event_p": 0.5, "event_r": 0.4, "event_f1": 0.4444,
            "event_macro_f1": 0.2917,
            "measure": 1, "retaliation": 1, "actor": 1, "targets": 1, "products": 1,
            "rate_pct": 0.5, "effective": 1, "exact": 0,
            "action_f1": {"delay": 0.5, "impose": 0.6667, "talks": 0, "threaten": 0},
            "confusion": {"delay": {"delay": 1}, "impose": {"impose": 1},
                          "not delay": {"delay": 1}, "nothing": {"impose": 1},
                          "talks": {"nothing": 1}, "threaten": {"nothing": 1}},
            "reliability": [{"count": 0, "confidence": 0, "right": 0}] * 5 + [
                {"count": 1, "confidence": 0.55, "right": 0},
                {"count": 0, "confidence": 0, "right": 0},
                {"count": 0, "confidence": 0, "right": 0},
                {"count": 1, "confidence": 0.85, "right": 1},
                {"count": 2, "confidence": 0.95, "right": 0.5}],
            # (1 x 0.55 + 1 x 0.15 + 2 x 0.45) / 4
            "calibration_error": 0.4})

    def test_labels_agree_with_themselves_and_with_silence_not_at_all(self):
        for gold in HEADLINES:
            rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
            eventful = sum(bool(r["events"]) for r in rows)
            same = self.score(gold, "--predicted", gold)
            silence = self.score(gold, "--predicted",
                                 self.file("silence", [row(r["id"], "none") for r in rows]))
            with self.subTest(gold.name):
                self.assertEqual((same["headlines"], same["net"], same["false_alarms"]),
                                 (len(rows), 1, 0))
                self.assertEqual((same["event_f1"], same["exact"]), (eventful > 0,) * 2)
                self.assertEqual((silence["relevance_f1"], silence["exact"]), (0, 0))
                self.assertAlmostEqual(silence["net"], 1 - eventful / len(rows), places=4)

    def test_what_it_reads_is_what_classify_prints(self):
        for gold in HEADLINES:
            with open(gold, encoding="utf-8") as text:
                told = self.folder / "told"
                told.write_text(tariffd("classify", stdin=text).stdout, encoding="utf-8")
            with self.subTest(gold.name):
                self.assertEqual(self.score(gold), self.score(gold, "--predicted", told))

    def test_errors_shows_so_many_headlines_that_are_wrong(self):
        gold = self.file("gold", [row("a", "escalate", event("impose", rate_pct=25)),
                                  row("b", "none"), row("c", "escalate", event("impose"))])
        predicted = self.file("predicted", [row("a", "escalate", event("impose", rate_pct=10)),
                                            row("b", "none"), row("c", "none")])
        shown = tariffd("score", gold, "--predicted", predicted, "--errors", 1).stdout
        self.assertIn("a  Text of a\n", shown)
        self.assertIn("  * rate_pct     25                             10\n", shown)
        self.assertNotIn("Text of c", shown)
        shown = tariffd("score", gold, "--predicted", predicted, "--errors", 9).stdout
        self.assertIn("Text of c", shown)
        self.assertNotIn("Text of b", shown)

    def test_fit_prints_a_table_that_the_rules_take(self):
        """Fitted to what the priors say: the table that is in the rules already changes nothing."""
        gold = self.file("gold", [json.loads(line) for path in HEADLINES
                                  for line in path.read_text(encoding="utf-8").splitlines()])
        fitted = tariffd("score", gold, "--fit")
        self.assertEqual((fitted.returncode, fitted.stderr), (0, ""))
        self.assertRegex(fitted.stdout, r"# Fitted to \d+ events of gold\.")
        self.assertIn("[confidence]\ncalibration = [[", fitted.stdout)
        rules = (SOURCE / "config/rules.toml").read_text(encoding="utf-8")
        for name in ("lexicon.toml", "lexicon.zh.toml", "rules.zh.toml"):
            shutil.copy(SOURCE / "config" / name, self.folder)
        without = re.sub(r"\[confidence\]\ncalibration = .*\n", "", rules)
        (self.folder / "rules.toml").write_text(without + fitted.stdout, encoding="utf-8")
        again = tariffd("score", gold, "--rules", self.folder, "--fit")
        self.assertEqual(again.stdout, fitted.stdout)
        self.assertLess(self.score(gold, "--rules", self.folder)["calibration_error"], 0.03)

    def test_a_wrong_file_is_told_with_its_line(self):
        good = self.file("good", [row("a", "none")])
        bad = self.file("bad", [row("a", "none"), row("b", "up")])
        other = self.file("other", [row("x", "none")])
        missing = self.folder / "missing"
        for arguments, code, message in [
            ((bad,), 65, f"{bad}:2: \"net\" is 'up', which is not one of none, escalate, "
                         "deescalate, mixed\n"),
            ((good, "--predicted", bad), 65, f"{bad}:2: "),
            ((good, "--predicted", other), 65,
             f"{other}: has no prediction for 1 of 1 headlines, first 'a'\n"),
            ((missing,), 66, f"{missing}: cannot be read: No such file or directory\n"),
            ((good, "--predicted", missing), 66, f"{missing}: cannot be read"),
            ((good, "--rules", missing), 78, f"{missing}/lexicon.toml: cannot be read"),
            ((good, "--errors", "many"), 64, "--errors"),
        ]:
            result = tariffd("score", *arguments)
            with self.subTest(arguments):
                self.assertEqual((result.returncode, result.stdout), (code, ""))
                self.assertIn(message, result.stderr)


if __name__ == "__main__":
    unittest.main()
