#pragma once
// signals/reading/dates.h - The year of a date that was told without one. Thread: any. Hot.

#include <cstdint>

#include "core/time.h"

namespace tariff {

/// Completes `date` ([yyyy]mmdd): the year that makes it the nearest one on or after `published`,
/// or (with `past`) on or before it. 0 if that needs a time of publication and there is none, or if
/// the day is not in the calendar.
[[nodiscard]] std::int32_t resolve_date(std::int32_t date, WallNs published, bool past) noexcept;

}  // namespace tariff
