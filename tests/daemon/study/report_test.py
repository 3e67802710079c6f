"""`tariffd replay` with prices: its report against figures worked out by hand, the same bytes twice,
and nothing that a signal could not have known."""

import json
import lzma
import pathlib
import tempfile
import time
import unittest

from study_data import (EASES, ESCALATES, SOURCE, a_market_that_falls_when_told, headline, replay,
                        stamp, write_bars, write_lines)

SHARED = SOURCE.parent / "shared"


class Report(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def output(self, *arguments):
        result = replay(*arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def report(self, *arguments):
        return json.loads(self.output(*arguments, "--report", "--json"))

    def measures(self, report, by="all"):
        group, = (g for g in report["groups"] if g["by"] == by)
        return {m["horizon_ns"] / 1e9: m for m in group["horizons"]}

    def test_figures_are_those_worked_out_by_hand(self):
        bars = write_bars(self.folder / "spy.csv", [[500, 499, 498, 495, 495]])
        news = write_lines(self.folder / "n.ndjson", [headline("1", ESCALATES, stamp(1, 0, 30))])
        report = self.report(news, "--bars", f"SPY={bars}", "--horizons", "1,60,120")
        outcome, = (o for o in report["outcomes"] if o["instrument"] == "SPY")
        self.assertEqual(outcome["direction"], -1)
        # 14:01:30 knows the bar that ended at 14:01, 500; 14:02:30 is over in that of 14:03, 498.
        self.assertEqual(outcome["moves_bps"], [None, 40.0, 100.0])
        measures = self.measures(report)
        self.assertEqual(measures[1]["signals"], 0)
        self.assertEqual(measures[60]["hit_rate"], 1)
        self.assertEqual(measures[60]["mean_bps"], 40)
        self.assertEqual(measures[60]["hit_rate_95"], [0.2065, 1.0], "Wilson, one trial")
        self.assertEqual(measures[60]["verdict"], "too few to say")
        self.assertIn("1 s: bars of 60 s cannot tell it; SPY is not in its figures.",
                      report["notes"])

    def test_quotes_tell_short_horizons(self):
        quotes = [{"symbol": "SPY", "bid": bid, "ask": bid + 2, "time": stamp(0, 0, second)}
                  for second, bid in ((0, 499), (11, 494), (15, 489))]
        news = headline("1", ESCALATES, stamp(0, 0, 10))
        lines = write_lines(self.folder / "n.ndjson", [news, *quotes])
        outcome, = self.report(lines, "--horizons", "1,10")["outcomes"]
        self.assertEqual(outcome["moves_bps"], [100.0, 200.0])

    def test_signals_that_pay_are_told_from_chance_and_few_are_not(self):
        news, bars = a_market_that_falls_when_told(self.folder)
        measure = self.measures(self.report(news, "--bars", f"SPY={bars}"))[60]
        self.assertEqual((measure["headlines"], measure["verdict"]), (35, "better than chance"))
        few = self.measures(self.report(news, "--bars", f"SPY={bars}", "--min-headlines", "36"))[60]
        self.assertEqual(few["verdict"], "too few to say")

    def test_two_replays_give_the_same_bytes(self):
        news, bars = a_market_that_falls_when_told(self.folder)
        pages = [self.folder / "1.html", self.folder / "2.html"]
        for form in ((), ("--json",)):
            first, second = (self.output(news, "--bars", f"SPY={bars}", "--report", *form, "--html",
                                         page) for page in pages)
            self.assertEqual(first, second)
            self.assertEqual(pages[0].read_bytes(), pages[1].read_bytes())

    def test_a_signal_carries_the_close_of_the_last_bar_that_was_over(self):
        bars = write_bars(self.folder / "spy.csv", [[500, 510, 520, 530]])
        for second, mid in ((59, 500), (60, 510), (61, 510)):
            news = write_lines(self.folder / "n.ndjson",
                               [headline("1", ESCALATES, stamp(1, 0, second))])
            messages = map(json.loads, self.output(news, "--bars", f"SPY={bars}").splitlines())
            signal, = (m for m in messages if m.get("instrument") == "SPY")
            self.assertEqual(signal["mid"], mid, f"{second} s into the second bar")

    def test_nothing_that_comes_later_changes_what_was_said(self):
        bars = write_bars(self.folder / "spy.csv", [[500, 510, 520, 530]])
        other = write_bars(self.folder / "other.csv", [[500, 510, 1, 9999]])
        first = headline("1", ESCALATES, stamp(2, 0, 1))
        later = headline("2", EASES, stamp(3, 0, 30))
        said = self.output(write_lines(self.folder / "a.ndjson", [first]), "--bars", f"SPY={bars}")
        self.assertIn('"signal"', said)
        # The later headline stands first in the file: the order is that of time.
        both = self.output(write_lines(self.folder / "b.ndjson", [later, first]), "--bars",
                           f"SPY={other}")
        self.assertTrue(both.startswith(said) and len(both) > len(said))

    def test_a_line_without_a_time_of_day_is_left_out_and_counted(self):
        bars = write_bars(self.folder / "spy.csv", [[500, 510]])
        news = write_lines(self.folder / "n.ndjson", [headline("1", ESCALATES, "2025-03-03")])
        report = self.report(news, "--bars", f"SPY={bars}")
        self.assertEqual((report["headlines"], report["untimed"], report["signals"]), (0, 1, 0))

    def test_what_is_wrong_is_told(self):
        bars = write_bars(self.folder / "spy.csv", [[500, 510]])
        quotes = write_lines(self.folder / "q.ndjson",
                             [{"symbol": "SPY", "bid": 1, "ask": 2, "time": stamp(0)}])
        for code, words, arguments in (
                (64, "is not SYMBOL=FILE", (quotes, "--bars", bars)),
                (66, "cannot be read", (quotes, "--bars", "SPY=/nowhere")),
                (65, "SPY has both bars and quotes", (quotes, "--bars", f"SPY={bars}", "--report")),
                (73, "cannot be written", (quotes, "--report", "--html", "/nowhere/x.html")),
                (64, "--report", (quotes, "--json"))):
            result = replay(*arguments)
            self.assertEqual(result.returncode, code, result.stderr)
            self.assertIn(words, result.stderr)

    @unittest.skipUnless((SHARED / "market").is_dir(), "the recorded market is not there")
    def test_a_year_of_posts_takes_seconds(self):
        bars = []
        for symbol in ("SPY", "QQQ"):
            packed = SHARED / f"market/{symbol}_1m.csv.xz"
            path = self.folder / f"{symbol}.csv"
            path.write_bytes(lzma.decompress(packed.read_bytes()))
            bars += ["--bars", f"{symbol}={path}"]
        began = time.monotonic()
        report = self.report(SHARED / "headlines/post_market_reaction.ndjson", *bars)
        self.assertLess(time.monotonic() - began, 20)
        self.assertGreater(len(report["outcomes"]), 10)


if __name__ == "__main__":
    unittest.main()
