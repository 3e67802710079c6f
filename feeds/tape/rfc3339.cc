#include "feeds/tape/rfc3339.h"

#include <chrono>

#include <fmt/format.h>

namespace tariff::tape {

std::string to_rfc3339(WallNs time) {
  namespace chr = std::chrono;
  const auto since_epoch = chr::nanoseconds{time.ns};
  const auto days = chr::floor<chr::days>(since_epoch);
  const chr::year_month_day date{chr::sys_days{days}};
  const chr::hh_mm_ss clock{since_epoch - days};
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (const auto fraction_ns = clock.subseconds().count(); fraction_ns != 0) {
    text += fmt::format(".{:09}", fraction_ns);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + 'Z';
}

}  // namespace tariff::tape
