// Chinese goes through the stages that English goes through; here is what differs in each.
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "signals/reading/explain.h"
#include "signals/reading/ideographs.h"
#include "signals/reading/reader.h"
#include "signals/reading/tables.h"
#include "signals/reading/tokens.h"
#include "signals/reading/trace.h"
#include "tests/reading/support.h"
#include "tests/support/hot_path_guard.h"

namespace tariff {
namespace {

using test::day;
using test::read;
using test::told;

std::string folded(std::string_view text) {
  const auto fold = std::make_unique<FoldedText>();
  fold->assign(text);
  return std::string(fold->view());
}

/// One sign per token: w(ord), n(umber), % (a rate), d(ate), and marks as they are; "_" is a break.
std::string kinds(std::string_view text) {
  const auto fold = std::make_unique<FoldedText>();
  const auto list = std::make_unique<TokenList>();
  fold->assign(text);
  list->assign(*fold);
  std::string out;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Token& token = (*list)[i];
    const bool rate = token.kind == TokenKind::Number && token.has(Token::kPercent);
    out += rate ? '%' : "wnd,:;-.?_"[static_cast<std::size_t>(token.kind)];
  }
  return out;
}

std::string told_on(WallNs published, std::string_view text) {
  return told(read(text, published));
}
std::string told_now(std::string_view text) {
  return told_on(day(2025, 10, 9), text);
}

TEST(ChineseFold, MakesPlainMarksOfChineseOnes) {
  EXPECT_EQ(folded("，。；：？！（）"), ", . ;: ?!()");
  EXPECT_EQ(folded("《清单》“对等”【快讯】"), "\"清单\"\"对等\"[快讯]");
  EXPECT_EQ(folded("钨、碲"), "钨 and 碲");
  EXPECT_EQ(folded("ＥＤＡ２５％"), "eda25%");
}

TEST(ChineseTokens, EndClausesAndSentencesWithoutASpaceBehindTheMark) {
  EXPECT_EQ(kinds("美，华。欧：日；韩！加？"), "w,w.w:w;w.w?");
  EXPECT_EQ(kinds("税率。2025年，301调查：10%"), "ww.nw,nww:%");
  EXPECT_EQ(kinds("232、301调查"), "nwnww") << "two numbers and not 232,301";
}

TEST(ChineseTokens, TakeASpaceBetweenIdeographsForAComma) {
  EXPECT_EQ(kinds("美国 华"), "ww,w");
  EXPECT_EQ(kinds("加征 10% 关税"), "ww%ww") << "a space beside digits is mere typography";
  EXPECT_EQ(kinds("미국 관세"), "wwww") << "Korean has spaces between words";
}

TEST(ChineseTokens, KeepTheDotOfAForeignName) {
  EXPECT_EQ(kinds("马丁·路德"), "wwww");
  EXPECT_EQ(kinds("·马丁"), "_ww");
}

TEST(ChineseTokens, ReadDatesWithAndWithoutYearAndTime) {
  EXPECT_EQ(kinds("2025年11月8日起"), "dw");
  EXPECT_EQ(kinds("4月10日12时01分起"), "dw");
  EXPECT_EQ(kinds("10月9号"), "d");
  EXPECT_EQ(kinds("13月9日"), "nwnw");
  EXPECT_EQ(kinds("11月起"), "nww");
  EXPECT_EQ(ideographs::read_date("2025年11月8日", 0).value, 20251108);
  EXPECT_EQ(ideographs::read_date("2月29日", 0).value, 229);
  EXPECT_EQ(ideographs::read_date("2月", 0).end, 0U);
}

TEST(ChineseTokens, ReadRatesInIdeographs) {
  const auto percent = [](std::string_view text) {
    return ideographs::read_percent(text, 0).value;
  };
  EXPECT_EQ(percent("百分之二十五"), 25);
  EXPECT_EQ(percent("百分之十"), 10);
  EXPECT_EQ(percent("百分之一百二十五"), 125);
  EXPECT_EQ(percent("百分之一百零五"), 105);
  EXPECT_DOUBLE_EQ(percent("百分之七点五"), 7.5);
  EXPECT_DOUBLE_EQ(percent("百分之12.5"), 12.5);
  EXPECT_EQ(ideographs::read_percent("百分之", 0).end, 0U);
  EXPECT_EQ(kinds("百分之百分"), "%w");
}

TEST(ChineseItems, TakeARunThatNobodyKnowsForOneWord) {
  Reader reader;
  Reading reading;
  Trace trace;
  reader.read(test::shipped_tables(), "商务部对鑫鑫鑫加征关税", {}, reading, &trace);
  ASSERT_EQ(trace.spans.size(), 5U);
  EXPECT_EQ(trace.spans[2].text, "鑫鑫鑫");
}

TEST(ChineseReading, FindsTheTargetBeforeTheVerb) {
  EXPECT_EQ(told_now("国务院关税税则委员会：对原产于美国的进口商品加征10%关税"),
            "impose tariff CN>US 10%");
  EXPECT_EQ(told_now("美国对华加征关税"), "impose tariff US>CN");
  EXPECT_EQ(told_now("暂停对美加征关税"), "delay tariff CN>US");
  EXPECT_EQ(told_now("中国对印度钢材关税由10%提高至百分之二十五"), "impose tariff CN>IN steel 25%");
}

TEST(ChineseReading, TakesADateOnlyWhereTheTextSaysWhatBeginsOrEnds) {
  EXPECT_EQ(told_now("商务部：自12月1日起对镓实施出口管制"),
            "impose export_control CN> critical_minerals 2025-12-01");
  EXPECT_EQ(told_now("商务部10月9日宣布对镓实施出口管制"),
            "impose export_control CN> critical_minerals");
  EXPECT_EQ(told_now("欧盟将对美反制关税暂停期延长至2026年2月7日"),
            "delay tariff r EU>US 2026-02-07");
}

TEST(ChineseReading, DoesNotTakeAChangeForARate) {
  EXPECT_EQ(told_now("美国将对华关税下调10个百分点"), "ease tariff US>CN");
}

TEST(ChineseReading, HearsDenialsPlansAndVows) {
  EXPECT_EQ(told_now("中方不会对美加征关税"), "not impose tariff CN>US");
  EXPECT_EQ(told_now("欧盟拟对原产于中国的钢铁加征50%关税"), "threaten tariff EU>CN steel 50%");
  EXPECT_EQ(told_now("商务部：若美方加征关税，中方将采取必要措施"), "threaten general r CN>US");
}

TEST(ChineseReading, IsSilentWhereAMinistryOnlyAnswersOrBlames) {
  EXPECT_EQ(told_now("商务部新闻发言人就美国对华加征关税答记者问"), "none");
  EXPECT_EQ(told_now("外交部：坚决反对美方对中国企业实施制裁"), "none");
  EXPECT_EQ(told_now("中方敦促美方取消对华关税"), "none");
  EXPECT_EQ(told_now("外交部：将采取必要措施捍卫国家主权"), "none");
}

TEST(ChineseReading, IsNotLedAstrayByWordsThatHoldOthers) {
  EXPECT_EQ(told_now("华为公布新款芯片"), "none");
  EXPECT_EQ(told_now("韩国对美加征关税"), "impose tariff KR>US") << "not 美加, America and Canada";
  EXPECT_EQ(told_now("12日美国对韩国加征关税"), "impose tariff US>KR") << "not 日美";
}

TEST(ChineseReading, ReadsMixedText) {
  EXPECT_EQ(told_now("美国批准Nvidia对华出口H20芯片"), "ease export_control US>CN semiconductors");
  EXPECT_EQ(told_now("US to impose 25% tariff on Chinese steel 美国"),
            "impose tariff US>CN steel 25%");
  EXPECT_EQ(told_now("特朗普 Trump：对欧盟加征30%关税"), "impose tariff US>EU 30%");
}

TEST(ChineseReading, GoesOnAfterACutAtEveryByte) {
  const std::string text =
      "商务部、海关总署：自2025年11月8日起对锂电池、人造石墨“相关物项”实施出口管制。税率百分之二十"
      "五";
  for (std::size_t bytes = 0; bytes <= text.size(); ++bytes) {
    EXPECT_LE(read(std::string_view(text).substr(0, bytes)).facts_count, 2) << bytes;
    EXPECT_LE(read(std::string_view(text).substr(bytes)).facts_count, 2) << bytes;
  }
}

TEST(ChineseReading, NeitherAllocatesNorCallsTheKernel) {
  Reader reader;
  Reading reading;
  const Tables& tables = test::shipped_tables();
  const std::string_view text = "商务部：自11月8日起对钨、碲实施出口管制，税率百分之五";
#ifndef TARIFF_SANITIZED
  const test::AllocationCounter allocations;
  reader.read(tables, text, day(2025, 10, 9), reading);
  EXPECT_EQ(allocations.count(), 0);
  EXPECT_TRUE(
      test::runs_without_syscalls([&] { reader.read(tables, text, day(2025, 10, 9), reading); }));
#else
  reader.read(tables, text, day(2025, 10, 9), reading);
#endif
  EXPECT_EQ(reading.facts_count, 1);
}

TEST(ChineseExplain, PointsAtWholeIdeographsOfTheOriginalText) {
  Reader reader;
  Reading reading;
  Trace trace;
  const std::string_view original = "商务部：对钨、碲实施“出口管制”。";
  reader.read(test::shipped_tables(), original, WallNs{}, reading, &trace);
  std::string spans;
  for (const Trace::Span& span : trace.spans) {
    spans += original.substr(span.begin_bytes, span.end_bytes - span.begin_bytes);
    spans += '|';
  }
  EXPECT_EQ(spans, "商务部|：|对|钨|、|碲|实施|出口管制|。|");
}

/// The four files of a folder of tables, as small as they can be.
class ChineseTables : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(directory_);
    write("lexicon.toml",
          "[place.CN]\nis = [\"rival\"]\nnames = [\"china\"]\n[concept.rival]\n"
          "[measure.tariff]\nnouns = [\"tariff\"]\n[concept.put]\nverbs = [\"impose\"]\n");
    write("lexicon.zh.toml",
          "[place.CN]\nnames = [\"中国\"]\n[measure.tariff]\nphrases = [\"关税\"]\n"
          "[concept.put]\nphrases = [\"加征\"]\n");
    write("rules.toml",
          "[defaults]\nactor = \"US\"\n[[rule]]\nid = \"put\"\naction = \"impose\"\n"
          "match = [\"T:put O:measure\"]\n");
    write("rules.zh.toml",
          "script = \"chinese\"\n[defaults]\nactor = \"CN\"\n[[rule]]\nid = \"zh-put\"\n"
          "action = \"ease\"\nmatch = [\"O:measure T:put\"]\n");
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ + "/" + name) << text;
  }
  std::string errors() {
    ConfigErrors errors;
    tables_ = load_tables(directory_, errors);
    std::string text = errors.to_text();
    for (std::size_t at = 0; (at = text.find(directory_ + "/")) != std::string::npos;)
      text.erase(at, directory_.size() + 1);
    return text;
  }
  std::string told_by_these(std::string_view text) {
    EXPECT_EQ(errors(), "");
    Reader reader;
    Reading reading;
    if (tables_) reader.read(*tables_, text, WallNs{}, reading);
    return told(reading);
  }

 private:
  std::string directory_ = testing::TempDir() + "chinese_tables_" +
                           testing::UnitTest::GetInstance()->current_test_info()->name();
  std::shared_ptr<const Tables> tables_;
};

