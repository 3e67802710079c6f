#include "signals/reading/calibration.h"

#include <array>

#include <gtest/gtest.h>

#include "signals/reading/compiled.h"
#include "tests/reading/support.h"

namespace tariff {
namespace {

TEST(Calibration, LeavesConfidenceAloneWithoutPoints) {
  for (const float raw : {0.0F, 0.3F, 1.0F})
    EXPECT_EQ(Calibration().right(raw), raw);
}

TEST(Calibration, IsStraightBetweenPointsAndFlatOutside) {
  constexpr std::array<Calibration::Point, 3> kPoints{{{0.2F, 0.1F}, {0.6F, 0.5F}, {0.8F, 0.9F}}};
  const Calibration calibration(kPoints);
  EXPECT_FLOAT_EQ(calibration.right(0), 0.1F);
  EXPECT_FLOAT_EQ(calibration.right(0.2F), 0.1F);
  EXPECT_FLOAT_EQ(calibration.right(0.4F), 0.3F);
  EXPECT_FLOAT_EQ(calibration.right(0.6F), 0.5F);
  EXPECT_FLOAT_EQ(calibration.right(0.7F), 0.7F);
  EXPECT_FLOAT_EQ(calibration.right(0.8F), 0.9F);
  EXPECT_FLOAT_EQ(calibration.right(1), 0.9F);
}

TEST(Calibration, IsAppliedToEveryEventOfAReadingOnce) {
  constexpr std::string_view kLexicon =
      "[place.US]\nboth = [\"us\"]\n[measure.tariff]\nnouns = [\"tariff\"]\n"
      "[concept.put]\nverbs = [\"impose\"]\n[concept.cut]\nverbs = [\"lift\"]\n";
  const std::string rules =
      "[[rule]]\nid = \"put\"\naction = \"impose\"\nprior = 0.5\nmatch = [\"T:put O:measure\"]\n"
      "[[rule]]\nid = \"cut\"\naction = \"ease\"\nprior = 0.9\nmatch = [\"T:cut O:measure\"]\n";
  ConfigErrors errors;
  const auto tables = parse_tables(
      kLexicon, rules + "[confidence]\ncalibration = [[0.5, 0.2], [0.7, 0.4]]\n", errors);
  ASSERT_NE(tables, nullptr) << errors.to_text();
  Reader reader;
  Reading reading;
  const std::string_view text = "US imposes tariffs; lifts tariffs";
  reader.read(*tables, text, WallNs{}, reading);
  ASSERT_EQ(reading.facts_count, 2);
  EXPECT_FLOAT_EQ(reading.facts[0].confidence, 0.2F);
  EXPECT_FLOAT_EQ(reading.facts[1].confidence, 0.4F);
  EXPECT_FLOAT_EQ(reading.confidence, 0.4F);
  reader.read(tables->without_calibration(), text, WallNs{}, reading);
  EXPECT_FLOAT_EQ(reading.facts[0].confidence, 0.5F);
  EXPECT_FLOAT_EQ(reading.facts[1].confidence, 0.9F);
}

}  // namespace
}  // namespace tariff
