#pragma once
// signals/reading/items.h - Tokens to items: the longest phrase of the lexicon at each place, with
// what it stands for; numbers become rates, amounts and dates. Rules see items only.
// Thread: the reader's. Hot.

#include <array>
#include <cstdint>
#include <span>

#include "core/time.h"
#include "signals/reading/concepts.h"
#include "signals/reading/lexicon.h"
#include "signals/reading/tokens.h"

namespace tariff {

struct Item {
  ConceptSet concepts;
  const Meaning* meaning = nullptr;  ///< Null for marks, numbers and words that nobody knows.
  std::uint16_t token_first = 0;
  std::uint16_t token_last = 0;  ///< Included.
  TokenKind kind = TokenKind::Word;
  std::int32_t date = 0;  ///< [yyyy]mmdd of a Date; the year is missing where the text has none.
  double value = 0;       ///< Of a Number; percent of a Rate.

  [[nodiscard]] bool has(Cue cue) const noexcept { return concepts.has(id_of(cue)); }
  /// Ends a clause wherever it stands.
  [[nodiscard]] bool is_hard_mark() const noexcept {
    return kind >= TokenKind::Colon && kind != TokenKind::Dash;
  }
};

class ItemList {
 public:
  void assign(const Lexicon& lexicon, const FoldedText& text, const TokenList& tokens) noexcept;

  [[nodiscard]] std::span<const Item> view() const noexcept {
    return std::span(items_).first(count_);
  }
  [[nodiscard]] std::span<Item> edit() noexcept { return std::span(items_).first(count_); }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] const Item& operator[](std::size_t i) const noexcept { return items_[i]; }

 private:
  std::size_t take_word(const Lexicon& lexicon, const TokenList& tokens, std::size_t at) noexcept;
  void take_mark(const TokenList& tokens, std::size_t at) noexcept;
  void take_number(const TokenList& tokens, std::size_t at) noexcept;
  [[nodiscard]] bool goes_on_unknown(const TokenList& tokens, std::size_t at) const noexcept;
  void join_numbers(const TokenList& tokens) noexcept;
  Item& add(TokenKind kind, std::size_t first, std::size_t last) noexcept;

  std::array<std::uint32_t, TokenList::kTokensMax> words_;  ///< Of each token, in the lexicon.
  std::array<Item, TokenList::kTokensMax + 64> items_;
  std::size_t count_ = 0;
};

}  // namespace tariff
