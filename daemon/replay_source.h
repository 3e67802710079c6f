#pragma once
// daemon/replay_source.h - Recorded inputs as the events that the engine would have seen live: a
// daemon's journal of inputs, a tape, or NDJSON. Thread: one. Cold.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/quote.h"
#include "core/result.h"
#include "feeds/feeds.h"

namespace tariff {

/// Takes what is replayed, in the order of receipt.
class ReplaySink {
 public:
  virtual ~ReplaySink() = default;
  virtual void take(const Headline& headline) = 0;
  virtual void take(const Quote& quote) = 0;
  virtual void take(const FeedStatus& status) = 0;
};

/// Plays `path` into `sink`:
///   a folder      a journal of inputs, or a folder of them ("0", "1", ...), merged by receipt;
///   frames
///                 go through the protocols of `feeds`, by name
///   *.ndjson etc. a tape if its first line has "at", else headlines and quotes with the usual keys
/// The error names the file and line, with a sysexits code.
[[nodiscard]] Result<void> replay_source(const std::string& path,
                                         const std::vector<FeedSpec>& feeds, ReplaySink& sink);

/// The feed that tapes and NDJSON files belong to when there is no configuration.
[[nodiscard]] FeedSpec replay_feed();

}  // namespace tariff
