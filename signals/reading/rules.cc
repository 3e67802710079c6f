#include "signals/reading/rules.h"

#include <algorithm>

namespace tariff {
namespace {

/// By concept, how many patterns ask for it.
using Popularity = std::array<std::size_t, kConceptsMax>;

/// One concept for each alternative of an element: a clause with none of them has no match.
struct Keys {
  ConceptSet concepts;
  std::size_t asked = 0;
};

/// Of every element that must be there, those that the fewest patterns ask for first.
std::vector<Keys> keys_of(const Pattern& pattern, const Popularity& asked) {
  const auto rarer = [&](std::size_t a, std::size_t b) { return asked[a] < asked[b]; };
  std::vector<Keys> all;
  for (const PatternElement& element : pattern.elements) {
    if (element.kind != PatternElement::Kind::Item || element.optional) continue;
    Keys& keys = all.emplace_back();
    for (const PatternElement::Choice& choice : element.choices) {
      std::optional<std::size_t> key;
      choice.all.for_each([&](std::size_t id) { key = key ? std::min(*key, id, rarer) : id; });
      keys.concepts.add(*key);
      keys.asked += asked[*key];
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Keys& a, const Keys& b) { return a.asked < b.asked; });
  return all;
}

}  // namespace

void PatternIndex::add(Pattern pattern, std::uint16_t owner,
                       std::optional<std::size_t> in_texts_with) {
  CompiledPattern compiled{std::move(pattern), owner, {}, in_texts_with, {}};
  for (const PatternElement& element : compiled.pattern.elements) {
    if (element.kind != PatternElement::Kind::Item || element.optional) continue;
    ConceptSet any;
    for (const PatternElement::Choice& choice : element.choices)
      any |= choice.all;
    compiled.needs.push_back(any);
  }
  patterns_.push_back(std::move(compiled));
}

void PatternIndex::build() {
  // What many patterns ask for, most texts have: a pattern is listed under what the fewest ask for
  // and so is seldom looked at.
  Popularity asked{};
  for (const CompiledPattern& compiled : patterns_) {
    for (const ConceptSet& need : compiled.needs)
      need.for_each([&](std::size_t id) { ++asked[id]; });
  }
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    CompiledPattern& compiled = patterns_[i];
    std::vector<Keys> keys = keys_of(compiled.pattern, asked);
    if (compiled.in_texts_with) {
      Keys script;
      script.concepts.add(*compiled.in_texts_with);
      keys.insert(keys.begin(), script);
    }
    compiled.listed_under = keys.front().concepts;
    const Listed listed{keys[keys.size() > 1 ? 1 : 0].concepts, static_cast<std::uint16_t>(i)};
    compiled.listed_under.for_each([&](std::size_t id) { by_concept_[id].push_back(listed); });
  }
}

}  // namespace tariff
