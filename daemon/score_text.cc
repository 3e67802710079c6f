#include "daemon/score_text.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace tariff {
namespace {

std::string confusion_text(const ScoreCard& card) {
  std::string out = "\nconfusion: what is labelled, how often, and what was read instead\n";
  for (const auto& [deed, row] : card.confusion()) {
    std::vector<std::pair<std::size_t, std::string>> cells;
    std::size_t all = 0;
    for (const auto& [told, count] : row) {
      cells.emplace_back(count, told);
      all += count;
    }
    std::stable_sort(cells.begin(), cells.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    out += fmt::format("  {:14} {:5}  ->", deed, all);
    for (const auto& [count, told] : cells)
      out += fmt::format("  {} {}", told, count);
    out += '\n';
  }
  return out;
}

std::string reliability_text(const ScoreCard& card) {
  if (card.samples().empty()) return "\nreliability: the predictions have no confidence\n";
  std::string out =
      "\nreliability: of events told with this confidence, how many are right\n"
      "  confidence  events    mean   right\n";
  const auto bins = reliability(card.samples());
  for (std::size_t i = 0; i < bins.size(); ++i) {
    if (bins[i].count == 0) continue;
    const double low = static_cast<double>(i) / kReliabilityBins;
    out +=
        fmt::format("  {:.1f} - {:.1f}   {:6}  {:6.4f}  {:6.4f}\n", low,
                    low + 1.0 / kReliabilityBins, bins[i].count, bins[i].confidence, bins[i].right);
  }
  return out + fmt::format("  calibration error {:.4f}\n", calibration_error(card.samples()));
}

/// `{"a":1,"b":2}` of anything that gives names and numbers.
template <class Entries>
std::string counts_json(const Entries& entries, const char* format) {
  std::string out = "{";
  for (const auto& [name, value] : entries) {
    if (out.size() > 1) out += ',';
    out += fmt::format("\"{}\":", name) + fmt::format(fmt::runtime(format), value);
  }
  return out + "}";
}

std::string reliability_json(const ScoreCard& card) {
  std::string out = "[";
  for (const ReliabilityBin& bin : reliability(card.samples())) {
    if (out.size() > 1) out += ',';
    out += fmt::format(R"({{"count":{},"confidence":{:.4f},"right":{:.4f}}})", bin.count,
                       bin.confidence, bin.right);
  }
  return out + "]";
}

std::string value_of(std::size_t field, const LabelledEvent& event) {
  switch (field) {
    case 0:
      return std::string(to_text(event.measure));
    case 1:
      return event.retaliation ? "yes" : "";
    case 2:
      return fmt::format("{}", fmt::join(event.actor, " "));
    case 3:
      return fmt::format("{}", fmt::join(event.targets, " "));
    case 4:
      return fmt::format("{}", fmt::join(event.products, " "));
    case 5:
      return event.rate_pct ? fmt::format("{}", *event.rate_pct) : "";
    default:
      return event.effective;
  }
}

std::string row_text(std::string_view name, const std::string& gold, const std::string& predicted,
                     bool differs) {
  const auto shown = [](const std::string& value) {
    return value.empty() ? std::string("-") : printable(value, 60);
  };
  return fmt::format("  {} {:12} {:30} {}\n", differs ? '*' : ' ', name, shown(gold),
                     shown(predicted));
}

/// Either may be null: an event without a counterpart.
std::string event_rows(const LabelledEvent* gold, const LabelledEvent* predicted) {
  const auto deed = [](const LabelledEvent* event) { return event ? deed_of(*event) : ""; };
  std::string out = row_text("event", deed(gold), deed(predicted), deed(gold) != deed(predicted));
  for (std::size_t field = 0; field < kCardFields.size(); ++field) {
    const std::string left = gold ? value_of(field, *gold) : "";
    const std::string right = predicted ? value_of(field, *predicted) : "";
    if (left.empty() && right.empty()) continue;
    out += row_text(kCardFields[field], left, right, left != right);
  }
  if (predicted && !predicted->rule.empty()) out += row_text("rule", "", predicted->rule, false);
  return out;
}

}  // namespace

std::string score_text(const ScoreCard& card) {
  std::string out =
      fmt::format("{:16} {}\n{:16} {}\n", "headlines", card.headlines(), "events", card.events());
  for (const auto& [name, value] : card.figures())
    out += fmt::format("{:16} {:.4f}\n", name, value);
  for (const auto& [name, value] : card.action_f1())
    out += fmt::format("  f1 {:12} {:.4f}\n", name, value);
  return out + confusion_text(card) + reliability_text(card);
}

std::string score_json(const ScoreCard& card) {
  std::string out =
      fmt::format(R"({{"headlines":{},"events":{},)", card.headlines(), card.events());
  for (const auto& [name, value] : card.figures())
    out += fmt::format("\"{}\":{:.4f},", name, value);
  out += "\"action_f1\":" + counts_json(card.action_f1(), "{:.4f}") + ",\"confusion\":{";
  bool first = true;
  for (const auto& [deed, row] : card.confusion()) {
    out += fmt::format("{}\"{}\":{}", first ? "" : ",", deed, counts_json(row, "{}"));
    first = false;
  }
  return out + fmt::format(R"(}},"reliability":{},"calibration_error":{:.4f}}})",
                           reliability_json(card), calibration_error(card.samples()));
}

std::string difference_text(const Labelled& gold, const Labelled& predicted) {
  std::string out = fmt::format("\n{}  {}\n", printable(gold.id, 60), printable(gold.text, 2'000));
  out += fmt::format("    {:12} {:30} {}\n", "", "labelled", "read");
  out += row_text("net", std::string(to_text(gold.net)), std::string(to_text(predicted.net)),
                  gold.net != predicted.net);
  auto pairs = match_events(gold.events, predicted.events);
  const auto rest = match_rest(gold.events, predicted.events, pairs);
  pairs.insert(pairs.end(), rest.begin(), rest.end());
  for (const auto& [g, p] : pairs)
    out += event_rows(&gold.events[g], &predicted.events[p]);
  const auto is_paired = [&](std::size_t index, std::size_t EventPair::*side) {
    return std::any_of(pairs.begin(), pairs.end(),
                       [&](const EventPair& pair) { return pair.*side == index; });
  };
  for (std::size_t g = 0; g < gold.events.size(); ++g) {
    if (!is_paired(g, &EventPair::gold)) out += event_rows(&gold.events[g], nullptr);
  }
  for (std::size_t p = 0; p < predicted.events.size(); ++p) {
    if (!is_paired(p, &EventPair::predicted)) out += event_rows(nullptr, &predicted.events[p]);
  }
  return out;
}

}  // namespace tariff
