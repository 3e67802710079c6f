#pragma once
// signals/timing.h - How old a headline is by its source's own stamps, and which of them cannot be
// true. Thread: any. Hot: pure.

#include <cstdint>

#include "core/headline.h"
#include "core/time.h"

namespace tariff {

struct Timing {
  WallNs published;         ///< First stamp of the source; 0 if none. Never after receipt.
  WallNs updated;           ///< Stamp of this revision; 0 if none. Never after receipt.
  std::int64_t age_ns = 0;  ///< From the stamp that counts to receipt; 0 if there is none.
  bool clamped = false;     ///< A stamp could not be true, and is that of receipt instead.
};

/// The stamps of `headline`, put right. A first telling is as old as its first stamp; an edit of an
/// item that is known (`edit`) as old as the edit.
[[nodiscard]] Timing timing_of(const Headline& headline, bool edit) noexcept;

}  // namespace tariff
