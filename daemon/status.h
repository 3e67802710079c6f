#pragma once
// daemon/status.h - The state of a running daemon as one JSON line, and that line for a person.
// Thread: report on any (it reads atomics); the rest cold, anywhere.

#include <string>
#include <string_view>
#include <vector>

#include "core/counters.h"
#include "core/result.h"
#include "core/time.h"
#include "signals/engine.h"

namespace tariff {

/// What a report is made of. Everything referred to outlives the status.
struct StatusParts {
  const Engine& engine;
  const Counters& counters;
  const RecordSink& journal;
  std::uint32_t session = 0;
  std::vector<FeedInfo> feeds;
  WallNs started;
};

/// One line of JSON, without the newline (docs/operating/monitor.md has the keys).
[[nodiscard]] std::string status_json(const StatusParts& parts, WallNs now);

/// That line as a table for a person. Fails if it is not what status_json makes.
[[nodiscard]] Result<std::string> status_table(std::string_view json);

}  // namespace tariff
