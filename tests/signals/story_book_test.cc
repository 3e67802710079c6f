// What was told already.
#include "signals/story_book.h"

#include <gtest/gtest.h>

namespace tariff {
namespace {

constexpr WallNs kNow{1'000 * kNsPerSecond};

/// An item of a source that has its news from its own people.
constexpr Teller teller(std::uint64_t item_key, std::uint64_t source_key) {
  return {.item_key = item_key, .source_key = source_key, .origin = {.key = source_key}};
}
constexpr Teller kFirst = teller(9, 1);
constexpr Teller kSecond = teller(11, 2);

Facts fact(Action action, std::string_view target) {
  Facts facts;
  facts.action = action;
  facts.actors.add(Place("US"));
  facts.targets.add(Place(target));
  return facts;
}

TEST(StoryBook, TheOrderOfFactsAndPlacesDoesNotMakeAnotherStory) {
  const std::array<Facts, 2> one{fact(Action::Impose, "CN"), fact(Action::Delay, "MX")};
  const std::array<Facts, 2> other{one[1], one[0]};
  EXPECT_EQ(StoryBook::facts_key(one), StoryBook::facts_key(other));

  Facts north = fact(Action::Impose, "CA");
  north.targets.add(Place("MX"));
  Facts south = fact(Action::Impose, "MX");
  south.targets.add(Place("CA"));
  EXPECT_EQ(StoryBook::facts_key({&north, 1}), StoryBook::facts_key({&south, 1}));
}

TEST(StoryBook, EveryFieldThatATraderWouldTradeOnMakesAnotherStory) {
  const Facts base = fact(Action::Impose, "CN");
  std::vector<Facts> others(7, base);
  others[0].action = Action::Threaten;
  others[1].measure = Measure::Quota;
  others[2].flags = Facts::kDenied;
  others[3].rate_pct = 25;
  others[4].effective_yyyymmdd = 20251101;
  others[5].products = 1;
  others[6].targets.add(Place("MX"));
  for (const Facts& other : others) {
    EXPECT_NE(StoryBook::facts_key({&base, 1}), StoryBook::facts_key({&other, 1}));
  }
}

TEST(StoryBook, ConfidenceAndRuleDoNotMakeAnotherStory) {
  const Facts base = fact(Action::Impose, "CN");
  Facts other = base;
  other.confidence = 0.3F;
  other.rule = FixedText<36>("another.rule");
  EXPECT_EQ(StoryBook::facts_key({&base, 1}), StoryBook::facts_key({&other, 1}));
}

TEST(StoryBook, ForgetsAfterItsWindow) {
  StoryBook book(kNsPerSecond);
  Story& story = book.add(7, {}, {}, kFirst, kNow);
  EXPECT_EQ(book.find_facts(7, kNow + kNsPerSecond), &story);
  EXPECT_EQ(book.find_facts(7, kNow + kNsPerSecond + 1), nullptr);
  EXPECT_EQ(book.find_item(9, kNow + kNsPerSecond + 1), nullptr);
  EXPECT_EQ(book.find_facts(7, kNow + (-kNsPerSecond - 1)), nullptr)
      << "nor does it know the future";
}

TEST(StoryBook, AfterACorrectionTheOldFactsNoLongerFindTheStory) {
  StoryBook book(kNsPerDay);
  Story& story = book.add(7, {}, {}, kFirst, kNow);
  book.retell(story, 8, {}, kFirst);
  EXPECT_EQ(book.find_facts(7, kNow), nullptr);
  EXPECT_EQ(book.find_facts(8, kNow), &story);
}

TEST(StoryBook, EveryItemThatTellsAStoryFindsItUntilItLeaves) {
  StoryBook book(kNsPerDay);
  Story& story = book.add(7, {}, {}, kFirst, kNow);
  book.join(story, kSecond);
  EXPECT_EQ(book.find_item(9, kNow), &story);
  EXPECT_EQ(book.find_item(11, kNow), &story);
  book.leave(story, 9);
  EXPECT_EQ(book.find_item(9, kNow), nullptr);
  EXPECT_EQ(book.find_item(11, kNow), &story);
  EXPECT_EQ(book.find_facts(7, kNow), &story);
}

TEST(StoryBook, TheEldestItemLeadsAndTheNextFollowsIt) {
  StoryBook book(kNsPerDay);
  Story& story = book.add(7, {}, {}, kFirst, kNow);
  book.join(story, kSecond);
  EXPECT_TRUE(story.is_led_by(9));
  EXPECT_FALSE(story.is_led_by(11));
  book.leave(story, 9);
  EXPECT_TRUE(story.is_led_by(11));
}

TEST(StoryBook, ASourceThatTellsAStoryInTwoItemsIsOneOrigin) {
  StoryBook book(kNsPerDay);
  Story& story = book.add(7, {}, {}, kFirst, kNow);
  EXPECT_EQ(story.origins(), 1);
  book.join(story, kSecond);
  EXPECT_EQ(story.origins(), 2);
  book.join(story, teller(13, 1));
  EXPECT_EQ(story.origins(), 2);
  book.leave(story, 9);
  EXPECT_TRUE(story.is_told_by_source(1)) << "by its other item";
  book.leave(story, 13);
  EXPECT_FALSE(story.is_told_by_source(1));
  EXPECT_EQ(story.origins(), 1);
}

TEST(StoryBook, OnlyTheLeadingItemFindsAStoryWhoseFactsAreWithdrawn) {
  StoryBook book(kNsPerDay);
  Story& story = book.add(7, {}, {}, kFirst, kNow);
  book.join(story, kSecond);
  book.withdraw(story);
  EXPECT_EQ(book.find_facts(7, kNow), nullptr);
  EXPECT_EQ(book.find_item(11, kNow), nullptr);
  EXPECT_EQ(book.find_item(9, kNow), &story);
  book.forget(story);
  EXPECT_EQ(book.find_item(9, kNow), nullptr);
}

TEST(StoryBook, MoreItemsThanAStoryHoldsLeaveItAsItIs) {
  StoryBook book(kNsPerDay);
  Story& story = book.add(100, {}, {}, teller(100, 100), kNow);
  for (std::uint64_t key = 101; key < 150; ++key)
    book.join(story, teller(key, key));
  EXPECT_EQ(story.origins(), Story::kTellersMax);
  EXPECT_EQ(book.find_item(100 + Story::kTellersMax - 1, kNow), &story);
  EXPECT_EQ(book.find_item(100 + Story::kTellersMax, kNow), nullptr);
}

TEST(StoryBook, StaysBoundedAndCorrectUnderEndlessStories) {
  StoryBook book(kNsPerDay);
  for (std::uint64_t key = 1; key < 50'000; ++key) {
    book.add(key, {}, {}, teller(key, 1), kNow).event_id = key;
    ASSERT_EQ(book.find_facts(key, kNow)->event_id, key);
    if (key > 5'000) {
      ASSERT_EQ(book.find_item(key - 5'000, kNow), nullptr) << "long since replaced";
    }
  }
}

TEST(StoryBook, AnItemWithoutAnIdIsKnownByItsText) {
  Headline one;
  one.set_text("Duty on widgets");
  Headline other;
  other.set_text("Duty on gadgets");
  EXPECT_NE(StoryBook::item_key(one), StoryBook::item_key(other));
  other.set_text("Duty on widgets");
  EXPECT_EQ(StoryBook::item_key(one), StoryBook::item_key(other));
  other.feed = FeedId{1};
  EXPECT_NE(StoryBook::item_key(one), StoryBook::item_key(other)) << "ids belong to a feed";
}

}  // namespace
}  // namespace tariff
