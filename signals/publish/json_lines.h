#pragma once
// signals/publish/json_lines.h - A record as one JSON line: docs/formats/signal-json.md.
// Thread: any. Hot: writes into the caller's buffer, neither allocates nor calls the kernel.

#include <cstddef>
#include <span>

namespace tariff {

/// Room that is enough for the line of any record of at most kRecordBytesMax: a byte of text takes
/// at most six, a fact at most ten for each of its bytes.
constexpr std::size_t kJsonLineBytesMax = 128U << 10U;

/// Writes the line of `record`, with its newline, to `out`. Returns its length; 0 if the record is
/// not shaped as its type says (a length or an offset that points outside, an unknown type, a raw
/// input) or does not fit. The checksum is the reader's business (core/record_check.h).
[[nodiscard]] std::size_t write_json_line(std::span<const std::byte> record,
                                          std::span<char> out) noexcept;

}  // namespace tariff
