#include "core/duty_cycle.h"

#include <pthread.h>

#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tariff {
namespace {

using namespace std::chrono_literals;

/// Has work for a number of rounds, and notes who was polled in which order.
class Worker : public Duty {
 public:
  explicit Worker(char name, std::string& order, int rounds)
      : name_(name), order_(order), rounds_(rounds) {}
  std::size_t work() noexcept override {
    if (rounds_.load() == 0) return 0;
    order_.push_back(name_);
    rounds_.fetch_sub(1);
    return 1;
  }
  [[nodiscard]] bool done() const { return rounds_.load() == 0; }

 private:
  char name_;
  std::string& order_;
  std::atomic<int> rounds_;
};

/// Sleeps as a socket would, until it is woken.
class Waiter : public Duty {
 public:
  std::size_t work() noexcept override { return 0; }
  void wait(std::chrono::nanoseconds max) noexcept override {
    EXPECT_LE(max, 100ms);
    waits.fetch_add(1);
    std::this_thread::sleep_for(1ms);
  }
  [[nodiscard]] bool can_wait() const noexcept override { return true; }
  std::atomic<int> waits{0};
};

void wait_for(const auto& condition) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!condition() && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  ASSERT_TRUE(condition());
}

TEST(DutyThread, PollsItsDutiesInTheirOrderWithEveryIdleStrategy) {
  for (const Idle idle : {Idle::Spin, Idle::Yield, Idle::Park, Idle::Block}) {
    std::string order;
    Worker first('a', order, 3);
    Worker second('b', order, 3);
    DutyThread thread({.name = "test", .idle = idle}, {&first, &second});
    thread.start();
    wait_for([&] { return first.done() && second.done(); });
    thread.stop();
    EXPECT_EQ(order, "ababab");
  }
}

TEST(DutyThread, BlocksInTheDutyThatCanBeWoken) {
  std::string order;
  Worker worker('a', order, 1);
  Waiter waiter;
  DutyThread thread({.name = "test", .idle = Idle::Block}, {&worker, &waiter});
  thread.start();
  wait_for([&] { return waiter.waits.load() > 2; });
  const std::uint64_t rounds = thread.rounds();
  EXPECT_GT(rounds, 2U);
  wait_for([&] { return thread.rounds() > rounds; });  // a watchdog sees it move
  thread.stop();
  const std::uint64_t stopped_at = thread.rounds();
  EXPECT_EQ(thread.rounds(), stopped_at);
}

class Namer : public Duty {
 public:
  std::size_t work() noexcept override {
    std::array<char, 16> name{};
    ::pthread_getname_np(::pthread_self(), name.data(), name.size());
    if (std::string(name.data()) == "a-name-of-more-") named.store(true);
    return 0;
  }
  std::atomic<bool> named{false};
};

TEST(DutyThread, BearsItsNameAndSaysIfItCannotBePinned) {
  Namer namer;
  DutyThread thread({.name = "a-name-of-more-than-15-bytes", .idle = Idle::Yield, .cpu = 1'000},
                    {&namer});
  thread.start();
  wait_for([&] { return namer.named.load(); });
  thread.stop();
  EXPECT_EQ(thread.pin_problem(), "Invalid argument");
}

}  // namespace
}  // namespace tariff
