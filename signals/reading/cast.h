#pragma once
// signals/reading/cast.h - Which places stand on the stage of a proposal: by the part that each
// plays in it, in the clauses before it, and as the one who speaks. Thread: the reader's. Hot.

#include <cstddef>

#include "core/facts.h"
#include "signals/reading/binder.h"

namespace tariff {

using Places = PlaceList<16>;

/// The places of one proposal by the part they play.
struct Cast {
  Places subjects;
  Places agents;
  Places owners;
  Places modifiers;
  Places targets;
  Places partners;
  bool adjective_only = true;  ///< Every modifier is an adjective ("Chinese tariffs").
};

void add_all(const Places& from, auto& to) noexcept {
  for (const Place place : from)
    to.add(place);
}

/// The places that `item` names or stands for.
void add_item(const RoleContext& context, const Item& item, Places& places) noexcept;

/// The world is hit and never acts: takes it out of `places`.
bool take_world(Places& places) noexcept;

[[nodiscard]] Cast cast_of(const RoleContext& context, const Binder& binder) noexcept;

/// Places of the clauses before this one that could be its subject: "China retaliates, imposes
/// ...".
[[nodiscard]] Places inherited_subject(const RoleContext& context, const Binder& binder) noexcept;

/// Every place in items[first, end) that is not merely where something happens.
[[nodiscard]] Places places_between(const RoleContext& context, std::size_t first,
                                    std::size_t end) noexcept;

[[nodiscard]] Places speaker_places(const RoleContext& context, const Binder& binder) noexcept;

}  // namespace tariff
