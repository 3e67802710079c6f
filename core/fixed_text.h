#pragma once
// core/fixed_text.h - A short text inside an event or a record: fixed size, no pointer,
// zero-padded. Thread: any. Hot.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace tariff {

/// Returns the longest prefix of `text` of at most `bytes_max` bytes that does not cut a UTF-8
/// sequence in two.
[[nodiscard]] constexpr std::string_view utf8_floor(std::string_view text,
                                                    std::size_t bytes_max) noexcept {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return text.substr(0, end);
}

/// Up to N bytes of UTF-8, zero-padded to N; not zero-terminated when full.
template <std::size_t N>
struct FixedText {
  std::array<char, N> bytes{};

  constexpr FixedText() = default;
  /// Keeps what fits, cut at a character border.
  constexpr explicit FixedText(std::string_view text) noexcept { assign(text); }

  constexpr void assign(std::string_view text) noexcept {
    const std::string_view kept = utf8_floor(text, N);
    std::copy(kept.begin(), kept.end(), bytes.begin());
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(kept.size()), bytes.end(), '\0');
  }

  [[nodiscard]] constexpr std::string_view view() const noexcept {
    const auto end = std::find(bytes.begin(), bytes.end(), '\0');
    return {bytes.data(), static_cast<std::size_t>(end - bytes.begin())};
  }
  [[nodiscard]] constexpr bool empty() const noexcept { return bytes[0] == '\0'; }

  friend constexpr bool operator==(const FixedText&, const FixedText&) = default;
};

}  // namespace tariff
