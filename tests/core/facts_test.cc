#include "core/facts.h"

#include <string>

#include <gtest/gtest.h>

namespace tariff {
namespace {

template <class Enum, std::size_t N>
void expect_names_read_back(const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i) {
    EXPECT_EQ(name_of(static_cast<Enum>(i), names), names[i]);
    EXPECT_EQ(parse_name<Enum>(names[i], names), static_cast<Enum>(i)) << "a doubled name?";
  }
  EXPECT_EQ(name_of(static_cast<Enum>(N), names), "?");
  EXPECT_FALSE(parse_name<Enum>("", names));
}

TEST(Facts, EveryNameReadsBackAndUnknownValuesHaveNone) {
  expect_names_read_back<Action>(kActionNames);
  expect_names_read_back<Measure>(kMeasureNames);
  expect_names_read_back<Product>(kProductNames);
  expect_names_read_back<Net>(kNetNames);
  expect_names_read_back<Attribution>(kAttributionNames);
}

TEST(Facts, NumbersOnTheWireNeverChange) {
  EXPECT_EQ(to_text(static_cast<Action>(8)), "uphold");
  EXPECT_EQ(to_text(static_cast<Measure>(9)), "general");
  EXPECT_EQ(to_text(static_cast<Product>(32)), "other");
  EXPECT_EQ(to_text(static_cast<Product>(14)), "rare_earths");
  EXPECT_EQ(to_text(static_cast<Net>(2)), "deescalate");
  EXPECT_EQ(to_text(static_cast<Attribution>(4)), "outsider");
}

TEST(Facts, ADenialTurnsTheDirectionRound) {
  for (const Action action :
       {Action::Threaten, Action::Impose, Action::Breakdown, Action::Uphold}) {
    EXPECT_EQ(direction(action, false), 1);
    EXPECT_EQ(direction(action, true), -1);
  }
  for (const Action action :
       {Action::Delay, Action::Ease, Action::Talks, Action::Deal, Action::Block}) {
    EXPECT_EQ(direction(action, false), -1);
    EXPECT_EQ(direction(action, true), 1);
  }
}

TEST(Facts, APlaceListKeepsEachOnceAndDropsWhatIsTooMuch) {
  PlaceList<2> places;
  EXPECT_TRUE(places.empty());
  for (const char* code : {"US", "CN", "US", "EU"})
    places.add(Place(code));
  EXPECT_EQ(places.count, 2);
  EXPECT_TRUE(places.contains(Place("CN")));
  EXPECT_FALSE(places.contains(Place("EU")));
}

TEST(Facts, AreEmptyAtFirst) {
  const Facts facts;
  EXPECT_FALSE(facts.has_rate());
  EXPECT_FALSE(facts.denied());
  EXPECT_FALSE(facts.retaliation());
  EXPECT_FALSE(facts.has(Product::Steel));
}

}  // namespace
}  // namespace tariff
