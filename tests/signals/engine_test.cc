// The engine on whole headlines: what is published, and in which order.
#include "signals/engine.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/signals/engine_testing.h"
#include "tests/support/hot_path_guard.h"

namespace tariff {
namespace {

using test::EngineTest;
using test::Published;

TEST_F(EngineTest, PublishesTheEventFirstAndThenItsSignalsNumberedWithoutAGap) {
  const auto published = publish(headline(kThreat));
  ASSERT_GT(published.size(), 3U);
  EXPECT_EQ(published[0].type(), RecordType::Event);
  for (std::size_t i = 0; i < published.size(); ++i) {
    EXPECT_EQ(published[i].header.seq, i + 1);
    if (i > 0) {
      EXPECT_EQ(published[i].type(), RecordType::Signal);
    }
  }
  const auto event = published[0].body<EventBody>();
  EXPECT_EQ(event.event_id, 1U);
  EXPECT_EQ(event.revision, 1U);
  EXPECT_EQ(event.net, Net::Escalate);
  EXPECT_EQ(event.novelty, Novelty::New);
  EXPECT_EQ(event.feed.view(), "wire");
  const Facts fact = published[0].fact(0);
  EXPECT_EQ(fact.action, Action::Impose);
  EXPECT_EQ(fact.rate_pct, 100);
  EXPECT_EQ(fact.effective_yyyymmdd, 20251101);
}

TEST_F(EngineTest, ASignalCarriesTheQuoteAtReceiptAndTheMoveBeforeIt) {
  engine_.on_quote(quote("SPY", 670, 670, 4'930));
  engine_.on_quote(quote("SPY", 660, 660.02, 4'998));
  const auto signal = signal_for(publish(headline(kThreat)), "SPY");
  ASSERT_TRUE(signal);
  EXPECT_EQ(signal->direction, -1);
  EXPECT_LT(signal->score, 0);
  EXPECT_EQ(signal->bid, 660);
  EXPECT_EQ(signal->ask, 660.02);
  EXPECT_NEAR(signal->spread, 0.02, 1e-9);
  EXPECT_EQ(signal->quote_age_ns, 2 * kNsPerSecond);
  EXPECT_EQ(signal->move_1s_bps, 0);
  EXPECT_NEAR(signal->move_60s_bps, (660.01 / 670 - 1) * 1e4, 0.1);
}

TEST_F(EngineTest, WithoutAQuoteASignalSaysSo) {
  const auto signal = signal_for(publish(headline(kThreat)), "SPY");
  ASSERT_TRUE(signal);
  EXPECT_EQ(signal->quote_age_ns, -1);
  EXPECT_EQ(signal->mid, 0);
  EXPECT_TRUE(std::isnan(signal->move_1s_bps));
}

TEST_F(EngineTest, AHeadlineWithoutNewsPublishesNothing) {
  EXPECT_TRUE(publish(headline("Company profits fall after a mild winter")).empty());
  EXPECT_EQ(counters_.get(Counter::HeadlinesScored), 1U);
  EXPECT_EQ(counters_.get(Counter::EventsPublished), 0U);
}

TEST_F(EngineTest, BlindnessIsToldOnceWhenTheLastHeadlineFeedGoesAndOnceWhenOneComesBack) {
  const auto tell = [&](FeedId feed, FeedState state) {
    engine_.on_event(FeedStatus{.at = {}, .feed = feed, .state = state, .reason = {}});
    std::vector<StatusKind> kinds;
    for (const Published& one : take())
      kinds.push_back(one.body<StatusBody>().kind);
    return kinds;
  };
  using Kinds = std::vector<StatusKind>;
  EXPECT_EQ(tell(FeedId{0}, FeedState::Up), Kinds({StatusKind::Feed}));
  EXPECT_EQ(tell(FeedId{1}, FeedState::Up), Kinds({StatusKind::Feed}));
  EXPECT_EQ(tell(FeedId{0}, FeedState::Down), Kinds({StatusKind::Feed, StatusKind::Blind}))
      << "the quote feed is up, and sees no news";
  EXPECT_EQ(tell(FeedId{0}, FeedState::Down), Kinds({StatusKind::Feed}));
  EXPECT_EQ(tell(FeedId{0}, FeedState::Up), Kinds({StatusKind::Feed, StatusKind::Sighted}));
}

TEST_F(EngineTest, NewTablesAreTakenBetweenHeadlinesAndKeepWhatIsKnownOfTheMarket) {
  engine_.on_quote(quote("SPY", 660, 660, 4'999));
  auto fresh = desk();
  ASSERT_TRUE(engine_.offer(fresh));
  auto second = desk();
  EXPECT_FALSE(engine_.offer(second)) << "one at a time";
  EXPECT_TRUE(second) << "a refused offer stays with its owner";
  ASSERT_TRUE(engine_.take_offer({}));
  const auto told = take();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].body<StatusBody>().kind, StatusKind::Reloaded);
  engine_.free_retired();
  const auto signal = signal_for(publish(headline(kThreat)), "SPY");
  ASSERT_TRUE(signal);
  EXPECT_EQ(signal->mid, 660);
}

TEST_F(EngineTest, NeitherAllocatesNorCallsTheKernelFromHeadlineToRecord) {
  // A sink that does neither itself: one buffer, used over and over.
  class OneBuffer final : public RecordSink {
   public:
    std::span<std::byte> begin(std::size_t bytes) noexcept override {
      return std::span(bytes_).first(bytes);
    }
    std::uint64_t commit(RecordHeader, std::size_t) noexcept override { return ++seq_; }
    [[nodiscard]] std::uint64_t last_seq() const noexcept override { return seq_; }

   private:
    std::array<std::byte, kRecordBytesMax> bytes_{};
    std::uint64_t seq_ = 0;
  };
  OneBuffer sink;
  Engine engine(desk(), {{FixedText<16>("wire"), true}}, sink, counters_, EngineOptions{}, nullptr);
  engine.on_quote(quote("SPY", 660, 660, 4'999));
  const Event first(headline(kThreat, "1"));
  const Event second(headline("EU to cut tariffs on US cars to 2.5% from 10%", "2"));
#ifndef TARIFF_SANITIZED
  {
    const test::AllocationCounter allocations;
    engine.on_event(first);
    const int count = allocations.count();
    EXPECT_EQ(count, 0);
  }
  EXPECT_TRUE(test::runs_without_syscalls([&] { engine.on_event(second); }));
#endif
}

}  // namespace
}  // namespace tariff
