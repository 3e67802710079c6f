#include "core/handoff.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/headline.h"
#include "tests/support/hot_path_guard.h"

namespace tariff {
namespace {

struct Numbered {
  std::uint32_t producer = 0;
  std::uint32_t number = 0;
};

TEST(Handoff, GivesBackWhatWasPushedInTheOrderOfTheProducer) {
  Handoff<Numbered> handoff(64, 1);
  Handoff<Numbered>::Producer producer(handoff);
  for (std::uint32_t i = 0; i < 40; ++i)
    ASSERT_TRUE(producer.try_push({0, i}));
  Numbered out;
  for (std::uint32_t i = 0; i < 40; ++i) {
    ASSERT_TRUE(handoff.try_pop(out));
    EXPECT_EQ(out.number, i);
  }
  EXPECT_FALSE(handoff.try_pop(out));
}

TEST(Handoff, AFullQueueRefusesAndCountsAndTakesAgainOnceThereIsRoom) {
  Handoff<Numbered> handoff(64, 1);
  Handoff<Numbered>::Producer producer(handoff);
  std::uint32_t taken = 0;
  while (taken < 10'000 && producer.try_push({0, taken}))
    ++taken;
  EXPECT_GE(taken, 64U);
  EXPECT_LT(taken, 200U) << "bounded near its capacity";
  EXPECT_EQ(handoff.dropped(), 1U);
  EXPECT_FALSE(producer.try_push({0, 0}));
  EXPECT_EQ(handoff.dropped(), 2U);
  Numbered out;
  for (std::uint32_t i = 0; i < taken; ++i) {
    ASSERT_TRUE(handoff.try_pop(out));
    ASSERT_EQ(out.number, i) << "what was refused left no hole and no double";
  }
  EXPECT_TRUE(producer.try_push({0, taken}));
}

TEST(Handoff, CarriesItsGreatestCapacityWithoutRefusing) {
  using Queue = Handoff<Numbered>;
  Queue handoff(Queue::kCapacityMax, 1);
  Queue::Producer producer(handoff);
  for (std::uint32_t i = 0; i < Queue::kCapacityMax; ++i)
    ASSERT_TRUE(producer.try_push({0, i})) << i;
  EXPECT_EQ(handoff.size_approx(), Queue::kCapacityMax);
}

TEST(Handoff, AFloodOnOneThreadLeavesTheOthersTheirShare) {
  Handoff<Numbered> handoff(1'024, 3);
  Handoff<Numbered>::Producer flood(handoff);
  Handoff<Numbered>::Producer second(handoff);
  Handoff<Numbered>::Producer third(handoff);
  for (std::uint32_t i = 0; i < 10'000; ++i)
    (void)flood.try_push({0, i});
  for (std::uint32_t i = 0; i < 1'024; ++i) {
    ASSERT_TRUE(second.try_push({1, i})) << i;
    ASSERT_TRUE(third.try_push({2, i})) << i;
  }
}

TEST(Handoff, KeepsTheOrderOfEachOfSeveralThreads) {
  constexpr std::uint32_t kProducers = 3;
  constexpr std::uint32_t kEvents = 20'000;
  Handoff<Numbered> handoff(1'024, kProducers);
  std::vector<Handoff<Numbered>::Producer> producers;
  for (std::uint32_t p = 0; p < kProducers; ++p)
    producers.emplace_back(handoff);
  std::vector<std::thread> threads;
  for (std::uint32_t p = 0; p < kProducers; ++p) {
    threads.emplace_back([&producer = producers[p], p] {
      for (std::uint32_t i = 0; i < kEvents;) {
        producer.try_push({p, i}) ? void(++i) : std::this_thread::yield();
      }
    });
  }
  std::array<std::uint32_t, kProducers> next{};
  for (std::uint32_t received = 0; received < kProducers * kEvents;) {
    Numbered out;
    if (!handoff.try_pop(out)) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(out.number, next[out.producer]++) << "producer " << out.producer;
    ++received;
  }
  for (std::thread& thread : threads)
    thread.join();
}

TEST(Handoff, NeitherAllocatesNorCallsTheKernelOnceMade) {
  const auto handoff = std::make_unique<Handoff<Headline>>(256, 1);
  Handoff<Headline>::Producer producer(*handoff);
  Headline headline{};
  const auto fill_and_empty = [&] {
    for (int i = 0; i < 300; ++i)  // more than it holds
      (void)producer.try_push(headline);
    while (handoff->try_pop(headline)) {
    }
  };
  int allocations = 0;
  {
    const test::AllocationCounter counter;
    for (int round = 0; round < 3; ++round)
      fill_and_empty();
    allocations = counter.count();
  }
  EXPECT_EQ(allocations, 0);
#ifndef TARIFF_SANITIZED
  EXPECT_TRUE(test::runs_without_syscalls(fill_and_empty));
#endif
}

}  // namespace
}  // namespace tariff
