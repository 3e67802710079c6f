#pragma once
// tests/client/record_bytes.h - Builds records byte by byte, as docs/formats/signal-binary.md has
// them, independently of the daemon's encoder.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "core/crc32c.h"
#include "core/facts.h"
#include "core/record.h"

namespace tariff::test {

using Bytes = std::vector<std::byte>;

/// Sets the CRC to what the other bytes ask for.
inline void seal(Bytes& record) {
  constexpr std::size_t kCrcOffset = 8;
  std::memset(record.data() + kCrcOffset, 0, 4);
  const std::uint32_t crc = crc32c(record);
  std::memcpy(record.data() + kCrcOffset, &crc, sizeof crc);
}

inline void append(Bytes& out, const void* data, std::size_t bytes) {
  const auto* at = static_cast<const std::byte*>(data);
  out.insert(out.end(), at, at + bytes);
}

/// A sealed record: header, `body`, padding.
inline Bytes record(RecordType type, std::uint64_t seq, const Bytes& body) {
  RecordHeader header;
  header.word.type = type;
  header.word.length_bytes = static_cast<std::uint32_t>(record_padded(sizeof header + body.size()));
  header.session = 7;
  header.seq = seq;
  header.source_ns = 1'760'129'400'000'000'000;
  header.received_ns = header.source_ns + 250'000'000;
  header.latency_ns = 1'234;
  Bytes bytes;
  append(bytes, &header, sizeof header);
  append(bytes, body.data(), body.size());
  bytes.resize(header.word.length_bytes);
  seal(bytes);
  return bytes;
}

template <class Body>
Bytes record_of(RecordType type, std::uint64_t seq, const Body& body) {
  Bytes bytes;
  append(bytes, &body, sizeof body);
  return record(type, seq, bytes);
}

inline Bytes signal_record(std::uint64_t seq, float score = 0.75F) {
  SignalBody body;
  body.event_id = 42;
  body.revision = 1;
  body.direction = static_cast<std::int8_t>(score < 0 ? -1 : 1);
  body.instrument.assign("FXI");
  body.exposure.assign("cn-equity");
  body.score = score;
  body.confidence = 0.5F;
  body.bid = 39.5;
  body.ask = 39.75;
  body.mid = 39.625;
  body.spread = 0.25;
  body.quote_age_ns = 1'000'000;
  return record_of(RecordType::Signal, seq, body);
}

inline Bytes heartbeat_record(std::uint64_t last_seq) {
  return record_of(RecordType::Heartbeat, 0, HeartbeatBody{last_seq});
}

inline Bytes gap_record(std::uint64_t from_seq, std::uint64_t to_seq) {
  return record_of(RecordType::Gap, 0, GapBody{from_seq, to_seq});
}

inline Bytes error_record(std::string_view text) {
  return record_of(RecordType::Error, 0, ErrorBody{FixedText<256>(text)});
}

/// What a record of an event carries behind its body.
struct EventParts {
  std::vector<Facts> facts;
  std::string_view text;
  std::size_t stride_bytes = sizeof(Facts);  ///< More than sizeof(Facts): as a newer version.
};

inline Bytes event_record(std::uint64_t seq, const EventParts& parts) {
  EventBody body;
  body.event_id = 42;
  body.revision = 3;
  body.net = Net::Escalate;
  body.novelty = Novelty::Update;
  body.feed.assign("wire");
  body.source.assign("example");
  body.facts_offset = sizeof(RecordHeader) + sizeof body;
  body.facts_stride = static_cast<std::uint16_t>(parts.stride_bytes);
  body.facts_count = static_cast<std::uint16_t>(parts.facts.size());
  body.text_offset =
      static_cast<std::uint16_t>(body.facts_offset + parts.facts.size() * parts.stride_bytes);
  body.text_bytes = static_cast<std::uint16_t>(parts.text.size());
  Bytes bytes;
  append(bytes, &body, sizeof body);
  for (const Facts& facts : parts.facts) {
    append(bytes, &facts, sizeof facts);
    bytes.resize(bytes.size() + parts.stride_bytes - sizeof facts, std::byte{0xEE});
  }
  append(bytes, parts.text.data(), parts.text.size());
  return record(RecordType::Event, seq, bytes);
}

/// One measure, with two sides.
inline Facts some_facts() {
  Facts facts;
  facts.action = Action::Impose;
  facts.measure = Measure::Tariff;
  facts.rate_pct = 25;
  facts.effective_yyyymmdd = 20'251'101;
  facts.actors.add(Place("US"));
  facts.targets.add(Place("CN"));
  facts.targets.add(Place("MX"));
  facts.rule.assign("impose-rate");
  return facts;
}

inline Bytes joined(std::initializer_list<Bytes> records) {
  Bytes all;
  for (const Bytes& one : records)
    append(all, one.data(), one.size());
  return all;
}

}  // namespace tariff::test
