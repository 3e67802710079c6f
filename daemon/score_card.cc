#include "daemon/score_card.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

namespace tariff {
namespace {

std::size_t equal_fields(const LabelledEvent& a, const LabelledEvent& b) {
  std::size_t count = 0;
  for (std::size_t field = 0; field < kCardFields.size(); ++field) {
    if (equal_field(field, a, b)) ++count;
  }
  return count;
}

/// One-to-one pairs of those that are `allowed`, most equal fields first, then in order.
template <class Allowed>
std::vector<EventPair> pair_up(const std::vector<LabelledEvent>& gold,
                               const std::vector<LabelledEvent>& predicted, Allowed allowed) {
  std::vector<std::tuple<std::size_t, EventPair>> candidates;
  for (std::size_t g = 0; g < gold.size(); ++g) {
    for (std::size_t p = 0; p < predicted.size(); ++p) {
      if (allowed(g, p)) candidates.push_back({equal_fields(gold[g], predicted[p]), {g, p}});
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return std::get<0>(a) > std::get<0>(b); });
  std::vector<bool> used_gold(gold.size());
  std::vector<bool> used_predicted(predicted.size());
  std::vector<EventPair> pairs;
  for (const auto& [alike, pair] : candidates) {
    if (used_gold[pair.gold] || used_predicted[pair.predicted]) continue;
    used_gold[pair.gold] = used_predicted[pair.predicted] = true;
    pairs.push_back(pair);
  }
  return pairs;
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double f1(double precision, double recall) {
  return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
}

bool has_direction(Net net) {
  return net == Net::Escalate || net == Net::Deescalate;
}

}  // namespace

bool equal_field(std::size_t field, const LabelledEvent& a, const LabelledEvent& b) {
  switch (field) {
    case 0:
      return a.measure == b.measure;
    case 1:
      return a.retaliation == b.retaliation;
    case 2:
      return a.actor == b.actor;
    case 3:
      return a.targets == b.targets;
    case 4:
      return a.products == b.products;
    case 5:
      return a.rate_pct == b.rate_pct;
    default:
      return a.effective == b.effective;
  }
}

std::string deed_of(const LabelledEvent& event) {
  return fmt::format("{}{}", event.denied ? "not " : "", to_text(event.action));
}

std::vector<EventPair> match_events(const std::vector<LabelledEvent>& gold,
                                    const std::vector<LabelledEvent>& predicted) {
  return pair_up(gold, predicted, [&](std::size_t g, std::size_t p) {
    return gold[g].action == predicted[p].action && gold[g].denied == predicted[p].denied;
  });
}

std::vector<EventPair> match_rest(const std::vector<LabelledEvent>& gold,
                                  const std::vector<LabelledEvent>& predicted,
                                  const std::vector<EventPair>& matched) {
  return pair_up(gold, predicted, [&](std::size_t g, std::size_t p) {
    return std::none_of(matched.begin(), matched.end(), [&](const EventPair& pair) {
      return pair.gold == g || pair.predicted == p;
    });
  });
}

bool ScoreCard::add(const Labelled& gold, const Labelled& predicted) {
  ++headlines_;
  const bool told = !predicted.events.empty();
  relevance_.gold += gold.events.empty() ? 0 : 1;
  relevance_.predicted += told ? 1 : 0;
  relevance_.matched += !gold.events.empty() && told ? 1 : 0;
  net_right_ += gold.net == predicted.net ? 1 : 0;
  if (has_direction(gold.net)) {
    ++signed_;
    flipped_ += has_direction(predicted.net) && predicted.net != gold.net ? 1 : 0;
  }
  const auto matched = match_events(gold.events, predicted.events);
  count_events(gold, predicted, matched);
  const bool exact = matched.size() == gold.events.size() &&
                     matched.size() == predicted.events.size() &&
                     std::all_of(matched.begin(), matched.end(), [&](const EventPair& pair) {
                       return equal_fields(gold.events[pair.gold],
                                           predicted.events[pair.predicted]) == kCardFields.size();
                     });
  exact_ += exact && !gold.events.empty() ? 1 : 0;
  return exact;
}

void ScoreCard::count_events(const Labelled& gold, const Labelled& predicted,
                             const std::vector<EventPair>& matched) {
  std::vector<bool> gold_paired(gold.events.size());
  std::vector<bool> right(predicted.events.size());
  for (const LabelledEvent& event : gold.events)
    ++actions_[static_cast<std::size_t>(event.action)].gold;
  for (const LabelledEvent& event : predicted.events)
    ++actions_[static_cast<std::size_t>(event.action)].predicted;
  for (const auto& [g, p] : matched) {
    ++actions_[static_cast<std::size_t>(gold.events[g].action)].matched;
    for (std::size_t field = 0; field < kCardFields.size(); ++field) {
      if (equal_field(field, gold.events[g], predicted.events[p])) ++fields_right_[field];
    }
    ++confusion_[deed_of(gold.events[g])][deed_of(predicted.events[p])];
    gold_paired[g] = right[p] = true;
  }
  std::vector<bool> predicted_paired = right;
  for (const auto& [g, p] : match_rest(gold.events, predicted.events, matched)) {
    ++confusion_[deed_of(gold.events[g])][deed_of(predicted.events[p])];
    gold_paired[g] = predicted_paired[p] = true;
  }
  for (std::size_t g = 0; g < gold.events.size(); ++g) {
    if (!gold_paired[g]) ++confusion_[deed_of(gold.events[g])][std::string(kNothing)];
  }
  for (std::size_t p = 0; p < predicted.events.size(); ++p) {
    const LabelledEvent& event = predicted.events[p];
    if (!predicted_paired[p]) ++confusion_[std::string(kNothing)][deed_of(event)];
    if (event.confidence) samples_.push_back({*event.confidence, right[p]});
  }
}

std::size_t ScoreCard::events() const noexcept {
  return std::accumulate(actions_.begin(), actions_.end(), std::size_t{0},
                         [](std::size_t sum, const Counts& c) { return sum + c.gold; });
}

ScoreCard::Figures ScoreCard::figures() const {
  Counts all;
  for (const Counts& counts : actions_) {
    all.gold += counts.gold;
    all.predicted += counts.predicted;
    all.matched += counts.matched;
  }
  const double relevance_p = share(relevance_.matched, relevance_.predicted);
  const double relevance_r = share(relevance_.matched, relevance_.gold);
  const double event_p = share(all.matched, all.predicted);
  const double event_r = share(all.matched, all.gold);
  const Figures by_action = action_f1();
  double macro = 0;
  for (const auto& [name, value] : by_action)
    macro += value;
  if (!by_action.empty()) macro /= static_cast<double>(by_action.size());
  const std::size_t false_alarms = relevance_.predicted - relevance_.matched;
  Figures figures{{"relevance_p", relevance_p},
                  {"relevance_r", relevance_r},
                  {"relevance_f1", f1(relevance_p, relevance_r)},
                  {"false_alarms", share(false_alarms, headlines_ - relevance_.gold)},
                  {"sign_flips", share(flipped_, signed_)},
                  {"net", share(net_right_, headlines_)},
                  {"event_p", event_p},
                  {"event_r", event_r},
                  {"event_f1", f1(event_p, event_r)},
                  {"event_macro_f1", macro}};
  for (std::size_t field = 0; field < kCardFields.size(); ++field)
    figures.emplace_back(kCardFields[field], share(fields_right_[field], all.matched));
  figures.emplace_back("exact", share(exact_, relevance_.gold));
  return figures;
}

ScoreCard::Figures ScoreCard::action_f1() const {
  Figures out;
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    const Counts& counts = actions_[i];
    if (counts.gold == 0) continue;
    out.emplace_back(kActionNames[i], f1(share(counts.matched, counts.predicted),
                                         share(counts.matched, counts.gold)));
  }
  std::sort(out.begin(), out.end());
  return out;
}

Reliability reliability(const std::vector<ConfidenceSample>& samples) {
  Reliability bins{};
  for (const ConfidenceSample& sample : samples) {
    const auto index = static_cast<std::size_t>(sample.confidence * kReliabilityBins);
    ReliabilityBin& bin = bins[std::min(index, kReliabilityBins - 1)];
    ++bin.count;
    bin.confidence += sample.confidence;
    bin.right += sample.right ? 1 : 0;
  }
  for (ReliabilityBin& bin : bins) {
    if (bin.count == 0) continue;
    bin.confidence /= static_cast<double>(bin.count);
    bin.right /= static_cast<double>(bin.count);
  }
  return bins;
}

double calibration_error(const std::vector<ConfidenceSample>& samples) {
  double error = 0;
  for (const ReliabilityBin& bin : reliability(samples))
    error += static_cast<double>(bin.count) * std::abs(bin.confidence - bin.right);
  return samples.empty() ? 0 : error / static_cast<double>(samples.size());
}

}  // namespace tariff
