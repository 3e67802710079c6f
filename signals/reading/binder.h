#pragma once
// signals/reading/binder.h - The words around one proposal, and the part that each place plays in
// it. Thread: the reader's. Hot.

#include <array>
#include <cstdint>
#include <span>

#include "signals/reading/roles.h"

namespace tariff {

/// The part that a place plays for one proposal.
enum class Role : std::uint8_t {
  None,      ///< Somewhere in the text ("in Geneva").
  Subject,   ///< Stands before the verb.
  Agent,     ///< "by Canada"
  Owner,     ///< "Trump's tariffs"
  Modifier,  ///< "China tariffs", "US steel duties": owner or target, the others decide.
  Target,    ///< "on China", "hits China with", "Chinese steel"
  Partner,   ///< "with China"
};

/// Looks at one proposal's clause and at the words that belong to it alone.
class Binder {
 public:
  Binder(const RoleContext& context, std::size_t index) noexcept;

  [[nodiscard]] const Proposal& proposal() const noexcept { return proposal_; }
  [[nodiscard]] const Rule& rule() const noexcept { return rule_; }
  [[nodiscard]] const Clause& clause() const noexcept { return clause_; }
  [[nodiscard]] const Sentence& sentence() const noexcept { return sentence_; }
  /// Items that no other proposal claims: [window_first, window_end).
  [[nodiscard]] std::size_t window_first() const noexcept { return window_first_; }
  [[nodiscard]] std::size_t window_end() const noexcept { return window_end_; }
  /// Stands behind the verb of the proposal before ("weighs China trade deal to delay tariffs"), so
  /// it is no subject of this one.
  [[nodiscard]] bool claimed_before(std::size_t item) const noexcept {
    return item > claimed_first_ && item < claimed_end_;
  }
  /// The sentence makes no other event, so all of it is about this one.
  [[nodiscard]] bool alone() const noexcept { return alone_; }
  /// End of the clause after this one, if that is a main clause of the same sentence; else the end
  /// of this one.
  [[nodiscard]] std::size_t next_clause_end() const noexcept { return next_clause_end_; }
  /// Begin of the clause before this one, which may say in Chinese what this one is about; else
  /// window_first().
  [[nodiscard]] std::size_t topic_first() const noexcept {
    return topic_first_ < window_first_ ? topic_first_ : window_first_;
  }
  /// True for talks, deals and breakdowns: sides rather than actor and target.
  [[nodiscard]] bool has_sides() const noexcept;

  [[nodiscard]] Role role_of(std::size_t place) const noexcept;

 private:
  [[nodiscard]] std::size_t list_head(std::size_t place) const noexcept;
  [[nodiscard]] Role role_by_preposition(std::size_t head) const noexcept;
  [[nodiscard]] bool has_own_verb(std::size_t place) const noexcept;
  [[nodiscard]] bool modifies_object(std::size_t head) const noexcept;
  [[nodiscard]] bool modifies_goods(std::size_t place) const noexcept;
  [[nodiscard]] bool is_governed(std::size_t head) const noexcept;

  std::span<const Item> items_;
  const Proposal& proposal_;
  const Rule& rule_;
  const Clause& clause_;
  const Sentence& sentence_;
  std::size_t window_first_;
  std::size_t window_end_;
  std::size_t claimed_first_ = 0;
  std::size_t claimed_end_ = 0;
  std::size_t next_clause_end_;
  std::size_t topic_first_;
  bool alone_ = true;
};

}  // namespace tariff
