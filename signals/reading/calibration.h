#pragma once
// signals/reading/calibration.h - What the confidence of a rule is worth: lines through points that
// labelled headlines gave (`tariffd score --fit`). Thread: any (immutable). Hot to read.

#include <array>
#include <cstddef>
#include <span>

namespace tariff {

class Calibration {
 public:
  /// Of events told with confidence `raw`, the share `right` is right. Both 0..1.
  struct Point {
    float raw = 0;
    float right = 0;
    friend bool operator==(const Point&, const Point&) = default;
  };
  static constexpr std::size_t kPointsMax = 32;

  /// Leaves every confidence as it is.
  Calibration() = default;
  /// 1..kPointsMax points, `raw` rising and `right` not falling.
  explicit Calibration(std::span<const Point> points) noexcept;

  /// Straight between two points, flat before the first and after the last.
  [[nodiscard]] float right(float raw) const noexcept;

 private:
  std::array<Point, kPointsMax> points_{};
  std::size_t count_ = 0;
};

}  // namespace tariff
