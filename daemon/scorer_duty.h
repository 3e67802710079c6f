#pragma once
// daemon/scorer_duty.h - The scorer's duty cycle: headlines before quotes, always. Thread: its own;
// hot, see signals/engine.h.

#include <array>

#include "core/counters.h"
#include "core/duty_cycle.h"
#include "core/event.h"
#include "core/handoff.h"
#include "core/quote.h"
#include "signals/engine.h"

namespace tariff {

class ScorerDuty final : public Duty {
 public:
  ScorerDuty(Handoff<Event>& events, Handoff<Quote>& quotes, Engine& engine, Counters& counters)
      : events_(events), quotes_(quotes), engine_(engine), counters_(counters) {}

  /// Takes every event that is there; then, if there was none, one batch of quotes.
  std::size_t work() noexcept override;

 private:
  /// A headline that arrives during a batch waits for at most this many quotes.
  static constexpr std::size_t kQuotesPerRound = 64;

  std::size_t take_quotes() noexcept;

  Handoff<Event>& events_;
  Handoff<Quote>& quotes_;
  Engine& engine_;
  Counters& counters_;
  Event event_;
  std::array<Quote, kQuotesPerRound> batch_;
};

}  // namespace tariff
