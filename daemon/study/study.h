#pragma once
// daemon/study/study.h - What signals were worth: hit rate and mean move at each horizon, by
// action, source, instrument and confidence, against the same number of random times. Every figure
// is explained in docs/howto/study-signals.md. Thread: one. Cold, pure: equal input gives equal
// bits.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "daemon/study/prices.h"
#include "daemon/study/statistics.h"

namespace tariff::study {

/// A published signal, as far as the study looks at it.
struct Signal {
  std::uint64_t headline = 0;  ///< Equal for all signals of one headline.
  WallNs received;
  std::string instrument;
  std::string source;
  std::string action;
  int direction = 0;  ///< +1 or -1
  double score = 0;
  double confidence = 0;
};

using PricesBySymbol = std::map<std::string, Prices>;

struct Options {
  std::vector<std::int64_t> horizons_ns{kNsPerSecond, 10 * kNsPerSecond, 60 * kNsPerSecond,
                                        900 * kNsPerSecond};
  std::uint64_t seed = 1;
  std::size_t headlines_min = 30;  ///< Fewer are too few to say anything.
  std::size_t placebo_sets = 1'000;
  std::size_t bootstrap_rounds = 2'000;
};

enum class Verdict : std::uint8_t {
  TooFew,
  Worse,     ///< The interval of the mean is below 0, and of the placebo sets 97.5 % did better.
  NoBetter,  ///< Nothing that chance would not do.
  Better,    ///< The interval of the mean is above 0, and of the placebo sets 2.5 % did as well.
};
inline constexpr std::array<std::string_view, 4> kVerdictNames{
    "too few to say", "worse than chance", "not told from chance", "better than chance"};

/// Moves are in basis points and count in the direction of the signal: above 0 it paid. Without a
/// signal all but the counts are 0.
struct Measure {
  std::size_t signals = 0;    ///< Those with a price then and at the horizon.
  std::size_t headlines = 0;  ///< That they come from.
  double hit_rate = 0;        ///< Share that moved in the direction; one that stood still did not.
  Interval hit_interval;
  double mean_bps = 0;
  Interval mean_interval;  ///< Not a number if all signals are of one day.
  double median_bps = 0;
  double placebo_hit_rate = 0;
  double placebo_mean_bps = 0;
  Interval placebo_interval;   ///< 95 % of the sets have their mean in it.
  double placebo_as_good = 0;  ///< Share of the sets with a mean at least as good.
  Verdict verdict = Verdict::TooFew;
};

struct Group {
  std::string dimension;  ///< "all", "instrument", "action", "source", "confidence"
  std::string name;
  std::size_t signals = 0;
  std::vector<Measure> measures;  ///< One per horizon.
};

/// One signal and its move at each horizon; not a number where none is known.
struct Outcome {
  Signal signal;
  std::vector<double> moves_bps;  ///< In the direction of the signal.
};

/// What was read, for the head of the report.
struct Counts {
  std::size_t headlines = 0;
  std::size_t untimed = 0;  ///< Left out: they have no time of day.
  std::size_t events = 0;
  std::size_t retracts = 0;
  std::size_t signals = 0;
  std::size_t no_prices = 0;  ///< Signals for an instrument without prices.
  std::size_t closed = 0;     ///< Signals while no price was known that is fresh.
};

struct Report {
  Options options;
  Counts counts;
  std::vector<std::string> notes;  ///< What limits the figures, a sentence each.
  std::vector<Group> groups;
  std::vector<Outcome> outcomes;  ///< Signals with a reference price, in the order published.
};

/// `counts` as far as they are known from the replay.
[[nodiscard]] Report make_report(const std::vector<Signal>& signals, const PricesBySymbol& prices,
                                 const Options& options, Counts counts);

/// "10 s", "15 min"
[[nodiscard]] std::string horizon_text(std::int64_t horizon_ns);

}  // namespace tariff::study
