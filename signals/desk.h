#pragma once
// signals/desk.h - Everything that the desk may edit, loaded and compiled as one: words, rules,
// exposures, sources. Swapped whole on reload. Thread: loaded on the main thread, used by the
// scorer.

#include <cstddef>
#include <memory>
#include <string>

#include "config/errors.h"
#include "signals/exposures.h"
#include "signals/quote_board.h"
#include "signals/reading/tables.h"
#include "signals/sources.h"

namespace tariff {

struct Desk {
  std::shared_ptr<const Tables> tables;
  Sources sources;
  Exposures exposures;
  QuoteBoard board;  ///< One place per instrument of `exposures`.
};

/// Reads lexicon, rules, exposures and sources of `directory`. Every error of every file goes to
/// `errors`; nullptr if there was any.
[[nodiscard]] std::unique_ptr<Desk> load_desk(const std::string& directory, ConfigErrors& errors);

}  // namespace tariff
