#pragma once
// signals/reading/lexicon_load.h - config/lexicon*.toml to a Lexicon. The file's form is taught in
// docs/howto/add-a-rule.md. Thread: the one that loads. Cold.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "config/section.h"
#include "signals/reading/lexicon.h"

namespace tariff {

struct LoadedLexicon {
  Lexicon lexicon;
  std::vector<std::string> concept_names;  ///< By id; the built-in ones first.
  std::map<std::string, std::size_t, std::less<>> concept_ids;
  ConceptSet used;  ///< Concepts that some phrase or the reader itself can give.
};

/// Reads every table of `documents` into one lexicon: an entry that an earlier one has too goes on.
/// What is wrong goes to their errors.
[[nodiscard]] LoadedLexicon load_lexicon(std::span<Section> documents);

}  // namespace tariff
