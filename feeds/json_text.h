#pragma once
// feeds/json_text.h - Scalars of JSON as simdjson hands them over raw, read without a copy where
// that is possible. Why not simdjson's own strings: it refuses half a surrogate pair, and one cut
// emoji must not cost a headline. Thread: any. Hot, pure.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tariff {

/// The text of a raw JSON string token (`"..."`, white space may follow): a view into the token if
/// it holds no escape, else into `scratch`, cut where that is full. Escapes that mean nothing
/// become U+FFFD. Nothing if the token is not a string.
[[nodiscard]] std::optional<std::string_view> json_string(std::string_view token,
                                                          std::span<char> scratch) noexcept;

/// The value of a raw number token. Nothing if it is not a number, or not finite.
[[nodiscard]] std::optional<double> json_number(std::string_view token) noexcept;

/// The value of a raw token that is a whole number that fits.
[[nodiscard]] std::optional<std::int64_t> json_integer(std::string_view token) noexcept;

/// `text` as a JSON string, with its quotes. Cold.
[[nodiscard]] std::string json_quoted(std::string_view text);

}  // namespace tariff
