#pragma once
// signals/reading/fold.h - Any bytes to plain lower-case text of one kind: tags and entities gone,
// Unicode punctuation, width, style and accents reduced to ASCII where there is an ASCII form.
// Letters without one (Chinese) stay UTF-8. Thread: the reader's. Hot: no allocation; time is
// linear in what is read, and reading ends when the buffer is full.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tariff {

class FoldedText {
 public:
  /// A headline has at most 1,856 bytes (core/headline.h); folding hardly ever makes text longer.
  static constexpr std::size_t kBytesMax = 2'048;
  /// Zero bytes readable after the end, for word-at-a-time reading.
  static constexpr std::size_t kPaddingBytes = 16;

  /// Replaces the content.
  void assign(std::string_view text) noexcept;

  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.data(), size_}; }
  [[nodiscard]] bool cut() const noexcept { return cut_; }
  /// Offset in the original text of the folded byte at `position` (0..size).
  [[nodiscard]] std::size_t origin(std::size_t position) const noexcept;
  /// True if the byte at `position` was a capital letter.
  [[nodiscard]] bool was_upper(std::size_t position) const noexcept {
    return ((upper_[position / 8] >> (position % 8)) & 1U) != 0;
  }

 private:
  struct Jump {
    std::uint16_t position;
    std::uint32_t origin;
  };

  void put(char c, bool upper) noexcept;
  void put(std::string_view text) noexcept;
  void note_jump(std::size_t origin) noexcept;
  std::size_t put_code_point(std::string_view text, std::size_t at) noexcept;
  std::size_t skip_markup(std::string_view text, std::size_t at) noexcept;
  bool put_plain_block(std::string_view text, std::size_t at) noexcept;
  void put_spelled(std::string_view spelled, std::size_t begin, std::size_t end) noexcept;
  void put_folded(std::uint32_t code_point, std::size_t begin, std::size_t end) noexcept;

  std::array<char, kBytesMax + kPaddingBytes> bytes_;
  std::array<std::uint8_t, kBytesMax / 8 + 2> upper_;
  std::array<Jump, kBytesMax> jumps_;
  std::size_t size_ = 0;
  std::size_t jumps_count_ = 0;
  bool cut_ = false;
};

}  // namespace tariff
