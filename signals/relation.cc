#include "signals/relation.h"

#include <algorithm>

namespace tariff {
namespace {

constexpr Place kEverybody("*");

template <std::size_t N, std::size_t M>
bool includes(const PlaceList<N>& all, const PlaceList<M>& some) noexcept {
  return std::all_of(some.begin(), some.end(), [&](Place place) { return all.contains(place); });
}
template <std::size_t N, std::size_t M>
bool share(const PlaceList<N>& a, const PlaceList<M>& b) noexcept {
  return std::any_of(b.begin(), b.end(), [&](Place place) { return a.contains(place); });
}

/// Both sides act, and nobody is hit.
bool is_mutual(Action action) noexcept {
  return action == Action::Talks || action == Action::Deal || action == Action::Breakdown;
}

/// How far one field of a fact is from that of another.
enum class Step : std::uint8_t { Equal, Vague, Added, Differs, Elsewhere };

Step actors_step(const Facts& told, const Facts& now) noexcept {
  if (told.actors.empty() || now.actors.empty()) return Step::Equal;
  if (is_mutual(told.action)) {
    const bool same = includes(told.actors, now.actors) || includes(now.actors, told.actors);
    return same ? Step::Equal : Step::Elsewhere;
  }
  return share(told.actors, now.actors) ? Step::Equal : Step::Elsewhere;
}

Step targets_step(const Facts& told, const Facts& now, bool alike) noexcept {
  if (told.targets.count == now.targets.count && includes(told.targets, now.targets)) {
    return Step::Equal;
  }
  // "All but China" is read as China, as everybody or as nobody, as the wording has it.
  const bool vague = told.targets.empty() || now.targets.empty() ||
                     told.targets.contains(kEverybody) || now.targets.contains(kEverybody);
  if (vague) {
    if (now.targets.empty()) return alike ? Step::Equal : Step::Vague;
    return alike ? Step::Equal : Step::Differs;
  }
  if (includes(told.targets, now.targets)) return Step::Equal;
  if (includes(now.targets, told.targets)) return Step::Added;
  return share(told.targets, now.targets) ? Step::Differs : Step::Elsewhere;
}

Step products_step(const Facts& told, const Facts& now, bool alike) noexcept {
  if (told.products == now.products) return Step::Equal;
  if (now.products == 0)
    return alike ? Step::Equal : Step::Differs;  // all goods, or a short wording
  if (told.products == 0) return alike ? Step::Added : Step::Differs;
  return (told.products & now.products) != 0 ? Step::Differs : Step::Elsewhere;
}

Step rate_step(const Facts& told, const Facts& now) noexcept {
  if (!now.has_rate()) return Step::Equal;
  if (!told.has_rate()) return Step::Added;
  return told.rate_pct == now.rate_pct ? Step::Equal : Step::Differs;
}

Step date_step(const Facts& told, const Facts& now) noexcept {
  if (now.effective_yyyymmdd == 0) return Step::Equal;
  if (told.effective_yyyymmdd == 0) return Step::Added;
  return told.effective_yyyymmdd == now.effective_yyyymmdd ? Step::Equal : Step::Differs;
}

bool concerns_speaker(const Facts& told, const Facts& denial) noexcept {
  if (denial.attribution == Attribution::Decider || denial.attribution == Attribution::Official) {
    return true;
  }
  return !denial.speaker.empty() &&
         (told.actors.contains(denial.speaker) || told.targets.contains(denial.speaker));
}

bool denies(const Facts& told, const Facts& now, bool alike) noexcept {
  if (told.denied() || !now.denied() || !concerns_speaker(told, now)) return false;
  const bool same_act = told.action == now.action && actors_step(told, now) == Step::Equal;
  const bool same_rate = rate_step(told, now) != Step::Differs;
  return same_act && same_rate && targets_step(told, now, alike) != Step::Elsewhere &&
         products_step(told, now, alike) != Step::Elsewhere;
}

}  // namespace

Relation relate(const Facts& told, const Facts& now, bool alike) noexcept {
  const bool same_measure = told.measure == now.measure;
  const bool vague_measure =
      alike && (told.measure == Measure::General || now.measure == Measure::General);
  if (!same_measure && !vague_measure) return Relation::None;
  if (told.denied() != now.denied()) {
    return denies(told, now, alike) ? Relation::Denies : Relation::None;
  }
  if (is_mutual(told.action) != is_mutual(now.action)) return Relation::None;
  const std::array<Step, 6> steps{told.action == now.action ? Step::Equal : Step::Differs,
                                  actors_step(told, now),
                                  targets_step(told, now, alike),
                                  products_step(told, now, alike),
                                  rate_step(told, now),
                                  date_step(told, now)};
  const auto count = [&](Step step) { return std::count(steps.begin(), steps.end(), step); };
  // In other words, about nobody in particular, and different: that may be about somebody else.
  const bool may_be_other = count(Step::Differs) > 0 && count(Step::Vague) > 0;
  if (count(Step::Elsewhere) > 0 || count(Step::Differs) > 1 || may_be_other) return Relation::None;
  return count(Step::Differs) + count(Step::Added) > 0 ? Relation::Changed : Relation::Same;
}

Relation relate(std::span<const Facts> told, std::span<const Facts> now, bool alike) noexcept {
  if (told.empty() || now.empty()) return Relation::None;
  bool all_same = true;
  bool any = false;
  for (const Facts& fact : now) {
    Relation best = Relation::None;
    for (const Facts& old : told)
      best = std::max(best, relate(old, fact, alike));
    if (best == Relation::Denies) return Relation::Denies;
    all_same = all_same && best == Relation::Same;
    any = any || best != Relation::None;
  }
  if (all_same) return Relation::Same;
  return any ? Relation::Changed : Relation::None;
}

}  // namespace tariff
