#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/study/report.h"
#include "signals/publish/json_writer.h"

namespace tariff::study {
namespace {

std::string quoted(std::string_view text) {
  std::vector<char> space(6 * text.size() + 2);  // the longest escape has six bytes
  JsonWriter writer(space);
  writer.string(text);
  return {space.data(), writer.bytes()};
}

std::string number(double value) {
  return std::isnan(value) ? "null" : fmt::format("{:.4f}", value);
}

std::string interval(const Interval& range) {
  return fmt::format("[{},{}]", number(range.low), number(range.high));
}

std::string measure_json(std::int64_t horizon_ns, const Measure& m) {
  std::string out = fmt::format("{{\"horizon_ns\":{},\"signals\":{},\"headlines\":{}", horizon_ns,
                                m.signals, m.headlines);
  if (m.signals > 0) {
    out += fmt::format(
        ",\"hit_rate\":{},\"hit_rate_95\":{},\"mean_bps\":{},\"mean_bps_95\":{},\"median_bps\":{},"
        "\"placebo_hit_rate\":{},\"placebo_mean_bps\":{},\"placebo_mean_bps_95\":{},"
        "\"placebo_as_good\":{}",
        number(m.hit_rate), interval(m.hit_interval), number(m.mean_bps), interval(m.mean_interval),
        number(m.median_bps), number(m.placebo_hit_rate), number(m.placebo_mean_bps),
        interval(m.placebo_interval), number(m.placebo_as_good));
  }
  return out + fmt::format(",\"verdict\":{}}}",
                           quoted(kVerdictNames[static_cast<std::size_t>(m.verdict)]));
}

std::string group_json(const Group& group, const Options& options) {
  std::vector<std::string> measures;
  for (std::size_t i = 0; i < group.measures.size(); ++i)
    measures.push_back(measure_json(options.horizons_ns[i], group.measures[i]));
  return fmt::format("{{\"by\":{},\"name\":{},\"signals\":{},\"horizons\":[{}]}}",
                     quoted(group.dimension), quoted(group.name), group.signals,
                     fmt::join(measures, ","));
}

std::string outcome_json(const Outcome& outcome) {
  const Signal& s = outcome.signal;
  std::vector<std::string> moves;
  for (const double move : outcome.moves_bps)
    moves.push_back(number(move));
  return fmt::format(
      "{{\"received_ns\":{},\"instrument\":{},\"source\":{},\"action\":{},"
      "\"direction\":{},\"score\":{},\"confidence\":{},\"moves_bps\":[{}]}}",
      s.received.ns, quoted(s.instrument), quoted(s.source), quoted(s.action), s.direction,
      number(s.score), number(s.confidence), fmt::join(moves, ","));
}

}  // namespace

std::string report_json(const Report& report) {
  const Counts& c = report.counts;
  std::vector<std::string> notes;
  std::vector<std::string> groups;
  std::vector<std::string> outcomes;
  for (const std::string& note : report.notes)
    notes.push_back(quoted(note));
  for (const Group& group : report.groups)
    groups.push_back(group_json(group, report.options));
  for (const Outcome& outcome : report.outcomes)
    outcomes.push_back(outcome_json(outcome));
  return fmt::format(
      "{{\"headlines\":{},\"untimed\":{},\"events\":{},\"retracts\":{},\"signals\":{},"
      "\"no_prices\":{},\"closed\":{},\"priced\":{},\"seed\":{},\"headlines_min\":{},"
      "\"placebo_sets\":{},\"bootstrap_rounds\":{},\"notes\":[{}],\"groups\":[{}],"
      "\"outcomes\":[{}]}}\n",
      c.headlines, c.untimed, c.events, c.retracts, c.signals, c.no_prices, c.closed,
      report.outcomes.size(), report.options.seed, report.options.headlines_min,
      report.options.placebo_sets, report.options.bootstrap_rounds, fmt::join(notes, ","),
      fmt::join(groups, ","), fmt::join(outcomes, ","));
}

}  // namespace tariff::study
