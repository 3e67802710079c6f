#pragma once
// daemon/study/bars.h - Bars of one instrument as CSV (docs/formats/bars-csv.md). Thread: one.
// Cold.

#include <string>

#include "core/result.h"
#include "daemon/study/prices.h"

namespace tariff::study {

/// The closes of `path`, each known from the end of its bar on; a bar in which nothing was traded
/// is no price. The error names file and line, with a sysexits code.
[[nodiscard]] Result<Prices> load_bars(const std::string& path);

}  // namespace tariff::study
