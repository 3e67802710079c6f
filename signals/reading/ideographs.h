#pragma once
// signals/reading/ideographs.h - What the tokeniser has to know of Chinese script: which bytes are
// an ideograph, and rates and dates that are spelled with ideographs. Words are in
// config/lexicon.zh.toml. Thread: any. Hot.

#include <cstddef>
#include <string_view>

namespace tariff::ideographs {

/// True if an ideograph of U+4000..U+9FFF begins at `at`: all of modern Chinese, no kana, no
/// hangul.
[[nodiscard]] constexpr bool begins_at(std::string_view text, std::size_t at) noexcept {
  return at < text.size() && text[at] >= '\xE4' && text[at] <= '\xE9';
}

struct Spelled {
  double value = 0;
  std::size_t end = 0;  ///< Where the reading began if there is nothing to read.
};

/// "百分之二十五", "百分之12.5" at `at`: 25, 12.5.
[[nodiscard]] Spelled read_percent(std::string_view text, std::size_t at) noexcept;

/// "2025年11月8日", "10月9日", with or without a time behind it ("12时01分"), at `at`: [yyyy]mmdd.
[[nodiscard]] Spelled read_date(std::string_view text, std::size_t at) noexcept;

}  // namespace tariff::ideographs
