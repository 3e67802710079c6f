#include "signals/reading/calibration.h"

#include <algorithm>

#include "core/check.h"

namespace tariff {

Calibration::Calibration(std::span<const Point> points) noexcept : count_(points.size()) {
  TARIFF_CHECK(!points.empty() && points.size() <= kPointsMax);
  std::copy(points.begin(), points.end(), points_.begin());
}

float Calibration::right(float raw) const noexcept {
  if (count_ == 0) return raw;
  std::size_t above = 0;
  while (above < count_ && points_[above].raw < raw)
    ++above;
  if (above == 0) return points_[0].right;
  if (above == count_) return points_[count_ - 1].right;
  const Point& low = points_[above - 1];
  const Point& high = points_[above];
  return low.right + (high.right - low.right) * (raw - low.raw) / (high.raw - low.raw);
}

}  // namespace tariff
