#include "signals/reading/trace_fill.h"

#include <fmt/format.h>

#include "signals/reading/near_miss.h"
#include "signals/reading/roles.h"

namespace tariff {
namespace {

std::string text_of(const ReadingStages& stages, const Item& item) {
  const std::size_t begin = stages.tokens[item.token_first].begin;
  const std::size_t end = stages.tokens[item.token_last].end;
  return std::string(stages.folded.view().substr(begin, end - begin));
}

Trace::Span span_of(const Tables& tables, const ReadingStages& stages, const Item& item) {
  Trace::Span span;
  span.text = text_of(stages, item);
  span.begin_bytes =
      static_cast<std::uint32_t>(stages.folded.origin(stages.tokens[item.token_first].begin));
  span.end_bytes =
      static_cast<std::uint32_t>(stages.folded.origin(stages.tokens[item.token_last].end));
  item.concepts.for_each([&](std::size_t id) {
    if (id != id_of(Cue::Word)) span.concepts.push_back(tables.concept_name(id));
  });
  return span;
}

Trace::Step step_of(std::string rule, const PatternMatch& match, std::string outcome) {
  return {std::move(rule), match.first, match.last, std::move(outcome), {}};
}

std::string outcome_of(const Proposal& proposal) {
  return fmt::format("{}{}", proposal.denied ? "denied " : "", to_text(proposal.action));
}

std::string names_of(const Tables& tables, const ConceptSet& concepts) {
  std::string names;
  concepts.for_each(
      [&](std::size_t id) { names += (names.empty() ? "" : ", ") + tables.concept_name(id); });
  return names;
}

std::string misfit_text(const Tables& tables, const ReadingStages& stages,
                        const Proposal& proposal) {
  const Misfit misfit = misfit_of(tables.rules(), stages.items.view(), stages.clauses, proposal);
  if (misfit.needed != nullptr) {
    return "guard: the text has none of " + names_of(tables, *misfit.needed);
  }
  ConceptSet found;
  misfit.unwanted->for_each([&](std::size_t id) {
    if (stages.clauses.present().has(id)) found.add(id);
  });
  return "guard: the text has " + names_of(tables, found);
}

/// A proposal that counts makes an event, unless nothing tells on what a "curb" is put.
bool makes_event(const Tables& tables, const ReadingStages& stages, std::size_t index) {
  Facts facts;
  const RoleContext context{tables.lexicon(), tables.rules(),          stages.items.view(),
                            stages.clauses,   stages.proposals.view(), WallNs{}};
  return bind_roles(context, index, facts);
}

std::string stop_of(const Tables& tables, const ReadingStages& stages, const Proposal& proposal) {
  const RuleSet& rules = tables.rules();
  switch (proposal.fate) {
    case Proposal::Fate::Counts:
      return {};
    case Proposal::Fate::Outdone:
      return "rule " + rules.rules[proposal.by].id;
    case Proposal::Fate::Framed:
      return "frame " + rules.frames[proposal.by].id;
    case Proposal::Fate::Moody:
      return "modifier " + rules.modifiers[proposal.by].id;
    case Proposal::Fate::NoTrade:
      return misfit_text(tables, stages, proposal);
    case Proposal::Fate::OutOfPlace: {
      const Clause& clause = stages.clauses.clauses()[proposal.clause];
      return fmt::format("{} clause", kClauseKindNames[static_cast<std::size_t>(clause.kind)]);
    }
  }
  return {};
}

void add_steps(const Tables& tables, const ReadingStages& stages, Trace& trace) {
  const RuleSet& rules = tables.rules();
  for (const auto& frame : stages.proposals.frames()) {
    trace.steps.push_back(step_of(rules.frames[frame.owner].id, frame.match, "frame: not news"));
  }
  for (const auto& modifier : stages.proposals.modifiers()) {
    const Modifier& known = rules.modifiers[modifier.owner];
    trace.steps.push_back(
        step_of(known.id, modifier.match, "mood: " + rules.moods[known.mood].name));
  }
  const auto proposals = stages.proposals.view();
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    const Proposal& proposal = proposals[i];
    Trace::Step step = step_of(rules.rules[proposal.rule].id, proposal.match, outcome_of(proposal));
    step.stopped_by = stop_of(tables, stages, proposal);
    if (proposal.fate == Proposal::Fate::Counts && !makes_event(tables, stages, i)) {
      step.stopped_by = "no word that tells which measure it is";
    }
    trace.steps.push_back(std::move(step));
  }
}

void add_near_misses(const Tables& tables, const ReadingStages& stages, Trace& trace) {
  const auto near = near_misses(tables, stages.items.view(), stages.clauses, stages.proposals);
  for (const NearMiss& miss : near) {
    const Rule& rule = tables.rules().rules[miss.rule];
    trace.near_misses.push_back(
        {rule.id, fmt::format("{}{}", rule.denied ? "denied " : "", to_text(rule.action)),
         miss.match.first, miss.match.last, miss.stopped_by});
  }
}

}  // namespace

void fill_trace(const Tables& tables, const ReadingStages& stages, Trace& trace) {
  trace = Trace{};
  trace.folded = std::string(stages.folded.view());
  for (const Item& item : stages.items.view()) {
    trace.spans.push_back(span_of(tables, stages, item));
    if (item.has(Cue::RelativeDate)) trace.unresolved_dates.push_back(trace.spans.back().text);
  }
  for (const Clause& clause : stages.clauses.clauses()) {
    Trace::Clause told;
    told.kind = clause.label ? "label" : kClauseKindNames[static_cast<std::size_t>(clause.kind)];
    told.first_span = clause.first;
    told.last_span = clause.end - 1U;
    if (clause.opener != clause.first) told.opened_by = trace.spans[clause.opener].text;
    trace.clauses.push_back(std::move(told));
  }
  for (const Sentence& sentence : stages.clauses.sentences()) {
    if (sentence.speaker != Sentence::kNobody && trace.speaker.empty()) {
      trace.speaker = trace.spans[sentence.speaker].text;
    }
  }
  add_steps(tables, stages, trace);
  add_near_misses(tables, stages, trace);
}

}  // namespace tariff
