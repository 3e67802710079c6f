#include "signals/reading/rules.h"

#include <algorithm>

namespace tariff {

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
  std::array<std::size_t, kConceptsMax> asked{};
  for (const CompiledPattern& compiled : patterns_) {
    for (const ConceptSet& need : compiled.needs)
      need.for_each([&](std::size_t id) { ++asked[id]; });
  }
  const auto rarer = [&](std::size_t a, std::size_t b) { return asked[a] < asked[b]; };
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    CompiledPattern& compiled = patterns_[i];
    const auto index = static_cast<std::uint16_t>(i);
    if (compiled.in_texts_with) {
      compiled.listed_under.add(*compiled.in_texts_with);
    } else {
      std::size_t fewest = SIZE_MAX;
      for (const PatternElement& element : compiled.pattern.elements) {
        if (element.kind != PatternElement::Kind::Item || element.optional) continue;
        ConceptSet keys;  // one concept per alternative
        std::size_t sum = 0;
        for (const PatternElement::Choice& choice : element.choices) {
          std::optional<std::size_t> key;
          choice.all.for_each([&](std::size_t id) { key = key ? std::min(*key, id, rarer) : id; });
          keys.add(*key);
          sum += asked[*key];
        }
        if (sum >= fewest) continue;
        fewest = sum;
        compiled.listed_under = keys;
      }
    }
    compiled.listed_under.for_each([&](std::size_t id) { by_concept_[id].push_back(index); });
  }
}

}  // namespace tariff
