#pragma once
// daemon/study/statistics.h - How sure a share or a mean is. Equal input and seed give equal bits
// on every machine. Thread: any. Cold, pure.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tariff::study {

struct Interval {
  double low = 0;
  double high = 0;
};

/// splitmix64 (Steele, Lea, Flood 2014): the same numbers whatever the standard library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  /// 0 <= x < 1
  double unit();
  /// 0 <= x < bound; `bound` is not 0.
  std::size_t below(std::size_t bound);

 private:
  std::uint64_t state_;
};

/// Wilson's interval of 95 % for a share seen in `count` independent trials; 0..1 for none.
[[nodiscard]] Interval wilson(double share, std::size_t count);

/// The `share` quantile, 0..1, between neighbours linearly. `sorted` rises and is not empty.
[[nodiscard]] double quantile(std::span<const double> sorted, double share);

/// One value and the cluster that it belongs to: what rises and falls together.
struct Clustered {
  std::int64_t cluster = 0;
  double value = 0;
};

/// Bootstrap interval of 95 % for the mean: `rounds` times as many clusters as there are are drawn,
/// with all their values. Fewer than two clusters tell nothing: not a number.
[[nodiscard]] Interval bootstrap_mean(std::span<const Clustered> values, std::size_t rounds,
                                      std::uint64_t seed);

}  // namespace tariff::study
