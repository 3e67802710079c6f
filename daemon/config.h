#pragma once
// daemon/config.h - tariffd.toml as values: everything that `tariffd run` and `check` load.
// Thread: main. Cold.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/errors.h"
#include "core/duty_cycle.h"
#include "core/journal.h"
#include "feeds/feeds.h"
#include "signals/engine.h"

namespace tariff {

/// One `[[thread]]`: which duties it polls, and how it waits.
struct ThreadSpec {
  DutyThreadOptions options;
  bool scorer = false;
  bool publisher = false;
  std::vector<int> feed_groups;  ///< The `thread` numbers of the feeds that it reads.
};

struct SocketSpec {
  std::string path = "/run/tariffd/signals.sock";
  unsigned mode = 0660;
  std::string group;               ///< Empty: the group of the process.
  std::vector<std::string> users;  ///< Who may connect; empty: whoever the mode lets in.
  std::size_t subscribers_max = 1'024;
  std::chrono::milliseconds heartbeat_every{1'000};
};

struct DaemonConfig {
  std::string file;
  std::string rules_directory;  ///< Holds lexicon, rules, exposures and sources.
  std::vector<ThreadSpec> threads;
  std::vector<FeedSpec> feeds;
  JournalOptions journal;
  JournalOptions
      inputs;  ///< One journal per feed thread, in folders "0", "1", ... of its directory.
  bool journal_inputs = true;
  SocketSpec socket;
  std::size_t headlines_in_flight_max = 256;
  std::size_t quotes_in_flight_max = 8'192;
  EngineOptions stories;
  std::string log_level = "info";
};

/// Reads tariffd.toml. Every problem goes to `errors`; the result is usable only if there was none.
/// Relative paths count from the folder of the file. `secrets`: a replay opens none.
[[nodiscard]] std::optional<DaemonConfig> load_config(const std::string& path, Secrets secrets,
                                                      ConfigErrors& errors);

}  // namespace tariff
