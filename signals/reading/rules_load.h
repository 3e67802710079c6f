#pragma once
// signals/reading/rules_load.h - config/rules*.toml to a RuleSet. Thread: the one that loads. Cold.

#include <span>

#include "config/section.h"
#include "signals/reading/lexicon_load.h"
#include "signals/reading/rules.h"

namespace tariff {

/// Reads every table of `documents`; what is wrong goes to their errors.
[[nodiscard]] RuleSet load_rules(std::span<Section> documents, const LoadedLexicon& lexicon);

}  // namespace tariff
