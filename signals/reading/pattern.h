#pragma once
// signals/reading/pattern.h - The small pattern language of rules.toml over the items of a clause,
// compiled, matched with bounded work. The language is taught in docs/howto/add-a-rule.md.
// Thread: any (immutable). Matching is hot.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "signals/reading/concepts.h"
#include "signals/reading/items.h"

namespace tariff {

/// One step of a pattern: an item that has one of several sets of concepts, or a gap.
struct PatternElement {
  enum class Kind : std::uint8_t {
    Item,     ///< One item that satisfies `choices`.
    NoItem,   ///< The next item, if there is one, satisfies none of `choices`; takes nothing.
    Gap,      ///< Up to `reach` items of any kind.
    NounGap,  ///< Up to `reach` points of a noun phrase; an unknown word costs two.
    Start,    ///< The clause begins here.
    End,      ///< The clause ends here.
  };
  /// All of `all` and none of `none`.
  struct Choice {
    ConceptSet all;
    ConceptSet none;
  };

  Kind kind = Kind::Item;
  std::uint8_t reach = 0;
  bool optional = false;
  bool trigger = false;  ///< `T:`: the word that acts; its left context sets the mood.
  bool object = false;   ///< `O:`: the measure, talks or deal that is acted on.
  std::vector<Choice> choices;

  [[nodiscard]] bool accepts(const ConceptSet& concepts) const noexcept {
    for (const Choice& choice : choices) {
      if (concepts.covers(choice.all) && !concepts.meets(choice.none)) return true;
    }
    return false;
  }
};

struct Pattern {
  static constexpr std::size_t kElementsMax = 16;
  static constexpr std::uint8_t kReachMax = 20;
  std::vector<PatternElement> elements;
};

/// Where a pattern matched: indices of items.
struct PatternMatch {
  static constexpr std::uint16_t kNone = 0xFFFF;
  std::uint16_t first = kNone;
  std::uint16_t last = kNone;  ///< Included.
  std::uint16_t trigger = kNone;
  std::uint16_t object = kNone;
};

/// Looks up a concept by name; nullopt if there is none.
using ConceptLookup = std::function<std::optional<std::size_t>(std::string_view)>;

/// Compiles `text`. On failure the pattern is empty and `problem` says why.
[[nodiscard]] Pattern compile_pattern(std::string_view text, const ConceptLookup& lookup,
                                      std::string& problem);

/// Matches `pattern` from item `at` of `clause` on. Gaps are as short as they can be. Gives up
/// after kStepsMax tries: no clause that a person writes comes near.
[[nodiscard]] bool match_at(const Pattern& pattern, std::span<const Item> items, std::size_t first,
                            std::size_t end, std::size_t at, PatternMatch& match) noexcept;

}  // namespace tariff
