#include "daemon/study/study.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

namespace tariff::study {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double move_bps(const Prices& prices, WallNs from, std::int64_t horizon_ns, int direction) {
  if (!prices.tells(horizon_ns)) return kUnknown;
  const auto then = prices.reference(from);
  const auto later = prices.outcome(from + horizon_ns);
  if (!then || !later) return kUnknown;
  return direction * (*later / *then - 1) * 10'000;
}

std::vector<Outcome> outcomes_of(const std::vector<Signal>& signals, const PricesBySymbol& prices,
                                 const Options& options, Counts& counts) {
  std::vector<Outcome> outcomes;
  counts.signals = signals.size();
  for (const Signal& signal : signals) {
    const auto found = prices.find(signal.instrument);
    if (found == prices.end()) {
      ++counts.no_prices;
    } else if (!found->second.reference(signal.received)) {
      ++counts.closed;
    } else {
      Outcome outcome{.signal = signal, .moves_bps = {}};
      for (const std::int64_t horizon_ns : options.horizons_ns) {
        outcome.moves_bps.push_back(
            move_bps(found->second, signal.received, horizon_ns, signal.direction));
      }
      outcomes.push_back(std::move(outcome));
    }
  }
  return outcomes;
}

/// The moves of every placebo set at one horizon: for each outcome a random time of its session,
/// the same for all signals of one headline, with the signal's instrument and direction.
class Placebo {
 public:
  Placebo(const std::vector<Outcome>& outcomes, const PricesBySymbol& prices,
          const Options& options, std::size_t horizon)
      : outcomes_(outcomes), horizon_ns_(options.horizons_ns[horizon]), random_(options.seed) {
    for (const Outcome& outcome : outcomes) {
      const Prices& own = prices.at(outcome.signal.instrument);
      prices_.push_back(&own);
      sessions_.push_back(*own.session(outcome.signal.received));
    }
  }

  /// Fills `moves_bps` with one more set; not a number where the outcome itself has no move.
  void draw(std::size_t horizon, std::vector<double>& moves_bps) {
    moves_bps.assign(outcomes_.size(), kUnknown);
    double place = random_.unit();
    for (std::size_t i = 0; i < outcomes_.size(); ++i) {
      if (i > 0 && outcomes_[i].signal.headline != outcomes_[i - 1].signal.headline) {
        place = random_.unit();
      }
      if (!std::isnan(outcomes_[i].moves_bps[horizon])) moves_bps[i] = move_at(i, place);
    }
  }

 private:
  /// Tries other times where the recording has a hole; 0 if it is all holes.
  double move_at(std::size_t i, double place) {
    constexpr int kTries = 50;
    const std::int64_t span = sessions_[i].last - sessions_[i].first - horizon_ns_;
    for (int tries = 0; tries < kTries && span > 0; ++tries) {
      const auto after = static_cast<std::int64_t>(place * static_cast<double>(span));
      const double move = move_bps(*prices_[i], sessions_[i].first + after, horizon_ns_,
                                   outcomes_[i].signal.direction);
      if (!std::isnan(move)) return move;
      place = random_.unit();
    }
    return 0;
  }

