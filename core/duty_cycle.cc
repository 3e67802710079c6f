#include "core/duty_cycle.h"

#include <pthread.h>

#include <cstring>

#include <sched.h>

namespace tariff {
namespace {

constexpr std::chrono::microseconds kParkTime{50};
/// Longest sleep of a blocked thread: bounds how late it sees a stop, and keeps `rounds` moving.
constexpr std::chrono::milliseconds kBlockTimeMax{100};

void relax() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace

DutyThread::DutyThread(DutyThreadOptions options, std::vector<Duty*> duties)
    : options_(std::move(options)), duties_(std::move(duties)) {
  for (Duty* duty : duties_) {
    if (waiter_ == nullptr && duty->can_wait()) waiter_ = duty;
  }
}

DutyThread::~DutyThread() {
  stop();
}

void DutyThread::start() {
  stop_.store(false, std::memory_order_relaxed);
  thread_ = std::thread([this] { run(); });
  ::pthread_setname_np(thread_.native_handle(), options_.name.substr(0, 15).c_str());
  if (options_.cpu < 0) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(options_.cpu), &set);
  const int problem = ::pthread_setaffinity_np(thread_.native_handle(), sizeof set, &set);
  if (problem != 0) pin_problem_ = std::strerror(problem);
}

void DutyThread::stop() {
  stop_.store(true, std::memory_order_relaxed);
  if (thread_.joinable()) thread_.join();
}

void DutyThread::run() noexcept {
  while (!stop_.load(std::memory_order_relaxed)) {
    std::size_t done = 0;
    for (Duty* duty : duties_)
      done += duty->work();
    rounds_.store(rounds_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    if (done == 0) idle();
  }
}

void DutyThread::idle() noexcept {
  switch (options_.idle) {
    case Idle::Spin:
      relax();
      return;
    case Idle::Yield:
      std::this_thread::yield();
      return;
    case Idle::Block:
      if (waiter_ != nullptr) {
        waiter_->wait(kBlockTimeMax);
        return;
      }
      [[fallthrough]];
    case Idle::Park:
      std::this_thread::sleep_for(kParkTime);
      return;
  }
}

}  // namespace tariff
