#pragma once
// signals/publish/connection_message.h - Heartbeat, gap and error: records that belong to one
// connection, are numbered 0 and are never in a journal. Thread: the publisher's. Hot.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/record.h"
#include "core/record_check.h"
#include "core/time.h"

namespace tariff {

/// A whole record, ready to be sent or to be written as JSON.
template <class Body>
[[nodiscard]] std::array<std::byte, sizeof(RecordHeader) + sizeof(Body)> connection_message(
    RecordType type, std::uint32_t session, WallNs now, const Body& body) noexcept {
  static_assert(sizeof(Body) % kRecordAlignBytes == 0);
  std::array<std::byte, sizeof(RecordHeader) + sizeof(Body)> record{};
  RecordHeader header;
  header.word.type = type;
  header.word.length_bytes = static_cast<std::uint32_t>(record.size());
  header.session = session;
  header.received_ns = now.ns;
  const auto bytes = std::as_bytes(std::span(&body, 1));
  header.crc32c = record_crc32c(header, bytes);
  std::memcpy(record.data(), &header, sizeof header);
  std::memcpy(record.data() + sizeof header, bytes.data(), bytes.size());
  return record;
}

}  // namespace tariff
