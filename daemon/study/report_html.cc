#include <cmath>

#include <fmt/format.h>

#include "daemon/study/report.h"
#include "daemon/study/svg.h"

namespace tariff::study {
namespace {

constexpr const char* kHead = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>What the signals were worth</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; --ink: #222; --paper: #fff; --soft: #ccd; --mark: #0a5fb4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ddd; --paper: #181a1e; --soft: #445; --mark: #6db3f5; } }
body { font: 15px/1.45 sans-serif; color: var(--ink); background: var(--paper); max-width: 1100px;
  margin: 2em auto; padding: 0 1em; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 1em; }
svg { width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 12px; }
svg .title { font-size: 14px; font-weight: bold; } svg .tick { text-anchor: end; }
svg .label { text-anchor: middle; } .grid { stroke: var(--soft); stroke-dasharray: 3 3; }
.base { stroke: var(--ink); } .chance { fill: var(--soft); }
.range { stroke: var(--mark); stroke-width: 2; } .value { fill: var(--mark); }
.dot { fill: var(--mark); fill-opacity: .5; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .15em .6em; text-align: right; border-bottom: 1px solid var(--soft); }
th:first-child, td:first-child, td:last-child { text-align: left; } .few { opacity: .55; }
</style></head><body>
<h1>What the signals were worth</h1>
)";

std::string cell(const std::string& text) {
  return "<td>" + escaped(text) + "</td>";
}

std::string range(const Interval& interval, double scale) {
  if (std::isnan(interval.low)) return "one day";
  return fmt::format("{:.1f}..{:.1f}", interval.low * scale, interval.high * scale);
}

std::string row(const std::string& name, std::int64_t horizon_ns, const Measure& m) {
  const bool few = m.verdict == Verdict::TooFew;
  std::string out = fmt::format("<tr{}>", few ? " class=\"few\"" : "") + cell(name) +
                    cell(horizon_text(horizon_ns)) + cell(fmt::format("{}", m.signals)) +
                    cell(fmt::format("{}", m.headlines));
  if (m.signals == 0) return out + "<td colspan=\"8\"></td>" + cell("no figures") + "</tr>\n";
  out += cell(fmt::format("{:.1f}", m.hit_rate * 100)) + cell(range(m.hit_interval, 100)) +
         cell(fmt::format("{:.1f}", m.mean_bps)) + cell(range(m.mean_interval, 1)) +
         cell(fmt::format("{:.1f}", m.median_bps)) +
         cell(fmt::format("{:.1f}", m.placebo_hit_rate * 100)) +
         cell(fmt::format("{:.1f} ({})", m.placebo_mean_bps, range(m.placebo_interval, 1))) +
         cell(fmt::format("{:.3f}", m.placebo_as_good));
  return out + cell(std::string(kVerdictNames[static_cast<std::size_t>(m.verdict)])) + "</tr>\n";
}

std::string table(const Report& report, const std::string& dimension) {
  std::string out = fmt::format(
      "<h2>{}</h2>\n<table><thead><tr><th></th><th>horizon</th><th>signals</th><th>headlines</th>"
      "<th>hit %</th><th>95 %</th><th>mean bps</th><th>95 %</th><th>median</th>"
      "<th>placebo hit %</th><th>placebo mean</th><th>p</th><th></th></tr></thead><tbody>\n",
      dimension == "all" ? "All signals" : "By " + dimension);
  for (const Group& group : report.groups) {
    if (group.dimension != dimension) continue;
    for (std::size_t i = 0; i < group.measures.size(); ++i)
      out += row(group.name, report.options.horizons_ns[i], group.measures[i]);
  }
  return out + "</tbody></table>\n";
}

PlotPoint mean_point(const std::string& label, const Measure& m) {
  return {label, m.mean_bps, m.mean_interval, m.placebo_mean_bps, m.placebo_interval};
}

/// The groups that are large enough to say something, at the last horizon.
std::string groups_plot(const Report& report) {
  std::vector<PlotPoint> points;
  for (const Group& group : report.groups) {
    if (group.dimension == "all" || group.measures.empty()) continue;
    const Measure& last = group.measures.back();
    if (last.verdict != Verdict::TooFew) points.push_back(mean_point(group.name, last));
  }
  const std::string horizon = horizon_text(report.options.horizons_ns.back());
  return interval_plot("Mean move after " + horizon + ", groups with enough headlines",
                       "basis points", 0, points);
}

std::string plots(const Report& report) {
  std::vector<PlotPoint> means;
  std::vector<PlotPoint> hits;
  for (const Group& group : report.groups) {
    if (group.dimension != "all") continue;
    for (std::size_t i = 0; i < group.measures.size(); ++i) {
      const Measure& m = group.measures[i];
      if (m.signals == 0) continue;
      const std::string label = horizon_text(report.options.horizons_ns[i]);
      means.push_back(mean_point(label, m));
      const double chance = m.placebo_hit_rate * 100;
      hits.push_back({label,
                      m.hit_rate * 100,
                      {m.hit_interval.low * 100, m.hit_interval.high * 100},
                      chance,
                      {chance, chance}});
    }
  }
  std::vector<Dot> dots;
  for (const Outcome& outcome : report.outcomes) {
    const double move = outcome.moves_bps.back();
    if (!std::isnan(move)) dots.push_back({outcome.signal.score, move * outcome.signal.direction});
  }
  const std::string last = horizon_text(report.options.horizons_ns.back());
  return "<div class=\"plots\">\n" +
         interval_plot("Mean move in the direction of the signal", "basis points", 0, means) +
         interval_plot("Hit rate", "percent", 50, hits) + groups_plot(report) +
         dot_plot("Score and move after " + last, "score, -1 to 1", "basis points", dots) +
         "</div>\n<p>Dot: the signals, with their interval of 95 %. Grey: the same number of "
         "random "
         "times.</p>\n";
}

}  // namespace

std::string report_html(const Report& report) {
  const Counts& c = report.counts;
  std::string out = kHead;
  out += fmt::format(
      "<p>{} headlines ({} lines without a time of day left out), {} events, {} signals, {} "
      "retracts. {} signals have a price; {} are for instruments without prices, {} came while the "
      "market was closed.</p>\n<ul>\n",
      c.headlines, c.untimed, c.events, c.signals, c.retracts, report.outcomes.size(), c.no_prices,
      c.closed);
  for (const std::string& note : report.notes)
    out += "<li>" + escaped(note) + "</li>\n";
  out += fmt::format(
      "<li>Fewer than {} headlines are too few to say anything. Of 40 lines, one is better and one "
      "worse than chance by chance. The last column judges the mean, not the hit "
      "rate.</li>\n<li>Placebo: {} sets of as many random times of the same "
      "sessions, seed {}; p is the share of sets with a mean at least as good.</li>\n</ul>\n",
      report.options.headlines_min, report.options.placebo_sets, report.options.seed);
  out += plots(report);
  for (const char* dimension : {"all", "instrument", "action", "source", "confidence"})
    out += table(report, dimension);
  return out + "</body></html>\n";
}

}  // namespace tariff::study
