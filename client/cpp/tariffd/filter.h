#pragma once
// tariffd/filter.h - What a subscription asks the daemon to leave out, for who reads without
// asking. Thread: any, no state. Hot: no allocation.

#include <algorithm>
#include <cmath>
#include <string_view>
#include <type_traits>
#include <variant>

#include "tariffd/message.h"
#include "tariffd/options.h"

namespace tariff::client::detail {

[[nodiscard]] inline bool lists(const std::vector<std::string>& names, std::string_view name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

/// As the daemon's own filter for the same options.
[[nodiscard]] inline bool wants(const Options& options, const Message& message) {
  const auto wanted = [&](const auto& told) {
    using Told = std::decay_t<decltype(told)>;
    if constexpr (std::is_same_v<Told, Event>) {
      return lists(options.messages, "event");
    } else if constexpr (std::is_same_v<Told, Signal>) {
      return lists(options.messages, "signal") &&
             lists(options.instruments, told.instrument.view()) &&
             std::abs(static_cast<double>(told.score)) >= options.min_abs_score;
    } else if constexpr (std::is_same_v<Told, Retract>) {
      return lists(options.messages, "retract") &&
             (told.instrument.empty() || lists(options.instruments, told.instrument.view()));
    } else if constexpr (std::is_same_v<Told, Status>) {
      return lists(options.messages, "status");
    } else {
      return true;
    }
  };
  return std::visit(wanted, message);
}

}  // namespace tariff::client::detail
