// The engine on whole headlines: what is published, in which order, and what a second telling does.
#include "signals/engine.h"

#include <cmath>
#include <cstring>
#include <optional>

#include <gtest/gtest.h>

#include "tests/support/hot_path_guard.h"

namespace tariff {
namespace {

struct Published {
  RecordHeader header;
  std::span<const std::byte> record;

  template <class Body>
  [[nodiscard]] Body body() const {
    Body body;
    std::memcpy(&body, record.data() + sizeof(RecordHeader), sizeof body);
    return body;
  }
  [[nodiscard]] RecordType type() const { return header.word.type; }
  [[nodiscard]] Facts fact(std::size_t index) const {
    const auto event = body<EventBody>();
    Facts facts;
    std::memcpy(&facts, record.data() + event.facts_offset + index * event.facts_stride,
                sizeof facts);
    return facts;
  }
};

class EngineTest : public testing::Test {
 protected:
  EngineTest()
      : engine_(desk(), {{FixedText<16>("wire"), true}, {FixedText<16>("quotes"), false}}, sink_,
                counters_, EngineOptions{}, nullptr) {}

  static std::unique_ptr<Desk> desk() {
    ConfigErrors errors;
    auto loaded = load_desk(TARIFF_SOURCE_DIR "/config", errors);
    EXPECT_EQ(errors.to_text(), "");
    return loaded;
  }

  static Headline headline(std::string_view text, std::string_view id = "1",
                           std::string_view source = "reuters") {
    Headline h;
    h.received = {{5'000 * kNsPerSecond}, {1'760'130'000 * kNsPerSecond}};  // 2025-10-10 21:00 UTC
    h.published = h.received.wall;
    h.item_id = FixedText<40>(id);
    h.source = FixedText<32>(source);
    h.set_text(text);
    return h;
  }

  static Quote quote(std::string_view symbol, double bid, double ask, std::int64_t at_s) {
    Quote q;
    q.symbol = Symbol(symbol);
    q.bid = bid;
    q.ask = ask;
    q.received = {{at_s * kNsPerSecond}, {at_s * kNsPerSecond}};
    return q;
  }

  /// What was published since the last call.
  std::vector<Published> take() {
    kept_.emplace_back(sink_.records().begin(), sink_.records().end());
    sink_.clear();
    std::vector<Published> published;
    std::span<const std::byte> left = kept_.back();
    while (!left.empty()) {
      Published one;
      std::memcpy(&one.header, left.data(), sizeof one.header);
      one.record = left.first(one.header.word.length_bytes);
      left = left.subspan(one.record.size());
      published.push_back(one);
    }
    return published;
  }

  std::vector<Published> publish(const Headline& h) {
    engine_.on_event(h);
    return take();
  }

  static constexpr std::string_view kThreat =
      "US to impose additional 100% tariff on China from Nov 1, Trump says";

  Counters counters_;
  MemorySink sink_;
  std::vector<std::vector<std::byte>> kept_;
  Engine engine_;
};

std::optional<SignalBody> signal_for(const std::vector<Published>& published,
                                     std::string_view symbol) {
  for (const Published& one : published) {
    if (one.type() != RecordType::Signal) continue;
    const auto body = one.body<SignalBody>();
    if (body.instrument.view() == symbol) return body;
  }
  return std::nullopt;
}

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

TEST_F(EngineTest, TheSameFactsFromAnotherSourceConfirmTheEventAndBringNoSecondSignal) {
  (void)publish(headline(kThreat, "1", "reuters"));
  const auto again = publish(headline(kThreat, "2", "bloomberg"));
  ASSERT_EQ(again.size(), 1U);
  const auto event = again[0].body<EventBody>();
  EXPECT_EQ(event.event_id, 1U);
  EXPECT_EQ(event.revision, 2U);
  EXPECT_EQ(event.novelty, Novelty::Confirmation);
  EXPECT_EQ(event.origins, 2);
}

TEST_F(EngineTest, TheSameFactsFromTheSameSourceAreARepeat) {
  (void)publish(headline(kThreat, "1"));
  const auto again = publish(headline(kThreat, "2"));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].body<EventBody>().novelty, Novelty::Repeat);
  EXPECT_EQ(again[0].body<EventBody>().origins, 1);
}

TEST_F(EngineTest, AnEditThatChangesTheRateTakesTheSignalsBackBeforeItSendsNewOnes) {
  const auto first = publish(headline(kThreat));
  engine_.on_quote(quote("SPY", 650, 650, 4'999));
  Headline edit = headline("US to impose additional 50% tariff on China from Nov 1, Trump says");
  edit.change = ItemChange::Update;
  const auto second = publish(edit);
  const std::size_t signals = first.size() - 1;
  ASSERT_GT(second.size(), signals + 1);
  for (std::size_t i = 0; i < signals; ++i) {
    ASSERT_EQ(second[i].type(), RecordType::Retract);
    const auto retract = second[i].body<RetractBody>();
    EXPECT_EQ(retract.reason, RetractReason::Corrected);
    EXPECT_EQ(retract.supersedes_seq, first[i + 1].header.seq);
    if (retract.instrument.view() == "SPY") {
      EXPECT_EQ(retract.mid_now, 650);
    }
  }
  ASSERT_EQ(second[signals].type(), RecordType::Event);
  const auto event = second[signals].body<EventBody>();
  EXPECT_EQ(event.event_id, 1U);
  EXPECT_EQ(event.revision, 2U);
  EXPECT_EQ(event.novelty, Novelty::Update);
  EXPECT_EQ(second[signals].fact(0).rate_pct, 50);
  EXPECT_TRUE(signal_for(second, "SPY"));
}

TEST_F(EngineTest, AnEditThatChangesNoFactBringsNoSignalAndTakesNoneBack) {
  (void)publish(headline(kThreat));
  Headline edit = headline("US to impose additional 100% tariff on China from Nov. 1, Trump says");
  edit.change = ItemChange::Update;
  const auto second = publish(edit);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].body<EventBody>().novelty, Novelty::Update);
}

TEST_F(EngineTest, AnItemThatTheSourceDeletesIsRetractedWithItsSignals) {
  const auto first = publish(headline(kThreat));
  Headline gone = headline("");
  gone.change = ItemChange::Delete;
  const auto second = publish(gone);
  ASSERT_EQ(second.size(), first.size());
  EXPECT_TRUE(second[0].body<RetractBody>().instrument.empty()) << "the event itself comes first";
  for (const Published& one : second) {
    ASSERT_EQ(one.type(), RecordType::Retract);
    EXPECT_EQ(one.body<RetractBody>().reason, RetractReason::SourceDeleted);
  }
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

TEST_F(EngineTest, AFullJournalIsCountedAndDoesNotStopTheEngine) {
  class FullSink final : public RecordSink {
   public:
    std::span<std::byte> begin(std::size_t) noexcept override { return {}; }
    std::uint64_t commit(RecordHeader, std::size_t) noexcept override { return 0; }
    [[nodiscard]] std::uint64_t last_seq() const noexcept override { return 0; }
  };
  FullSink full;
  Engine engine(desk(), {{FixedText<16>("wire"), true}}, full, counters_, EngineOptions{}, nullptr);
  engine.on_event(headline(kThreat));
  EXPECT_GT(counters_.get(Counter::JournalRefused), 1U);
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
