#pragma once
// tests/reading/support.h - The shipped tables, and one-line readings.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "signals/reading/reader.h"
#include "signals/reading/tables.h"
#include "signals/reading/trace.h"

namespace tariff::test {

/// Midnight UTC of a day, for headlines of that day.
[[nodiscard]] WallNs day(int year, unsigned month, unsigned day_of_month);

/// config/lexicon.toml and config/rules.toml as shipped. Fails the test if they have errors.
[[nodiscard]] const Tables& shipped_tables();

/// Reads with the shipped tables; `published` defaults to 9 October 2025.
[[nodiscard]] Reading read(std::string_view text, WallNs published = day(2025, 10, 9));

/// "impose tariff US>CN steel 25% 2025-11-01", events in order joined by "; "; "none" if there are
/// none. "not" stands before a denied action, "r" behind the measure of a retaliation.
[[nodiscard]] std::string told(const Reading& reading);

}  // namespace tariff::test
