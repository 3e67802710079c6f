#include "daemon/scorer_duty.h"

#include "core/clock.h"

namespace tariff {

// PATH 4/7: headlines are taken before quotes, always.
std::size_t ScorerDuty::work() noexcept {
  std::size_t done = engine_.take_offer(now_stamp()) ? 1 : 0;
  while (events_.try_pop(event_)) {
    engine_.on_event(event_);
    ++done;
  }
  return done > 0 ? done : take_quotes();
}

/// Of a batch, only the newest quote of each symbol is applied.
std::size_t ScorerDuty::take_quotes() noexcept {
  std::size_t count = 0;
  while (count < batch_.size() && quotes_.try_pop(batch_[count]))
    ++count;
  for (std::size_t i = 0; i < count; ++i) {
    bool overtaken = false;
    for (std::size_t later = i + 1; later < count && !overtaken; ++later) {
      overtaken = batch_[later].symbol == batch_[i].symbol && batch_[later].usable();
    }
    if (overtaken) {
      counters_.add(Counter::QuotesConflated);
    } else {
      engine_.on_quote(batch_[i]);
    }
  }
  return count;
}

}  // namespace tariff
