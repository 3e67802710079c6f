// daemon/check_command.cc - `tariffd check`.
#include <fmt/format.h>
#include <sysexits.h>

#include "daemon/commands.h"
#include "daemon/config.h"
#include "signals/desk.h"
#include "signals/publish/listen_socket.h"

namespace tariff {

namespace {

/// Users and groups that only this system can know.
void check_names(const DaemonConfig& config, const std::string& path, ConfigErrors& errors) {
  if (const auto users = find_users(config.socket.users); !users) {
    errors.add(path, 0, fmt::format("[socket] users: {}", users.error().what));
  }
  if (!config.socket.group.empty() && !find_group(config.socket.group)) {
    errors.add(path, 0,
               fmt::format("[socket] group: there is no group '{}'; make it, or name another",
                           config.socket.group));
  }
}

int check_rules(const std::string& directory, ConfigErrors& errors) {
  if (!load_desk(directory, errors)) {
    fmt::print(stderr, "{}", errors.to_text());
    return EX_CONFIG;
  }
  fmt::print("{}: ok\n", directory);
  return EX_OK;
}

}  // namespace

int check_command(const CheckOptions& options) {
  ConfigErrors errors;
  if (!options.rules.empty()) return check_rules(options.rules, errors);
  const auto config = load_config(options.config, Secrets::Read, errors);
  if (config) {
    (void)load_desk(config->rules_directory, errors);
    check_names(*config, options.config, errors);
  }
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
