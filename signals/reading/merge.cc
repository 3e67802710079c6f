#include "signals/reading/merge.h"

#include <algorithm>
#include <array>

namespace tariff {
namespace {

template <std::size_t N>
bool includes(const PlaceList<N>& a, const PlaceList<N>& b) noexcept {
  return std::all_of(b.begin(), b.end(), [&](Place place) { return a.contains(place); });
}

template <std::size_t N>
bool compatible(const PlaceList<N>& a, const PlaceList<N>& b) noexcept {
  return includes(a, b) || includes(b, a);
}

/// True if `b` tells the same event as `a`, perhaps in less or more words.
bool same_event(const Facts& a, const Facts& b) noexcept {
  if (a.action != b.action || a.denied() != b.denied()) return false;
  const bool sides = a.action == Action::Talks || a.action == Action::Deal;
  if (a.measure != b.measure && !sides) return false;
  if (a.has_rate() && b.has_rate() && a.rate_pct != b.rate_pct) return false;
  const bool products = a.products == 0 || b.products == 0 || (a.products & b.products) != 0;
  return products && compatible(a.actors, b.actors) && compatible(a.targets, b.targets);
}

/// "China retaliates, slaps duties on ...": the answer and what it is are one event.
bool is_bare_answer(const Facts& facts) noexcept {
  return facts.retaliation() && facts.measure == Measure::General && !facts.has_rate();
}

bool answers_with(const Facts& answer, const Facts& measure) noexcept {
  return is_bare_answer(answer) && !is_bare_answer(measure) && answer.action == measure.action &&
         answer.denied() == measure.denied() && compatible(answer.actors, measure.actors) &&
         (measure.measure != Measure::General || measure.retaliation());
}

/// "a deal, 15% tariff": what both sides are said to set is what they agreed on.
bool is_term_of(const Facts& deal, const Facts& term) noexcept {
  return deal.action == Action::Deal && term.action == Action::Impose && !deal.denied() &&
         !term.denied() && term.has_rate() && !deal.has_rate() && term.actors.count > 1 &&
         includes(deal.actors, term.actors);
}

void complete(Facts& known, const Facts& again) noexcept {
  for (const Place place : again.actors)
    known.actors.add(place);
  for (const Place place : again.targets)
    known.targets.add(place);
  known.products |= again.products;
  known.flags |= again.flags;
  if (!known.has_rate()) known.rate_pct = again.rate_pct;
  if (known.effective_yyyymmdd == 0) known.effective_yyyymmdd = again.effective_yyyymmdd;
  known.confidence = std::max(known.confidence, again.confidence);
}

}  // namespace

void merge_facts(const Facts& facts, Reading& out) noexcept {
  for (std::size_t i = 0; i < out.facts_count; ++i) {
    Facts& known = out.facts[i];
    if (is_term_of(known, facts)) {
      known.rate_pct = facts.rate_pct;
      return;
    }
    if (answers_with(known, facts)) {
      const Facts answer = known;
      known = facts;
      complete(known, answer);
      return;
    }
    if (!same_event(known, facts) && !answers_with(facts, known)) continue;
    complete(known, facts);
    return;
  }
  if (out.facts_count < kFactsMax) out.facts[out.facts_count++] = facts;
}

Net net_of(std::span<const Facts> events) noexcept {
  // Talks beside a measure are the setting; the measure is the news.
  std::array<int, 2> deeds{};
  std::array<int, 2> words{};
  for (const Facts& facts : events) {
    const bool up = direction(facts.action, facts.denied()) > 0;
    ++(facts.action == Action::Talks ? words : deeds)[up ? 1 : 0];
  }
  const std::array<int, 2>& counts = deeds[0] + deeds[1] > 0 ? deeds : words;
  if (counts[0] == 0 && counts[1] == 0) return Net::None;
  if (counts[0] > 0 && counts[1] > 0) return Net::Mixed;
  return counts[1] > 0 ? Net::Escalate : Net::Deescalate;
}

}  // namespace tariff
