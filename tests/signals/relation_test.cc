// What one fact is to another.
#include "signals/relation.h"

#include <gtest/gtest.h>

namespace tariff {
namespace {

Facts fact(Action action, std::string_view actor, std::string_view target) {
  Facts facts;
  facts.action = action;
  facts.measure = Measure::Tariff;
  facts.actors.add(Place(actor));
  if (!target.empty()) facts.targets.add(Place(target));
  return facts;
}

const Facts kBase = [] {
  Facts facts = fact(Action::Impose, "US", "CN");
  facts.rate_pct = 100;
  facts.effective_yyyymmdd = 20251101;
  return facts;
}();

TEST(Relation, AShorterWordingIsTheSameAndALongerOneAddsToIt) {
  const Facts shorter = fact(Action::Impose, "US", "CN");
  EXPECT_EQ(relate(kBase, shorter, false), Relation::Same);
  EXPECT_EQ(relate(shorter, kBase, false), Relation::Changed);
}

TEST(Relation, OneThingThatDiffersIsAChangeHoweverAlikeTheWords) {
  std::vector<Facts> others(4, kBase);
  others[0].action = Action::Delay;
  others[1].rate_pct = 50;
  others[2].effective_yyyymmdd = 20251201;
  others[3].targets.add(Place("MX"));
  for (const Facts& other : others) {
    EXPECT_EQ(relate(kBase, other, true), Relation::Changed);
    EXPECT_EQ(relate(kBase, other, false), Relation::Changed);
  }
}

TEST(Relation, OtherSidesGoodsOrMeasuresOrTwoChangesAreOtherNews) {
  Facts steel = kBase;
  steel.products = 1;
  Facts copper = kBase;
  copper.products = 4;
  EXPECT_EQ(relate(steel, copper, true), Relation::None);
  EXPECT_EQ(relate(kBase, fact(Action::Impose, "US", "JP"), true), Relation::None);
  EXPECT_EQ(relate(kBase, fact(Action::Impose, "CN", "US"), true), Relation::None);
  Facts quota = kBase;
  quota.measure = Measure::Quota;
  EXPECT_EQ(relate(kBase, quota, true), Relation::None);
  Facts twice = kBase;
  twice.rate_pct = 30;
  twice.action = Action::Ease;
  EXPECT_EQ(relate(kBase, twice, true), Relation::None);
}

TEST(Relation, AnotherRateForNobodyInParticularIsAChangeOnlyInLikeWords) {
  Facts open = fact(Action::Impose, "US", "");
  EXPECT_EQ(relate(kBase, open, false), Relation::Same);
  open.rate_pct = 25;
  EXPECT_EQ(relate(kBase, open, true), Relation::Changed);
  EXPECT_EQ(relate(kBase, open, false), Relation::None);
}

TEST(Relation, TalksWithOneSideAreNotTalksWithAnother) {
  Facts china = fact(Action::Talks, "US", "");
  china.actors.add(Place("CN"));
  Facts japan = fact(Action::Talks, "US", "");
  japan.actors.add(Place("JP"));
  EXPECT_EQ(relate(china, japan, true), Relation::None);
  EXPECT_EQ(relate(china, china, false), Relation::Same);
}

TEST(Relation, OnlyASideConcernedDenies) {
  Facts denial = kBase;
  denial.flags = Facts::kDenied;
  denial.attribution = Attribution::Outsider;
  EXPECT_EQ(relate(kBase, denial, true), Relation::None);
  denial.speaker = Place("JP");
  EXPECT_EQ(relate(kBase, denial, true), Relation::None);
  denial.speaker = Place("CN");
  EXPECT_EQ(relate(kBase, denial, true), Relation::Denies);
  denial.speaker = {};
  denial.attribution = Attribution::Decider;
  EXPECT_EQ(relate(kBase, denial, true), Relation::Denies);
  denial.rate_pct = 25;
  EXPECT_EQ(relate(kBase, denial, true), Relation::None) << "another measure is denied";
}

TEST(Relation, AHeadlineThatAddsAFactChangesTheStory) {
  const std::array<Facts, 2> both{kBase, fact(Action::Delay, "US", "MX")};
  EXPECT_EQ(relate(std::span(&kBase, 1), both, true), Relation::Changed);
  EXPECT_EQ(relate(both, std::span(&kBase, 1), true), Relation::Same);
  EXPECT_EQ(relate({}, both, true), Relation::None);
}

}  // namespace
}  // namespace tariff
