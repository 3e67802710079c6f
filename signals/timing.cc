#include "signals/timing.h"

namespace tariff {
namespace {

/// Clocks of publishers are off by this much without anything being wrong.
constexpr std::int64_t kSkewNs = 2 * kNsPerSecond;
/// Nothing that is sent today was published before 2000: such a stamp is in the wrong unit.
constexpr WallNs kEarliest{946'684'800 * kNsPerSecond};

WallNs put_right(WallNs stamp, WallNs received, bool& clamped) noexcept {
  if (stamp.ns == 0 || (stamp >= kEarliest && stamp <= received)) return stamp;
  if (stamp < kEarliest || stamp - received > kSkewNs) clamped = true;
  return received;
}

}  // namespace

Timing timing_of(const Headline& headline, bool edit) noexcept {
  const WallNs received = headline.received.wall;
  Timing timing;
  timing.published = put_right(headline.published, received, timing.clamped);
  timing.updated = put_right(headline.updated, received, timing.clamped);
  const WallNs first = timing.published.ns != 0 ? timing.published : timing.updated;
  const WallNs last = timing.updated.ns != 0 ? timing.updated : timing.published;
  const WallNs counts = edit ? last : first;
  if (counts.ns != 0) timing.age_ns = received - counts;
  return timing;
}

}  // namespace tariff
