#include "signals/reading/cast.h"

namespace tariff {
namespace {

Places* part(Cast& cast, Role role) noexcept {
  switch (role) {
    case Role::Subject:
      return &cast.subjects;
    case Role::Agent:
      return &cast.agents;
    case Role::Owner:
      return &cast.owners;
    case Role::Modifier:
      return &cast.modifiers;
    case Role::Target:
      return &cast.targets;
    case Role::Partner:
      return &cast.partners;
    case Role::None:
      break;
  }
  return nullptr;
}

/// "Mexican senate", "Mexico's senate": the word before says whose.
bool names_owner_before(const RoleContext& context, std::size_t index) noexcept {
  const Item& item = context.items[index];
  const bool whose = item.has(Cue::Court) || item.has(Cue::Parliament);
  return whose && index > 0 && context.items[index - 1].has(Cue::AnyPlace);
}

/// The WTO has no measures of its own: in a ruling it is the court.
bool only_judges(const RoleContext& context, const Item& item) noexcept {
  if (item.meaning == nullptr) return false;
  for (const Place place : context.lexicon.places(*item.meaning)) {
    if (place == Place{"WTO"}) return true;
  }
  return false;
}

}  // namespace

void add_item(const RoleContext& context, const Item& item, Places& places) noexcept {
  if (item.meaning == nullptr) return;
  const auto index = static_cast<std::size_t>(&item - context.items.data());
  if (names_owner_before(context, index)) return;
  for (const Place place : context.lexicon.places(*item.meaning))
    places.add(place);
}

bool take_world(Places& places) noexcept {
  const Place world{"*"};
  if (!places.contains(world)) return false;
  Places others;
  for (const Place place : places) {
    if (!(place == world)) others.add(place);
  }
  places = others;
  return true;
}

Cast cast_of(const RoleContext& context, const Binder& binder) noexcept {
  Cast cast;
  const Action action = binder.rule().action;
  const bool ruling = action == Action::Block || action == Action::Uphold;
  for (std::size_t i = binder.clause().first; i < binder.window_end(); ++i) {
    const Item& item = context.items[i];
    if (!item.has(Cue::AnyPlace) || (ruling && only_judges(context, item))) continue;
    const Role role = binder.role_of(i);
    const bool mine =
        i >= binder.window_first() || (role == Role::Subject && !binder.claimed_before(i));
    Places* places = mine ? part(cast, role) : nullptr;
    if (places == nullptr) continue;
    // The subject that stands nearest to the verb acts: start again unless it goes on a list.
    const bool goes_on =
        i > 0 && (context.items[i - 1].has(Cue::And) || context.items[i - 1].has(Cue::Hyphen));
    const bool named = names_owner_before(context, i);
    if (role == Role::Subject && !goes_on && !named && !binder.has_sides()) *places = Places{};
    add_item(context, item, *places);
    if (role == Role::Modifier && !item.has(Cue::PlaceAdjective)) cast.adjective_only = false;
  }
  bool world = false;
  for (Places* actors :
       {&cast.subjects, &cast.agents, &cast.owners, &cast.modifiers, &cast.partners}) {
    world = take_world(*actors) || world;
  }
  if (world && !binder.has_sides()) cast.targets.add(Place{"*"});
  return cast;
}

Places inherited_subject(const RoleContext& context, const Binder& binder) noexcept {
  Places places;
  for (std::size_t c = binder.proposal().clause; c-- > binder.sentence().clause_first;) {
    const Clause& clause = context.clauses.clauses()[c];
    if (clause.label || clause.kind != ClauseKind::Main) continue;
    for (std::size_t i = clause.first; i < clause.end; ++i) {
      const Item& item = context.items[i];
      const bool after_preposition = i > clause.first && (context.items[i - 1].has(Cue::Barrier) ||
                                                          context.items[i - 1].has(Cue::PrepOn) ||
                                                          context.items[i - 1].has(Cue::PrepIn));
      const bool list_word = item.has(Cue::AnyPlace) || item.has(Cue::And);
      if (!places.empty() && !list_word) break;
      if (item.has(Cue::AnyPlace) && !after_preposition) add_item(context, item, places);
    }
    if (!places.empty()) break;
  }
  return places;
}

Places places_between(const RoleContext& context, std::size_t first, std::size_t end) noexcept {
  Places places;
  for (std::size_t i = first; i < end; ++i) {
    const Item& item = context.items[i];
    const bool setting = i > first && context.items[i - 1].has(Cue::PrepIn);
    const bool ruling = item.has(Cue::Court) || item.has(Cue::Parliament);
    if (item.has(Cue::AnyPlace) && !setting && !ruling) add_item(context, item, places);
  }
  return places;
}

Places speaker_places(const RoleContext& context, const Binder& binder) noexcept {
  Places places;
  const std::uint16_t speaker = binder.sentence().speaker;
  if (speaker != Sentence::kNobody) add_item(context, context.items[speaker], places);
  return places;
}

}  // namespace tariff
