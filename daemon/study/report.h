#pragma once
// daemon/study/report.h - A study for people, programs and browsers. Equal reports give equal
// bytes. Thread: any. Cold.

#include <string>

#include "daemon/study/study.h"

namespace tariff::study {

/// Tables for a terminal.
[[nodiscard]] std::string report_text(const Report& report);

/// One line, docs/formats/study-json.md.
[[nodiscard]] std::string report_json(const Report& report);

/// One page that needs nothing but itself: no script, no network.
[[nodiscard]] std::string report_html(const Report& report);

}  // namespace tariff::study
