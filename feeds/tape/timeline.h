#pragma once
// feeds/tape/timeline.h - When each item of a tape is played. Pure. Thread: any. Cold.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "feeds/tape/tape.h"

namespace tariff::tape {

struct TimelineOptions {
  double speed = 1;                     ///< 0: every item is due at once.
  std::chrono::nanoseconds max_gap{0};  ///< Longest recorded time between two items; 0: no limit.
  bool loop = false;
};

class Timeline {
 public:
  /// Between the end and a new start of a tape in a loop.
  static constexpr std::int64_t kLoopPauseNs = kNsPerSecond;
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  /// `tape` is in order and not empty.
  Timeline(const Tape& tape, const TimelineOptions& options);

  /// Items that are due `elapsed_ns` after the start; counts on from round to round of a loop.
  [[nodiscard]] std::uint64_t due(std::int64_t elapsed_ns) const;
  /// When the item after the first `position` ones is due, in ns after the start; kNever if there
  /// is none.
  [[nodiscard]] std::int64_t due_at_ns(std::uint64_t position) const;
  /// From the first item to the last, played.
  [[nodiscard]] std::int64_t length_ns() const noexcept { return offsets_ns_.back(); }

 private:
  [[nodiscard]] std::int64_t round_ns() const noexcept { return length_ns() + kLoopPauseNs; }

  bool at_once_;
  bool loop_;
  std::vector<std::int64_t> offsets_ns_;  ///< Of each item, after the first.
};

}  // namespace tariff::tape
