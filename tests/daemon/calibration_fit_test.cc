#include "daemon/calibration_fit.h"

#include <gtest/gtest.h>

namespace tariff {
namespace {

using Samples = std::vector<ConfidenceSample>;

void add(Samples& samples, double confidence, int right, int wrong) {
  samples.insert(samples.end(), static_cast<std::size_t>(right), {confidence, true});
  samples.insert(samples.end(), static_cast<std::size_t>(wrong), {confidence, false});
}

TEST(CalibrationFit, HasNoPointsWithoutSamples) {
  EXPECT_TRUE(fit_calibration({}).empty());
}

TEST(CalibrationFit, FollowsTheShareThatIsRight) {
  Samples samples;
  add(samples, 0.9, 90, 10);
  add(samples, 0.5, 20, 80);
  const auto points = fit_calibration(samples);
  ASSERT_EQ(points.size(), 2U);
  EXPECT_FLOAT_EQ(points[0].raw, 0.5F);
  EXPECT_NEAR(points[0].right, 0.20, 0.01);
  EXPECT_FLOAT_EQ(points[1].raw, 0.9F);
  EXPECT_NEAR(points[1].right, 0.90, 0.01);
}

TEST(CalibrationFit, PoolsNeighboursThatFall) {
  Samples samples;
  add(samples, 0.3, 10, 90);
  add(samples, 0.6, 80, 20);
  add(samples, 0.8, 60, 40);
  add(samples, 0.9, 95, 5);
  const auto points = fit_calibration(samples);
  ASSERT_EQ(points.size(), 4U);
  EXPECT_FLOAT_EQ(points[1].raw, 0.6F);
  EXPECT_FLOAT_EQ(points[2].raw, 0.8F);
  EXPECT_EQ(points[1].right, points[2].right);
  EXPECT_NEAR(points[1].right, 0.70, 0.01);
  for (std::size_t i = 1; i < points.size(); ++i)
    EXPECT_GE(points[i].right, points[i - 1].right);
}

TEST(CalibrationFit, MakesNoCertaintyOfAFewEvents) {
  Samples samples;
  add(samples, 0.2, 0, 3);
  EXPECT_GT(fit_calibration(samples).front().right, 0);
  samples.clear();
  add(samples, 0.9, 40, 0);
  EXPECT_LT(fit_calibration(samples).front().right, 1);
}

TEST(CalibrationFit, StaysSmallHoweverManyConfidencesThereAre) {
  Samples samples;
  for (int i = 1; i <= 1'000; ++i)
    samples.push_back({i / 1'000.0, i % 1'000 < i});
  const auto points = fit_calibration(samples);
  EXPECT_LE(points.size(), 24U);
  for (std::size_t i = 1; i < points.size(); ++i)
    EXPECT_GT(points[i].raw, points[i - 1].raw);
}

TEST(CalibrationFit, MendsConfidencesThatPromiseTooMuch) {
  Samples samples;
  add(samples, 0.7, 30, 70);
  add(samples, 0.9, 60, 40);
  const auto points = fit_calibration(samples);
  const Calibration calibration(points);
  EXPECT_NEAR(calibration.right(0.7F), 0.3F, 0.01F);
  EXPECT_NEAR(calibration.right(0.9F), 0.6F, 0.01F);
}

TEST(CalibrationFit, IsJudgedByEventsThatItWasNotFittedTo) {
  Samples same;      // the halves agree: 0.9 is right in 3 of 4
  Samples opposite;  // one half is all right, the other all wrong
  for (int i = 0; i < 200; ++i) {
    same.push_back({0.9, i / 2 % 4 != 0});
    opposite.push_back({0.9, i % 2 == 0});
  }
  EXPECT_LT(error_of_fit(same), 0.01);
  EXPECT_NEAR(calibration_error(same), 0.15, 0.001);
  EXPECT_GT(error_of_fit(opposite), 0.4);
  EXPECT_EQ(error_of_fit({}), 0);
}

TEST(CalibrationFit, IsPrintedAsATableOfTheRules) {
  EXPECT_EQ(calibration_toml({{0.5F, 0.25F}, {0.9F, 0.875F}}),
            "[confidence]\ncalibration = [[0.500, 0.250], [0.900, 0.875]]\n");
}

}  // namespace
}  // namespace tariff
