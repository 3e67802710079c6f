#pragma once
// daemon/supervisor.h - The main thread while the daemon runs: signals, reload, watchdog, upkeep of
// the journals. Thread: main. Cold.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/time.h"
#include "daemon/config.h"
#include "daemon/pipeline.h"
#include "daemon/systemd_notify.h"

namespace tariff {

class Supervisor {
 public:
  Supervisor(Pipeline& pipeline, const DaemonConfig& config, const SystemdNotifier& systemd);

  /// SIGTERM, SIGINT and SIGHUP wait for `run` from here on. Before any thread is started.
  static void block_signals();

  /// Returns when asked to stop.
  void run();

 private:
  /// As of the last upkeep.
  struct Loss {
    std::uint64_t count = 0;
    bool goes_on = false;
  };

  void reload();
  void hand_over_reload();
  void feed_watchdog(MonoNs now);
  void upkeep(MonoNs now);
  static void tell_loss(Loss& loss, std::uint64_t count, std::string_view what,
                        std::string_view why);
  [[nodiscard]] std::string status_line() const;

  Pipeline& pipeline_;
  const DaemonConfig& config_;
  const SystemdNotifier& systemd_;
  std::unique_ptr<Desk> waiting_;  // read and valid, not taken by the scorer yet
  std::uint64_t rounds_seen_ = 0;
  MonoNs watchdog_at_;
  MonoNs upkeep_at_;
  std::string problem_told_;
  Loss records_;
  Loss headlines_;
};

}  // namespace tariff
