#pragma once
// signals/reading/inflect.h - The forms of English verbs and nouns, so that lexicon.toml needs one
// entry for each. Thread: the one that loads. Cold.

#include <string>
#include <string_view>
#include <vector>

#include "signals/reading/concepts.h"

namespace tariff {

struct Inflected {
  std::string text;
  ConceptSet form;  ///< form_base, form_s, form_ed, form_ing; empty for nouns.
};

/// Forms of a verb entry. The first word is inflected: "roll back" gives "rolls back", "rolled
/// back", "rolling back". "slap+" doubles the last letter; "strike/struck/stricken" lists past
/// forms; a listed form in -ing replaces the regular one.
[[nodiscard]] std::vector<Inflected> verb_forms(std::string_view entry);

/// Singular and plural of the last word; "duty" gives "duties". "embargo/embargoes" lists the
/// plural.
[[nodiscard]] std::vector<Inflected> noun_forms(std::string_view entry);

}  // namespace tariff
