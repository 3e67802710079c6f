// daemon/check_command.cc - `tariffd check`.
#include <fmt/format.h>
#include <sysexits.h>

#include "daemon/commands.h"
#include "daemon/config.h"
#include "signals/desk.h"

namespace tariff {

int check_command(const CheckOptions& options) {
  ConfigErrors errors;
  const auto config = load_config(options.config, Secrets::Read, errors);
  if (config) (void)load_desk(config->rules_directory, errors);
  if (!errors.empty()) {
    fmt::print(stderr, "{}", errors.to_text());
    return EX_CONFIG;
  }
  for (const FeedSpec& feed : config->feeds) {
    for (const std::string& warning : feed.warnings) {
      fmt::print(stderr, "warning: feed {}: {}\n", feed.name, warning);
    }
  }
  fmt::print("{}: ok: {} feeds, {} threads, rules in {}\n", options.config, config->feeds.size(),
             config->threads.size(), config->rules_directory);
  return EX_OK;
}

}  // namespace tariff
