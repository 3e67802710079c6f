#pragma once
// tests/signals/engine_testing.h - An engine with the rules of config/, a journal that can refuse,
// and what was published.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "signals/engine.h"

namespace tariff::test {

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

/// Keeps what fits, as a journal on a full disk does.
class LimitedSink final : public RecordSink {
 public:
  std::span<std::byte> begin(std::size_t bytes) noexcept override {
    if (bytes > bytes_max || records_left == 0) return {};
    return memory.begin(bytes);
  }
  std::uint64_t commit(RecordHeader header, std::size_t bytes) noexcept override {
    --records_left;
    return memory.commit(header, bytes);
  }
  [[nodiscard]] std::uint64_t last_seq() const noexcept override { return memory.last_seq(); }

  /// Room for a signal or a retract, and not for an event.
  static constexpr std::size_t kNoEventFitsBytes = sizeof(RecordHeader) + sizeof(SignalBody);
  static constexpr std::size_t kUnlimited = SIZE_MAX;

  MemorySink memory;
  std::size_t bytes_max = kUnlimited;     ///< Longer records are refused.
  std::size_t records_left = kUnlimited;  ///< Those after these are refused.
};

class EngineTest : public testing::Test {
 protected:
  EngineTest() : EngineTest({"wire"}) {}
  /// With these feeds of headlines, and one of quotes.
  explicit EngineTest(std::initializer_list<std::string_view> feeds)
      : engine_(desk(), infos(feeds), sink_, counters_, EngineOptions{}, nullptr) {}

  static std::vector<FeedInfo> infos(std::initializer_list<std::string_view> feeds) {
    std::vector<FeedInfo> infos;
    for (const std::string_view feed : feeds)
      infos.push_back({FixedText<16>(feed), true});
    infos.push_back({FixedText<16>("quotes"), false});
    return infos;
  }

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
    kept_.emplace_back(sink_.memory.records().begin(), sink_.memory.records().end());
    sink_.memory.clear();
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

  static Headline edit(std::string_view text, std::string_view id = "1",
                       std::string_view source = "reuters") {
    Headline h = headline(text, id, source);
    h.change = ItemChange::Update;
    return h;
  }

  static Headline deletion(std::string_view id = "1", std::string_view source = "reuters") {
    Headline h = headline("", id, source);
    h.change = ItemChange::Delete;
    return h;
  }

  static constexpr std::string_view kThreat =
      "US to impose additional 100% tariff on China from Nov 1, Trump says";
  static constexpr std::string_view kLowerThreat =
      "US to impose additional 50% tariff on China from Nov 1, Trump says";

  static constexpr std::string_view kElsewhere = "US to impose 25% tariff on Brazil from Nov 1";

  Counters counters_;
  LimitedSink sink_;
  std::vector<std::vector<std::byte>> kept_;
  Engine engine_;
};

inline std::optional<SignalBody> signal_for(const std::vector<Published>& published,
                                            std::string_view symbol) {
  for (const Published& one : published) {
    if (one.type() != RecordType::Signal) continue;
    const auto body = one.body<SignalBody>();
    if (body.instrument.view() == symbol) return body;
  }
  return std::nullopt;
}

inline std::size_t count_of(const std::vector<Published>& published, RecordType type) {
  return static_cast<std::size_t>(
      std::count_if(published.begin(), published.end(),
                    [&](const Published& one) { return one.type() == type; }));
}

/// The one event among `published`.
inline EventBody event_in(const std::vector<Published>& published) {
  EXPECT_EQ(count_of(published, RecordType::Event), 1U);
  for (const Published& one : published) {
    if (one.type() == RecordType::Event) return one.body<EventBody>();
  }
  return {};
}

}  // namespace tariff::test
