#include "daemon/study/svg.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace tariff::study {
namespace {

// The picture in its own units, which the page scales.
constexpr double kWidth = 640;
constexpr double kHeight = 300;
constexpr double kLeft = 60;
constexpr double kRight = 20;
constexpr double kTop = 36;
constexpr double kBottom = 40;

/// From values to heights; holds all that was added, with some air.
class Scale {
 public:
  explicit Scale(double base) : low_(base), high_(base) {}
  void add(double value) {
    if (std::isnan(value)) return;
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
  }
  [[nodiscard]] double y(double value) const {
    const double span = high_ > low_ ? high_ - low_ : 1;
    return kHeight - kBottom - (value - low_) / span * (kHeight - kTop - kBottom);
  }
  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] double high() const { return high_; }

 private:
  double low_;
  double high_;
};

std::string frame_begin(const std::string& title, const std::string& unit) {
  return fmt::format(
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n"
      "<text class=\"title\" x=\"{}\" y=\"18\">{}</text>"
      "<text class=\"unit\" x=\"{}\" y=\"{}\">{}</text>\n",
      kWidth, kHeight, escaped(title), kLeft, escaped(title), kLeft, kTop - 4, escaped(unit));
}

std::string level(const Scale& scale, double value, const char* kind) {
  const double y = scale.y(value);
  return fmt::format(
      "<line class=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
      "<text class=\"tick\" x=\"{}\" y=\"{:.1f}\">{:.0f}</text>\n",
      kind, kLeft, kWidth - kRight, y, y, kLeft - 6, y + 4, value);
}

std::string column(const Scale& scale, const PlotPoint& point, double x) {
  std::string out;
  const double chance_top = scale.y(point.chance_interval.high);
  out += fmt::format(
      "<rect class=\"chance\" x=\"{:.1f}\" width=\"28\" y=\"{:.1f}\" "
      "height=\"{:.1f}\"/>",
      x - 14, chance_top, std::max(1.0, scale.y(point.chance_interval.low) - chance_top));
  if (!std::isnan(point.interval.low)) {
    out += fmt::format(
        "<line class=\"range\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>", x,
        scale.y(point.interval.low), scale.y(point.interval.high));
  }
  out += fmt::format(
      "<circle class=\"value\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\"/>"
      "<text class=\"label\" x=\"{:.1f}\" y=\"{}\">{}</text>\n",
      x, scale.y(point.value), x, kHeight - 14, escaped(point.label));
  return out;
}

}  // namespace

std::string interval_plot(const std::string& title, const std::string& unit, double base,
                          const std::vector<PlotPoint>& points) {
  Scale scale(base);
  for (const PlotPoint& point : points) {
    for (const double value : {point.value, point.interval.low, point.interval.high, point.chance,
                               point.chance_interval.low, point.chance_interval.high}) {
      scale.add(value);
    }
  }
  std::string out = frame_begin(title, unit) + level(scale, scale.low(), "grid") +
                    level(scale, scale.high(), "grid") + level(scale, base, "base");
  const double step =
      (kWidth - kLeft - kRight) / static_cast<double>(std::max<std::size_t>(1, points.size()));
  for (std::size_t i = 0; i < points.size(); ++i)
    out += column(scale, points[i], kLeft + step * (static_cast<double>(i) + 0.5));
  if (points.empty()) {
    out += fmt::format("<text class=\"label\" x=\"{}\" y=\"{}\">too few to say</text>\n",
                       kWidth / 2, kHeight / 2);
  }
  return out + "</svg>\n";
}

std::string dot_plot(const std::string& title, const std::string& x_name, const std::string& y_name,
                     const std::vector<Dot>& dots) {
  Scale scale(0);
  for (const Dot& dot : dots)
    scale.add(dot.y);
  const double middle = (kLeft + kWidth - kRight) / 2;
  std::string out = frame_begin(title, y_name) + level(scale, scale.low(), "grid") +
                    level(scale, scale.high(), "grid") + level(scale, 0, "base");
  out += fmt::format(
      "<line class=\"base\" x1=\"{0}\" x2=\"{0}\" y1=\"{1}\" y2=\"{2}\"/>"
      "<text class=\"label\" x=\"{0}\" y=\"{3}\">{4}</text>\n",
      middle, kTop, kHeight - kBottom, kHeight - 14, escaped(x_name));
  for (const Dot& dot : dots) {
    out += fmt::format("<circle class=\"dot\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"/>\n",
                       middle + dot.x * (kWidth - kLeft - kRight) / 2, scale.y(dot.y));
  }
  return out + "</svg>\n";
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace tariff::study
