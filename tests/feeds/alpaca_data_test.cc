// News and quotes of Alpaca, good and bad.
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "feeds/alpaca/alpaca_protocol.h"
#include "tests/feeds/feed_fixture.h"
#include "tests/support/hot_path_guard.h"

namespace tariff {
namespace {

// 2025-10-10T14:57:03Z
constexpr std::int64_t kTime = 1'760'108'223 * kNsPerSecond;

// In the shape and order of the provider, the words are ours.
constexpr std::string_view kNews =
    R"([{"T":"n","id":24918784,"headline":"President threatens 100% tariff on China",)"
    R"("summary":"He \"threatens\".","author":"Desk","created_at":"2025-10-10T14:57:03Z",)"
    R"("updated_at":"2025-10-10T14:57:04.5Z","url":"https://example.com/a","content":"<p>Long)"
    R"( text &amp; more</p>","symbols":["SPY","FXI"],"source":"benzinga"}])";

constexpr std::string_view kQuotes =
    R"([{"T":"q","S":"AMD","bx":"U","bp":87.66,"bs":1,"ax":"X","ap":87.67,"as":2,)"
    R"("t":"2025-10-10T14:57:03.3355677Z","c":["R"],"z":"C"},)"
    R"({"T":"q","S":"BTC/USD","bp":42135.56,"bs":0.27779,"ap":42176.435,"as":0.550171,)"
    R"("t":"2025-10-10T14:57:03.335689322Z"}])";

struct Alpaca : test::Driven<alpaca::AlpacaProtocol> {
  Alpaca() : Driven(FeedId{3}, alpaca::Options{}) {}
};

std::string news(std::string_view fields) {
  return fmt::format(R"([{{"T":"n",{}}}])", fields);
}

