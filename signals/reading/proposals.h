#pragma once
// signals/reading/proposals.h - Which rules fire in which clause, what frames and moods make of it,
// and which of several that claim the same words wins. Thread: the reader's. Hot.

#include <array>
#include <cstdint>
#include <span>

#include "signals/reading/clauses.h"
#include "signals/reading/rules.h"

namespace tariff {

/// An event as a rule proposes it, before anybody knows who and whom.
struct Proposal {
  enum class Fate : std::uint8_t {
    Counts,
    Outdone,     ///< Another rule reads the same words better.
    Framed,      ///< A frame says that this is not news; `by` is its index.
    Moody,       ///< A mood stops it; `by` is the index of the modifier.
    NoTrade,     ///< The words that would make it a matter of trade are missing.
    OutOfPlace,  ///< The rule does not fire in this kind of clause.
  };
  std::uint16_t rule = 0;
  std::uint16_t clause = 0;
  std::uint16_t by = 0;
  PatternMatch match;
  std::uint16_t continues = PatternMatch::kNone;  ///< Index of the proposal that this one goes on.
  std::uint16_t words = 0;  ///< Items of the pattern that were there: more is more exact.
  Action action = Action::Threaten;
  Fate fate = Fate::Counts;
  bool denied = false;
  float confidence = 0;
};

/// What a text has or lacks that keeps a rule from being about trade in it.
struct Misfit {
  const ConceptSet* unwanted = nullptr;  ///< The rule's `unless`: the text has one of these.
  const ConceptSet* needed = nullptr;    ///< The rule's or a guard's `needs`: it has none of these.

  [[nodiscard]] bool any() const noexcept { return unwanted != nullptr || needed != nullptr; }
};

/// Whether the text has the words that the rule of `proposal`, or a guard of its object, asks for.
[[nodiscard]] Misfit misfit_of(const RuleSet& rules, std::span<const Item> items,
                               const ClauseList& clauses, const Proposal& proposal) noexcept;

class ProposalList {
 public:
  static constexpr std::size_t kProposalsMax = 128;
  static constexpr std::uint16_t kNoFrame = 0xFFFF;

  void assign(const RuleSet& rules, std::span<const Item> items,
              const ClauseList& clauses) noexcept;

  [[nodiscard]] std::span<const Proposal> view() const noexcept {
    return std::span(proposals_).first(count_);
  }
  /// A modifier that matched somewhere, or a frame: for the trace.
  struct Sign {
    std::uint16_t owner = 0;
    std::uint16_t clause = 0;
    PatternMatch match;
  };
  [[nodiscard]] std::span<const Sign> modifiers() const noexcept {
    return std::span(modifiers_).first(modifiers_count_);
  }
  [[nodiscard]] std::span<const Sign> frames() const noexcept {
    return std::span(frames_).first(frames_count_);
  }

 private:
  void find_frames(const RuleSet& rules, std::span<const Item> items,
                   const ClauseList& clauses) noexcept;
  void find_modifiers(const RuleSet& rules, std::span<const Item> items, const Clause& clause,
                      bool reported) noexcept;
  void propose(const RuleSet& rules, std::span<const Item> items, const Clause& clause,
               std::size_t clause_index) noexcept;
  void sort_out(const RuleSet& rules, std::span<const Item> items, const ClauseList& clauses,
                std::size_t from) noexcept;
  void choose(std::size_t from) noexcept;
  [[nodiscard]] std::size_t mood_trigger(std::span<const Item> items,
                                         std::size_t index) const noexcept;
  void set_mood(const RuleSet& rules, std::span<const Item> items, const ClauseList& clauses,
                std::size_t index, std::size_t modifiers_from) noexcept;
  [[nodiscard]] std::uint16_t event_before(const ClauseList& clauses,
                                           std::size_t index) const noexcept;
  void go_on(const RuleSet& rules, const ClauseList& clauses, std::size_t index) noexcept;
  void apply(const Mood& mood, std::uint16_t by, Proposal& proposal) noexcept;

  std::array<Proposal, kProposalsMax> proposals_;
  std::array<Sign, kProposalsMax> modifiers_;
  std::array<Sign, kProposalsMax> frames_;
  std::array<std::uint16_t, ClauseList::kClausesMax> frame_of_;
  std::size_t count_ = 0;
  std::size_t modifiers_count_ = 0;
  std::size_t frames_count_ = 0;
};

}  // namespace tariff
