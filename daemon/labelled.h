#pragma once
// daemon/labelled.h - Headlines and the events that somebody says they bring, as NDJSON: what a
// person labelled, or what `tariffd classify` prints. Fields are those of
// docs/reading/event-model.md. Thread: any. Cold.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/errors.h"
#include "core/facts.h"

namespace tariff {

/// An event as written in a file. Lists are sorted, so that equal sets are equal lists.
struct LabelledEvent {
  Action action = Action::Threaten;
  bool denied = false;
  Measure measure = Measure::General;
  bool retaliation = false;
  std::vector<std::string> actor;
  std::vector<std::string> targets;
  std::vector<std::string> products;
  std::optional<double> rate_pct;
  std::string effective;             ///< YYYY-MM-DD; empty if there is none.
  std::optional<double> confidence;  ///< Of a prediction.
  std::string rule;                  ///< Of a prediction; empty if not told.
};

struct Labelled {
  std::string id;
  std::string text;          ///< Empty if not there: a prediction needs none.
  std::string published_at;  ///< As written; empty if not there.
  Net net = Net::None;       ///< What the line says, else what follows from its events.
  std::vector<LabelledEvent> events;
  std::size_t line = 0;  ///< In its file, from 1.
};

/// Fills `out` but for its line number, or says what is wrong with `line`.
[[nodiscard]] std::optional<std::string> parse_labelled(std::string_view line, Labelled& out);

/// Reads the file at `path`; blank lines count for nothing. Every line that is wrong, and every id
/// that appears twice, goes to `errors`.
[[nodiscard]] std::vector<Labelled> load_labelled(const std::string& path, ConfigErrors& errors);

}  // namespace tariff
