#include "signals/reading/quantities.h"

#include <algorithm>

#include "signals/reading/dates.h"

namespace tariff {
namespace {

struct Range {
  std::size_t first;
  std::size_t end;
};

bool has_at(std::span<const Item> items, std::size_t at, Cue cue) noexcept {
  return at < items.size() && items[at].has(cue);
}

std::uint64_t products_in(std::span<const Item> items, Range range) noexcept {
  std::uint64_t products = 0;
  for (std::size_t i = range.first; i < range.end; ++i) {
    if (items[i].has(Cue::Product) && items[i].meaning != nullptr) {
      products |= items[i].meaning->products;
    }
  }
  return products;
}

/// The rate that would stand: the first one, but "to 15%" beats what stands before it, and "from
/// 25%", the lower end of "10%-15%", or a market's move ("plunges 18%") never counts.
const Item* rate_in(std::span<const Item> items, Range range, bool only_new,
                    bool stands_still) noexcept {
  const Item* found = nullptr;
  bool found_stands = false;
  for (std::size_t i = range.first; i < range.end; ++i) {
    if (!items[i].has(Cue::Rate)) continue;
    const bool lower_end = items[i].has(Cue::Hyphen) && has_at(items, i + 1, Cue::Rate);
    // "reprieve from 25% duty": a measure that is held up keeps its rate.
    const bool its_own =
        stands_still && (has_at(items, i + 1, Cue::Measure) || has_at(items, i + 2, Cue::Measure));
    const bool old = i > 0 && items[i - 1].has(Cue::PrepFrom) && !its_own;
    const bool move = i > 0 && items[i - 1].has(Cue::MarketWord);
    if (lower_end || old || move) continue;
    const bool stands = (i > 0 && items[i - 1].has(Cue::PrepTo)) || items[i].has(Cue::Zero);
    if (only_new && !stands) continue;
    if (found == nullptr || (stands && !found_stands)) {
      found = &items[i];
      found_stands = stands;
    }
  }
  return found;
}

/// A date is the measure's own if the words before it say so; a delay's is its new deadline.
std::int32_t date_in(std::span<const Item> items, Range range, Action action, bool past,
                     WallNs published) noexcept {
  for (std::size_t i = range.first; i < range.end; ++i) {
    if (!items[i].has(Cue::Date)) continue;
    const auto before = [&](Cue cue) { return i > range.first && items[i - 1].has(cue); };
    const bool deadline = before(Cue::DateUntil) || before(Cue::PrepTo) || before(Cue::DateStart);
    const bool wanted = action == Action::Delay ? deadline : !before(Cue::DateUntil);
    if (wanted) return resolve_date(items[i].date, published, past);
  }
  return 0;
}

/// "talks on steel", "EV tariff negotiations", and no further than the phrase goes.
Range topic_of(std::span<const Item> items, const Binder& binder) noexcept {
  const PatternMatch& match = binder.proposal().match;
  const std::size_t centre = match.object == PatternMatch::kNone ? match.trigger : match.object;
  std::size_t first = centre;
  while (first > binder.window_first() && !items[first - 1].has(Cue::Barrier))
    --first;
  std::size_t end = centre + 1U;
  while (end < binder.window_end() && !items[end].has(Cue::Barrier))
    ++end;
  return {first, end};
}

bool dated(Action action) noexcept {
  return action == Action::Threaten || action == Action::Impose || action == Action::Delay ||
         action == Action::Ease;
}

}  // namespace

void bind_quantities(const RoleContext& context, const Binder& binder, Facts& facts) noexcept {
  const Range own{binder.window_first(), binder.window_end()};
  const Range sentence{binder.sentence().first, binder.sentence().end};
  // What the next clause says belongs to this one where nothing else in the sentence claims it.
  const Range wide = binder.alone() ? Range{binder.topic_first(), binder.next_clause_end()} : own;

  if (binder.has_sides()) {
    facts.products = products_in(context.items, topic_of(context.items, binder));
  } else if (facts.measure == Measure::General && binder.rule().retaliation) {
    // "hits back at US steel tariffs": steel is what the other side's measure hits.
  } else {
    facts.products = products_in(context.items, own);
    if (facts.products == 0) facts.products = products_in(context.items, wide);
  }

  const bool only_new = binder.rule().removes && !binder.proposal().denied;
  const bool stands_still = facts.denied() || facts.action == Action::Delay ||
                            facts.action == Action::Block || facts.action == Action::Uphold;
  const Item* rate = rate_in(context.items, own, only_new, stands_still);
  if (rate == nullptr) rate = rate_in(context.items, wide, only_new, stands_still);
  if (rate != nullptr) facts.rate_pct = static_cast<float>(rate->value);

  if (dated(facts.action)) {
    const bool past = binder.sentence().present.has(id_of(Cue::DatePast));
    const Range anywhere = binder.alone() ? sentence : own;
    facts.effective_yyyymmdd = date_in(context.items, own, facts.action, past, context.published);
    if (facts.effective_yyyymmdd == 0) {
      facts.effective_yyyymmdd =
          date_in(context.items, anywhere, facts.action, past, context.published);
    }
  }
  const bool answered = binder.rule().retaliation ||
                        binder.clause().present.has(id_of(Cue::Retaliation)) ||
                        has_at(context.items, binder.clause().end, Cue::Retaliation) ||
                        (binder.alone() && binder.sentence().present.has(id_of(Cue::Retaliation)));
  if (answered && !binder.has_sides()) facts.flags |= Facts::kRetaliation;
}

}  // namespace tariff
