// signals/engine_records.cc - The records that the engine writes. Hot.
#include <algorithm>
#include <cstring>

#include "signals/engine.h"

namespace tariff {
namespace {

/// Zeroes the padding behind `bytes` and returns the padded length.
std::size_t pad_record(std::span<std::byte> space, std::size_t bytes) noexcept {
  const std::size_t padded = record_padded(bytes);
  std::memset(space.data() + bytes, 0, padded - bytes);
  return padded;
}

}  // namespace

RecordHeader Engine::header_for(RecordType type, const Arrival& arrival) noexcept {
  RecordHeader header;
  header.word.type = type;
  header.source_ns = arrival.timing.published.ns;
  header.received_ns = arrival.at().ns;
  header.latency_ns = now_ == nullptr ? 0 : now_() - arrival.headline.received.mono;
  return header;
}

template <class Body>
std::uint64_t Engine::append(const RecordHeader& header, const Body& body) noexcept {
  constexpr std::size_t kBytes = sizeof(RecordHeader) + sizeof(Body);
  static_assert(kBytes % kRecordAlignBytes == 0);
  const std::span<std::byte> space = journal_.begin(kBytes);
  if (space.empty()) {
    counters_.add(Counter::JournalRefused);
    return 0;
  }
  std::memcpy(space.data() + sizeof(RecordHeader), &body, sizeof body);
  return journal_.commit(header, kBytes);
}

// PATH 6/7: the record is written in place and committed by one store.
bool Engine::append_event(const Arrival& arrival, const Telling& telling) noexcept {
  const Headline& headline = arrival.headline;
  reading_.confidence = 0;
  for (std::size_t i = 0; i < reading_.facts_count; ++i) {
    Facts& facts = reading_.facts[i];
    facts.confidence = desk_->sources.corroborated(facts.confidence, telling.origins);
    reading_.confidence = std::max(reading_.confidence, facts.confidence);
  }
  const std::size_t facts_bytes = reading_.facts_count * sizeof(Facts);
  constexpr std::size_t kFactsOffset = sizeof(RecordHeader) + sizeof(EventBody);
  const std::size_t text_offset = kFactsOffset + facts_bytes;
  const std::size_t bytes = text_offset + headline.text_bytes;
  const std::span<std::byte> space = journal_.begin(record_padded(bytes));
  if (space.empty()) {
    counters_.add(Counter::JournalRefused);
    return false;
  }
  EventBody body;
  body.event_id = telling.event_id;
  body.revision = telling.revision;
  body.net = reading_.net;
  body.novelty = telling.novelty;
  body.origins = telling.origins;
  const auto flag = [&body](bool is, std::uint8_t bit) {
    if (is) body.flags = static_cast<std::uint8_t>(body.flags | bit);
  };
  flag(headline.truncated, EventBody::kTruncated);
  flag(reading_.unscored, EventBody::kUnscored);
  flag(arrival.stale, EventBody::kStale);
  flag(arrival.timing.clamped, EventBody::kClamped);
  flag(arrival.mark == Mark::Test, EventBody::kTest);
  flag(arrival.mark == Mark::Embargo, EventBody::kEmbargo);
  flag(arrival.mark == Mark::Repeat, EventBody::kOldNews);
  flag(telling.waits && reading_.facts_count > 0, EventBody::kWaiting);
  body.confidence = reading_.confidence;
  body.trust = desk_->sources.find(headline.source.view()).trust;
  body.updated_ns = arrival.timing.updated.ns;
  body.feed = feeds_[static_cast<std::size_t>(headline.feed)].name;
  body.source = headline.source;
  body.item_id = headline.item_id;
  body.facts_offset = static_cast<std::uint16_t>(kFactsOffset);
  body.facts_count = reading_.facts_count;
  body.text_offset = static_cast<std::uint16_t>(text_offset);
  body.text_bytes = headline.text_bytes;
  std::memcpy(space.data() + sizeof(RecordHeader), &body, sizeof body);
  std::memcpy(space.data() + kFactsOffset, reading_.facts.data(), facts_bytes);
  std::memcpy(space.data() + text_offset, headline.text_utf8.data(), headline.text_bytes);
  journal_.commit(header_for(RecordType::Event, arrival), pad_record(space, bytes));
  counters_.add(Counter::EventsPublished);
  return true;
}

std::uint64_t Engine::append_signal(const Arrival& arrival, const Story& story,
                                    const ScoredInstrument& scored, bool replaces) noexcept {
  const QuoteBoard& board = desk_->board;
  const MonoNs at = arrival.headline.received.mono;
  SignalBody body;
  body.event_id = story.event_id;
  body.revision = story.revision;
  body.direction = scored.score > 0 ? 1 : -1;
  body.flags = replaces ? SignalBody::kReplaces : 0;
  body.instrument = desk_->exposures.instruments()[scored.instrument];
  body.exposure = scored.exposure->id;
  body.score = scored.score;
  body.confidence = scored.confidence;
  if (const Quote* quote = board.last(scored.instrument)) {
    body.bid = quote->bid;
    body.ask = quote->ask;
    body.mid = quote->mid();
    body.spread = quote->ask - quote->bid;
    body.quote_age_ns = std::max<std::int64_t>(0, at - quote->received.mono);
  }
  body.move_1s_bps = board.move_bps(scored.instrument, at, kNsPerSecond);
  body.move_5s_bps = board.move_bps(scored.instrument, at, 5 * kNsPerSecond);
  body.move_60s_bps = board.move_bps(scored.instrument, at, 60 * kNsPerSecond);
  const std::uint64_t seq = append(header_for(RecordType::Signal, arrival), body);
  if (seq != 0) counters_.add(Counter::SignalsPublished);
  return seq;
}

bool Engine::append_retract(const Arrival& arrival, const RetractBody& body) noexcept {
  const bool taken = append(header_for(RecordType::Retract, arrival), body) != 0;
  if (taken) counters_.add(Counter::RetractsPublished);
  return taken;
}

void Engine::append_status(Stamp at, const StatusBody& body) noexcept {
  RecordHeader header;
  header.word.type = RecordType::Status;
  header.received_ns = at.wall.ns;
  header.latency_ns = now_ == nullptr ? 0 : now_() - at.mono;
  append(header, body);
}

}  // namespace tariff
