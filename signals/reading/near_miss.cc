#include "signals/reading/near_miss.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace tariff {
namespace {

using Kind = PatternElement::Kind;

constexpr std::size_t kShownMax = 6;       // with spans, clauses and rules it is one screen
constexpr std::size_t kTriesMax = 50'000;  // a headline takes a tenth; 64 KiB of rules' words more

bool is_required(const PatternElement& element) {
  return element.kind == Kind::Item && !element.optional;
}

bool is_gap(const PatternElement& element) {
  return element.kind == Kind::Gap || element.kind == Kind::NounGap;
}

std::size_t count_required(const Pattern& pattern) {
  return static_cast<std::size_t>(
      std::count_if(pattern.elements.begin(), pattern.elements.end(), is_required));
}

/// As in rules.toml, but for the order of names: "put+form_ed", "lift|cut".
std::string choices_text(const Tables& tables, const PatternElement& element) {
  std::string out;
  for (const PatternElement::Choice& choice : element.choices) {
    if (!out.empty()) out += '|';
    std::string mark;
    choice.all.for_each([&](std::size_t id) {
      out += mark + tables.concept_name(id);
      mark = "+";
    });
    choice.none.for_each([&](std::size_t id) { out += "!" + tables.concept_name(id); });
  }
  return out;
}

/// A pattern that asks for one thing less, and the words for that thing.
struct Easier {
  Pattern pattern;
  std::string stopped_by;
};

Easier without_element(const Tables& tables, const Pattern& pattern, std::size_t index) {
  Easier easier{pattern, {}};
  const PatternElement& element = pattern.elements[index];
  auto& left = easier.pattern.elements;
  left.erase(left.begin() + static_cast<std::ptrdiff_t>(index));
  while (!left.empty() && is_gap(left.front()))
    left.erase(left.begin());
  while (!left.empty() && is_gap(left.back()))
    left.pop_back();
  switch (element.kind) {
    case Kind::Start:
      easier.stopped_by = "it does not begin the clause";
      break;
    case Kind::End:
      easier.stopped_by = "it does not end the clause";
      break;
    case Kind::NoItem:
      easier.stopped_by = choices_text(tables, element) + " stands in the way";
      break;
    default:
      easier.stopped_by = "no " + choices_text(tables, element);
  }
  return easier;
}

Easier with_wide_gaps(const Pattern& pattern) {
  Easier easier{pattern, "its words stand too far apart"};
  for (PatternElement& element : easier.pattern.elements) {
    if (!is_gap(element)) continue;
    element.kind = Kind::Gap;
    element.reach = Pattern::kReachMax;
  }
  return easier;
}

/// Every way to ask for one thing less; those that keep all words first.
std::vector<Easier> ease(const Tables& tables, const Pattern& pattern) {
  std::vector<Easier> all;
  for (const bool keeps_words : {true, false}) {
    for (std::size_t i = 0; i < pattern.elements.size(); ++i) {
      const PatternElement& element = pattern.elements[i];
      const bool word = element.kind == Kind::Item;
      if (is_gap(element) || element.optional || keeps_words == word) continue;
      all.push_back(without_element(tables, pattern, i));
    }
    if (keeps_words) all.push_back(with_wide_gaps(pattern));
  }
  return all;
}

std::optional<PatternMatch> find(const Pattern& pattern, std::span<const Item> items,
                                 const Clause& clause, std::size_t& tries) {
  for (std::size_t at = clause.first; at < clause.end && tries < kTriesMax; ++at) {
    ++tries;
    PatternMatch match;
    if (match_at(pattern, items, clause.first, clause.end, at, match)) return match;
  }
  return std::nullopt;
}

/// How far `pattern` gets in `clause` if it is let off one thing.
std::optional<NearMiss> near_miss(const Tables& tables, const CompiledPattern& compiled,
                                  std::span<const Item> items, const Clause& clause,
                                  std::size_t& tries) {
  const auto missing =
      std::count_if(compiled.needs.begin(), compiled.needs.end(),
                    [&](const ConceptSet& need) { return !need.meets(clause.present); });
  if (missing > 1) return std::nullopt;
  for (const Easier& easier : ease(tables, compiled.pattern)) {
    const std::size_t found = count_required(easier.pattern);
    if (found == 0) continue;
    if (const auto match = find(easier.pattern, items, clause, tries)) {
      return NearMiss{compiled.owner, *match, found, easier.stopped_by};
    }
  }
  return std::nullopt;
}

bool has_trigger(const NearMiss& miss) {
  return miss.match.trigger != PatternMatch::kNone;
}

}  // namespace

std::vector<NearMiss> near_misses(const Tables& tables, std::span<const Item> items,
                                  const ClauseList& clauses, const ProposalList& proposals) {
  std::vector<NearMiss> all;
  std::vector<bool> known(tables.rules().rules.size());
  std::size_t tries = 0;
  for (const Proposal& proposal : proposals.view())
    known[proposal.rule] = true;
  for (const Clause& clause : clauses.clauses()) {
    for (const CompiledPattern& compiled : tables.rules().rule_patterns.patterns()) {
      if (known[compiled.owner]) continue;
      auto miss = near_miss(tables, compiled, items, clause, tries);
      // Sides alone, without a deed or what it is done to, are in every headline.
      const bool telling =
          miss && (has_trigger(*miss) || miss->match.object != PatternMatch::kNone);
      if (telling) all.push_back(std::move(*miss));
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const NearMiss& a, const NearMiss& b) {
    if (a.found != b.found) return a.found > b.found;
    return has_trigger(a) && !has_trigger(b);
  });
  // One word of two is worth telling only if nothing else comes as near.
  const std::size_t at_least = !all.empty() && all.front().found > 1 ? 2 : 1;
  std::vector<NearMiss> best;
  for (NearMiss& miss : all) {
    if (best.size() == kShownMax || miss.found < at_least) break;
    if (known[miss.rule]) continue;
    known[miss.rule] = true;
    best.push_back(std::move(miss));
  }
  return best;
}

}  // namespace tariff
