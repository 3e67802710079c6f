#include "signals/reading/dates.h"

#include <chrono>

namespace tariff {

std::int32_t resolve_date(std::int32_t date, WallNs published, bool past) noexcept {
  using std::chrono::year_month_day;
  const auto month = std::chrono::month{static_cast<unsigned>(date / 100 % 100)};
  const auto day = std::chrono::day{static_cast<unsigned>(date % 100)};
  const auto number = [](const year_month_day& ymd) {
    return static_cast<int>(ymd.year()) * 10'000 +
           static_cast<int>(static_cast<unsigned>(ymd.month())) * 100 +
           static_cast<int>(static_cast<unsigned>(ymd.day()));
  };
  if (date >= 10'000) {
    const year_month_day given{std::chrono::year{date / 10'000}, month, day};
    return given.ok() ? number(given) : 0;
  }
  if (published.ns == 0) return 0;
  const std::chrono::sys_days today = std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::nanoseconds>{std::chrono::nanoseconds{published.ns}});
  const int step = past ? -1 : 1;
  // Eight years hold a February 29 wherever they begin.
  for (int i = 0; i <= 8; ++i) {
    const year_month_day candidate{year_month_day{today}.year() + std::chrono::years{i * step},
                                   month, day};
    if (!candidate.ok()) continue;
    const std::chrono::sys_days at{candidate};
    if (past ? at <= today : at >= today) return number(candidate);
  }
  return 0;
}

}  // namespace tariff
