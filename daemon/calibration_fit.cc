#include "daemon/calibration_fit.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tariff {
namespace {

constexpr std::size_t kGroupsMax = 12;    // finer than labels of a few hundred events can tell
constexpr std::size_t kGroupEvents = 20;  // a share of fewer is off by more than 0.1
constexpr double kEasingEvents = 2;       // weight of the share of all in each group

/// Events whose confidences lie side by side.
struct Group {
  double low = 0;
  double high = 0;
  double right = 0;   ///< How many are right, the easing included.
  double events = 0;  ///< How many there are, the easing included.

  [[nodiscard]] double share() const { return right / events; }
};

double count_right(const std::vector<ConfidenceSample>& samples) {
  return static_cast<double>(std::count_if(samples.begin(), samples.end(),
                                           [](const ConfidenceSample& s) { return s.right; }));
}

/// Groups of sorted `samples`, never parting equal confidences; a last one that is too small joins
/// the one before it.
std::vector<Group> group(const std::vector<ConfidenceSample>& samples) {
  const auto all = static_cast<double>(samples.size());
  const double share_of_all = (count_right(samples) + 1) / (all + 2);
  const std::size_t at_least =
      std::max(kGroupEvents, (samples.size() + kGroupsMax - 1) / kGroupsMax);
  std::vector<Group> groups;
  for (std::size_t begin = 0; begin < samples.size();) {
    std::size_t end = std::min(begin + at_least, samples.size());
    while (end < samples.size() && samples[end].confidence == samples[end - 1].confidence)
      ++end;
    if (samples.size() - end < kGroupEvents) end = samples.size();
    Group next{.low = samples[begin].confidence,
               .high = samples[end - 1].confidence,
               .right = kEasingEvents * share_of_all,
               .events = kEasingEvents + static_cast<double>(end - begin)};
    for (; begin < end; ++begin)
      next.right += samples[begin].right ? 1 : 0;
    groups.push_back(next);
  }
  return groups;
}

/// Neighbours whose shares fall become one, until none do.
std::vector<Group> pool(const std::vector<Group>& groups) {
  std::vector<Group> pooled;
  for (Group next : groups) {
    while (!pooled.empty() && pooled.back().share() >= next.share()) {
      next.low = pooled.back().low;
      next.right += pooled.back().right;
      next.events += pooled.back().events;
      pooled.pop_back();
    }
    pooled.push_back(next);
  }
  return pooled;
}

}  // namespace

std::vector<Calibration::Point> fit_calibration(std::vector<ConfidenceSample> samples) {
  std::sort(samples.begin(), samples.end(),
            [](const auto& a, const auto& b) { return a.confidence < b.confidence; });
  std::vector<Calibration::Point> points;
  for (const Group& flat : pool(group(samples))) {
    const auto right = static_cast<float>(flat.share());
    points.push_back({static_cast<float>(flat.low), right});
    if (flat.high > flat.low) points.push_back({static_cast<float>(flat.high), right});
  }
  return points;
}

double error_of_fit(const std::vector<ConfidenceSample>& samples) {
  std::array<std::vector<ConfidenceSample>, 2> halves;
  for (std::size_t i = 0; i < samples.size(); ++i)
    halves[i % 2].push_back(samples[i]);
  std::vector<ConfidenceSample> mended;
  for (const std::size_t half : {0U, 1U}) {
    const auto points = fit_calibration(halves[1 - half]);
    const Calibration fitted = points.empty() ? Calibration() : Calibration(points);
    for (const auto& [confidence, right] : halves[half])
      mended.push_back({fitted.right(static_cast<float>(confidence)), right});
  }
  return calibration_error(mended);
}

std::string calibration_toml(const std::vector<Calibration::Point>& points) {
  std::string out = "[confidence]\ncalibration = [";
  for (const auto& [raw, right] : points)
    out += fmt::format("{}[{:.3f}, {:.3f}]", out.ends_with('[') ? "" : ", ", raw, right);
  return out + "]\n";
}

}  // namespace tariff