TEST_F(ChineseTables, GoOnWithTheEntriesOfTheFirstFile) {
  EXPECT_EQ(told_by_these("中国加征关税"), "impose tariff CN>");
  EXPECT_EQ(told_by_these("china imposes tariff"), "impose tariff CN>");
}

TEST_F(ChineseTables, KeepTheirRulesToClausesInChinese) {
  EXPECT_EQ(told_by_these("关税加征"), "ease tariff CN>");
  EXPECT_EQ(told_by_these("tariff impose"), "none");
}

TEST_F(ChineseTables, TellTheErrorsOfEveryFileAtOnce) {
  write("lexicon.toml", "[place.CN]\nnames = [\"china\"]\n[concept.put]\nphrases = [\"a, b\"]\n");
  write("lexicon.zh.toml",
        "[concept.put]\nphrases = [\"加征\"]\n[concept.b]\nphrases = [\"加征\"]\n");
  write("rules.toml", "[[rule]]\nid = \"x\"\naction = \"ease\"\nmatch = [\"T:putt\"]\n");
  write("rules.zh.toml", "script = \"klingon\"\n[[rule]]\nid = \"x\"\n");
  EXPECT_EQ(errors(),
            "lexicon.toml:4: [concept.put] phrases = [...]: 'a, b' is not 1..16 words\n"
            "lexicon.zh.toml:4: [concept.b] phrases = [...]: '加 征' is a phrase of [concept.put] "
            "already\n"
            "rules.toml:4: [rule] match = [...]: 'T:putt' 'putt' is not a concept of lexicon.toml\n"
            "rules.zh.toml:1: script = 'klingon': is not one of latin, chinese\n"
            "rules.zh.toml:2: [rule] needs the key 'action'\n"
            "rules.zh.toml:2: [rule] needs the key 'match'\n"
            "rules.zh.toml:3: [rule] id = 'x': is the id of another entry\n");
}

}  // namespace
}  // namespace tariff
