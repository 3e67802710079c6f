#include "daemon/study/prices.h"

#include <gtest/gtest.h>

namespace tariff::study {
namespace {

constexpr std::int64_t kMinuteNs = 60 * kNsPerSecond;

WallNs at_s(std::int64_t seconds) {
  return {1'000'000 * kNsPerSecond + seconds * kNsPerSecond};
}

/// Bars of a minute that end at 60 s, 120 s, 180 s.
Prices minute_bars() {
  return {{{at_s(60), 100}, {at_s(120), 101}, {at_s(180), 103}}, kMinuteNs};
}

TEST(Prices, BarIsKnownAtItsEndAndNotBefore) {
  const Prices prices = minute_bars();
  EXPECT_EQ(prices.reference(at_s(59)), std::nullopt);
  EXPECT_EQ(prices.reference(at_s(60)), 100);
  EXPECT_EQ(prices.reference(at_s(119)), 100);
  EXPECT_EQ(prices.reference(at_s(120)), 101);
}

TEST(Prices, OutcomeOfBarsHoldsAllOfTheHorizon) {
  const Prices prices = minute_bars();
  EXPECT_EQ(prices.outcome(at_s(120)), 101);
  EXPECT_EQ(prices.outcome(at_s(121)), 103);
  EXPECT_EQ(prices.outcome(at_s(181)), std::nullopt);
}

TEST(Prices, OutcomeOfQuotesIsTheOneThatStood) {
  const Prices prices({{at_s(0), 100}, {at_s(10), 101}}, 0);
  EXPECT_EQ(prices.outcome(at_s(9)), 100);
  EXPECT_EQ(prices.outcome(at_s(11)), 101);
}

TEST(Prices, PriceThatIsTooOldSaysNothing) {
  const Prices prices = minute_bars();
  EXPECT_EQ(prices.reference(at_s(180 + 300)), 103);
  EXPECT_EQ(prices.reference(at_s(180 + 301)), std::nullopt);
}

TEST(Prices, BarsCannotTellLessThanOneOfThem) {
  EXPECT_FALSE(minute_bars().tells(kMinuteNs - 1));
  EXPECT_TRUE(minute_bars().tells(kMinuteNs));
  EXPECT_TRUE(Prices({{at_s(0), 1}}, 0).tells(1));
}

TEST(Prices, OrderOfTheFileDoesNotMatterAndTheLaterOfTwoCounts) {
  const Prices prices({{at_s(120), 7}, {at_s(60), 100}, {at_s(120), 101}}, kMinuteNs);
  EXPECT_EQ(prices.all().size(), 2U);
  EXPECT_EQ(prices.reference(at_s(60)), 100);
  EXPECT_EQ(prices.reference(at_s(120)), 101);
}

TEST(Prices, PauseOfMoreThanAnHourPartsSessions) {
  const Prices prices({{at_s(0), 1}, {at_s(3'600), 1}, {at_s(7'201), 1}, {at_s(7'300), 1}}, 0);
  const auto first = prices.session(at_s(10));
  const auto second = prices.session(at_s(7'250));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->first, at_s(0));
  EXPECT_EQ(first->last, at_s(3'600));
  EXPECT_EQ(second->first, at_s(7'201));
  EXPECT_EQ(second->last, at_s(7'300));
  EXPECT_FALSE(prices.session(at_s(5'000)));
  EXPECT_FALSE(prices.session(at_s(-1)));
}

}  // namespace
}  // namespace tariff::study
