#pragma once
// daemon/study/prices.h - What an instrument cost, as it could be known at each moment: quotes as
// they came, or bars, each known at its end and not before. Thread: one. Cold.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/time.h"

namespace tariff::study {

/// A price and the moment from which it was known.
struct Price {
  WallNs at;
  double value = 0;
};

class Prices {
 public:
  /// A price older than this says nothing: the market is closed, or the recording has a hole.
  static constexpr std::int64_t kAgeMaxNs = 300 * kNsPerSecond;
  /// A pause longer than this parts two sessions.
  static constexpr std::int64_t kPauseMaxNs = 3'600 * kNsPerSecond;

  /// From the first price of a session to its last.
  struct Session {
    WallNs first;
    WallNs last;
  };

  Prices() = default;
  /// `prices` in any order; of two at the same moment the later one in the list counts. `bar_ns` is
  /// the length of the bars that they close, 0 for quotes.
  Prices(std::vector<Price> prices, std::int64_t bar_ns);

  /// The price that a reader at `at` knew: the last one up to `at`, unless it is too old.
  [[nodiscard]] std::optional<double> reference(WallNs at) const;

  /// The price at `at` as it is known afterwards. Quotes: the one that stood. Bars: the close of
  /// the first bar that ends at `at` or later, so that all the time up to `at` is in it.
  [[nodiscard]] std::optional<double> outcome(WallNs at) const;

  /// Bars cannot tell what happens in less than one of them.
  [[nodiscard]] bool tells(std::int64_t horizon_ns) const { return horizon_ns >= bar_ns_; }

  /// The session that `at` is in; nothing between two sessions.
  [[nodiscard]] std::optional<Session> session(WallNs at) const;

  [[nodiscard]] const std::vector<Price>& all() const { return prices_; }
  [[nodiscard]] std::int64_t bar_ns() const { return bar_ns_; }

 private:
  std::vector<Price> prices_;      // by time, each moment once
  std::vector<Session> sessions_;  // by time
  std::int64_t bar_ns_ = 0;
};

}  // namespace tariff::study
