#pragma once
// feeds/tape/rfc3339.h - A stamp as Alpaca's JSON spells it; feeds/time_text.h reads it.
// Thread: any. Cold.

#include <string>

#include "core/time.h"

namespace tariff::tape {

/// "2025-10-10T20:50:03.153Z": in UTC, with as many digits of a second as it takes and no more.
[[nodiscard]] std::string to_rfc3339(WallNs time);

}  // namespace tariff::tape
