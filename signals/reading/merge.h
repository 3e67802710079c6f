#pragma once
// signals/reading/merge.h - One event told twice in one text is one event; and the direction of all
// of them together. Thread: the reader's. Hot.

#include <span>

#include "core/facts.h"
#include "signals/reading/reader.h"

namespace tariff {

/// Adds `facts` to `out`, or completes the event there that it tells again. A ninth is dropped.
void merge_facts(const Facts& facts, Reading& out) noexcept;

/// Direction of the whole headline.
[[nodiscard]] Net net_of(std::span<const Facts> events) noexcept;

}  // namespace tariff
