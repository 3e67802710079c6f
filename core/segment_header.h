#pragma once
// core/segment_header.h - First bytes of a file of the journal (docs/formats/journal.md). Thread:
// plain data. Hot: no. Needs nothing but the standard library, because clients include it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tariff {

/// `first_seq` and `end_seq` are written while readers look, each once.
struct SegmentHeader {
  std::array<char, 8> magic{'T', 'F', 'J', 'O', 'U', 'R', 'N', '\0'};
  std::uint32_t version = 1;
  std::uint32_t session = 0;  ///< Of the last writer that opened this file.
  std::uint64_t number = 0;   ///< As in the file's name.
  std::uint64_t segment_bytes = 0;
  std::uint64_t first_seq = 0;  ///< 0: made ahead of time, not in use yet.
  std::uint64_t end_seq = 0;    ///< 0: still written to; else one past the last record in it.
  std::array<std::uint64_t, 2> reserved{};
};
static_assert(sizeof(SegmentHeader) == 64);

/// End of the name of each file; what is before it is its number in twelve digits.
inline constexpr std::string_view kSegmentSuffix = ".tfj";
inline constexpr std::size_t kSegmentDigits = 12;

}  // namespace tariff
