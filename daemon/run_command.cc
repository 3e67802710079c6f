// daemon/run_command.cc - `tariffd run`: load, start, supervise, stop.
#include <sys/resource.h>

#include <fmt/format.h>
#include <sysexits.h>

#include "core/clock.h"
#include "daemon/build_info.h"
#include "daemon/commands.h"
#include "daemon/config.h"
#include "daemon/log.h"
#include "daemon/pipeline.h"
#include "daemon/supervisor.h"
#include "daemon/systemd_notify.h"

namespace tariff {
namespace {

LogLevel log_level(std::string_view name) {
  if (name == "debug") return LogLevel::Debug;
  if (name == "warning") return LogLevel::Warning;
  return name == "error" ? LogLevel::Error : LogLevel::Info;
}

/// As far as the system lets us: each subscriber takes a descriptor, and a journal that cannot open
/// its next segment loses signals.
void raise_descriptor_limit(std::size_t subscribers_max) {
  constexpr std::size_t kReserve = 128;  // feeds, segments, logs
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < subscribers_max + kReserve) {
    log_warning(
        "the system allows {} open files, too few for [socket] subscribers_max = {}; lower it, or "
        "raise the limit (LimitNOFILE= of the unit, or ulimit -Hn)",
        limit.rlim_cur, subscribers_max);
  }
}

}  // namespace

int run_command(const RunOptions& options) {
  const MonoNs began = now_mono();
  ConfigErrors errors;
  const auto config = load_config(options.config, Secrets::Read, errors);
  auto desk = config ? load_desk(config->rules_directory, errors) : nullptr;
  if (!errors.empty()) {
    start_log(LogLevel::Info);
    for (const ConfigError& error : errors.sorted())
      log_error("{}", error.to_text());
    return EX_CONFIG;
  }
  start_log(log_level(config->log_level));
  for (const FeedSpec& feed : config->feeds) {
    for (const std::string& warning : feed.warnings)
      log_warning("feed {}: {}", feed.name, warning);
  }

  raise_descriptor_limit(config->socket.subscribers_max);
  const SystemdNotifier systemd;
  Supervisor::block_signals();
  auto pipeline = Pipeline::start(*config, std::move(desk));
  if (!pipeline) {
    log_error("{}", pipeline.error().what);
    return pipeline.error().exit_code;
  }
  log_info("tariffd {} ({}) is ready after {} ms: {} feeds, socket {}", kVersion, kGitId,
           (now_mono() - began) / kNsPerMs, config->feeds.size(), config->socket.path);
  systemd.ready("ready");
  Supervisor(**pipeline, *config, systemd).run();

  systemd.stopping("stopping");
  log_info("stopping");
  (*pipeline)->tell(StatusKind::Stopping, "tariffd is stopping");
  (*pipeline)->stop();
  log_info("stopped after message {}", (*pipeline)->last_seq());
  return EX_OK;
}

}  // namespace tariff