TEST(AlpacaData, ReadsANewsElement) {
  Alpaca alpaca;
  EXPECT_EQ(alpaca.frame(kNews).next, Next::Continue);
  ASSERT_EQ(alpaca.events.headlines.size(), 1U);
  const Headline& headline = alpaca.events.headlines[0];
  EXPECT_EQ(headline.text(), "President threatens 100% tariff on China");
  EXPECT_EQ(headline.item_id.view(), "24918784");
  EXPECT_EQ(headline.source.view(), "benzinga");
  EXPECT_EQ(headline.symbols.view(), "SPY,FXI");
  EXPECT_EQ(headline.published.ns, kTime);
  EXPECT_EQ(headline.updated.ns, kTime + 1'500 * kNsPerMs);
  EXPECT_EQ(headline.received.wall.ns, 1'760'000'000 * kNsPerSecond);
  EXPECT_EQ(headline.feed, FeedId{3});
  EXPECT_EQ(headline.change, ItemChange::New);
  EXPECT_FALSE(headline.truncated);
}

TEST(AlpacaData, ReadsQuotes) {
  Alpaca alpaca;
  EXPECT_EQ(alpaca.frame(kQuotes).next, Next::Continue);
  ASSERT_EQ(alpaca.events.quotes.size(), 2U);
  const Quote& amd = alpaca.events.quotes[0];
  EXPECT_EQ(amd.symbol.view(), "AMD");
  EXPECT_EQ(amd.bid, 87.66);
  EXPECT_EQ(amd.ask, 87.67);
  EXPECT_EQ(amd.bid_size, 1);
  EXPECT_EQ(amd.ask_size, 2);
  EXPECT_EQ(amd.published.ns, kTime + 335'567'700);
  EXPECT_EQ(amd.feed, FeedId{3});
  const Quote& btc = alpaca.events.quotes[1];
  EXPECT_EQ(btc.symbol.view(), "BTC/USD");
  EXPECT_EQ(btc.ask, 42176.435);
  EXPECT_EQ(btc.bid_size, 0.27779);
  EXPECT_EQ(btc.published.ns, kTime + 335'689'322);
}

TEST(AlpacaData, TakesKeysInAnyOrder) {
  Alpaca alpaca;
  EXPECT_EQ(alpaca
                .frame(R"([{"source":"b","symbols":[],"headline":"x","id":7,"T":"n"},)"
                       R"({"t":"2025-10-10T14:57:03Z","ap":2,"c":"R","bp":1,"S":"A","T":"q"}])")
                .next,
            Next::Continue);
  EXPECT_EQ(alpaca.events.headlines.size(), 1U);
  ASSERT_EQ(alpaca.events.quotes.size(), 1U);
  EXPECT_EQ(alpaca.events.quotes[0].published.ns, kTime);
}

TEST(AlpacaData, SkipsUnknownTypesAndKeys) {
  Alpaca alpaca;
  EXPECT_EQ(alpaca
                .frame(R"([{"T":"t","S":"A","p":1.5,"t":7},{"T":"s","S":["odd"],"sc":"H"},)"
                       R"({"T":"zz"},{"T":"n","r":{"deep":[[[{}]]]},"id":1,"headline":"x"}])")
                .next,
            Next::Continue);
  EXPECT_EQ(alpaca.events.headlines.size(), 1U);
  EXPECT_TRUE(alpaca.events.quotes.empty());
}

TEST(AlpacaData, TreatsAPriceOfZeroAsNoQuoteOnThatSide) {
  Alpaca alpaca;
  EXPECT_EQ(alpaca.frame(R"([{"T":"q","S":"A","bp":0,"bs":0,"ap":5,"as":1}])").next,
            Next::Continue);
  ASSERT_EQ(alpaca.events.quotes.size(), 1U);
  EXPECT_EQ(alpaca.events.quotes[0].bid, 0);
  EXPECT_FALSE(alpaca.events.quotes[0].usable());
}

TEST(AlpacaData, TakesAnIdSeenWithALaterStampForAnUpdate) {
  Alpaca alpaca;
  const auto revision = [](int second, std::string_view text) {
    return news(fmt::format(R"("id":5,"headline":"{}","updated_at":"2025-10-10T14:57:0{}Z")", text,
                            second));
  };
  (void)alpaca.frame(revision(1, "25% on steel"));
  EXPECT_EQ(alpaca.frame(revision(1, "25% on steel")).redelivered, 1U);
  (void)alpaca.frame(revision(2, "50% on steel"));
  EXPECT_EQ(alpaca.frame(revision(1, "25% on steel")).redelivered, 1U) << "older than what we have";
  (void)alpaca.frame(revision(2, "CORRECT: 50% on tin"));
  EXPECT_EQ(alpaca.frame(revision(2, "CORRECT: 50% on tin")).redelivered, 1U);

  ASSERT_EQ(alpaca.events.headlines.size(), 3U);
  EXPECT_EQ(alpaca.events.headlines[0].change, ItemChange::New);
  EXPECT_EQ(alpaca.events.headlines[1].change, ItemChange::Update);
  EXPECT_EQ(alpaca.events.headlines[1].text(), "50% on steel");
  EXPECT_EQ(alpaca.events.headlines[2].change, ItemChange::Update)
      << "stamps have seconds; two edits may share one";
}

TEST(AlpacaData, RemembersItemsAcrossConnections) {
  Alpaca alpaca;
  (void)alpaca.frame(kNews);
  (void)alpaca.connect();
  EXPECT_EQ(alpaca.frame(kNews).redelivered, 1U);
  EXPECT_EQ(alpaca.events.headlines.size(), 1U);
}

TEST(AlpacaData, ABadElementCostsItselfOnly) {
  Alpaca alpaca;
  const std::string bad[] = {
      R"({"T":"n","id":"5","headline":"id is a text"})",
      R"({"T":"n","id":-5,"headline":"id is negative"})",
      R"({"T":"n","id":5.5,"headline":"id is no whole number"})",
      R"({"T":"n","headline":"no id"})",
      R"({"T":"n","id":5})",
      R"({"T":"n","id":5,"headline":["a list"]})",
      R"({"T":"n","id":5,"headline":""})",
      R"({"T":"q","bp":1,"ap":2})",
      R"({"T":"q","S":"A"})",
      R"({"T":"q","S":"A","bp":"1","ap":2})",
      R"({"T":"q","S":"A","bp":-1,"ap":2})",
      R"({"T":"q","S":"A","bp":nan,"ap":2})",
      R"({"T":"q","S":"A","bp":1e300,"ap":2})",
      R"({"T":"q","S":"SEVENTEEN.LETTERS","bp":1,"ap":2})",
      R"({"T":5})",
      R"({})",
      R"("a text")",
      R"(17)",
      R"([])",
  };
  for (const std::string& element : bad) {
    const std::size_t before = alpaca.events.headlines.size();
    const Verdict verdict = alpaca.frame(
        fmt::format(R"([{},{{"T":"n","id":{},"headline":"good"}}])", element, 1'000 + before));
    EXPECT_EQ(verdict.next, Next::BadFrame) << element;
    EXPECT_FALSE(verdict.reason.empty());
    EXPECT_EQ(alpaca.events.headlines.size(), before + 1) << element;
  }
  EXPECT_TRUE(alpaca.events.quotes.empty());
}

TEST(AlpacaData, ABadFieldThatCanBeDoneWithoutIsLeftOut) {
  Alpaca alpaca;
  EXPECT_EQ(alpaca
                .frame(news(R"("id":5,"headline":"x","created_at":5,"updated_at":"yesterday",)"
                            R"("source":["b"],"symbols":["A",7,"B"])"))
                .next,
            Next::BadFrame);
  ASSERT_EQ(alpaca.events.headlines.size(), 1U);
  EXPECT_EQ(alpaca.events.headlines[0].published.ns, 0);
  EXPECT_EQ(alpaca.events.headlines[0].updated.ns, 0);
  EXPECT_EQ(alpaca.events.headlines[0].source.view(), "");
  EXPECT_EQ(alpaca.events.headlines[0].symbols.view(), "A,B");
}

TEST(AlpacaData, FramesThatAreNoArrayAreBad) {
  Alpaca alpaca;
  for (const std::string_view frame :
       {"", " ", "[", "]", "{}", "null", "[1,]x", "{\"T\":\"n\",\"id\":1,\"headline\":\"x\"}",
        "[{\"T\":\"n\"", "[] []", "\xff\xfe", "[{\"T\":\"zz\",\"x\":\"\xff\"}]"}) {
    EXPECT_EQ(alpaca.frame(frame).next, Next::BadFrame) << frame;
  }
  EXPECT_EQ(alpaca.frame("[]").next, Next::Continue);
  EXPECT_TRUE(alpaca.events.headlines.empty());
}

TEST(AlpacaData, SurvivesDeepNesting) {
  Alpaca alpaca;
  std::string deep = R"([{"T":"n","id":1,"x":)";
  deep.append(200'000, '[').append(200'000, ']').append(R"(,"headline":"x"}])");
  (void)alpaca.frame(deep);
  EXPECT_LE(alpaca.events.headlines.size(), 1U);
  (void)alpaca.frame(std::string(200'000, '['));
  EXPECT_EQ(alpaca.frame(kNews).next, Next::Continue);
}

TEST(AlpacaData, ReadsEscapesAndMendsHalfASurrogatePair) {
  Alpaca alpaca;
  (void)alpaca.frame(
      news(R"("id":5,"headline":"\"50%\" on \u00e9clairs \ud83d\ude00 \ud83d cut")"));
  ASSERT_EQ(alpaca.events.headlines.size(), 1U);
  EXPECT_EQ(alpaca.events.headlines[0].text(),
            "\"50%\" on éclairs \xF0\x9F\x98\x80 \xEF\xBF\xBD cut");
}

TEST(AlpacaData, CutsALongHeadlineAtACharacter) {
  for (const std::string_view escape : {"", R"(\n)"}) {
    Alpaca alpaca;
    std::string text(escape);
    for (int i = 0; i < 3'000; ++i)
      text += "é";
    (void)alpaca.frame(news(fmt::format(R"("id":5,"headline":"{}")", text)));
    ASSERT_EQ(alpaca.events.headlines.size(), 1U);
    EXPECT_TRUE(alpaca.events.headlines[0].truncated);
    EXPECT_GE(alpaca.events.headlines[0].text().size(), Headline::kTextBytesMax - 1);
  }
}

TEST(AlpacaData, NeverCutsASymbolInTwo) {
  Alpaca alpaca;
  std::string symbols;
  for (int i = 0; i < 40; ++i)
    symbols += fmt::format("{}\"SYM{}\"", i == 0 ? "" : ",", i);
  (void)alpaca.frame(news(fmt::format(R"("id":5,"headline":"x","symbols":[{}])", symbols)));
  ASSERT_EQ(alpaca.events.headlines.size(), 1U);
  EXPECT_TRUE(alpaca.events.headlines[0].symbols.view().ends_with(",SYM11"))
      << alpaca.events.headlines[0].symbols.view();
}

TEST(AlpacaData, ReadsAHeadlineBehindFifteenMegabytesOfContent) {
  Alpaca alpaca;
  const std::string content(std::size_t{15} << 20U, 'c');
  EXPECT_EQ(alpaca
                .frame(fmt::format(R"([{{"T":"n","id":1,"content":"{}","headline":"behind it"}}])",
                                   content))
                .next,
            Next::Continue);
  ASSERT_EQ(alpaca.events.headlines.size(), 1U);
  EXPECT_EQ(alpaca.events.headlines[0].text(), "behind it");
  EXPECT_EQ(alpaca.frame(kNews).next, Next::Continue);
}

TEST(AlpacaData, IsBadButHarmlessCutAtAnyLength) {
  for (const std::string_view whole : {kNews, kQuotes}) {
    for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
      Alpaca alpaca;
      EXPECT_EQ(alpaca.frame(whole.substr(0, bytes)).next, Next::BadFrame) << bytes;
      EXPECT_TRUE(alpaca.events.headlines.empty()) << bytes;
    }
  }
}

TEST(AlpacaData, LeavesTheFrameAsItArrived) {
  Alpaca alpaca;
  const test::OwnedFrame owned(kNews);
  (void)alpaca.protocol.on_frame(owned.frame(), alpaca.events, alpaca.outbox);
  EXPECT_EQ(owned.frame().view(), kNews);
}

TEST(AlpacaData, NeitherAllocatesNorCallsTheKernelForAWarmDataFrame) {
#ifdef TARIFF_SANITIZED
  GTEST_SKIP() << "the sanitizer owns malloc";
#else
  Alpaca alpaca;
  const test::OwnedFrame first(kNews);
  const test::OwnedFrame quotes(kQuotes);
  const test::OwnedFrame fresh(news(R"("id":77,"headline":"\"new\" one","symbols":["A"])"));
  const auto take = [&alpaca](const test::OwnedFrame& frame) {
    (void)alpaca.protocol.on_frame(frame.frame(), alpaca.events, alpaca.outbox);
  };
  take(first);
  take(quotes);
  int allocations = -1;
  {
    const test::AllocationCounter counter;
    take(first);
    take(quotes);
    take(fresh);
    allocations = counter.count();
  }
  EXPECT_EQ(allocations, 0);
  EXPECT_EQ(alpaca.events.headlines.size(), 2U);
  EXPECT_TRUE(test::runs_without_syscalls([&] {
    take(quotes);
    take(fresh);
  }));
#endif
}

}  // namespace
}  // namespace tariff
