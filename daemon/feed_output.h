#pragma once
// daemon/feed_output.h - What becomes of what a feed thread reads: events to the scorer's
// hand-offs, raw frames to the journal of inputs, changes of state to the log. Thread: one feed
// thread each.

#include <memory>
#include <string>
#include <vector>

#include "core/counters.h"
#include "core/event.h"
#include "core/handoff.h"
#include "core/journal.h"
#include "core/quote.h"
#include "feeds/transport/feed_host.h"

namespace tariff {

class FeedOutputs final : public FeedOutput {
 public:
  /// `inputs` may be null: nothing is journalled.
  FeedOutputs(Handoff<Event>& events, Handoff<Quote>& quotes, JournalWriter* inputs,
              std::vector<FixedText<16>> feed_names, Counters& counters);

  void push(const Headline& headline) noexcept override;
  void push(const Quote& quote) noexcept override;
  void push(const FeedStatus& status) noexcept override;
  void raw(FeedId feed, RawInputBody::Kind kind, std::uint32_t connection, Stamp received,
           std::string_view bytes) noexcept override;
  void log(LogLevel level, std::string_view line) noexcept override;

 private:
  void refused(FeedId feed, Stamp at) noexcept;

  Handoff<Event>::Producer events_;
  Handoff<Quote>::Producer quotes_;
  JournalWriter* inputs_;
  std::vector<FixedText<16>> feed_names_;  // by FeedId
  Counters& counters_;
  bool refusal_told_ = false;
};

}  // namespace tariff
