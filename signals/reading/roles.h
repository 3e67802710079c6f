#pragma once
// signals/reading/roles.h - Who acts, whom it hits, on what goods, at which rate, from when: binds
// the places, products, rates and dates around a proposal to it. Thread: the reader's. Hot.

#include <cstdint>
#include <span>

#include "core/facts.h"
#include "core/time.h"
#include "signals/reading/clauses.h"
#include "signals/reading/proposals.h"

namespace tariff {

class Lexicon;

/// What a binder may look at.
struct RoleContext {
  const Lexicon& lexicon;
  const RuleSet& rules;
  std::span<const Item> items;
  const ClauseList& clauses;
  std::span<const Proposal> proposals;
  WallNs published;
};

/// The facts of `proposals[index]`, which counts. False if it acts on a "curb" and nothing tells on
/// what: then it is no event.
[[nodiscard]] bool bind_roles(const RoleContext& context, std::size_t index, Facts& facts) noexcept;

}  // namespace tariff
