#include "signals/reading/binder.h"

#include <algorithm>

namespace tariff {
namespace {

/// Words between a preposition and its place ("on most imported Chinese"), at most.
constexpr std::size_t kPhraseItemsMax = 5;
/// Words between a place and the measure that it modifies ("Canada steel and aluminum tariffs").
constexpr std::size_t kModifierItemsMax = 6;
/// Words between an adjective and the goods that it modifies ("Chinese electric cars").
constexpr std::size_t kGoodsItemsMax = 3;

bool is_noun_like(const Item& item) noexcept {
  const bool target_ahead = item.has(Cue::PrepOn) && item.has(Cue::Ideograph);  // "中国对美国"
  return item.has(Cue::Word) && !item.has(Cue::Barrier) && !item.has(Cue::AnyPlace) &&
         !target_ahead;
}

}  // namespace

Binder::Binder(const RoleContext& context, std::size_t index) noexcept
    : items_(context.items),
      proposal_(context.proposals[index]),
      rule_(context.rules.rules[proposal_.rule]),
      clause_(context.clauses.clauses()[proposal_.clause]),
      sentence_(context.clauses.sentences()[clause_.sentence]),
      window_first_(clause_.first),
      window_end_(clause_.end),
      next_clause_end_(clause_.end),
      topic_first_(clause_.end) {
  const auto all = context.clauses.clauses();
  const std::size_t next = proposal_.clause + 1U;
  const bool market_move = next < all.size() && all[next].present.has(id_of(Cue::MarketWord));
  if (next < sentence_.clause_end && all[next].kind == ClauseKind::Main && !market_move) {
    next_clause_end_ = all[next].end;
  }
  const bool topic = proposal_.clause > sentence_.clause_first &&
                     all[proposal_.clause - 1U].kind == ClauseKind::Main &&
                     clause_.present.has(id_of(Cue::Ideograph));
  if (topic) topic_first_ = all[proposal_.clause - 1U].first;
  for (std::size_t i = 0; i < context.proposals.size(); ++i) {
    const Proposal& other = context.proposals[i];
    const bool same_event = other.continues == index || proposal_.continues == i;
    if (i == index || other.fate != Proposal::Fate::Counts) continue;
    if (!same_event && context.clauses.clauses()[other.clause].sentence == clause_.sentence)
      alone_ = false;
    if (other.clause != proposal_.clause) continue;
    const std::size_t start = std::min(other.match.first, other.match.trigger);
    if (other.match.trigger > proposal_.match.trigger) {
      window_end_ = std::min(window_end_, std::max<std::size_t>(start, proposal_.match.last + 1U));
    } else {
      const std::size_t end = std::min<std::size_t>(other.match.last + 1U, proposal_.match.first);
      if (end >= window_first_) {
        claimed_first_ = other.match.trigger;
        claimed_end_ = other.match.last + 1U;
      }
      window_first_ = std::max(window_first_, end);
    }
  }
}

bool Binder::has_sides() const noexcept {
  return proposal_.action == Action::Talks || proposal_.action == Action::Deal ||
         proposal_.action == Action::Breakdown;
}

/// "on EU, China and Japan": all stand where the first one stands.
std::size_t Binder::list_head(std::size_t place) const noexcept {
  std::size_t head = place;
  for (;;) {
    if (head >= clause_.first + 2U && items_[head - 1].has(Cue::And) &&
        items_[head - 2].has(Cue::AnyPlace)) {
      head -= 2;
    } else if (head >= clause_.first + 1U && items_[head - 1].has(Cue::AnyPlace) &&
               items_[head - 1].has(Cue::Hyphen)) {
      head -= 1;
    } else {
      return head;
    }
  }
}

Role Binder::role_by_preposition(std::size_t head) const noexcept {
  const std::size_t lowest =
      std::max<std::size_t>(clause_.first, head > kPhraseItemsMax ? head - kPhraseItemsMax : 0);
  for (std::size_t i = head; i-- > lowest;) {
    const Item& item = items_[i];
    if (item.has(Cue::PrepFrom)) {
      return items_[head].has(Cue::Decider) ? Role::Agent : Role::Target;
    }
    if (item.has(Cue::PrepOn)) return Role::Target;
    if (item.has(Cue::PrepWith)) return Role::Partner;
    if (item.has(Cue::PrepBy)) return Role::Agent;
    if (item.has(Cue::PrepIn)) {
      return items_[head].has(Cue::PlaceAdjective) && modifies_goods(head) ? Role::Target
                                                                           : Role::None;
    }
    if (item.has(Cue::PrepTo) || item.has(Cue::PrepFor)) return Role::Target;
    if (item.has(Cue::PrepOf)) {
      // "imposition of US duties", "worth of Chinese goods", but "in a new turn of the Iran row".
      const bool own = i > 0 && (i - 1 == proposal_.match.trigger ||
                                 i - 1 == proposal_.match.object || !is_noun_like(items_[i - 1]));
      return own || modifies_goods(head) || modifies_object(head) ? Role::Target : Role::None;
    }
    const bool barred = i == proposal_.match.trigger || i == proposal_.match.object;
    if (barred || !is_noun_like(item)) return Role::Subject;
  }
  return Role::Subject;  // for want of a preposition
}

/// "China tariffs", "US 25% steel duties": nothing but the phrase lies between.
bool Binder::modifies_object(std::size_t head) const noexcept {
  const std::size_t object = proposal_.match.object;
  if (object == PatternMatch::kNone || head >= object || object - head > kModifierItemsMax) {
    return false;
  }
  for (std::size_t i = head + 1; i < object; ++i) {
    const bool sibling = items_[i].has(Cue::AnyPlace) || items_[i].has(Cue::And);
    if (i == proposal_.match.trigger || (!sibling && !is_noun_like(items_[i]))) return false;
  }
  return true;
}

/// "对美国关税", "原产于美国的": Chinese says right before the place that it is hit, be it the
/// modifier of a measure or not.
bool Binder::is_governed(std::size_t head) const noexcept {
  if (head == clause_.first || !items_[head].has(Cue::Ideograph)) return false;
  const bool counted = items_[head - 1].has(Cue::Money) && head >= clause_.first + 2U;
  const Item& before = items_[counted ? head - 2 : head - 1];  // "对16家美国企业"
  return before.has(Cue::PrepOn) || before.has(Cue::PrepFrom);
}

bool Binder::modifies_goods(std::size_t place) const noexcept {
  if (items_[place].has(Cue::Possessive) || items_[place].has(Cue::Decider)) return false;
  for (std::size_t i = place + 1;
       i < std::min<std::size_t>(clause_.end, place + 1 + kGoodsItemsMax); ++i) {
    if (items_[i].has(Cue::Product) || items_[i].has(Cue::Goods)) return true;
    const bool sibling = items_[i].has(Cue::AnyPlace) || items_[i].has(Cue::And);
    if (i == proposal_.match.trigger || (!sibling && !is_noun_like(items_[i]))) return false;
  }
  return false;
}

/// "stocks rise on China plan to cut tariffs": the place is the subject of the verb behind it, and
/// nothing that the preposition could belong to stands before.
bool Binder::has_own_verb(std::size_t place) const noexcept {
  const std::size_t next = place + 1;
  const bool before =
      place < proposal_.match.trigger &&
      (proposal_.match.object == PatternMatch::kNone || place < proposal_.match.object);
  if (!before || rule_.subject_is_target || next >= clause_.end) return false;
  const Item& verb = items_[next];
  const bool preposition = verb.has(Cue::PrepTo) || verb.has(Cue::PrepFrom) ||
                           verb.has(Cue::PrepWith) || verb.has(Cue::PrepBy) ||
                           verb.has(Cue::PrepFor);
  return next <= proposal_.match.trigger && verb.has(Cue::Barrier) && !preposition &&
         items_[place].has(Cue::PlaceName);
}

Role Binder::role_of(std::size_t place) const noexcept {
  const std::size_t head = list_head(place);
  // "a pause for all countries except China"
  if (head > clause_.first && items_[head - 1].has(Cue::Except)) return Role::None;
  if (is_governed(head)) return Role::Target;
  if (modifies_object(place)) {
    const bool owner = items_[place].has(Cue::Possessive) || items_[place].has(Cue::Decider);
    return owner ? Role::Owner : Role::Modifier;
  }
  const Role role = role_by_preposition(head);
  if (role != Role::Subject && !has_own_verb(place)) return role;
  if (modifies_goods(place) &&
      !(head == clause_.first && proposal_.match.trigger > place && !rule_.subject_is_target)) {
    return Role::Target;
  }
  if (place < proposal_.match.trigger) {
    return rule_.subject_is_target ? Role::Target : Role::Subject;
  }
  return Role::Target;
}

}  // namespace tariff
