#pragma once
// signals/relation.h - What the facts of a headline are to those of a story: the same, changed, a
// denial, or nothing to do with them. docs/reading/event-model.md tells the rules to a reader.
// Thread: any. Hot: pure.

#include <cstdint>
#include <span>

#include "core/facts.h"

namespace tariff {

enum class Relation : std::uint8_t {
  None,
  Changed,  ///< The same matter; one thing about it differs, or something is added.
  Denies,   ///< The side concerned says that it is not so.
  Same,     ///< Nothing that the story does not say.
};

/// What fact `now` is to fact `told`. `alike`: the wordings have much in common, so that what `now`
/// leaves out is a shorter wording rather than another measure.
[[nodiscard]] Relation relate(const Facts& told, const Facts& now, bool alike) noexcept;

/// The same for all facts of a story and of a headline.
[[nodiscard]] Relation relate(std::span<const Facts> told, std::span<const Facts> now,
                              bool alike) noexcept;

}  // namespace tariff
