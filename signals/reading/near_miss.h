#pragma once
// signals/reading/near_miss.h - The rules that lack one thing to fire: what a person looks at who
// asks why a headline gave nothing. Thread: the reader's. Cold.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "signals/reading/compiled.h"
#include "signals/reading/proposals.h"

namespace tariff {

struct NearMiss {
  std::uint16_t rule = 0;
  PatternMatch match;      ///< Of what is there.
  std::size_t found = 0;   ///< Items of the pattern that are there.
  std::string stopped_by;  ///< "no put", "its words stand too far apart"
};

/// The best six, one a rule, those with most items there first. Rules that matched in some clause
/// are in `proposals` and not here. Of a very long text, the start is looked at.
[[nodiscard]] std::vector<NearMiss> near_misses(const Tables& tables, std::span<const Item> items,
                                                const ClauseList& clauses,
                                                const ProposalList& proposals);

}  // namespace tariff
