#include "signals/reading/roles.h"

#include <algorithm>
#include <optional>

#include "signals/reading/binder.h"
#include "signals/reading/cast.h"
#include "signals/reading/measures.h"
#include "signals/reading/quantities.h"

namespace tariff {
namespace {

/// The one other side that the text has: "Washington insists ...", "..., EU Fine Against Google".
void add_other_side(const RoleContext& context, const Binder& binder, Facts& facts) noexcept {
  const auto add_if_alone = [&](const Places& places) {
    Places others;
    for (const Place place : places) {
      if (!facts.actors.contains(place)) others.add(place);
    }
    if (others.count == 1) add_all(others, facts.targets);
    return !others.empty();
  };
  const Sentence& sentence = binder.sentence();
  if (add_if_alone(places_between(context, sentence.first, sentence.end))) return;
  if (facts.retaliation() && !facts.actors.contains(context.rules.default_actor)) {
    facts.targets.add(context.rules.default_actor);
    return;
  }
  add_if_alone(places_between(context, 0, context.items.size()));
}

bool is_chinese(const Binder& binder) noexcept {
  return binder.clause().present.has(id_of(Cue::Ideograph));
}

/// The side that is meant where nobody is named: not one of `taken`, if there is a choice.
Place default_side(const RoleContext& context, const Binder& binder, const auto& taken) noexcept {
  const Place home = context.rules.chinese_default_actor;
  return is_chinese(binder) && !taken.contains(home) ? home : context.rules.default_actor;
}

bool first_person(const RoleContext& context, const Binder& binder) noexcept {
  for (std::size_t i = binder.clause().first; i < binder.proposal().match.trigger; ++i) {
    if (context.items[i].has(Cue::FirstPerson)) return true;
  }
  return false;
}

/// "G7 nations ban Russian gold": who acts is named, and has no code.
bool bloc_acts(const RoleContext& context, const Binder& binder) noexcept {
  for (std::size_t i = binder.clause().first; i < binder.proposal().match.trigger; ++i) {
    if (context.items[i].has(Cue::Bloc)) return true;
  }
  return false;
}

/// "We are doing very well with ...": the other side is named elsewhere.
bool in_first_person(const RoleContext& context, const Sentence& sentence) noexcept {
  for (std::size_t i = sentence.first; i < sentence.end; ++i) {
    if (context.items[i].has(Cue::FirstPerson)) return true;
  }
  return false;
}

void add_first_other(const Places& from, auto& to) noexcept {
  for (const Place place : from) {
    if (to.contains(place)) continue;
    to.add(place);
    return;
  }
}

/// An export curb or export tax.
bool is_outward(const RoleContext& context, const Binder& binder) noexcept {
  const std::uint16_t object = binder.proposal().match.object;
  return object != PatternMatch::kNone && context.items[object].has(Cue::Outward);
}

/// Owner or target? "China tariffs" are America's, "China's tariffs" are not; whoever else is on
/// stage decides.
void settle_modifiers(const RoleContext& context, const Binder& binder, const Places& speaker,
                      Cast& cast) noexcept {
  if (cast.modifiers.empty()) return;
  const bool has_actor = !cast.subjects.empty() || !cast.agents.empty() || !cast.owners.empty();
  const Places& known = !cast.subjects.empty() ? cast.subjects
                        : !cast.agents.empty() ? cast.agents
                        : !cast.owners.empty() ? cast.owners
                                               : speaker;
  const Place first = *cast.modifiers.begin();
  bool owner = false;
  if (has_actor) {
    owner = known.contains(first);
  } else if (!cast.targets.empty()) {
    // "Trump: no Greenland tariffs on Europe": somebody else's measure does not spare its author.
    owner = speaker.empty() || speaker.contains(first) ||
            std::any_of(speaker.begin(), speaker.end(),
                        [&](Place place) { return cast.targets.contains(place); });
    if (!owner) return;
  } else if (is_outward(context, binder) && cast.adjective_only) {
    owner = true;
  } else if (first == context.rules.default_actor) {
    owner = true;
  } else if (!speaker.empty() && !speaker.contains(first)) {
    owner = false;
  } else {
    // Chinese says with a preposition whom duties hit.
    owner = is_chinese(binder) || (cast.adjective_only && !speaker.empty());
  }
  add_all(cast.modifiers, owner ? cast.owners : cast.targets);
}

void bind_sides(const RoleContext& context, const Binder& binder, const Cast& cast,
                Facts& facts) noexcept {
  // "German minister upbeat on EU-U.S. talks": the talks name both their sides.
  if (cast.modifiers.count < 2) add_all(cast.subjects, facts.actors);
  add_all(cast.owners, facts.actors);
  add_all(cast.modifiers, facts.actors);
  add_all(cast.partners, facts.actors);
  add_all(cast.agents, facts.actors);
  Places others = cast.targets;
  take_world(others);
  add_all(others, facts.actors);
  const Places speaker = speaker_places(context, binder);
  // "US, Canada confirm they have a deal with Mexico": only the other side stands beside the deal.
  const bool only_partners = !cast.partners.empty() && cast.subjects.empty() &&
                             cast.owners.empty() && cast.modifiers.empty() && cast.agents.empty();
  if (only_partners) add_all(inherited_subject(context, binder), facts.actors);
  if (facts.actors.count < 2) add_all(speaker, facts.actors);
  if (facts.actors.count < 2) add_all(inherited_subject(context, binder), facts.actors);
  const Sentence& sentence = binder.sentence();
  if (facts.actors.count < 2) {
    add_all(places_between(context, sentence.first, sentence.end), facts.actors);
  }
  if (facts.actors.count < 2 && in_first_person(context, sentence)) {
    facts.actors.add(context.rules.default_actor);
  }
  if (facts.actors.count < 2) {
    const Places anywhere = places_between(context, 0, context.items.size());
    if (anywhere.count <= 2) {
      add_all(anywhere, facts.actors);
    } else if (facts.actors.count == 1) {
      add_first_other(anywhere, facts.actors);
    }
  }
  if (facts.actors.count < 2) facts.actors.add(default_side(context, binder, facts.actors));
}

void bind_actor_and_targets(const RoleContext& context, const Binder& binder, Cast& cast,
                            Facts& facts) noexcept {
  const Places speaker = speaker_places(context, binder);
  settle_modifiers(context, binder, speaker, cast);
  const bool rulings = facts.action == Action::Block || facts.action == Action::Uphold;
  if (!rulings || cast.owners.empty()) {
    add_all(cast.subjects.empty() ? cast.agents : cast.subjects, facts.actors);
  }
  if (facts.actors.empty()) add_all(cast.owners, facts.actors);
  const Place nobody_named = default_side(context, binder, cast.targets);
  if (facts.actors.empty() && first_person(context, binder)) facts.actors.add(nobody_named);
  // "new tariffs on hold, Trump says": the measure is the subject here, and nobody goes on with a
  // verb of the clause before. And who vows to answer without a subject is who speaks.
  const PatternMatch& match = binder.proposal().match;
  const bool own_subject = match.object != PatternMatch::kNone && match.object < match.trigger;
  if (facts.actors.empty() && (own_subject || binder.rule().retaliation)) {
    add_all(speaker, facts.actors);
  }
  const bool bloc = facts.actors.empty() && bloc_acts(context, binder);
  if (facts.actors.empty() && !bloc) add_all(inherited_subject(context, binder), facts.actors);
  if (facts.actors.empty() && !bloc) add_all(speaker, facts.actors);
  if (facts.actors.empty() && !bloc && !cast.targets.contains(nobody_named)) {
    facts.actors.add(nobody_named);
  }
  const Place world{"*"};
  for (const Place place : cast.targets) {
    const bool vague = place == world && cast.targets.count > 1;
    if (!vague && !facts.actors.contains(place)) facts.targets.add(place);
  }
}

Attribution attribution_of(const RoleContext& context, const Binder& binder,
                           const Facts& facts) noexcept {
  for (std::size_t i = binder.sentence().first; i < binder.sentence().end; ++i) {
    if (context.items[i].has(Cue::Sources)) return Attribution::Sources;
  }
  const std::uint16_t speaker = binder.sentence().speaker;
  if (speaker != Sentence::kNobody) {
    const Item& voice = context.items[speaker];
    if (voice.has(Cue::Outsider)) return Attribution::Outsider;
    const bool own = !facts.speaker.empty() && facts.actors.contains(facts.speaker);
    if (voice.has(Cue::Official))
      return own || facts.speaker.empty() ? Attribution::Official : Attribution::Outsider;
    return own ? Attribution::Decider : Attribution::Outsider;
  }
  for (std::size_t i = binder.clause().first; i < binder.proposal().match.trigger; ++i) {
    if (context.items[i].has(Cue::Decider)) return Attribution::Decider;
  }
  return Attribution::Unknown;
}

/// Nobody is named beside the measure: two sides that ease do it to each other, and a text about
/// one other side means that one.
void bind_missing_targets(const RoleContext& context, const Binder& binder, const Cast& cast,
                          Facts& facts) noexcept {
  const bool rulings = facts.action == Action::Block || facts.action == Action::Uphold;
  const bool eases = facts.action == Action::Ease || facts.action == Action::Delay;
  const bool each_other = facts.action == Action::Ease ||
                          (facts.action == Action::Impose && facts.measure == Measure::Tariff);
  // "China-U.S. tariffs kick in": both own them.
  const Places& sides = cast.subjects.empty() ? cast.owners : cast.subjects;
  if (sides.count == 2 && (eases || each_other)) {
    // A truce of two sides has no target; what both lower or raise, they do to each other.
    if (each_other) add_all(sides, facts.targets);
  } else if (!rulings && cast.subjects.count < 2) {
    add_other_side(context, binder, facts);
  }
}

/// "EU to impose duties on US goods after Trump's tariffs": whom it hits had hit first.
bool answers_background(const RoleContext& context, const Binder& binder,
                        const Facts& facts) noexcept {
  const bool hits = facts.action == Action::Impose || facts.action == Action::Threaten;
  if (!hits || facts.denied() || facts.measure == Measure::Probe) return false;
  const Sentence& sentence = binder.sentence();
  for (std::size_t c = sentence.clause_first; c < sentence.clause_end; ++c) {
    const Clause& clause = context.clauses.clauses()[c];
    if (clause.kind != ClauseKind::Background || !clause.present.has(id_of(Cue::Measure))) continue;
    const bool after = context.items[clause.opener].has(Cue::OpensAftermath);
    for (std::size_t i = clause.first; after && i + 1 < clause.end; ++i) {
      std::size_t next = i + 1;  // "after Trump's steel tariffs"
      while (next + 1 < clause.end && context.items[next].has(Cue::Product))
        ++next;
      if (!context.items[i].has(Cue::AnyPlace) || !context.items[next].has(Cue::Measure)) continue;
      Places owner;
      add_item(context, context.items[i], owner);
      for (const Place place : owner) {
        if (facts.targets.contains(place)) return true;
      }
    }
  }
  return false;
}

/// What the words name is theirs; actor, measure and all else are those of the event before.
bool bind_continuation(const RoleContext& context, const Binder& binder, Facts& facts) noexcept {
  if (!bind_roles(context, binder.proposal().continues, facts)) return false;
  Facts own;
  own.action = facts.action;
  bind_quantities(context, binder, own);
  Places targets;
  for (std::size_t i = binder.window_first(); i < binder.window_end(); ++i) {
    if (context.items[i].has(Cue::AnyPlace)) add_item(context, context.items[i], targets);
  }
  facts.rule.assign(binder.rule().id);
  facts.confidence = binder.proposal().confidence;
  facts.rate_pct = own.rate_pct;
  if (own.products != 0) facts.products = own.products;
  if (own.effective_yyyymmdd != 0) facts.effective_yyyymmdd = own.effective_yyyymmdd;
  if (targets.empty()) return true;
  facts.targets = {};
  add_all(targets, facts.targets);
  return true;
}

}  // namespace

bool bind_roles(const RoleContext& context, std::size_t index, Facts& facts) noexcept {
  const Binder binder(context, index);
  const Proposal& proposal = binder.proposal();
  if (proposal.continues != PatternMatch::kNone) {
    return bind_continuation(context, binder, facts);
  }
  facts = Facts{};
  facts.action = proposal.action;
  const std::optional<Measure> measure = measure_of(context, binder);
  if (!measure) return false;
  facts.measure = *measure;
  facts.rule.assign(binder.rule().id);
  facts.confidence = proposal.confidence;
  if (proposal.denied) facts.flags |= Facts::kDenied;
  Cast cast = cast_of(context, binder);
  if (binder.has_sides()) {
    bind_sides(context, binder, cast, facts);
  } else {
    bind_actor_and_targets(context, binder, cast, facts);
  }
  bind_quantities(context, binder, facts);
  if (!binder.has_sides()) {
    if (facts.targets.empty()) bind_missing_targets(context, binder, cast, facts);
    if (facts.measure == Measure::Subsidy) facts.targets = {};  // aid at home hits nobody
    if (answers_background(context, binder, facts)) facts.flags |= Facts::kRetaliation;
  }
  const Places speaker = speaker_places(context, binder);
  if (!speaker.empty()) facts.speaker = *speaker.begin();
  facts.attribution = attribution_of(context, binder, facts);
  return true;
}

}  // namespace tariff
