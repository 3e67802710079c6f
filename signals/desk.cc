#include "signals/desk.h"

namespace tariff {

std::unique_ptr<Desk> load_desk(const std::string& directory, ConfigErrors& errors) {
  auto tables = load_tables(directory, errors);
  Sources sources;
  if (auto document = load_document(directory + "/sources.toml", errors)) {
    sources = Sources::read(*document);
  }
  Exposures exposures;
  if (auto document = load_document(directory + "/exposures.toml", errors)) {
    exposures = Exposures::read(*document);
  }
  if (!errors.empty()) return nullptr;
  QuoteBoard board(exposures.instruments());
  return std::make_unique<Desk>(
      Desk{std::move(tables), std::move(sources), std::move(exposures), std::move(board)});
}

}  // namespace tariff
