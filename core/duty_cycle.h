#pragma once
// core/duty_cycle.h - A thread is a list of duties, polled in turn, and an idle strategy. Which
// thread runs which duty is the config's choice, so that the code is one in every mode.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "core/time.h"

namespace tariff {

/// Something that is polled. All calls come from one thread.
class Duty {
 public:
  virtual ~Duty() = default;
  /// Does what is there to do, without waiting. Returns how much it did; 0 means idle.
  virtual std::size_t work() noexcept = 0;
  /// Sleeps until there is something to do, or for `max`. Only for duties that can be woken
  /// (sockets); `can_wait` says so.
  virtual void wait(std::chrono::nanoseconds max) noexcept { std::this_thread::sleep_for(max); }
  [[nodiscard]] virtual bool can_wait() const noexcept { return false; }
};

/// What a thread does when none of its duties had work.
enum class Idle : std::uint8_t {
  Spin,   ///< Looks again at once: best latency, one core at 100 %.
  Yield,  ///< Lets another thread run: as Spin on an idle core, fair on a busy one.
  Park,   ///< Sleeps 50 us at a time: a few per cent of a core, and up to 110 us later.
  Block,  ///< Sleeps until a socket of one of its duties wakes it; no cost while quiet.
};

struct DutyThreadOptions {
  std::string name;  ///< As shown by `ps -T`; at most 15 bytes.
  Idle idle = Idle::Block;
  int cpu = -1;  ///< Core to run on; -1 lets the kernel choose.
};

/// Runs duties in the order given until stopped; the first one that can wait does the waiting.
class DutyThread {
 public:
  DutyThread(DutyThreadOptions options, std::vector<Duty*> duties);
  ~DutyThread();
  DutyThread(const DutyThread&) = delete;
  DutyThread& operator=(const DutyThread&) = delete;

  void start();
  /// Asks the thread to end after the current round, and waits for it.
  void stop();
  /// Rounds made so far; a watchdog sees a stuck thread by a number that stands still. Any thread.
  [[nodiscard]] std::uint64_t rounds() const noexcept {
    return rounds_.load(std::memory_order_relaxed);
  }
  /// Empty unless the last start could not pin the thread; then says why.
  [[nodiscard]] const std::string& pin_problem() const noexcept { return pin_problem_; }

 private:
  void run() noexcept;
  void idle() noexcept;

  DutyThreadOptions options_;
  std::vector<Duty*> duties_;
  Duty* waiter_ = nullptr;
  std::string pin_problem_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> rounds_{0};
  std::thread thread_;
};

}  // namespace tariff
