#pragma once
// core/log_level.h - How loud a line for the log is. Who says it and who writes it are different
// layers, so the word is here.

#include <cstdint>

namespace tariff {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };

}  // namespace tariff
