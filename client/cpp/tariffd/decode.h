#pragma once
// tariffd/decode.h - Bytes to message, checked: magic, version, length, CRC32C and every offset.
// The bytes are specified in docs/formats/signal-binary.md. Thread: any, no state.
// Hot: no allocation, no throw, no system call.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "core/record.h"
#include "core/record_check.h"
#include "tariffd/message.h"

namespace tariff::client {

enum class DecodeStatus : std::uint8_t {
  Ok,
  Refused,     ///< An error record: the daemon says why it closes the connection.
  Skipped,     ///< Sound, but of a type that this version does not know.
  Incomplete,  ///< Fewer bytes than the record has; read more, then retry.
  BadMagic,    ///< No record begins here.
  BadVersion,  ///< Version 0 was never used.
  BadLength,   ///< Shorter than its header or body, longer than allowed, or not padded.
  BadCrc,      ///< The bytes are not those that were written.
  BadBody,     ///< An offset or a count points out of the record.
};

/// A sentence for a person.
[[nodiscard]] constexpr std::string_view to_text(DecodeStatus status) noexcept {
  switch (status) {
    case DecodeStatus::Ok:
      return "sound";
    case DecodeStatus::Refused:
      return "refused by the daemon";
    case DecodeStatus::Skipped:
      return "of an unknown type";
    case DecodeStatus::Incomplete:
      return "incomplete";
    case DecodeStatus::BadMagic:
      return "no record begins here (wrong magic)";
    case DecodeStatus::BadVersion:
      return "the version is 0";
    case DecodeStatus::BadLength:
      return "the length is impossible";
    case DecodeStatus::BadCrc:
      return "the CRC32C does not match";
    case DecodeStatus::BadBody:
      return "an offset or a count points out of the record";
  }
  return "?";
}

/// A newer daemon's records may be longer than ours, but must fit the receive buffer.
constexpr std::size_t kNewerRecordBytesMax = 32'768;

struct Decoded {
  DecodeStatus status = DecodeStatus::Incomplete;
  std::size_t length_bytes = 0;  ///< Of the record; 0 unless Ok, Refused or Skipped.
  RecordHeader header;           ///< Unless Ok, Refused or Skipped: only what had arrived of it.
  std::string_view error;        ///< Refused only: the daemon's text, in the bytes given.
};

namespace detail {

/// What was stored behind the record's header; a longer body is a newer version's.
template <class Body>
[[nodiscard]] inline std::optional<Body> read_body(std::span<const std::byte> record) noexcept {
  static_assert(std::is_trivially_copyable_v<Body>);
  Body body;
  if (record.size() < sizeof(RecordHeader) + sizeof body) return std::nullopt;
  std::memcpy(static_cast<void*>(&body), record.data() + sizeof(RecordHeader), sizeof body);
  return body;
}

template <class Typed, class Body>
[[nodiscard]] inline DecodeStatus read_plain(std::span<const std::byte> record,
                                             const RecordHeader& header, Message& out) noexcept {
  const auto body = read_body<Body>(record);
  if (!body) return DecodeStatus::BadLength;
  out = Typed{header, *body};
  return DecodeStatus::Ok;
}

[[nodiscard]] inline DecodeStatus read_event(std::span<const std::byte> record,
                                             const RecordHeader& header, Message& out) noexcept {
  const auto body = read_body<EventBody>(record);
  if (!body) return DecodeStatus::BadLength;

  Event event{header, *body, {}, {}};
  const std::size_t facts_bytes = std::size_t{event.facts_count} * event.facts_stride;
  if (event.facts_stride < sizeof(Facts)) return DecodeStatus::BadBody;
  if (event.facts_offset + facts_bytes > record.size()) return DecodeStatus::BadBody;
  if (std::size_t{event.text_offset} + event.text_bytes > record.size())
    return DecodeStatus::BadBody;

  event.facts = {record.subspan(event.facts_offset, facts_bytes), event.facts_stride};
  for (const Facts facts : event.facts) {
    // Iterating over such a list would leave its array.
    if (facts.actors.count > facts.actors.items.size()) return DecodeStatus::BadBody;
    if (facts.targets.count > facts.targets.items.size()) return DecodeStatus::BadBody;
  }
  event.text = {reinterpret_cast<const char*>(record.data()) + event.text_offset, event.text_bytes};
  out = event;
  return DecodeStatus::Ok;
}

[[nodiscard]] inline DecodeStatus check_word(const RecordWord& word) noexcept {
  if (word.magic != kRecordMagic) return DecodeStatus::BadMagic;
  if (word.version == 0) return DecodeStatus::BadVersion;
  const std::size_t most = word.version == kRecordVersion ? kRecordBytesMax : kNewerRecordBytesMax;
  const std::size_t length = word.length_bytes;
  if (length < sizeof(RecordHeader) || length > most || length % kRecordAlignBytes != 0)
    return DecodeStatus::BadLength;
  return DecodeStatus::Ok;
}

}  // namespace detail

/// Decodes the record at the start of `bytes`. `out` is set on Ok and on nothing else; what it
/// views lies in `bytes`.
[[nodiscard]] inline Decoded decode(std::span<const std::byte> bytes, Message& out) noexcept {
  Decoded decoded;
  RecordHeader& header = decoded.header;
  if (bytes.size() < sizeof header.word) return decoded;
  std::memcpy(&header.word, bytes.data(), sizeof header.word);
  decoded.status = detail::check_word(header.word);
  if (decoded.status != DecodeStatus::Ok) return decoded;
  if (bytes.size() < header.word.length_bytes) {
    decoded.status = DecodeStatus::Incomplete;
    return decoded;
  }

  const auto record = bytes.first(header.word.length_bytes);
  header = record_header(record);
  if (header.crc32c != record_crc32c(header, record.subspan(sizeof header))) {
    decoded.status = DecodeStatus::BadCrc;
    return decoded;
  }
  switch (header.word.type) {
    case RecordType::Event:
      decoded.status = detail::read_event(record, header, out);
      break;
    case RecordType::Signal:
      decoded.status = detail::read_plain<Signal, SignalBody>(record, header, out);
      break;
    case RecordType::Retract:
      decoded.status = detail::read_plain<Retract, RetractBody>(record, header, out);
      break;
    case RecordType::Status:
      decoded.status = detail::read_plain<Status, StatusBody>(record, header, out);
      break;
    case RecordType::Heartbeat:
      decoded.status = detail::read_plain<Heartbeat, HeartbeatBody>(record, header, out);
      break;
    case RecordType::Gap:
      decoded.status = detail::read_plain<Gap, GapBody>(record, header, out);
      break;
    case RecordType::Error:
      decoded.status = DecodeStatus::Refused;
      if (record.size() < sizeof header + sizeof(ErrorBody)) {
        decoded.status = DecodeStatus::BadLength;
      } else {
        const auto* text = reinterpret_cast<const char*>(record.data()) + sizeof header;
        decoded.error = {text, ::strnlen(text, sizeof(ErrorBody::text))};
      }
      break;
    case RecordType::RawInput:
    default:
      decoded.status = DecodeStatus::Skipped;
      break;
  }
  const bool sound = decoded.status <= DecodeStatus::Skipped;
  decoded.length_bytes = sound ? record.size() : 0;
  return decoded;
}

}  // namespace tariff::client
