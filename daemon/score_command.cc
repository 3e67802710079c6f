// daemon/score_command.cc - `tariffd score`: labelled headlines against what is read in them.
#include <unistd.h>

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>
#include <sysexits.h>

#include "core/check.h"
#include "daemon/calibration_fit.h"
#include "daemon/commands.h"
#include "daemon/date_text.h"
#include "daemon/labelled.h"
#include "daemon/score_card.h"
#include "daemon/score_text.h"
#include "signals/reading/compiled.h"
#include "signals/reading/explain.h"
#include "signals/reading/reader.h"
#include "signals/reading/tables.h"

namespace tariff {
namespace {

/// The line that `tariffd classify` prints for each of `gold`, so that both cannot differ.
std::vector<Labelled> read_all(const Tables& tables, const std::vector<Labelled>& gold,
                               const std::string& path, ConfigErrors& errors) {
  Reader reader;
  Reading reading;
  std::vector<Labelled> predicted;
  for (const Labelled& row : gold) {
    predicted.emplace_back();
    if (row.text.empty()) {
      errors.add(path, static_cast<int>(row.line), "has no \"text\"");
      continue;
    }
    reader.read(tables, row.text, parse_date_or_time(row.published_at), reading);
    const auto problem = parse_labelled(classify_json(row.id, reading), predicted.back());
    TARIFF_CHECK(!problem);
  }
  return predicted;
}

/// The rows of `loaded` in the order of `gold`.
std::vector<Labelled> join(std::vector<Labelled> loaded, const std::vector<Labelled>& gold,
                           const std::string& path, ConfigErrors& errors) {
  std::unordered_map<std::string, std::size_t> index_of;
  for (std::size_t i = 0; i < loaded.size(); ++i)
    index_of.emplace(loaded[i].id, i);
  std::vector<Labelled> predicted;
  std::size_t missing = 0;
  std::string first_missing;
  for (const Labelled& row : gold) {
    const auto found = index_of.find(row.id);
    predicted.push_back(found == index_of.end() ? Labelled{} : std::move(loaded[found->second]));
    if (found != index_of.end()) continue;
    if (missing++ == 0) first_missing = row.id;
  }
  if (missing > 0) {
    errors.add(path, 0,
               fmt::format("has no prediction for {} of {} headlines, first '{}'", missing,
                           gold.size(), printable(first_missing, 60)));
  }
  return predicted;
}

/// Prints `errors`, which are about the file at `path`, and gives the exit code that fits.
int refuse_input(const std::string& path, const ConfigErrors& errors) {
  fmt::print(stderr, "{}", errors.to_text());
  return ::access(path.c_str(), R_OK) == 0 ? EX_DATAERR : EX_NOINPUT;
}

/// Predictions for `gold` from the file or the reader that `options` name, or an exit code.
int predict(const ScoreOptions& options, const std::vector<Labelled>& gold,
            std::vector<Labelled>& predicted) {
  ConfigErrors errors;
  if (!options.predicted.empty()) {
    auto loaded = load_labelled(options.predicted, errors);
    if (errors.empty()) predicted = join(std::move(loaded), gold, options.predicted, errors);
    return errors.empty() ? EX_OK : refuse_input(options.predicted, errors);
  }
  const auto tables = load_tables(options.rules, errors);
  if (!tables) {
    fmt::print(stderr, "{}", errors.to_text());
    return EX_CONFIG;
  }
  const Tables plain = tables->without_calibration();
  predicted = read_all(options.fit ? plain : *tables, gold, options.gold, errors);
  return errors.empty() ? EX_OK : refuse_input(options.gold, errors);
}

/// The table that is right for the events of `card`, and what it is worth.
std::string fit_text(const ScoreCard& card, const std::string& gold) {
  if (card.samples().empty()) return "# no event was read: nothing to fit\n";
  return fmt::format(
      "# Fitted to {} events of {}. Calibration error {:.3f} without a table; with one, on the\n"
      "# events that it was not fitted to (by halves), {:.3f}.\n{}",
      card.samples().size(), printable(std::filesystem::path(gold).filename().string()),
      calibration_error(card.samples()), error_of_fit(card.samples()),
      calibration_toml(fit_calibration(card.samples())));
}

}  // namespace

int score_command(const ScoreOptions& options) {
  ConfigErrors errors;
  const auto gold = load_labelled(options.gold, errors);
  if (!errors.empty()) return refuse_input(options.gold, errors);
  std::vector<Labelled> predicted;
  if (const int exit_code = predict(options, gold, predicted); exit_code != EX_OK) {
    return exit_code;
  }
  ScoreCard card;
  std::string wrong;
  std::size_t shown = 0;
  for (std::size_t i = 0; i < gold.size(); ++i) {
    if (card.add(gold[i], predicted[i]) || shown == options.errors) continue;
    ++shown;
    wrong += difference_text(gold[i], predicted[i]);
  }
  if (options.fit) {
    fmt::print("{}", fit_text(card, options.gold));
    return EX_OK;
  }
  fmt::print("{}{}", options.json ? score_json(card) + "\n" : score_text(card), wrong);
  return EX_OK;
}

}  // namespace tariff
