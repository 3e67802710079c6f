#pragma once
// daemon/study/svg.h - Plots as inline SVG, which need no script. Thread: any. Cold, pure.

#include <string>
#include <vector>

#include "daemon/study/statistics.h"

namespace tariff::study {

/// A value with its interval, beside what chance gives.
struct PlotPoint {
  std::string label;
  double value = 0;
  Interval interval;
  double chance = 0;
  Interval chance_interval;  ///< Grey behind the value.
};

/// One column per point, the zero line drawn at `base`. `title` and labels are escaped.
/// Without points it says that they are too few.
[[nodiscard]] std::string interval_plot(const std::string& title, const std::string& unit,
                                        double base, const std::vector<PlotPoint>& points);

/// A dot for each pair (x, y); x is -1..1.
struct Dot {
  double x = 0;
  double y = 0;
};
[[nodiscard]] std::string dot_plot(const std::string& title, const std::string& x_name,
                                   const std::string& y_name, const std::vector<Dot>& dots);

/// For HTML: & < > and quotes.
[[nodiscard]] std::string escaped(const std::string& text);

}  // namespace tariff::study
