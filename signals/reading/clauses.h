#pragma once
// signals/reading/clauses.h - Items to sentences and clauses, and who is speaking.
// Thread: the reader's. Hot.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "signals/reading/items.h"

namespace tariff {

enum class ClauseKind : std::uint8_t {
  Main,
  Cause,       ///< "as Trump threatens ..."
  Background,  ///< "after ...", "amid ...", "despite ..."
  Condition,   ///< "if ...", "unless ..."
};
inline constexpr std::array<std::string_view, 4> kClauseKindNames{"main", "cause", "background",
                                                                  "condition"};

struct Clause {
  std::uint16_t first = 0;
  std::uint16_t end = 0;     ///< Not included.
  std::uint16_t opener = 0;  ///< Item that opened it; `first` if nothing did.
  std::uint16_t sentence = 0;
  ClauseKind kind = ClauseKind::Main;
  bool label = false;  ///< Ends in a colon: a speaker or a label, not a statement.
  ConceptSet present;  ///< Union of its items' concepts.
};

struct Sentence {
  static constexpr std::uint16_t kNobody = 0xFFFF;
  std::uint16_t first = 0;  ///< Items.
  std::uint16_t end = 0;    ///< Includes a question mark.
  std::uint16_t clause_first = 0;
  std::uint16_t clause_end = 0;
  std::uint16_t speaker = kNobody;  ///< Item.
  bool conditional = false;         ///< Has a Condition clause.
  ConceptSet present;
};

class ClauseList {
 public:
  static constexpr std::size_t kClausesMax = 256;

  /// Also tells list commas from clause commas: the former become words of `items`.
  void assign(std::span<Item> items) noexcept;

  [[nodiscard]] std::span<const Clause> clauses() const noexcept {
    return std::span(clauses_).first(clauses_count_);
  }
  [[nodiscard]] std::span<const Sentence> sentences() const noexcept {
    return std::span(sentences_).first(sentences_count_);
  }

  /// Union of the concepts of the whole text.
  [[nodiscard]] const ConceptSet& present() const noexcept { return present_; }

 private:
  void close_clause(std::span<Item> items, std::size_t end) noexcept;
  void close_sentence(std::span<Item> items, std::size_t end) noexcept;
  void open_clause(std::size_t first, ClauseKind kind) noexcept;
  void find_speaker(std::span<Item> items, Sentence& sentence) const noexcept;

  std::array<Clause, kClausesMax> clauses_;
  std::array<Sentence, kClausesMax> sentences_;
  std::size_t clauses_count_ = 0;
  std::size_t sentences_count_ = 0;
  ConceptSet present_;
  Clause open_;
  Sentence open_sentence_;
};

}  // namespace tariff
