#pragma once
// signals/reading/rules_load.h - config/rules.toml to a RuleSet. Thread: the one that loads. Cold.

#include "config/section.h"
#include "signals/reading/lexicon_load.h"
#include "signals/reading/rules.h"

namespace tariff {

/// Reads every table of `document`; what is wrong goes to its errors.
[[nodiscard]] RuleSet load_rules(Section& document, const LoadedLexicon& lexicon);

}  // namespace tariff
