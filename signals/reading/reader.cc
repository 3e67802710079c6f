#include "signals/reading/reader.h"

#include <algorithm>

#include "signals/reading/clauses.h"
#include "signals/reading/compiled.h"
#include "signals/reading/fold.h"
#include "signals/reading/items.h"
#include "signals/reading/merge.h"
#include "signals/reading/proposals.h"
#include "signals/reading/roles.h"
#include "signals/reading/trace.h"
#include "signals/reading/trace_fill.h"

namespace tariff {

struct Reader::Scratch {
  FoldedText folded;
  TokenList tokens;
  ItemList items;
  ClauseList clauses;
  ProposalList proposals;
};

Reader::Reader() : scratch_(std::make_unique<Scratch>()) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

namespace {

/// A side that decides speaks of a measure, and no rule read it or said that it is not news.
bool needs_a_person(const ClauseList& clauses, const ProposalList& proposals) noexcept {
  if (!proposals.frames().empty()) return false;
  const auto settled = [](const Proposal& p) { return p.fate != Proposal::Fate::Outdone; };
  if (std::any_of(proposals.view().begin(), proposals.view().end(), settled)) return false;
  for (const Sentence& sentence : clauses.sentences()) {
    const auto has = [&](Cue cue) { return sentence.present.has(id_of(cue)); };
    if (has(Cue::Decider) && has(Cue::Measure)) return true;
  }
  return false;
}

}  // namespace

void Reader::read(const Tables& tables, std::string_view text, WallNs published, Reading& out,
                  Trace* trace) noexcept {
  Scratch& s = *scratch_;
  out = Reading{};
  s.folded.assign(text);
  s.tokens.assign(s.folded);
  s.items.assign(tables.lexicon(), s.folded, s.tokens);
  s.clauses.assign(s.items.edit());
  s.proposals.assign(tables.rules(), s.items.view(), s.clauses);
  out.cut = s.folded.cut() || s.tokens.cut();

  const RoleContext context{tables.lexicon(), tables.rules(),     s.items.view(),
                            s.clauses,        s.proposals.view(), published};
  for (std::size_t i = 0; i < context.proposals.size(); ++i) {
    if (context.proposals[i].fate != Proposal::Fate::Counts) continue;
    Facts facts;
    if (bind_roles(context, i, facts)) merge_facts(facts, out);
  }
  out.net = net_of(out.events());
  std::array<float, kFactsMax> raw{};
  for (std::size_t i = 0; i < out.facts_count; ++i) {
    Facts& facts = out.facts[i];
    raw[i] = facts.confidence;
    facts.confidence = tables.rules().calibration.right(facts.confidence);
    out.confidence = std::max(out.confidence, facts.confidence);
  }
  out.unscored = out.facts_count == 0 && needs_a_person(s.clauses, s.proposals);
  if (trace != nullptr) {
    fill_trace(tables, {s.folded, s.tokens, s.items, s.clauses, s.proposals}, *trace);
    trace->raw_confidences.assign(raw.begin(), raw.begin() + out.facts_count);
  }
}

}  // namespace tariff
