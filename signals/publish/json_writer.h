#pragma once
// signals/publish/json_writer.h - Writes JSON into a fixed buffer. Never past its end: what does
// not fit makes the whole text void. Thread: any. Hot.

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>

namespace tariff {

class JsonWriter {
 public:
  explicit JsonWriter(std::span<char> out) noexcept
      : begin_(out.data()), at_(out.data()), end_(out.data() + out.size()) {}

  /// Length of the text; 0 if it did not fit.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return fits_ ? static_cast<std::size_t>(at_ - begin_) : 0;
  }

  /// Copies `text` as it is.
  void raw(std::string_view text) noexcept {
    if (text.empty() || !reserve(text.size())) return;
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  /// `"text"`, escaped; bytes that are not UTF-8 become U+FFFD.
  void string(std::string_view text) noexcept;
  void boolean(bool value) noexcept { raw(value ? "true" : "false"); }

  /// Shortest text that reads back as `value`; null for what JSON has no number for.
  template <class Number>
  requires std::integral<Number> || std::floating_point<Number>
  void number(Number value) noexcept {
    std::to_chars_result done{};
    if constexpr (std::floating_point<Number>) {
      if (!std::isfinite(value)) return raw("null");
      // Digits alone would look like an integer, and parsers refuse one of more than 64 bits.
      constexpr Number large = 9'007'199'254'740'992;  // 2^53
      done = std::abs(value) < large
                 ? std::to_chars(at_, end_, value)
                 : std::to_chars(at_, end_, value, std::chars_format::scientific);
    } else {
      done = std::to_chars(at_, end_, value);
    }
    const auto [to, error] = done;
    if (error == std::errc{}) {
      at_ = to;
    } else {
      fits_ = false;
    }
  }

 private:
  [[nodiscard]] bool reserve(std::size_t bytes) noexcept {
    fits_ = fits_ && static_cast<std::size_t>(end_ - at_) >= bytes;
    return fits_;
  }

  char* begin_;
  char* at_;
  char* end_;
  bool fits_ = true;
};

}  // namespace tariff
