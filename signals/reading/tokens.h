#pragma once
// signals/reading/tokens.h - Folded text to words, numbers and marks. What counts as one word
// ("u.s.", "tit-for-tat", "trump's", "25pc") is in docs/reading/words.md. Thread: any. Hot.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "signals/reading/fold.h"

namespace tariff {

enum class TokenKind : std::uint8_t {
  Word,
  Number,  ///< `value`
  Date,    ///< 11/1, 2025-11-01: `value` is [yyyy]mmdd
  Comma,   ///< Also a parenthesis.
  Colon,
  Semicolon,
  Dash,  ///< A dash that stands free: " - ", "--".
  Stop,  ///< A full stop, exclamation mark or ellipsis.
  Question,
  Break,  ///< A new line, a '*' lead, a bar.
};

struct Token {
  static constexpr std::uint16_t kPossessive = 1;     ///< 's was cut off.
  static constexpr std::uint16_t kHyphen = 2;         ///< Joined to the next token.
  static constexpr std::uint16_t kUpper = 4;          ///< Every letter was a capital.
  static constexpr std::uint16_t kCapital = 8;        ///< The first letter was a capital.
  static constexpr std::uint16_t kPercent = 16;       ///< Number with a percent sign.
  static constexpr std::uint16_t kOrdinal = 32;       ///< 1st, 2nd.
  static constexpr std::uint16_t kMoney = 64;         ///< $34, 155bn.
  static constexpr std::uint16_t kBreakBefore = 128;  ///< Prose glued to a lead in capitals.
  static constexpr std::uint16_t kIdeograph = 256;    ///< Written in ideographs.

  std::uint16_t begin = 0;  ///< Bytes of the folded text, mark of possession excluded.
  std::uint16_t end = 0;
  TokenKind kind = TokenKind::Word;
  std::uint16_t flags = 0;
  double value = 0;
  [[nodiscard]] bool has(std::uint16_t flag) const noexcept { return (flags & flag) != 0; }
};

/// The tokens of one text. What does not fit is not read: a headline has about twenty.
class TokenList {
 public:
  static constexpr std::size_t kTokensMax = 640;

  void assign(const FoldedText& text) noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] const Token& operator[](std::size_t i) const noexcept { return tokens_[i]; }
  [[nodiscard]] bool cut() const noexcept { return cut_; }
  /// True if some word of the text has a small letter.
  [[nodiscard]] bool mixed_case() const noexcept { return capitals_ && smalls_; }

 private:
  Token& add(TokenKind kind, std::size_t begin, std::size_t end) noexcept;
  std::size_t take_word(const FoldedText& text, std::size_t at) noexcept;
  std::size_t take_number(std::string_view s, std::size_t at) noexcept;
  std::size_t take_wide(std::string_view s, std::size_t at) noexcept;
  std::size_t take_number_date(std::string_view s, std::size_t at) noexcept;
  std::size_t take_mark(std::string_view s, std::size_t at) noexcept;
  void set_case(const FoldedText& text, Token& token) noexcept;
  void find_glued_prose() noexcept;

  std::array<Token, kTokensMax> tokens_;
  std::size_t count_ = 0;
  bool cut_ = false;
  bool capitals_ = false;
  bool smalls_ = false;
};

}  // namespace tariff
