#include "feeds/tape/timeline.h"

#include <algorithm>

#include "core/check.h"

namespace tariff::tape {

Timeline::Timeline(const Tape& tape, const TimelineOptions& options)
    : at_once_(options.speed == 0), loop_(options.loop) {
  TARIFF_CHECK(!tape.empty());
  offsets_ns_.reserve(tape.size());
  std::int64_t recorded_ns = 0;
  for (std::size_t i = 0; i < tape.size(); ++i) {
    const std::int64_t gap_ns = i == 0 ? 0 : tape[i].at - tape[i - 1].at;
    recorded_ns += options.max_gap.count() > 0 ? std::min(gap_ns, options.max_gap.count()) : gap_ns;
    const double played_ns = at_once_ ? 0.0 : static_cast<double>(recorded_ns) / options.speed;
    offsets_ns_.push_back(static_cast<std::int64_t>(played_ns));
  }
}

std::uint64_t Timeline::due(std::int64_t elapsed_ns) const {
  if (at_once_) return loop_ ? std::numeric_limits<std::uint64_t>::max() : offsets_ns_.size();
  const std::int64_t round = loop_ ? elapsed_ns / round_ns() : 0;
  const std::int64_t into_ns = elapsed_ns - round * round_ns();
  const auto end = std::upper_bound(offsets_ns_.begin(), offsets_ns_.end(), into_ns);
  return static_cast<std::uint64_t>(round) * offsets_ns_.size() +
         static_cast<std::uint64_t>(end - offsets_ns_.begin());
}

std::int64_t Timeline::due_at_ns(std::uint64_t position) const {
  const std::uint64_t round = position / offsets_ns_.size();
  if (round > 0 && !loop_) return kNever;
  if (at_once_) return 0;
  return static_cast<std::int64_t>(round) * round_ns() + offsets_ns_[position % offsets_ns_.size()];
}

}  // namespace tariff::tape
