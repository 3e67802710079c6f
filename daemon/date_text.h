#pragma once
// daemon/date_text.h - A date or a time as people and data sets write it. Thread: any. Cold.

#include <string>
#include <string_view>

#include "feeds/time_text.h"

namespace tariff {

/// RFC 3339, or a date alone, "2025-10-10", which is its midnight UTC. 0 for anything else.
[[nodiscard]] inline WallNs parse_date_or_time(std::string_view text) {
  return text.size() == 10 ? parse_rfc3339(std::string(text) + "T00:00:00Z") : parse_rfc3339(text);
}

}  // namespace tariff