  const std::vector<Outcome>& outcomes_;
  std::vector<const Prices*> prices_;
  std::vector<Prices::Session> sessions_;
  std::int64_t horizon_ns_;
  Random random_;
};

/// The outcomes of one group, by index.
struct Members {
  std::string dimension;
  std::string name;
  std::vector<std::size_t> outcomes;
};

std::string confidence_text(double confidence) {
  constexpr std::array kEdges{0.0, 0.5, 0.7, 0.8, 0.9};
  for (std::size_t i = kEdges.size(); i-- > 1;) {
    if (confidence < kEdges[i]) continue;
    return i + 1 == kEdges.size() ? fmt::format("{} and more", kEdges[i])
                                  : fmt::format("{} to {}", kEdges[i], kEdges[i + 1]);
  }
  return fmt::format("under {}", kEdges[1]);
}

std::vector<Members> members_of(const std::vector<Outcome>& outcomes) {
  using Key = std::string (*)(const Signal&);
  constexpr std::array<std::pair<std::string_view, Key>, 5> kDimensions{{
      {"all", [](const Signal&) { return std::string("all"); }},
      {"instrument", [](const Signal& signal) { return signal.instrument; }},
      {"action", [](const Signal& signal) { return signal.action; }},
      {"source", [](const Signal& signal) { return signal.source; }},
      {"confidence", [](const Signal& signal) { return confidence_text(signal.confidence); }},
  }};
  std::vector<Members> all;
  for (const auto& [dimension, key] : kDimensions) {
    std::map<std::string, std::vector<std::size_t>> by_name;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      by_name[key(outcomes[i].signal)].push_back(i);
    for (auto& [name, indices] : by_name)
      all.push_back({std::string(dimension), name, std::move(indices)});
  }
  return all;
}

struct Sums {
  double mean = 0;
  double hit_rate = 0;
  std::size_t count = 0;
};

/// Over those of `moves_bps` at `indices` that are known.
template <class MoveAt>
Sums sums_of(const std::vector<std::size_t>& indices, MoveAt move_at) {
  Sums sums;
  for (const std::size_t i : indices) {
    const double move = move_at(i);
    if (std::isnan(move)) continue;
    ++sums.count;
    sums.mean += move;
    sums.hit_rate += move > 0 ? 1 : 0;
  }
  if (sums.count == 0) return sums;
  sums.mean /= static_cast<double>(sums.count);
  sums.hit_rate /= static_cast<double>(sums.count);
  return sums;
}

Measure measure_of(const Members& members, const std::vector<Outcome>& outcomes,
                   std::size_t horizon, const Options& options) {
  const auto move_at = [&](std::size_t i) { return outcomes[i].moves_bps[horizon]; };
  const Sums sums = sums_of(members.outcomes, move_at);
  Measure measure;
  measure.signals = sums.count;
  if (sums.count == 0) return measure;
  std::set<std::uint64_t> headlines;
  std::vector<Clustered> by_day;
  std::vector<double> sorted;
  for (const std::size_t i : members.outcomes) {
    if (std::isnan(move_at(i))) continue;
    headlines.insert(outcomes[i].signal.headline);
    by_day.push_back({outcomes[i].signal.received.ns / kNsPerDay, move_at(i)});
    sorted.push_back(move_at(i));
  }
  std::sort(sorted.begin(), sorted.end());
  measure.headlines = headlines.size();
  measure.hit_rate = sums.hit_rate;
  measure.hit_interval = wilson(sums.hit_rate, headlines.size());
  measure.mean_bps = sums.mean;
  measure.mean_interval = bootstrap_mean(by_day, options.bootstrap_rounds, options.seed);
  measure.median_bps = quantile(sorted, 0.5);
  return measure;
}

Verdict verdict_of(const Measure& measure, const Options& options) {
  constexpr double kTail = 0.025;
  if (measure.headlines < options.headlines_min || std::isnan(measure.mean_interval.low)) {
    return Verdict::TooFew;
  }
  if (measure.mean_interval.low > 0 && measure.placebo_as_good <= kTail) return Verdict::Better;
  if (measure.mean_interval.high < 0 && measure.placebo_as_good >= 1 - kTail) {
    return Verdict::Worse;
  }
  return Verdict::NoBetter;
}

/// `sets` are those of the placebo for this group.
void compare(const std::vector<Sums>& sets, const Options& options, Measure& measure) {
  if (measure.signals == 0) return;
  std::vector<double> means;
  const auto count = static_cast<double>(sets.size());
  for (const Sums& set : sets) {
    means.push_back(set.mean);
    measure.placebo_mean_bps += set.mean / count;
    measure.placebo_hit_rate += set.hit_rate / count;
    measure.placebo_as_good += set.mean >= measure.mean_bps ? 1 / count : 0;
  }
  std::sort(means.begin(), means.end());
  measure.placebo_interval = {quantile(means, 0.025), quantile(means, 0.975)};
  measure.verdict = verdict_of(measure, options);
}

/// Where most of a source is stamped to the minute, moves begin before what moved them.
void note_whole_minutes(const std::vector<Outcome>& outcomes, std::vector<std::string>& notes) {
  constexpr std::int64_t kMinuteNs = 60 * kNsPerSecond;
  struct Stamps {
    std::size_t all = 0;
    std::size_t whole = 0;
  };
  std::map<std::string, Stamps> by_source;
  for (const Outcome& outcome : outcomes) {
    Stamps& stamps = by_source[outcome.signal.source];
    ++stamps.all;
    if (outcome.signal.received.ns % kMinuteNs == 0) ++stamps.whole;
  }
  for (const auto& [source, stamps] : by_source) {
    if (stamps.whole * 2 <= stamps.all) continue;
    notes.push_back(
        fmt::format("{} of {} signals of {} are stamped with a whole minute: their "
                    "headlines came up to 60 s after the time that moves count from.",
                    stamps.whole, stamps.all, source));
  }
}

void note_bars(const PricesBySymbol& prices, const Options& options,
               std::vector<std::string>& notes) {
  for (const auto& [symbol, own] : prices) {
    if (own.bar_ns() == 0) continue;
    notes.push_back(
        fmt::format("{} has bars of {}: the reference price is the last close before "
                    "the headline, and the price at a horizon the close of the first "
                    "bar that ends then or later.",
                    symbol, horizon_text(own.bar_ns())));
    for (const std::int64_t horizon_ns : options.horizons_ns) {
      if (own.tells(horizon_ns)) continue;
      notes.push_back(fmt::format("{}: bars of {} cannot tell it; {} is not in its figures.",
                                  horizon_text(horizon_ns), horizon_text(own.bar_ns()), symbol));
    }
  }
}

void measure_groups(const PricesBySymbol& prices, Report& report) {
  const std::vector<Members> all = members_of(report.outcomes);
  for (const Members& members : all)
    report.groups.push_back({members.dimension, members.name, members.outcomes.size(), {}});
  for (std::size_t horizon = 0; horizon < report.options.horizons_ns.size(); ++horizon) {
    std::vector<std::vector<Sums>> sets(all.size());
    Placebo placebo(report.outcomes, prices, report.options, horizon);
    std::vector<double> moves;
    for (std::size_t set = 0; set < report.options.placebo_sets; ++set) {
      placebo.draw(horizon, moves);
      for (std::size_t group = 0; group < all.size(); ++group)
        sets[group].push_back(
            sums_of(all[group].outcomes, [&moves](std::size_t i) { return moves[i]; }));
    }
    for (std::size_t group = 0; group < all.size(); ++group) {
      Measure measure = measure_of(all[group], report.outcomes, horizon, report.options);
      compare(sets[group], report.options, measure);
      report.groups[group].measures.push_back(measure);
    }
  }
}

}  // namespace

Report make_report(const std::vector<Signal>& signals, const PricesBySymbol& prices,
                   const Options& options, Counts counts) {
  Report report{.options = options, .counts = counts, .notes = {}, .groups = {}, .outcomes = {}};
  report.outcomes = outcomes_of(signals, prices, options, report.counts);
  note_bars(prices, options, report.notes);
  note_whole_minutes(report.outcomes, report.notes);
  measure_groups(prices, report);
  return report;
}

std::string horizon_text(std::int64_t horizon_ns) {
  const double seconds = static_cast<double>(horizon_ns) / static_cast<double>(kNsPerSecond);
  const double minutes = seconds / 60;
  if (minutes > 1 && std::floor(minutes) == minutes) return fmt::format("{} min", minutes);
  return fmt::format("{} s", seconds);
}

}  // namespace tariff::study
