#include "signals/reading/fold.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace tariff {
namespace {

std::string folded(std::string_view text) {
  const auto fold = std::make_unique<FoldedText>();
  fold->assign(text);
  return std::string(fold->view());
}

TEST(Fold, LowersAsciiInWholeBlocksAndInTheRest) {
  EXPECT_EQ(folded("US TO IMPOSE 25% TARIFF [@Z{"), "us to impose 25% tariff [@z{");
  EXPECT_EQ(folded("aZ"), "az");
}

TEST(Fold, DropsTagsAndKeepsLessThanSigns) {
  EXPECT_EQ(folded("<b>US</b>tariff"), " us tariff");
  EXPECT_EQ(folded("rate < 5%"), "rate   5%");
  EXPECT_EQ(folded("a <never closed"), "a  never closed");
}

TEST(Fold, ReadsEntitiesAlsoBrokenOnes) {
  EXPECT_EQ(folded("steel &amp; iron"), "steel  and  iron");
  EXPECT_EQ(folded("steel &amp, iron"), "steel  and  iron");
  EXPECT_EQ(folded("&#036;34"), "$34");
  EXPECT_EQ(folded("Colombia &#x27;backed"), "colombia 'backed");
  EXPECT_EQ(folded("&quot;dumb&quot;"), "\"dumb\"");
  EXPECT_EQ(folded("AT&T"), "at and t");
  EXPECT_EQ(folded("&#xD800;"), " and #xd800;") << "a surrogate is no character";
}

TEST(Fold, ReducesPunctuationWidthStyleAndAccents) {
  EXPECT_EQ(folded("\u2018tit\u2011for\u2011tat\u2019 \u201Cno\u201D"), "'tit-for-tat' \"no\"");
  EXPECT_EQ(folded("10%\u201315%"), "10%-15%");
  EXPECT_EQ(folded("deal\u2014now"), "deal - now");
  EXPECT_EQ(folded("\uFF35\uFF33\u3000\uFF15\uFF10\uFF05"), "us 50%");
  EXPECT_EQ(folded("\U0001D413ari\u200Bff"), "tariff");
  EXPECT_EQ(folded("\u0160ef\u010Dovi\u010D S\u00E3o"), "sefcovic sao");
  EXPECT_EQ(folded("\u20AC5bn"), "$5bn");
}

TEST(Fold, KeepsLettersThatHaveNoAsciiForm) {
  EXPECT_EQ(folded("\u5546\u52A1\u90E8"), "\u5546\u52A1\u90E8");
}

TEST(Fold, TurnsBytesThatAreNotUtf8IntoBlanks) {
  EXPECT_EQ(folded("a\xFFz\xE2\x80"), "a z  ");
  EXPECT_EQ(folded("\xC0\xAF"), "  ") << "overlong";
  EXPECT_EQ(folded(std::string_view("a\0b", 3)), "a b");
}

TEST(Fold, MapsEveryPositionBackIntoTheText) {
  const auto fold = std::make_unique<FoldedText>();
  fold->assign("<i>US</i> &amp; \u201CChina\u201D now");
  const std::string_view text = "<i>US</i> &amp; \u201CChina\u201D now";
  const auto origin_of = [&](std::string_view word) {
    return fold->origin(fold->view().find(word));
  };
  EXPECT_EQ(origin_of("us"), text.find("US"));
  EXPECT_EQ(origin_of("china"), text.find("China"));
  EXPECT_EQ(origin_of("now"), text.find("now"));
}

TEST(Fold, RemembersWhichLettersWereCapitals) {
  const auto fold = std::make_unique<FoldedText>();
  fold->assign("xxxxxUS and us, Us");
  const std::string_view view = fold->view();
  EXPECT_TRUE(fold->was_upper(view.find("us")));
  EXPECT_FALSE(fold->was_upper(view.find("and us") + 4));
  EXPECT_TRUE(fold->was_upper(view.size() - 2));
  EXPECT_FALSE(fold->was_upper(view.size() - 1));
}

TEST(Fold, CutsWhatDoesNotFit) {
  const auto fold = std::make_unique<FoldedText>();
  fold->assign(std::string(65'536, 'a'));
  EXPECT_TRUE(fold->cut());
  EXPECT_LE(fold->view().size(), FoldedText::kBytesMax);
  fold->assign("short");
  EXPECT_FALSE(fold->cut());
  EXPECT_EQ(fold->view(), "short");
}

}  // namespace
}  // namespace tariff
