#pragma once
// signals/reading/rules.h - The compiled rules.toml: what makes an event, what turns it round, and
// what is not news. Thread: any (immutable). Reading them is hot.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/facts.h"
#include "signals/reading/calibration.h"
#include "signals/reading/clauses.h"
#include "signals/reading/pattern.h"

namespace tariff {

/// How a modal, a denial or a condition changes what a rule proposes.
struct Mood {
  std::string name;
  bool deny = false;     ///< Turns `denied` round.
  bool stop = false;     ///< There is no event.
  float confidence = 1;  ///< Factor.
  std::array<std::optional<Action>, kActionNames.size()> map;
};

/// A pattern that makes an event.
struct Rule {
  std::string id;
  Action action = Action::Threaten;
  std::optional<Measure> measure;  ///< Empty: that of the object, or of the words around it.
  bool denied = false;
  bool retaliation = false;
  bool no_mood = false;    ///< Modals before the trigger do not change it.
  bool removes = false;    ///< The rate that is named goes away, unless "to" stands before it.
  bool weak = false;       ///< Any other rule for the same words wins.
  bool continues = false;  ///< Goes on the event before it: "..., 10% on China".
  bool subject_is_target = false;  ///< Passive of a verb whose object is a country.
  ConceptSet needs;                ///< Empty, or the text must have one of these.
  ConceptSet unless;               ///< The text must have none of these.
  std::uint8_t kinds = 0;          ///< Bit per ClauseKind in which it may fire.
  float prior = 0.8F;              ///< How often it is right.
};

/// A pattern that sets the mood of the trigger that follows it.
struct Modifier {
  std::string id;
  std::size_t mood = 0;
  bool after = false;      ///< Stands behind the trigger: "... is off the table".
  bool reported = false;   ///< Ends in a verb of saying and governs all that is said.
  std::uint8_t reach = 3;  ///< Items between it and the trigger, at most.
};

/// A pattern that says: this is not news.
struct Frame {
  enum class Stops : std::uint8_t { Clause, Rest, Sentence, Headline };
  std::string id;
  Stops stops = Stops::Sentence;
  std::uint16_t spared = 0;  ///< Bit per Action that it does not stop.

  [[nodiscard]] bool spares(Action action) const noexcept {
    return (spared >> static_cast<unsigned>(action) & 1U) != 0;
  }
};

/// An object that is a trade measure only beside certain words: a "levy" on imports, a "curb" on
/// exports.
struct Guard {
  ConceptSet object;
  ConceptSet needs;  ///< The text must have one of these.
};

/// A measure that goes by a word around it: a "curb" on exports is an export control.
struct Context {
  ConceptSet present;
  Measure measure = Measure::General;
};

struct CompiledPattern {
  Pattern pattern;
  std::uint16_t owner = 0;        ///< Index of its rule, modifier or frame.
  std::vector<ConceptSet> needs;  ///< Each must meet the concepts of the clause.
  std::optional<std::size_t> in_texts_with;
  ConceptSet listed_under;  ///< One of these is in every clause in which it matches.
};

/// Patterns of one kind, found by a concept that each must have.
class PatternIndex {
 public:
  /// Cold. With `in_texts_with`, only texts that have this concept are looked at.
  void add(Pattern pattern, std::uint16_t owner, std::optional<std::size_t> in_texts_with = {});

  /// Cold. Once, after the last add(): no pattern is found before.
  void build();

  /// Calls visit(pattern, match) for every place in items[first, end) where a pattern matches, once
  /// per pattern and first item. `present` is the union of the concepts in the range.
  template <class Visit>
  void match_all(std::span<const Item> items, std::size_t first, std::size_t end,
                 const ConceptSet& present, Visit visit) const noexcept {
    present.for_each([&](std::size_t id) {
      for (const Listed& listed : by_concept_[id]) {
        if (!listed.needs_too.meets(present)) continue;
        const CompiledPattern& compiled = patterns_[listed.pattern];
        if (!wanted(compiled, id, present)) continue;
        for (std::size_t at = first; at < end; ++at) {
          if (!may_start(compiled.pattern, items[at], at, first)) continue;
          PatternMatch match;
          if (match_at(compiled.pattern, items, first, end, at, match)) visit(compiled, match);
        }
      }
    });
  }

  [[nodiscard]] const std::vector<CompiledPattern>& patterns() const noexcept { return patterns_; }

 private:
  /// Whether the pattern can match at all, and has not been looked at under a concept before `id`.
  static bool wanted(const CompiledPattern& compiled, std::size_t id,
                     const ConceptSet& present) noexcept {
    for (const ConceptSet& need : compiled.needs) {
      if (!need.meets(present)) return false;
    }
    return compiled.listed_under.first_common(present) == id;
  }
  static bool may_start(const Pattern& pattern, const Item& item, std::size_t at,
                        std::size_t first) noexcept {
    const PatternElement& head = pattern.elements.front();
    if (head.kind == PatternElement::Kind::Start) return at == first;
    return head.kind != PatternElement::Kind::Item || head.optional || head.accepts(item.concepts);
  }

  /// What turns most patterns away stands here, side by side, and not in the pattern.
  struct Listed {
    ConceptSet needs_too;  ///< Of the needs that it is not listed under, the one met most seldom.
    std::uint16_t pattern = 0;
  };

  std::vector<CompiledPattern> patterns_;
  std::array<std::vector<Listed>, kConceptsMax> by_concept_;
};

struct RuleSet {
  std::vector<Mood> moods;
  std::vector<Rule> rules;
  std::vector<Modifier> modifiers;
  std::vector<Frame> frames;
  std::vector<Guard> guards;
  std::vector<Context> contexts;  ///< The first that is present counts.
  PatternIndex rule_patterns;
  PatternIndex modifier_patterns;
  PatternIndex frame_patterns;
  std::optional<std::size_t> condition_mood;  ///< Of a main clause with an "if" beside it.
  Calibration calibration;                    ///< Of what priors and moods make of an event.
  Place default_actor;                        ///< Whose measure it is where nobody is named.
  Place chinese_default_actor;                ///< The same in a clause in Chinese.
};

}  // namespace tariff
