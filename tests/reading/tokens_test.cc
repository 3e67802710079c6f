#include "signals/reading/tokens.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace tariff {
namespace {

/// Words as they are, numbers as "#25", with "%" or "$" or "th"; marks as signs; "'s" and "-"
/// behind a word are its flags; "^" in front of a word is glued prose.
std::string tokens(std::string_view text) {
  const auto folded = std::make_unique<FoldedText>();
  const auto list = std::make_unique<TokenList>();
  folded->assign(text);
  list->assign(*folded);
  std::string out;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Token& token = (*list)[i];
    if (!out.empty()) out += ' ';
    if (token.has(Token::kBreakBefore)) out += '^';
    if (token.kind == TokenKind::Number) {
      out += token.has(Token::kMoney) ? "$" : "#";
      out += std::to_string(token.value).substr(0, std::to_string(token.value).find('.') + 3);
    } else if (token.kind == TokenKind::Date) {
      out += "@" + std::to_string(static_cast<int>(token.value));
    } else {
      out += folded->view().substr(token.begin, static_cast<std::size_t>(token.end) - token.begin);
    }
    if (token.has(Token::kPercent)) out += '%';
    if (token.has(Token::kOrdinal)) out += "th";
    if (token.has(Token::kPossessive)) out += "'s";
    if (token.has(Token::kHyphen)) out += '-';
  }
  return out;
}

TEST(Tokens, KeepInitialsTogether) {
  EXPECT_EQ(tokens("U.S. tariffs, U.K."), "u.s tariffs , u.k");
  EXPECT_EQ(tokens("S. Korea"), "s korea");
}

TEST(Tokens, CutThePossessive) {
  EXPECT_EQ(tokens("Trump's China\u2019s partners' won't"), "trump's china's partners's won't");
}

TEST(Tokens, JoinHyphenatedWordsByAFlag) {
  EXPECT_EQ(tokens("tit-for-tat US-China"), "tit- for- tat us- china");
}

TEST(Tokens, ReadNumbersWithTheirSigns) {
  EXPECT_EQ(tokens("25% 2.5pct 25pc 1,500"), "#25.00% #2.50% #25.00% #1500.00");
  EXPECT_EQ(tokens("$34 155bn 1st 5g"), "$34.00 $155.00 #1.00th 5g");
  EXPECT_EQ(tokens("10%-15%"), "#10.00%- #15.00%");
}

TEST(Tokens, ReadDatesInDigits) {
  EXPECT_EQ(tokens("11/1 11/1/2025 6/1/25 2025-11-01"), "@1101 @20251101 @20250601 @20251101");
  EXPECT_EQ(tokens("50/50"), "#50.00 #50.00");
}

TEST(Tokens, TellBordersFromDotsAndDashesInside) {
  EXPECT_EQ(tokens("Deal. Now - or never -- ok; a: b? c!"),
            "deal . now - or never - ok ; a : b ? c !");
  EXPECT_EQ(tokens("....cut off..."), ". cut off .");
  EXPECT_EQ(tokens("*ONE *TWO"), "* one * two");
}

TEST(Tokens, FindProseGluedToALead) {
  EXPECT_EQ(tokens("US TO RAISE STEEL TARIFFS The president said on Monday"),
            "us to raise steel tariffs ^the president said on monday");
  EXPECT_EQ(tokens("EU Trade Chief Says"), "eu trade chief says");
}

TEST(Tokens, TakeEachIdeographAsAWord) {
  EXPECT_EQ(tokens("\u5546\u52A1 US"), "\u5546 \u52A1 us");
}

TEST(Tokens, StopAtTheirBuffer) {
  const auto folded = std::make_unique<FoldedText>();
  const auto list = std::make_unique<TokenList>();
  std::string text;
  for (int i = 0; i < 2'000; ++i)
    text += "a ";
  folded->assign(text);
  list->assign(*folded);
  EXPECT_EQ(list->size(), TokenList::kTokensMax);
  EXPECT_TRUE(list->cut());
}

}  // namespace
}  // namespace tariff
