// From facts to instruments: conditions, the formula, and the errors of the file.
#include "signals/exposures.h"

#include <gtest/gtest.h>

#include "config/section.h"
#include "tests/support/hot_path_guard.h"

namespace tariff {
namespace {

constexpr std::string_view kFile = R"(
min_abs_score = 0.05
[stage]
threaten = 0.5
[rate]
none = 0.7
points = [ { pct = 0, factor = 0.2 }, { pct = 100, factor = 1.0 } ]
[[exposure]]
id = "us-china"
parties = ["US", "CN"]
weights = { SPY = -0.5, FXI = -0.9 }
why = "test"
[[exposure]]
id = "rare-earths"
products = ["rare_earths"]
actors = ["CN"]
weights = { REMX = 0.8, SPY = -0.8 }
why = "test"
[[exposure]]
id = "steel-or-all"
products = ["steel"]
all_goods_too = true
targets = ["CA"]
weights = { SLX = 0.4 }
why = "test"
)";

Exposures read(std::string_view text, ConfigErrors& errors) {
  auto document = parse_document(text, "exposures.toml", errors);
  return Exposures::read(*document);
}

Exposures test_exposures() {
  ConfigErrors errors;
  Exposures exposures = read(kFile, errors);
  EXPECT_EQ(errors.to_text(), "");
  return exposures;
}

Facts fact(Action action, std::string_view actor, std::string_view target) {
  Facts facts;
  facts.action = action;
  facts.measure = Measure::Tariff;
  facts.confidence = 1;
  if (!actor.empty()) facts.actors.add(Place(actor));
  if (!target.empty()) facts.targets.add(Place(target));
  return facts;
}

/// Score of one instrument, 0 if it is not moved.
float score_of(const Exposures& exposures, std::span<const Facts> facts, std::string_view symbol,
               float trust = 1) {
  std::array<ScoredInstrument, 16> scored{};
  const std::size_t count = exposures.expose(facts, trust, scored);
  for (std::size_t i = 0; i < count; ++i) {
    if (exposures.instruments()[scored[i].instrument].view() == symbol) return scored[i].score;
  }
  return 0;
}

TEST(Exposures, TheScoreIsTheProductOfTheFactorsOfTheFile) {
  const Exposures exposures = test_exposures();
  Facts facts = fact(Action::Threaten, "US", "CN");
  facts.rate_pct = 50;  // factor 0.6, halfway between 0.2 and 1.0
  facts.confidence = 0.9F;
  // direction +1, weight -0.9, stage 0.5, rate 0.6, confidence 0.9, trust 0.8
  EXPECT_NEAR(score_of(exposures, {&facts, 1}, "FXI", 0.8F), -0.9 * 0.5 * 0.6 * 0.9 * 0.8, 1e-6);
}

TEST(Exposures, AnEasingTurnsTheSignRoundAndADenialTurnsItBack) {
  const Exposures exposures = test_exposures();
  Facts facts = fact(Action::Ease, "US", "CN");
  EXPECT_GT(score_of(exposures, {&facts, 1}, "SPY"), 0);
  facts.flags = Facts::kDenied;
  EXPECT_LT(score_of(exposures, {&facts, 1}, "SPY"), 0);
}

TEST(Exposures, TheHeaviestLineCountsOncePerInstrumentAndFact) {
  const Exposures exposures = test_exposures();
  Facts facts = fact(Action::Impose, "CN", "US");
  facts.products = std::uint64_t{1} << static_cast<unsigned>(Product::RareEarths);
  EXPECT_NEAR(score_of(exposures, {&facts, 1}, "SPY"), -0.8 * 0.7, 1e-6) << "not -0.5 as well";
}

TEST(Exposures, FactsOfOneHeadlineAddUpAndStayWithinOne) {
  const Exposures exposures = test_exposures();
  std::array<Facts, 3> facts;
  facts.fill(fact(Action::Impose, "US", "CN"));
  EXPECT_NEAR(score_of(exposures, {facts.data(), 1}, "FXI"), -0.63, 1e-6);
  EXPECT_NEAR(score_of(exposures, facts, "FXI"), -1, 1e-6);
}

TEST(Exposures, AMeasureOnAllTheWorldHitsEveryParty) {
  const Exposures exposures = test_exposures();
  const Facts facts = fact(Action::Impose, "US", "*");
  EXPECT_LT(score_of(exposures, {&facts, 1}, "FXI"), 0);
}

TEST(Exposures, AMeasureOnAllGoodsMatchesOnlyLinesThatSaySo) {
  const Exposures exposures = test_exposures();
  const Facts on_canada = fact(Action::Impose, "US", "CA");
  EXPECT_GT(score_of(exposures, {&on_canada, 1}, "SLX"), 0);
  const Facts by_china = fact(Action::Impose, "CN", "US");
  EXPECT_EQ(score_of(exposures, {&by_china, 1}, "REMX"), 0);
}

TEST(Exposures, TheRateCurveIsFlatOutsideItsPoints) {
  const Exposures exposures = test_exposures();
  Facts facts = fact(Action::Impose, "US", "CN");
  EXPECT_FLOAT_EQ(exposures.rate_factor(facts), 0.7F);
  facts.rate_pct = 0;
  EXPECT_FLOAT_EQ(exposures.rate_factor(facts), 0.2F);
  facts.rate_pct = 3'000;
  EXPECT_FLOAT_EQ(exposures.rate_factor(facts), 1.0F);
}

TEST(Exposures, WeakSignalsAreLeftOut) {
  const Exposures exposures = test_exposures();
  const Facts facts = fact(Action::Impose, "US", "CN");
  EXPECT_EQ(score_of(exposures, {&facts, 1}, "SPY", 0.1F), 0) << "0.5 x 0.7 x 0.1 is under 0.05";
}

TEST(Exposures, ScoringAllocatesNothingAndStaysInUserSpace) {
#ifndef TARIFF_SANITIZED  // sanitizers allocate and call the kernel themselves
  const Exposures exposures = test_exposures();
  const Facts facts = fact(Action::Impose, "US", "CN");
  std::array<ScoredInstrument, 16> scored{};
  const test::AllocationCounter allocations;
  ASSERT_GT(exposures.expose({&facts, 1}, 1, scored), 0U);
  EXPECT_EQ(allocations.count(), 0);
  EXPECT_TRUE(test::runs_without_syscalls([&] { (void)exposures.expose({&facts, 1}, 1, scored); }));
#endif
}

TEST(Exposures, EveryMistakeOfTheFileIsToldWithItsLine) {
  ConfigErrors errors;
  (void)read(
      "[rate]\n"
      "points = [ { pct = 10, factor = 0.5 }, { pct = 10, factor = 0.6 } ]\n"
      "[[exposure]]\n"
      "id = \"x\"\n"
      "actions = [\"embargo\"]\n"
      "parties = [\"USAA\"]\n"
      "weights = { SPY = 2 }\n"
      "[[exposure]]\n"
      "id = \"y\"\n"
      "why = \"no instrument\"\n",
      errors);
  EXPECT_EQ(
      errors.to_text(),
      "exposures.toml:2: [rate.points] pct = 10: is not above the point before it\n"
      "exposures.toml:3: [exposure] why: is missing: say why the instrument moves, for whoever "
      "reads the signal\n"
      "exposures.toml:5: [exposure] actions = [...]: 'embargo' is not one of threaten, impose, "
      "delay, ease, talks, deal, breakdown, block, uphold\n"
      "exposures.toml:6: [exposure] parties = [...]: 'USAA' is not a place code such as US, CN, "
      "EU or WTO\n"
      "exposures.toml:7: [exposure.weights] SPY = 2: is outside -1..1\n"
      "exposures.toml:8: [exposure] weights: names no instrument: { SPY = -0.5 }\n");
}

TEST(Exposures, TheShippedFileIsValid) {
  ConfigErrors errors;
  auto document = load_document(TARIFF_SOURCE_DIR "/config/exposures.toml", errors);
  ASSERT_TRUE(document);
  const Exposures exposures = Exposures::read(*document);
  EXPECT_EQ(errors.to_text(), "");
  EXPECT_GE(exposures.instruments().size(), 20U);
}

}  // namespace
}  // namespace tariff
