#include "signals/reading/rules.h"

namespace tariff {

void PatternIndex::add(Pattern pattern, std::uint16_t owner,
                       std::optional<std::size_t> in_texts_with) {
  CompiledPattern compiled{std::move(pattern), owner, {}};
  const PatternElement* key = nullptr;
  for (const PatternElement& element : compiled.pattern.elements) {
    if (element.kind != PatternElement::Kind::Item || element.optional) continue;
    ConceptSet any;
    for (const PatternElement::Choice& choice : element.choices)
      any |= choice.all;
    compiled.needs.push_back(any);
    if (key == nullptr || (element.trigger && !key->trigger)) key = &element;
  }
  const auto index = static_cast<std::uint16_t>(patterns_.size());
  if (in_texts_with) {
    by_concept_[*in_texts_with].push_back(index);
    patterns_.push_back(std::move(compiled));
    return;
  }
  // Listed under one concept per alternative: the first that is not a mere form of a word, so that
  // most patterns are never looked at.
  ConceptSet listed;
  for (const PatternElement::Choice& choice : key->choices) {
    std::optional<std::size_t> best;
    choice.all.for_each([&](std::size_t id) { best = id; });
    if (best && !listed.has(*best)) {
      listed.add(*best);
      by_concept_[*best].push_back(index);
    }
  }
  patterns_.push_back(std::move(compiled));
}

}  // namespace tariff
