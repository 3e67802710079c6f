#pragma once
// core/handoff.h - The only way an event changes thread. Wraps moodycamel::ConcurrentQueue; no
// other file includes it. Why this queue and what it does not promise: docs/decisions/0001.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <concurrentqueue/concurrentqueue.h>

#include "core/check.h"

namespace tariff {

/// Many producer threads, one consumer thread. Never blocks and never allocates after
/// construction: a full queue refuses the event and counts it, because a late headline is worth
/// less than the next one. Order is kept per producer only.
template <class Event>
class Handoff {
  static_assert(std::is_trivially_copyable_v<Event>);

  struct Traits : moodycamel::ConcurrentQueueDefaultTraits {
    // try_enqueue fails, rather than allocates, once a producer's block index is full: 1,024
    // blocks of 32 events bound one producer at 32,768 events instead of the default 1,024.
    static const std::size_t EXPLICIT_INITIAL_INDEX_SIZE = 1'024;
  };
  using Queue = moodycamel::ConcurrentQueue<Event, Traits>;

 public:
  static constexpr std::size_t kProducersMax = 16;
  static constexpr std::size_t kCapacityMax = 32'768;

  /// Each of `producers` can have about `capacity_events` in flight; the queue rounds up to whole
  /// blocks of 32.
  Handoff(std::size_t capacity_events, std::size_t producers)
      : queue_(capacity_events, producers, 0), consumer_(queue_), capacity_(capacity_events) {
    TARIFF_CHECK(capacity_events <= kCapacityMax && producers <= kProducersMax);
  }

  /// The sending end of one thread. Make all of them before one is used: making it allocates.
  class Producer {
   public:
    explicit Producer(Handoff& handoff)
        : queue_(&handoff.queue_), token_(handoff.queue_), dropped_(handoff.claim_counter()) {
      // The blocks of the queue are common to all until somebody takes one, and then his for good.
      // Each takes its share now, or a flood on one thread could leave another without any, for
      // ever.
      Event event{};
      for (std::size_t i = 0; i < handoff.capacity_; ++i)
        TARIFF_CHECK(queue_->try_enqueue(token_, event));
      while (queue_->try_dequeue_from_producer(token_, event)) {
      }
    }

    /// Owner thread only. False: the queue is full, the event is gone and counted.
    [[nodiscard]] bool try_push(const Event& event) noexcept {
      if (queue_->try_enqueue(token_, event)) return true;
      // Single writer: a plain load + store is enough, and cheaper than fetch_add.
      dropped_->store(dropped_->load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      return false;
    }

   private:
    Queue* queue_;
    moodycamel::ProducerToken token_;
    std::atomic<std::uint64_t>* dropped_;
  };

  /// Consumer thread only.
  [[nodiscard]] bool try_pop(Event& out) noexcept { return queue_.try_dequeue(consumer_, out); }

  /// Any thread. Events in the queue, roughly.
  [[nodiscard]] std::size_t size_approx() const noexcept { return queue_.size_approx(); }

  /// Any thread. Events refused since start, over all producers.
  [[nodiscard]] std::uint64_t dropped() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& slot : dropped_)
      sum += slot.value.load(std::memory_order_relaxed);
    return sum;
  }

 private:
  struct alignas(64) Slot {
    std::atomic<std::uint64_t> value{0};
  };

  std::atomic<std::uint64_t>* claim_counter() noexcept {
    const std::size_t index = producers_++;
    TARIFF_CHECK(index < kProducersMax);
    return &dropped_[index].value;
  }

  Queue queue_;
  moodycamel::ConsumerToken consumer_;
  std::size_t capacity_;
  std::size_t producers_ = 0;  // written at start only
  Slot dropped_[kProducersMax];
};

}  // namespace tariff
