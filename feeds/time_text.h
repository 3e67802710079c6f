#pragma once
// feeds/time_text.h - A provider's time stamp as text -> WallNs. Thread: any. Hot, pure.

#include <array>
#include <cstdint>
#include <string_view>

#include "core/time.h"

namespace tariff {

enum class TimeFormat : std::uint8_t { Rfc3339, UnixS, UnixMs, UnixUs, UnixNs };
inline constexpr std::array<std::string_view, 5> kTimeFormatNames{"rfc3339", "unix_s", "unix_ms",
                                                                  "unix_us", "unix_ns"};

/// "2025-10-10T14:57:03.25Z", with 0 to 9 digits of a second (more are cut) and any offset.
/// Returns 0 for anything else, and outside 1970..2199: a bad stamp never costs the headline.
[[nodiscard]] WallNs parse_rfc3339(std::string_view text) noexcept;

/// A decimal number of seconds, milliseconds, ... since the epoch, with or without a fraction; or
/// RFC 3339.
/// Returns 0 as parse_rfc3339.
[[nodiscard]] WallNs parse_time(std::string_view text, TimeFormat format) noexcept;

}  // namespace tariff
