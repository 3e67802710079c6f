#include "daemon/supervisor.h"

#include <signal.h>

#include <ctime>

#include <fmt/format.h>

#include "core/clock.h"
#include "daemon/log.h"

namespace tariff {
namespace {

/// How long the main thread sleeps between rounds: a segment is prepared well before it is needed.
constexpr long kRoundNs = 50 * kNsPerMs;
/// Upkeep and the status line of the service manager need no more.
constexpr std::int64_t kUpkeepEveryNs = 200 * kNsPerMs;

sigset_t handled_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP})
    ::sigaddset(&set, signal);
  return set;
}

}  // namespace

Supervisor::Supervisor(Pipeline& pipeline, const DaemonConfig& config,
                       const SystemdNotifier& systemd)
    : pipeline_(pipeline), config_(config), systemd_(systemd) {}

void Supervisor::block_signals() {
  const sigset_t set = handled_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of its write
  ::signal(SIGPIPE, SIG_IGN);  // a subscriber that is gone is an error of its socket, not of ours
}

void Supervisor::run() {
  const sigset_t set = handled_signals();
  const timespec timeout{.tv_sec = 0, .tv_nsec = kRoundNs};
  for (;;) {
    const int signal = ::sigtimedwait(&set, nullptr, &timeout);
    if (signal == SIGTERM || signal == SIGINT) return;
    if (signal == SIGHUP) reload();
    hand_over_reload();
    const MonoNs now = now_mono();
    feed_watchdog(now);
    upkeep(now);
  }
}

/// Reads and checks everything first; the old tables stay in force until the new ones are whole.
void Supervisor::reload() {
  systemd_.reloading("reading the rules again");
  ConfigErrors errors;
  auto desk = load_desk(config_.rules_directory, errors);
  if (desk) {
    waiting_ = std::move(desk);
    log_info("reload: {}: read and valid", config_.rules_directory);
  } else {
    for (const ConfigError& error : errors.sorted())
      log_error("reload: {}", error.to_text());
    const std::string text = fmt::format("rules rejected, the old ones stay in force: {}",
                                         errors.sorted().front().to_text());
    pipeline_.tell(StatusKind::ReloadFailed, text);
  }
  systemd_.ready(status_line());
}

void Supervisor::hand_over_reload() {
  pipeline_.free_retired();
  if (waiting_ && pipeline_.offer(waiting_)) log_info("reload: handed to the scorer");
}

void Supervisor::feed_watchdog(MonoNs now) {
  const auto interval = systemd_.watchdog_interval();
  if (!interval || now < watchdog_at_) return;
  watchdog_at_ = now + std::chrono::nanoseconds(*interval).count();
  const std::uint64_t rounds = pipeline_.scorer_rounds();
  if (rounds == rounds_seen_) {
    log_error("the scorer has not moved: the watchdog is not fed");
    return;
  }
  rounds_seen_ = rounds;
  systemd_.watchdog();
}

void Supervisor::upkeep(MonoNs now) {
  if (now < upkeep_at_) return;
  upkeep_at_ = now + kUpkeepEveryNs;
  std::string problem = pipeline_.maintain();
  if (problem != problem_told_) {
    if (problem.empty()) {
      log_info("journal: all is well again");
      pipeline_.tell(StatusKind::JournalWell, "the journals take records again");
    } else {
      log_error("journal: {}", problem);
      pipeline_.tell(StatusKind::JournalFull, problem);
    }
    problem_told_ = std::move(problem);
  }
  tell_loss(records_, pipeline_.records_refused(), "signals",
            "their journal has no room, see [journal]");
  tell_loss(headlines_, pipeline_.headlines_dropped(), "headlines",
            "the scorer does not keep up with a feed");
  systemd_.status(status_line());
}

/// What the journal of signals refuses has no number, and what a hand-off drops was never read: no
/// subscriber can tell that it is missing. Once when it begins, once when it is over.
void Supervisor::tell_loss(Loss& loss, std::uint64_t count, std::string_view what,
                           std::string_view why) {
  const bool goes_on = count > loss.count;
  if (goes_on && !loss.goes_on) log_error("{} are being lost: {}", what, why);
  if (!goes_on && loss.goes_on) log_error("{} were lost: {} since the start", what, count);
  loss = {count, goes_on};
}

std::string Supervisor::status_line() const {
  return fmt::format(
      "{}, last seq {}{}",
      pipeline_.sighted() ? "a headline feed is up" : "BLIND: no headline feed is up",
      pipeline_.last_seq(), problem_told_.empty() ? "" : ", journal: " + problem_told_);
}

}  // namespace tariff
