#pragma once
// signals/reading/measures.h - What one proposal acts on: a tariff, an export control, trade at
// large. Thread: the reader's. Hot.

#include <optional>

#include "core/facts.h"
#include "signals/reading/binder.h"

namespace tariff {

/// Nothing if the object is a measure whose kind only the words around it could tell, and they do
/// not.
[[nodiscard]] std::optional<Measure> measure_of(const RoleContext& context,
                                                const Binder& binder) noexcept;

}  // namespace tariff
