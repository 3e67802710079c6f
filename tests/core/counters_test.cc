#include "core/counters.h"

#include <set>
#include <string_view>

#include <gtest/gtest.h>

namespace tariff {
namespace {

TEST(Counters, CountEachForItself) {
  Counters counters;
  counters.add(Counter::SignalsPublished);
  counters.add(Counter::SignalsPublished, 4);
  counters.add(FeedId{3}, FeedCounter::Frames, 7);
  EXPECT_EQ(counters.get(Counter::SignalsPublished), 5U);
  EXPECT_EQ(counters.get(Counter::EventsPublished), 0U);
  EXPECT_EQ(counters.get(FeedId{3}, FeedCounter::Frames), 7U);
  EXPECT_EQ(counters.get(FeedId{2}, FeedCounter::Frames), 0U);
  EXPECT_EQ(counters.get(FeedId{3}, FeedCounter::Bytes), 0U);
}

TEST(Counters, NamesAreUniqueAndOfOneStyle) {
  std::set<std::string_view> names;
  const auto check = [&](const CounterInfo& info) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(info.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos)
        << info.name;
  };
  for (const CounterInfo& info : kCounterInfo)
    check(info);
  names.clear();
  for (const CounterInfo& info : kFeedCounterInfo)
    check(info);
}

}  // namespace
}  // namespace tariff
