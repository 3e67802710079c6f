#pragma once
// daemon/replay_timeline.h - Everything that is to be replayed, merged by receipt: several files in
// any order, and bars. Thread: one. Cold: it holds all of it in memory.

#include <cstddef>
#include <string>
#include <vector>

#include "core/quote.h"
#include "core/result.h"
#include "daemon/replay_source.h"
#include "daemon/study/study.h"

namespace tariff {

class ReplayTimeline final : public ReplaySink {
 public:
  void take(const Headline& headline) override;
  void take(const Quote& quote) override;
  void take(const FeedStatus& status) override;

  /// Prices of `symbol`: a quote with two equal sides at the end of each bar, so that nobody sees a
  /// bar before it is over.
  void take_bars(const std::string& symbol, const study::Prices& bars);

  /// All of it on the wall clock. At one moment prices come before news.
  void play(ReplaySink& sink);

  /// What was taken as quotes and bars. The error names an instrument that has both.
  [[nodiscard]] Result<study::PricesBySymbol> prices() const;

  [[nodiscard]] std::size_t headlines() const { return headlines_; }
  /// Lines without a time of day, which no order can be given.
  [[nodiscard]] std::size_t untimed() const { return untimed_; }

 private:
  std::vector<Event> events_;
  std::vector<Quote> quotes_;
  study::PricesBySymbol bars_;
  std::size_t headlines_ = 0;
  std::size_t untimed_ = 0;
};

}  // namespace tariff
