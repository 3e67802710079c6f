#pragma once
// core/record_check.h - Is this a whole and undamaged record? Thread: any. Hot. Needs nothing but
// the standard library, because clients include it.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "core/crc32c.h"
#include "core/record.h"

namespace tariff {

/// Checksum of a record from its header, whose `crc32c` is taken as zero, and the bytes behind it.
[[nodiscard]] inline std::uint32_t record_crc32c(RecordHeader header,
                                                 std::span<const std::byte> body) noexcept {
  header.crc32c = 0;
  return crc32c(body, crc32c(std::as_bytes(std::span(&header, 1))));
}

/// The header of `record`, which has at least sizeof(RecordHeader) bytes.
[[nodiscard]] inline RecordHeader record_header(std::span<const std::byte> record) noexcept {
  RecordHeader header;
  std::memcpy(&header, record.data(), sizeof header);
  return header;
}

/// True if `record` is exactly one record: magic, version, length and checksum are right.
[[nodiscard]] inline bool record_intact(std::span<const std::byte> record) noexcept {
  if (record.size() < sizeof(RecordHeader)) return false;
  const RecordHeader header = record_header(record);
  return header.word.magic == kRecordMagic && header.word.version == kRecordVersion &&
         header.word.length_bytes == record.size() &&
         header.crc32c == record_crc32c(header, record.subspan(sizeof header));
}

}  // namespace tariff
