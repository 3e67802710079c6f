#pragma once
// signals/reading/trace_fill.h - The reader's scratch buffers as a Trace. Thread: the reader's.
// Cold.

#include "signals/reading/clauses.h"
#include "signals/reading/compiled.h"
#include "signals/reading/items.h"
#include "signals/reading/proposals.h"
#include "signals/reading/trace.h"

namespace tariff {

struct ReadingStages {
  const FoldedText& folded;
  const TokenList& tokens;
  const ItemList& items;
  const ClauseList& clauses;
  const ProposalList& proposals;
};

/// Replaces the content of `trace`.
void fill_trace(const Tables& tables, const ReadingStages& stages, Trace& trace);

}  // namespace tariff
