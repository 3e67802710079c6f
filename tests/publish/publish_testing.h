#pragma once
// tests/publish/publish_testing.h - Records of each type with every field set, for the encoders,
// the golden files and the publisher.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.h"
#include "core/journal.h"
#include "core/record.h"
#include "core/record_check.h"
#include "signals/publish/connection_message.h"

namespace tariff::test {

/// A whole record of `type` with `body` and what follows it.
template <class Body>
std::vector<std::byte> make_record(RecordType type, std::uint64_t seq, const Body& body,
                                   std::string_view tail = "") {
  std::vector<std::byte> record(record_padded(sizeof(RecordHeader) + sizeof body + tail.size()));
  TARIFF_CHECK(record.size() >= sizeof(RecordHeader) + sizeof body);  // g++ 12 doubts it
  RecordHeader header;
  header.word = {.type = type, .length_bytes = static_cast<std::uint32_t>(record.size())};
  header.session = 1'760'129'400;
  header.seq = seq;
  header.source_ns = 1'760'129'399'500'000'000;
  header.received_ns = 1'760'129'399'712'345'678;
  header.latency_ns = 2'340;
  std::memcpy(record.data() + sizeof header, &body, sizeof body);
  if (!tail.empty()) {
    std::memcpy(record.data() + sizeof header + sizeof body, tail.data(), tail.size());
  }
  header.crc32c = record_crc32c(header, std::span(record).subspan(sizeof header));
  std::memcpy(record.data(), &header, sizeof header);
  return record;
}

inline std::vector<std::byte> sample_event(std::string_view text) {
  Facts facts;
  facts.action = Action::Impose;
  facts.measure = Measure::Tariff;
  facts.flags = Facts::kRetaliation;
  facts.attribution = Attribution::Decider;
  facts.effective_yyyymmdd = 2025'11'01;
  facts.rate_pct = 100;
  facts.confidence = 0.93F;
  facts.products = (std::uint64_t{1} << static_cast<unsigned>(Product::Software)) |
                   (std::uint64_t{1} << static_cast<unsigned>(Product::RareEarths));
  facts.actors.add(Place("US"));
  facts.targets.add(Place("CN"));
  facts.speaker = Place("US");
  facts.rule = FixedText<36>("impose.rate_on_target");
  EventBody body;
  body.event_id = 0xFEDC'BA98'7654'3210;
  body.revision = 2;
  body.net = Net::Escalate;
  body.novelty = Novelty::Update;
  body.origins = 3;
  body.flags = EventBody::kTruncated;
  body.confidence = 0.93F;
  body.trust = 0.8F;
  body.updated_ns = 1'760'129'399'600'000'000;
  body.feed = FixedText<16>("alpaca");
  body.source = FixedText<32>("wire");
  body.item_id = FixedText<40>("n-1001");
  body.facts_offset = sizeof(RecordHeader) + sizeof(EventBody);
  body.facts_count = 1;
  body.text_offset = static_cast<std::uint16_t>(body.facts_offset + sizeof(Facts));
  body.text_bytes = static_cast<std::uint16_t>(text.size());
  std::string tail(sizeof facts, '\0');
  std::memcpy(tail.data(), &facts, sizeof facts);
  tail += text;
  return make_record(RecordType::Event, 41, body, tail);
}

inline SignalBody sample_signal_body() {
  SignalBody body;
  body.event_id = 0xFEDC'BA98'7654'3210;
  body.revision = 2;
  body.direction = -1;
  body.instrument = FixedText<16>("FXI");
  body.exposure = FixedText<32>("china_equity");
  body.score = -0.85F;
  body.confidence = 0.93F;
  body.bid = 38.9;
  body.ask = 38.92;
  body.mid = 38.91;
  body.spread = 0.02;
  body.quote_age_ns = 15'000'000;
  body.move_1s_bps = -1.5F;
  body.move_5s_bps = 0;
  body.move_60s_bps = std::numeric_limits<float>::quiet_NaN();
  return body;
}
inline std::vector<std::byte> sample_signal() {
  return make_record(RecordType::Signal, 42, sample_signal_body());
}
inline std::vector<std::byte> sample_retract() {
  RetractBody body;
  body.event_id = 7;
  body.revision = 3;
  body.reason = RetractReason::Denied;
  body.supersedes_seq = 42;
  body.instrument = FixedText<16>("FXI");
  body.mid_then = 38.91;
  body.mid_now = 39.2;
  return make_record(RecordType::Retract, 43, body);
}
inline std::vector<std::byte> sample_status() {
  StatusBody body;
  body.kind = StatusKind::Feed;
  body.state = FeedState::Down;
  body.feed = FixedText<16>("alpaca");
  body.text = FixedText<160>("connection reset; retrying in 250 ms");
  return make_record(RecordType::Status, 44, body);
}
/// A message of one connection, made as the publisher makes it.
template <class Body>
std::vector<std::byte> make_message(RecordType type, const Body& body) {
  const auto record =
      connection_message(type, 1'760'129'400, WallNs{1'760'129'400'000'000'000}, body);
  return {record.begin(), record.end()};
}
inline std::vector<std::byte> sample_heartbeat() {
  return make_message(RecordType::Heartbeat, HeartbeatBody{44});
}
inline std::vector<std::byte> sample_gap() {
  return make_message(RecordType::Gap, GapBody{10, 19});
}
inline std::vector<std::byte> sample_error() {
  return make_message(RecordType::Error,
                      ErrorBody{FixedText<256>("'fromseq' is not a key of a request")});
}

/// Appends `record`, as one of these functions made it, to a journal.
inline std::uint64_t append_record(JournalWriter& writer, std::span<const std::byte> record) {
  const std::span<std::byte> space = writer.begin(record.size());
  if (space.empty()) return 0;
  std::memcpy(space.data() + sizeof(RecordHeader), record.data() + sizeof(RecordHeader),
              record.size() - sizeof(RecordHeader));
  return writer.commit(record_header(record), record.size());
}

}  // namespace tariff::test
