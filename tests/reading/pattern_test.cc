#include "signals/reading/pattern.h"

#include <gtest/gtest.h>

namespace tariff {
namespace {

// Concepts for these tests: a..z are 100..125; an item is written as its letters, "-" is unknown,
// "!" a barrier.
std::optional<std::size_t> lookup(std::string_view name) {
  if (name.size() != 1 || name[0] < 'a' || name[0] > 'z') return std::nullopt;
  return static_cast<std::size_t>(100 + name[0] - 'a');
}

std::vector<Item> items(std::string_view text) {
  static const Meaning known;
  std::vector<Item> list;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ') continue;
    Item item;
    item.concepts.add(id_of(Cue::Word));
    if (text[i] == '!') {
      item.concepts.add(id_of(Cue::Barrier));
    } else if (text[i] != '-') {
      item.concepts.add(*lookup(text.substr(i, 1)));
      item.meaning = &known;
    }
    list.push_back(item);
  }
  return list;
}

/// "first-last" of the first match, with "t3" for the trigger and "o5" for the object; "" if none.
std::string found(std::string_view pattern, std::string_view text) {
  std::string problem;
  const Pattern compiled = compile_pattern(pattern, lookup, problem);
  EXPECT_EQ(problem, "") << pattern;
  const std::vector<Item> list = items(text);
  for (std::size_t at = 0; at < list.size(); ++at) {
    PatternMatch match;
    if (!match_at(compiled, list, 0, list.size(), at, match)) continue;
    std::string out = std::to_string(match.first) + "-" + std::to_string(match.last);
    if (match.trigger != PatternMatch::kNone) out += " t" + std::to_string(match.trigger);
    if (match.object != PatternMatch::kNone) out += " o" + std::to_string(match.object);
    return out;
  }
  return "";
}

TEST(Pattern, MatchesItemsInOrder) {
  EXPECT_EQ(found("T:a O:b", "x a b"), "1-2 t1 o2");
  EXPECT_EQ(found("a b", "b a"), "");
}

TEST(Pattern, TakesTheShortestGapUpToItsReach) {
  EXPECT_EQ(found("a ..2 b", "a x x b b"), "0-3");
  EXPECT_EQ(found("a ..1 b", "a x x b"), "");
}

TEST(Pattern, EndsANounPhraseAtABarrier) {
  EXPECT_EQ(found("a ~4 b", "a x x b"), "0-3");
  EXPECT_EQ(found("a ~4 b", "a ! b"), "");
}

TEST(Pattern, CountsAnUnknownWordOfANounPhraseTwice) {
  EXPECT_EQ(found("a ~4 b", "a - - b"), "0-3");
  EXPECT_EQ(found("a ~4 b", "a - - x b"), "");
}

TEST(Pattern, KnowsAlternativesConjunctionsAndExclusions) {
  EXPECT_EQ(found("a|b c", "b c"), "0-1");
  EXPECT_EQ(found("a+b", "a b"), "");
  EXPECT_EQ(found("a!b", "a"), "0-0");
}

TEST(Pattern, KnowsTheEndsOfAClause) {
  EXPECT_EQ(found("^ a", "b a"), "");
  EXPECT_EQ(found("^ a", "a b"), "0-0");
  EXPECT_EQ(found("a $", "a b a"), "2-2");
}

TEST(Pattern, SkipsWhatIsOptionalAndLooksAhead) {
  EXPECT_EQ(found("a b? c", "a c"), "0-1");
  EXPECT_EQ(found("a b? c", "a b c"), "0-2");
  EXPECT_EQ(found("a !b", "a b a c"), "2-2");
}

TEST(Pattern, GivesUpOnAHopelessSearch) {
  const std::string text(600, 'a');
  EXPECT_EQ(found("a ..20 a ..20 a ..20 a ..20 a ..20 b", text), "");
}

}  // namespace
}  // namespace tariff
