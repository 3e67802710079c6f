#pragma once
// signals/reading/quantities.h - The goods, the rate, the date and the tit-for-tat of one proposal.
// Thread: the reader's. Hot.

#include "core/facts.h"
#include "signals/reading/binder.h"

namespace tariff {

/// Sets products, rate_pct, effective_yyyymmdd and the retaliation flag of `facts`, whose action is
/// set.
void bind_quantities(const RoleContext& context, const Binder& binder, Facts& facts) noexcept;

}  // namespace tariff
