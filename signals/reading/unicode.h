#pragma once
// signals/reading/unicode.h - The little Unicode that folding needs: decode, and the ASCII form of
// punctuation, accented Latin, full-width and mathematical letters. Ranges from the Unicode 15
// charts. Thread: any. Hot.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tariff::unicode {

struct Decoded {
  std::uint32_t code_point = 0;
  std::size_t bytes = 1;  ///< How far to go on; 1 for a byte that is not UTF-8.
  bool valid = false;
};

/// The code point at `at` (< text.size()). Overlong forms, surrogates and cut sequences are
/// invalid.
[[nodiscard]] Decoded decode(std::string_view text, std::size_t at) noexcept;

/// UTF-8 of a valid code point.
[[nodiscard]] std::string_view encode(std::uint32_t code_point,
                                      std::array<char, 4>& buffer) noexcept;

/// Zero-width marks, joiners, variation selectors, combining accents, soft hyphen: dropped.
[[nodiscard]] bool is_invisible(std::uint32_t code_point) noexcept;

/// The one ASCII character that stands for `code_point`; 0 if there is none.
[[nodiscard]] char32_t to_ascii(std::uint32_t code_point) noexcept;

/// ASCII spelling of more than one character ("ss", " - "); empty if there is none.
[[nodiscard]] std::string_view spelled_out(std::uint32_t code_point) noexcept;

/// A letter or ideograph that stays as it is.
[[nodiscard]] bool is_letter(std::uint32_t code_point) noexcept;

[[nodiscard]] constexpr bool is_ascii_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct Entity {
  std::uint32_t code_point = 0;
  std::size_t bytes = 0;  ///< 0 if there is no entity here.
};

/// The HTML entity at the start of `text` ('&'), also with a comma for the semicolon, as feeds that
/// were converted twice have it, or (named ones) with neither.
[[nodiscard]] Entity decode_entity(std::string_view text) noexcept;

}  // namespace tariff::unicode
