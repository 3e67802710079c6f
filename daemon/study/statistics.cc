#include "daemon/study/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace tariff::study {

std::uint64_t Random::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

double Random::unit() {
  return static_cast<double>(next() >> 11) * 0x1p-53;
}

std::size_t Random::below(std::size_t bound) {
  return static_cast<std::size_t>(unit() * static_cast<double>(bound));
}

Interval wilson(double share, std::size_t count) {
  if (count == 0) return {0, 1};
  constexpr double kZ = 1.959963984540054;  // 97.5 % of the normal distribution lie below
  const auto n = static_cast<double>(count);
  const double scale = 1 + kZ * kZ / n;
  const double middle = (share + kZ * kZ / (2 * n)) / scale;
  const double half = kZ / scale * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

double quantile(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Interval bootstrap_mean(std::span<const Clustered> values, std::size_t rounds, std::uint64_t seed) {
  std::map<std::int64_t, std::pair<double, double>> by_cluster;  // sum, count
  for (const Clustered& value : values) {
    by_cluster[value.cluster].first += value.value;
    by_cluster[value.cluster].second += 1;
  }
  if (by_cluster.size() < 2 || rounds == 0) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    return {kNone, kNone};
  }
  std::vector<std::pair<double, double>> clusters;
  for (const auto& [cluster, sums] : by_cluster)
    clusters.push_back(sums);
  Random random(seed);
  std::vector<double> means;
  means.reserve(rounds);
  for (std::size_t round = 0; round < rounds; ++round) {
    double sum = 0;
    double count = 0;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
      const auto& [part, parts] = clusters[random.below(clusters.size())];
      sum += part;
      count += parts;
    }
    means.push_back(sum / count);
  }
  std::sort(means.begin(), means.end());
  return {quantile(means, 0.025), quantile(means, 0.975)};
}

}  // namespace tariff::study
