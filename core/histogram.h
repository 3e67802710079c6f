#pragma once
// core/histogram.h - Log-linear histogram of nanoseconds: 16 steps per power of two, so a
// percentile is right to 6 %. Thread: one writer, any reader. Hot: record is a load, an add and a
// store.

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace tariff {

class Histogram {
 public:
  void record(std::int64_t ns) noexcept {
    auto& cell = cells_[bucket_of(ns < 0 ? 0 : static_cast<std::uint64_t>(ns))];
    cell.store(cell.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  [[nodiscard]] std::uint64_t count() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& cell : cells_)
      sum += cell.load(std::memory_order_relaxed);
    return sum;
  }

  /// Upper edge in ns of the bucket that holds the given share (0..1) of the values; 0 if empty.
  [[nodiscard]] std::int64_t percentile(double share) const noexcept {
    const std::uint64_t total = count();
    if (total == 0) return 0;
    auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(total));
    if (wanted >= total) wanted = total - 1;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kBuckets; ++i) {
      seen += cells_[i].load(std::memory_order_relaxed);
      if (seen > wanted) return upper_edge(i);
    }
    return upper_edge(kBuckets - 1);
  }

 private:
  static constexpr unsigned kStepBits = 4;
  static constexpr std::uint64_t kSteps = 1U << kStepBits;
  static constexpr std::size_t kBuckets = kSteps * 38;  // up to 2^41 ns, 36 minutes

  [[nodiscard]] static std::size_t bucket_of(std::uint64_t ns) noexcept {
    if (ns < kSteps) return static_cast<std::size_t>(ns);
    const auto exponent = static_cast<unsigned>(std::bit_width(ns)) - 1 - kStepBits;
    const std::size_t bucket = (exponent + 1) * kSteps + ((ns >> exponent) - kSteps);
    return bucket < kBuckets ? bucket : kBuckets - 1;
  }
  [[nodiscard]] static std::int64_t upper_edge(std::size_t bucket) noexcept {
    if (bucket < kSteps) return static_cast<std::int64_t>(bucket);
    const std::size_t exponent = bucket / kSteps - 1;
    return static_cast<std::int64_t>(((bucket % kSteps + kSteps + 1) << exponent) - 1);
  }

  std::array<std::atomic<std::uint64_t>, kBuckets> cells_{};
};

}  // namespace tariff
