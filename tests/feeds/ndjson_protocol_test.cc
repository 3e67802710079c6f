#include "feeds/ndjson/ndjson_protocol.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/feeds/feed_fixture.h"
#include "tests/support/hot_path_guard.h"

namespace tariff {
namespace {

// 2025-10-10T14:57:03Z
constexpr std::int64_t kTime = 1'760'108'223 * kNsPerSecond;

constexpr std::string_view kHeadline =
    R"({"id":"a-1","text":"Tariff on \"tin\" delayed","published_at":"2025-10-10T14:57:03Z",)"
    R"("source":"desk","symbols":["SPY","FXI"]})";
constexpr std::string_view kQuote =
    R"({"symbol":"SPY","bid":670.1,"ask":670.2,"bid_size":3,"ask_size":4,)"
    R"("time":"2025-10-10T14:57:03.5Z"})";

struct Ndjson : test::Driven<ndjson::NdjsonProtocol> {
  explicit Ndjson(const ndjson::Options& options = {}) : Driven(FeedId{2}, options) {}
};

TEST(NdjsonProtocol, IsReadyAtOnceAndSendsNothing) {
  Ndjson ndjson;
  EXPECT_EQ(ndjson.connect().next, Next::Ready);
  EXPECT_EQ(ndjson.tick(1'000'000).next, Next::Continue);
  EXPECT_TRUE(ndjson.outbox.sent.empty());
}

TEST(NdjsonProtocol, ReadsAHeadlineAndAQuoteFromOneFeed) {
  Ndjson ndjson;
  EXPECT_EQ(ndjson.frame(kHeadline).next, Next::Continue);
  EXPECT_EQ(ndjson.frame(kQuote).next, Next::Continue);
  ASSERT_EQ(ndjson.events.headlines.size(), 1U);
  const Headline& headline = ndjson.events.headlines[0];
  EXPECT_EQ(headline.text(), "Tariff on \"tin\" delayed");
  EXPECT_EQ(headline.item_id.view(), "a-1");
  EXPECT_EQ(headline.source.view(), "desk");
  EXPECT_EQ(headline.symbols.view(), "SPY,FXI");
  EXPECT_EQ(headline.published.ns, kTime);
  EXPECT_EQ(headline.updated.ns, 0);
  EXPECT_EQ(headline.feed, FeedId{2});
  ASSERT_EQ(ndjson.events.quotes.size(), 1U);
  const Quote& quote = ndjson.events.quotes[0];
  EXPECT_EQ(quote.symbol.view(), "SPY");
  EXPECT_EQ(quote.bid, 670.1);
  EXPECT_EQ(quote.ask_size, 4);
  EXPECT_EQ(quote.published.ns, kTime + 500 * kNsPerMs);
  EXPECT_EQ(quote.feed, FeedId{2});
}

TEST(NdjsonProtocol, FollowsPointersIntoObjectsAndLists) {
  ndjson::Options options;
  options.headline.text = "/data/content/title";
  options.headline.id = "/data/content/id";
  options.headline.source = "/data/tags/1/na~1me";
  options.headline.published = "/meta/time";
  options.headline.time_format = TimeFormat::UnixMs;
  Ndjson ndjson(options);
  EXPECT_EQ(
      ndjson
          .frame(
              R"({"meta":{"time":1760108223000},"text":"not this","data":{"tags":[{"na/me":"x"},)"
              R"({"na/me":"wire"}],"content":{"id":17,"title":"this"}}})")
          .next,
      Next::Continue);
  ASSERT_EQ(ndjson.events.headlines.size(), 1U);
  EXPECT_EQ(ndjson.events.headlines[0].text(), "this");
  EXPECT_EQ(ndjson.events.headlines[0].item_id.view(), "17");
  EXPECT_EQ(ndjson.events.headlines[0].source.view(), "wire");
  EXPECT_EQ(ndjson.events.headlines[0].published.ns, kTime);
}

TEST(NdjsonProtocol, TakesOneSymbolAsAListOfOne) {
  Ndjson ndjson;
  (void)ndjson.frame(R"({"text":"x","symbols":"FXI"})");
  ASSERT_EQ(ndjson.events.headlines.size(), 1U);
  EXPECT_EQ(ndjson.events.headlines[0].symbols.view(), "FXI");
}

TEST(NdjsonProtocol, TakesNumbersInQuotesAndAMissingSide) {
  Ndjson ndjson;
  EXPECT_EQ(ndjson.frame(R"({"symbol":"SPY","bid":"670.1","ask":null})").next, Next::Continue);
  ASSERT_EQ(ndjson.events.quotes.size(), 1U);
  EXPECT_EQ(ndjson.events.quotes[0].bid, 670.1);
  EXPECT_EQ(ndjson.events.quotes[0].ask, 0);
}

TEST(NdjsonProtocol, ReadsEveryTimeFormat) {
  const std::pair<TimeFormat, std::string_view> cases[] = {
      {TimeFormat::Rfc3339, R"("2025-10-10T16:57:03+02:00")"},
      {TimeFormat::UnixS, "1760108223"},
      {TimeFormat::UnixS, R"("1760108223.0")"},
      {TimeFormat::UnixMs, "1760108223000 "},
      {TimeFormat::UnixUs, "1760108223000000"},
      {TimeFormat::UnixNs, "1760108223000000000"},
  };
  for (const auto& [format, text] : cases) {
    ndjson::Options options;
    options.headline.time_format = format;
    Ndjson ndjson(options);
    (void)ndjson.frame(fmt::format(R"({{"text":"x","published_at":{}}})", text));
    ASSERT_EQ(ndjson.events.headlines.size(), 1U);
    EXPECT_EQ(ndjson.events.headlines[0].published.ns, kTime) << text;
  }
}

TEST(NdjsonProtocol, KnowsRedeliveriesEditsAndDeletions) {
  Ndjson ndjson;
  const auto line = [&ndjson](std::string_view fields) {
    return ndjson.frame(fmt::format(R"({{"id":"a","text":{}}})", fields));
  };
  (void)line(R"("25%")");
  EXPECT_EQ(line(R"("25%")").redelivered, 1U);
  (void)line(R"("50%")");
  (void)line(R"("50%","deleted":true)");
  EXPECT_EQ(line(R"("50%","deleted":true)").redelivered, 1U);
  (void)ndjson.frame(R"({"id":"b","deleted":true})");
  ASSERT_EQ(ndjson.events.headlines.size(), 4U);
  EXPECT_EQ(ndjson.events.headlines[0].change, ItemChange::New);
  EXPECT_EQ(ndjson.events.headlines[1].change, ItemChange::Update);
  EXPECT_EQ(ndjson.events.headlines[2].change, ItemChange::Delete);
  EXPECT_EQ(ndjson.events.headlines[3].change, ItemChange::Delete);
  EXPECT_EQ(ndjson.events.headlines[3].text(), "");
}

TEST(NdjsonProtocol, TakesEveryHeadlineWithoutAnIdForANewOne) {
  Ndjson ndjson;
  (void)ndjson.frame(R"({"text":"same"})");
  (void)ndjson.frame(R"({"text":"same"})");
  EXPECT_EQ(ndjson.events.headlines.size(), 2U);
}

TEST(NdjsonProtocol, KeepsLongIdsApart) {
  Ndjson ndjson;
  const std::string start(100, 'i');
  (void)ndjson.frame(fmt::format(R"({{"id":"{}1","text":"x"}})", start));
  (void)ndjson.frame(fmt::format(R"({{"id":"{}2","text":"x"}})", start));
  ASSERT_EQ(ndjson.events.headlines.size(), 2U);
  EXPECT_NE(ndjson.events.headlines[0].item_id, ndjson.events.headlines[1].item_id);
}

TEST(NdjsonProtocol, SkipsBlankLines) {
  Ndjson ndjson;
  for (const std::string_view line : {"", "   ", "\t\r"}) {
    EXPECT_EQ(ndjson.frame(line).next, Next::Continue);
  }
}

TEST(NdjsonProtocol, ReadsOnlyTheKindThatIsMapped) {
  ndjson::Options options;
  options.headlines = false;
  Ndjson quotes(options);
  EXPECT_EQ(quotes.frame(kHeadline).next, Next::BadFrame);
  EXPECT_EQ(quotes.frame(kQuote).next, Next::Continue);
  EXPECT_TRUE(quotes.events.headlines.empty());
  EXPECT_EQ(quotes.events.quotes.size(), 1U);
}

TEST(NdjsonProtocol, UsesTheDefaultSourceWhereALineNamesNone) {
  ndjson::Options options;
  options.headline.default_source = "wire";
  Ndjson ndjson(options);
  (void)ndjson.frame(R"({"text":"x"})");
  (void)ndjson.frame(kHeadline);
  EXPECT_EQ(ndjson.events.headlines.at(0).source.view(), "wire");
  EXPECT_EQ(ndjson.events.headlines.at(1).source.view(), "desk");
}

TEST(NdjsonProtocol, ALineThatIsNotUnderstoodIsBad) {
  for (const std::string_view line :
       {"x", "[]", "17", R"({"text":5})", R"({"text":""})", R"({"text":["x"]})", R"({"other":1})",
        R"({"text":"x"} {"text":"y"})", R"({"text":"x"}x)", R"({"symbol":"SPY"})",
        R"({"symbol":"SPY","bid":"much"})", R"({"symbol":"SPY","bid":-1})",
        R"({"symbol":5,"bid":1})", R"({"symbol":"SEVENTEEN.LETTERS","bid":1})",
        R"({"symbol":"SPY","bid":1,"bid_size":{}})", R"({"deleted":true})", "{\"text\":\"\xff\"}",
        R"({"text":"x",)", R"({"text" "x"})"}) {
    Ndjson ndjson;
    const Verdict verdict = ndjson.frame(line);
    EXPECT_EQ(verdict.next, Next::BadFrame) << line;
    EXPECT_FALSE(verdict.reason.empty());
    EXPECT_TRUE(ndjson.events.headlines.empty()) << line;
    EXPECT_TRUE(ndjson.events.quotes.empty()) << line;
  }
}

TEST(NdjsonProtocol, IsBadButHarmlessCutAtAnyLength) {
  for (const std::string_view whole : {kHeadline, kQuote}) {
    for (std::size_t bytes = 1; bytes < whole.size(); ++bytes) {
      Ndjson ndjson;
      EXPECT_EQ(ndjson.frame(whole.substr(0, bytes)).next, Next::BadFrame) << bytes;
      EXPECT_TRUE(ndjson.events.headlines.empty());
      EXPECT_TRUE(ndjson.events.quotes.empty());
    }
  }
}

TEST(NdjsonProtocol, NeitherAllocatesNorCallsTheKernelForAWarmLine) {
#ifdef TARIFF_SANITIZED
  GTEST_SKIP() << "the sanitizer owns malloc";
#else
  Ndjson ndjson;
  const test::OwnedFrame first(kHeadline);
  const test::OwnedFrame quote(kQuote);
  const test::OwnedFrame fresh(R"({"id":"a-2","text":"\"new\"","symbols":["A","B"]})");
  const auto take = [&ndjson](const test::OwnedFrame& frame) {
    (void)ndjson.protocol.on_frame(frame.frame(), ndjson.events, ndjson.outbox);
  };
  take(first);
  int allocations = -1;
  {
    const test::AllocationCounter counter;
    take(quote);
    take(fresh);
    allocations = counter.count();
  }
  EXPECT_EQ(allocations, 0);
  EXPECT_EQ(ndjson.events.headlines.size(), 2U);
  EXPECT_TRUE(test::runs_without_syscalls([&] {
    take(quote);
    take(fresh);
  }));
#endif
}

}  // namespace
}  // namespace tariff
