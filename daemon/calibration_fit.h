#pragma once
// daemon/calibration_fit.h - The calibration table that labelled headlines ask for. Thread: any.
// Cold.

#include <string>
#include <vector>

#include "daemon/score_card.h"
#include "signals/reading/calibration.h"

namespace tariff {

/// Isotonic regression of right over confidence (pool adjacent violators). Events are taken in at
/// most twelve groups of at least twenty, each eased towards the share right of all, so that a few
/// events never make 0 or 1. No samples give no points.
[[nodiscard]] std::vector<Calibration::Point> fit_calibration(
    std::vector<ConfidenceSample> samples);

/// Calibration error that such a table leaves on events that it was not fitted to: every second
/// event is judged by a fit to the others.
[[nodiscard]] double error_of_fit(const std::vector<ConfidenceSample>& samples);

/// The table for rules.toml.
[[nodiscard]] std::string calibration_toml(const std::vector<Calibration::Point>& points);

}  // namespace tariff
