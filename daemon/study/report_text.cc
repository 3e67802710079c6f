#include <cmath>

#include <fmt/format.h>

#include "daemon/study/report.h"

namespace tariff::study {
namespace {

std::string counts_text(const Report& report) {
  const Counts& c = report.counts;
  std::string out =
      fmt::format("{} headlines, {} events, {} signals, {} retracts; {} signals with a price\n",
                  c.headlines, c.events, c.signals, c.retracts, report.outcomes.size());
  if (c.untimed > 0) out += fmt::format("left out: {} lines without a time of day\n", c.untimed);
  if (c.no_prices > 0) {
    out += fmt::format("left out: {} signals for instruments without prices\n", c.no_prices);
  }
  if (c.closed > 0) {
    out += fmt::format("left out: {} signals with no price of the {} s before (market closed)\n",
                       c.closed, Prices::kAgeMaxNs / kNsPerSecond);
  }
  return out;
}

std::string range_text(const Interval& range, double scale, int digits) {
  if (std::isnan(range.low)) return "one day";
  return fmt::format("{:.{}f}..{:.{}f}", range.low * scale, digits, range.high * scale, digits);
}

std::string measure_text(std::int64_t horizon_ns, const Measure& m) {
  const std::string horizon = horizon_text(horizon_ns);
  if (m.signals == 0) return fmt::format("  {:>6} {:>7}   no figures\n", horizon, 0);
  return fmt::format(
      "  {:>6} {:>7} {:>9}  {:>5.1f} {:>12} {:>7.1f} {:>13} {:>7.1f}  {:>5.1f} "
      "{:>6.1f} {:>13} {:>6.3f}  {}\n",
      horizon, m.signals, m.headlines, m.hit_rate * 100, range_text(m.hit_interval, 100, 1),
      m.mean_bps, range_text(m.mean_interval, 1, 1), m.median_bps, m.placebo_hit_rate * 100,
      m.placebo_mean_bps, range_text(m.placebo_interval, 1, 1), m.placebo_as_good,
      kVerdictNames[static_cast<std::size_t>(m.verdict)]);
}

}  // namespace

std::string report_text(const Report& report) {
  std::string out = counts_text(report);
  for (const std::string& note : report.notes)
    out += note + '\n';
  out += fmt::format(
      "\nMoves in basis points, in the direction of the signal. Placebo: {} sets of as many random "
      "times of\nthe same sessions, seed {}. Fewer than {} headlines are too few to say anything; "
      "of 40 lines, one is\nbetter and one worse than chance by chance. The last column judges the "
      "mean, not the hit rate.\n",
      report.options.placebo_sets, report.options.seed, report.options.headlines_min);
  std::string dimension;
  for (const Group& group : report.groups) {
    if (group.dimension != dimension) {
      dimension = group.dimension;
      out +=
          fmt::format("\n{:<8} {:>7} {:>9}  {:>5} {:>12} {:>7} {:>13} {:>7}  {:>12} {:>13} {:>6}\n",
                      dimension == "all" ? "" : "by " + dimension, "signals", "headlines", "hit %",
                      "95 %", "mean", "95 %", "median", "placebo: hit", "mean 95 %", "p");
    }
    out += fmt::format("{}\n", group.name);
    for (std::size_t i = 0; i < group.measures.size(); ++i)
      out += measure_text(report.options.horizons_ns[i], group.measures[i]);
  }
  return out;
}

}  // namespace tariff::study
