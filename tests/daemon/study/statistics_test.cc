#include "daemon/study/statistics.h"

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace tariff::study {
namespace {

// R: prop.test(x, n, correct = FALSE)$conf.int, which is Wilson's.
TEST(Wilson, AgreesWithPublishedValues) {
  const Interval half = wilson(0.5, 10);
  EXPECT_NEAR(half.low, 0.2366, 5e-5);
  EXPECT_NEAR(half.high, 0.7634, 5e-5);
  const Interval most = wilson(0.9, 100);
  EXPECT_NEAR(most.low, 0.8256, 5e-5);
  EXPECT_NEAR(most.high, 0.9448, 5e-5);
}

TEST(Wilson, StaysBetweenZeroAndOne) {
  EXPECT_EQ(wilson(0, 5).low, 0);
  EXPECT_EQ(wilson(1, 5).high, 1);
  EXPECT_EQ(wilson(0, 0).high, 1);
}

TEST(Random, GivesTheNumbersOfSplitmix64) {
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
}

TEST(Random, StaysBelowItsBound) {
  Random random(7);
  std::array<int, 3> seen{};
  for (int i = 0; i < 3'000; ++i)
    ++seen.at(random.below(seen.size()));
  for (const int times : seen)
    EXPECT_NEAR(times, 1'000, 120);
}

TEST(Quantile, LiesBetweenNeighbours) {
  const std::array values{1.0, 2.0, 4.0};
  EXPECT_EQ(quantile(values, 0), 1);
  EXPECT_EQ(quantile(values, 0.5), 2);
  EXPECT_EQ(quantile(values, 0.75), 3);
  EXPECT_EQ(quantile(values, 1), 4);
}

TEST(BootstrapMean, IsAboutTheNormalIntervalForManyClusters) {
  std::vector<Clustered> values;
  for (std::int64_t i = 0; i < 400; ++i)
    values.push_back({i, i % 2 == 0 ? 1.0 : -1.0});
  const Interval interval = bootstrap_mean(values, 4'000, 1);
  EXPECT_NEAR(interval.low, -1.96 / 20, 0.01);
  EXPECT_NEAR(interval.high, 1.96 / 20, 0.01);
}

TEST(BootstrapMean, CopiesInsideAClusterMakeItNoSurer) {
  std::vector<Clustered> once;
  std::vector<Clustered> ten_times;
  for (std::int64_t i = 0; i < 20; ++i) {
    once.push_back({i, static_cast<double>(i)});
    for (int copy = 0; copy < 10; ++copy)
      ten_times.push_back(once.back());
  }
  const Interval narrow = bootstrap_mean(once, 1'000, 3);
  const Interval same = bootstrap_mean(ten_times, 1'000, 3);
  EXPECT_NEAR(narrow.low, same.low, 1e-9);
  EXPECT_NEAR(narrow.high, same.high, 1e-9);
}

TEST(BootstrapMean, OneClusterTellsNothing) {
  const std::array<Clustered, 2> values{{{1, 5}, {1, 6}}};
  EXPECT_TRUE(std::isnan(bootstrap_mean(values, 100, 1).low));
}

}  // namespace
}  // namespace tariff::study
