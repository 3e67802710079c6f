#pragma once
// feeds/transport/backoff.h - How long to wait before the next attempt. Thread: the feed's. Pure.

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace tariff {

/// Doubles from `min` to `max`, each wait shortened by up to a quarter at random, so that a
/// provider that comes back is not met by all its clients in the same millisecond.
class Backoff {
 public:
  using ms = std::chrono::milliseconds;

  Backoff(ms min, ms max, std::uint64_t seed) noexcept
      : min_(min), max_(std::max(min, max)), next_(min), state_(seed) {}

  /// The wait before the next attempt.
  [[nodiscard]] ms next() noexcept {
    const ms wait = next_;
    next_ = std::min(next_ * 2, max_);
    return jittered(wait);
  }

  /// `wait`, shortened at random.
  [[nodiscard]] ms jittered(ms wait) noexcept {
    const auto quarter = static_cast<std::uint64_t>(wait.count()) / 4;
    return wait - ms{static_cast<std::int64_t>(random() % (quarter + 1))};
  }

  /// The next wait is `min` again.
  void reset() noexcept { next_ = min_; }

 private:
  /// splitmix64: spreads any seed, also a small one.
  std::uint64_t random() noexcept {
    state_ += 0x9E37'79B9'7F4A'7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58'476D'1CE4'E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D0'49BB'1331'11EBU;
    return z ^ (z >> 31U);
  }

  ms min_;
  ms max_;
  ms next_;
  std::uint64_t state_;
};

}  // namespace tariff
