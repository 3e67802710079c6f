#pragma once
// core/quote.h - Top of book of one instrument, as a quote feed last said it.
// Thread: made on a feed thread, copied through core/handoff.h, read on the scorer thread. Hot.

#include <type_traits>

#include "core/fixed_text.h"
#include "core/headline.h"
#include "core/time.h"

namespace tariff {

/// An instrument as the provider spells it: "SPY", "BTC/USD".
using Symbol = FixedText<16>;

/// Prices in the instrument's currency; a side without a quote is 0. Sizes are in the provider's
/// own unit (Alpaca does not say whether shares or lots), so they compare only within one feed.
struct Quote {
  Stamp received;
  WallNs published;  ///< Provider's stamp; 0 if none.
  Symbol symbol;
  double bid = 0;
  double ask = 0;
  double bid_size = 0;
  double ask_size = 0;
  FeedId feed{};

  /// Both sides present and not crossed.
  [[nodiscard]] bool usable() const noexcept { return bid > 0 && ask >= bid; }
  [[nodiscard]] double mid() const noexcept { return (bid + ask) / 2; }
};
static_assert(std::is_trivially_copyable_v<Quote>);
static_assert(sizeof(Quote) <= 128);

}  // namespace tariff
