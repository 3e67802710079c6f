#include <cmath>

#include <gtest/gtest.h>

#include "daemon/study/report.h"
#include "daemon/study/study.h"
#include "daemon/study/svg.h"

namespace tariff::study {
namespace {

constexpr std::int64_t kHourNs = 3'600 * kNsPerSecond;

WallNs day(std::int64_t number, std::int64_t seconds) {
  return {(20'000 + number) * kNsPerDay + 12 * kHourNs + seconds * kNsPerSecond};
}

/// A quote a second for an hour of each of `days`. From second 1,000 on it stands 1 % higher, which
/// a random time seldom meets.
PricesBySymbol rising(std::int64_t days) {
  std::vector<Price> prices;
  for (std::int64_t d = 0; d < days; ++d) {
    for (std::int64_t s = 0; s < 3'600; ++s)
      prices.push_back({day(d, s), s < 1'000 ? 100.0 : 101.0});
  }
  return {{"SPY", Prices(prices, 0)}};
}

Signal signal(std::uint64_t headline, WallNs received, int direction) {
  return {.headline = headline,
          .received = received,
          .instrument = "SPY",
          .source = "wire",
          .action = "deal",
          .direction = direction,
          .score = 0.5 * direction,
          .confidence = 0.85};
}

/// One signal a day, a second before the rise, in `direction`.
std::vector<Signal> before_the_rise(std::int64_t days, int direction) {
  std::vector<Signal> signals;
  for (std::int64_t d = 0; d < days; ++d)
    signals.push_back(signal(static_cast<std::uint64_t>(d), day(d, 999), direction));
  return signals;
}

Options ten_seconds() {
  Options options;
  options.horizons_ns = {10 * kNsPerSecond};
  options.placebo_sets = 200;
  return options;
}

const Measure& all_of(const Report& report) {
  return report.groups.at(0).measures.at(0);
}

TEST(Study, SignalsThatKnowAreBetterThanChance) {
  const Report report = make_report(before_the_rise(40, 1), rising(40), ten_seconds(), {});
  const Measure& all = all_of(report);
  EXPECT_EQ(all.signals, 40U);
  EXPECT_EQ(all.hit_rate, 1);
  EXPECT_NEAR(all.mean_bps, 100, 1e-9);
  EXPECT_LT(all.placebo_mean_bps, 2);
  EXPECT_EQ(all.placebo_as_good, 0);
  EXPECT_EQ(all.verdict, Verdict::Better);
}

TEST(Study, MovesCountInTheDirectionOfTheSignal) {
  const Report report = make_report(before_the_rise(40, -1), rising(40), ten_seconds(), {});
  EXPECT_EQ(all_of(report).hit_rate, 0);
  EXPECT_NEAR(all_of(report).mean_bps, -100, 1e-9);
  EXPECT_EQ(all_of(report).verdict, Verdict::Worse);
}

TEST(Study, SignalsAtRandomTimesAreNotToldFromChance) {
  std::vector<Signal> signals;
  for (std::uint64_t d = 0; d < 40; ++d) {
    const auto second = static_cast<std::int64_t>(70 * d);
    signals.push_back(signal(d, day(static_cast<std::int64_t>(d), second), d % 2 == 0 ? 1 : -1));
  }
  EXPECT_EQ(all_of(make_report(signals, rising(40), ten_seconds(), {})).verdict, Verdict::NoBetter);
}

TEST(Study, FewHeadlinesAreTooFewHoweverManySignalsTheyMake) {
  std::vector<Signal> signals;
  for (int copy = 0; copy < 5; ++copy)
    for (const Signal& one : before_the_rise(29, 1))
      signals.push_back(one);
  const Measure all = all_of(make_report(signals, rising(29), ten_seconds(), {}));
  EXPECT_EQ(all.signals, 145U);
  EXPECT_EQ(all.headlines, 29U);
  EXPECT_EQ(all.verdict, Verdict::TooFew);
  EXPECT_NEAR(all.hit_interval.low, wilson(1, 29).low, 1e-12);
}

TEST(Study, SignalsOfOneDayAreTooFewToSay) {
  std::vector<Signal> signals;
  for (std::uint64_t i = 0; i < 40; ++i)
    signals.push_back(signal(i, day(0, 990), 1));
  EXPECT_EQ(all_of(make_report(signals, rising(1), ten_seconds(), {})).verdict, Verdict::TooFew);
}

TEST(Study, WhatHasNoPriceIsCountedAndLeftOut) {
  std::vector<Signal> signals{signal(1, day(0, 999), 1), signal(2, day(0, 20'000), 1)};
  signals.push_back(signals[0]);
  signals.back().instrument = "FXI";
  const Report report = make_report(signals, rising(1), ten_seconds(), {});
  EXPECT_EQ(report.counts.signals, 3U);
  EXPECT_EQ(report.counts.closed, 1U);
  EXPECT_EQ(report.counts.no_prices, 1U);
  EXPECT_EQ(report.outcomes.size(), 1U);
}

TEST(Study, HorizonsThatBarsCannotTellHaveNoFiguresAndANote) {
  const PricesBySymbol prices{
      {"SPY", Prices({{day(0, 60), 100}, {day(0, 120), 101}}, 60 * kNsPerSecond)}};
  const Report report = make_report({signal(1, day(0, 61), 1)}, prices, ten_seconds(), {});
  EXPECT_EQ(all_of(report).signals, 0U);
  const std::string text = report_text(report);
  EXPECT_NE(text.find("10 s: bars of 60 s cannot tell it; SPY is not in its figures."),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("no figures"), std::string::npos) << text;
}

TEST(Study, StampsOfWholeMinutesAreNotedWhereMostAre) {
  std::vector<Signal> signals{signal(1, day(0, 960), 1), signal(2, day(0, 1'020), 1),
                              signal(3, day(0, 1'021), 1)};
  const Report report = make_report(signals, rising(1), ten_seconds(), {});
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_EQ(report.notes[0].substr(0, 57),
            "2 of 3 signals of wire are stamped with a whole minute: t");
  signals.push_back(signal(4, day(0, 1'022), 1));
  EXPECT_TRUE(make_report(signals, rising(1), ten_seconds(), {}).notes.empty());
}

TEST(Study, EqualInputGivesEqualBytesAndAnotherSeedOthers) {
  Options options = ten_seconds();
  const auto report = [&options] {
    return make_report(before_the_rise(35, 1), rising(35), options, {});
  };
  const std::string json = report_json(report());
  const std::string page = report_html(report());
  EXPECT_EQ(report_json(report()), json);
  EXPECT_EQ(report_html(report()), page);
  options.seed = 2;
  EXPECT_NE(report_json(report()), json);
}

TEST(Study, NoSignalAtAllStillMakesAReport) {
  const Report report = make_report({}, {}, ten_seconds(), {});
  EXPECT_TRUE(report.groups.empty());
  EXPECT_NE(report_text(report).find("0 signals"), std::string::npos);
  const std::string page = report_html(report);
  EXPECT_NE(page.find("too few to say</text>"), std::string::npos) << "an empty plot says why";
  EXPECT_NE(page.find("</html>"), std::string::npos);
}

TEST(Study, WhatAFeedSaysCannotBreakThePage) {
  std::vector<Signal> signals = before_the_rise(1, 1);
  signals[0].source = "<script>\"&";
  const Report report = make_report(signals, rising(1), ten_seconds(), {});
  EXPECT_EQ(report_html(report).find("<script>"), std::string::npos);
  EXPECT_NE(report_json(report).find("<script>\\\"&"), std::string::npos);
}

TEST(HorizonText, IsShort) {
  EXPECT_EQ(horizon_text(kNsPerSecond / 2), "0.5 s");
  EXPECT_EQ(horizon_text(60 * kNsPerSecond), "60 s");
  EXPECT_EQ(horizon_text(90 * kNsPerSecond), "90 s");
  EXPECT_EQ(horizon_text(900 * kNsPerSecond), "15 min");
}

}  // namespace
}  // namespace tariff::study
