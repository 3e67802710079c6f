#include "signals/reading/proposals.h"

#include <algorithm>

namespace tariff {
namespace {

/// True if `a` reads the clause better than `b`: it explains more words with fewer left over, and
/// at equal rank its trigger is the outer one ("delays plan to raise tariffs").
bool better(const Proposal& a, const Proposal& b) noexcept {
  if (a.words != b.words) return a.words > b.words;
  if (a.match.trigger != b.match.trigger) return a.match.trigger < b.match.trigger;
  const int a_span = a.match.last - a.match.first;
  const int b_span = b.match.last - b.match.first;
  if (a_span != b_span) return a_span < b_span;
  return a.rule < b.rule;
}

bool same_words(const Proposal& a, const Proposal& b) noexcept {
  const bool trigger = a.match.trigger == b.match.trigger;
  const bool object = a.match.object != PatternMatch::kNone && a.match.object == b.match.object;
  return trigger || object || a.match.trigger == b.match.object ||
         b.match.trigger == a.match.object;
}

/// "for those who have not retaliated I have ...": "I" after a participle begins another statement.
bool new_subject(std::span<const Item> items, std::size_t first, std::size_t end) noexcept {
  for (std::size_t i = first + 1; i < end; ++i) {
    if (items[i].has(Cue::FirstPerson) && items[i - 1].has(Cue::FormEd)) return true;
  }
  return false;
}

}  // namespace

Misfit misfit_of(const RuleSet& rules, std::span<const Item> items, const ClauseList& clauses,
                 const Proposal& proposal) noexcept {
  const Rule& rule = rules.rules[proposal.rule];
  const ConceptSet& text = clauses.present();
  if (rule.unless.meets(text)) return {.unwanted = &rule.unless};
  if (!rule.needs.empty() && !rule.needs.meets(text)) return {.needed = &rule.needs};
  if (proposal.match.object == PatternMatch::kNone) return {};
  const ConceptSet& object = items[proposal.match.object].concepts;
  for (const Guard& guard : rules.guards) {
    if (guard.object.meets(object) && !guard.needs.meets(text)) return {.needed = &guard.needs};
  }
  return {};
}

void ProposalList::assign(const RuleSet& rules, std::span<const Item> items,
                          const ClauseList& clauses) noexcept {
  count_ = 0;
  modifiers_count_ = 0;
  frames_count_ = 0;
  find_frames(rules, items, clauses);
  const auto all = clauses.clauses();
  for (std::size_t c = 0; c < all.size(); ++c) {
    const std::size_t from = count_;
    propose(rules, items, all[c], c);
    if (count_ == from) continue;
    sort_out(rules, items, clauses, from);
    choose(from);
    const std::size_t modifiers_from = modifiers_count_;
    const bool said =
        c > 0 && all[c - 1].sentence == all[c].sentence && items[all[c - 1].end - 1U].has(Cue::Say);
    if (said) find_modifiers(rules, items, all[c - 1], true);
    find_modifiers(rules, items, all[c], false);
    for (std::size_t i = from; i < count_; ++i) {
      Proposal& proposal = proposals_[i];
      if (proposal.fate != Proposal::Fate::Counts) continue;
      const Rule& rule = rules.rules[proposal.rule];
      if (frame_of_[c] != kNoFrame && !rules.frames[frame_of_[c]].spares(rule.action)) {
        proposal.fate = Proposal::Fate::Framed;
        proposal.by = frame_of_[c];
      } else if (rule.continues) {
        go_on(rules, clauses, i);
      } else if (!rule.no_mood) {
        set_mood(rules, items, clauses, i, modifiers_from);
      }
    }
  }
}

/// "25% on Canada, 10% on China": the event before it in the sentence goes on.
void ProposalList::go_on(const RuleSet& rules, const ClauseList& clauses,
                         std::size_t index) noexcept {
  Proposal& proposal = proposals_[index];
  proposal.continues = event_before(clauses, index);
  const Proposal& before = proposals_[proposal.continues];
  proposal.action = before.action;
  proposal.denied = before.denied;
  proposal.confidence = before.confidence * rules.rules[proposal.rule].prior;
}

/// The last measure taken or threatened in the clauses before that of proposal `index`, if its
/// sentence has one.
std::uint16_t ProposalList::event_before(const ClauseList& clauses,
                                         std::size_t index) const noexcept {
  const std::uint16_t clause = proposals_[index].clause;
  const std::uint16_t sentence = clauses.clauses()[clause].sentence;
  for (std::size_t i = index; i-- > 0;) {
    const Proposal& before = proposals_[i];
    if (clauses.clauses()[before.clause].sentence != sentence) break;
    const bool measure = before.action == Action::Impose || before.action == Action::Threaten ||
                         before.action == Action::Ease;
    const bool counts = before.fate == Proposal::Fate::Counts && before.clause != clause;
    if (counts && measure) return static_cast<std::uint16_t>(i);
  }
  return PatternMatch::kNone;
}

void ProposalList::find_frames(const RuleSet& rules, std::span<const Item> items,
                               const ClauseList& clauses) noexcept {
  const auto all = clauses.clauses();
  std::fill_n(frame_of_.begin(), all.size(), kNoFrame);
  for (const Sentence& sentence : clauses.sentences()) {
    rules.frame_patterns.match_all(
        items, sentence.first, sentence.end, sentence.present,
        [&](const CompiledPattern& compiled, const PatternMatch& match) {
          const Frame& frame = rules.frames[compiled.owner];
          if (frames_count_ < frames_.size()) {
            frames_[frames_count_++] = {compiled.owner, sentence.clause_first, match};
          }
          const bool everywhere = frame.stops == Frame::Stops::Headline;
          const std::size_t begin = everywhere ? 0 : sentence.clause_first;
          const std::size_t end = everywhere ? all.size() : sentence.clause_end;
          for (std::size_t c = begin; c < end; ++c) {
            const bool hit = frame.stops == Frame::Stops::Clause
                                 ? all[c].first <= match.last && all[c].end > match.first
                             : frame.stops == Frame::Stops::Rest ? all[c].end > match.first
                                                                 : true;
            const std::uint16_t known = frame_of_[c];
            // A frame that spares something gives way to one that does not.
            const bool stronger = known == kNoFrame || rules.frames[known].spared != 0;
            if (hit && stronger) frame_of_[c] = compiled.owner;
          }
        });
  }
}

/// Those of the clause itself, or (`reported`) those that "denies that ..." puts over the next one.
void ProposalList::find_modifiers(const RuleSet& rules, std::span<const Item> items,
                                  const Clause& clause, bool reported) noexcept {
  rules.modifier_patterns.match_all(
      items, clause.first, clause.end, clause.present,
      [&](const CompiledPattern& compiled, const PatternMatch& match) {
        const bool wanted = rules.modifiers[compiled.owner].reported == reported;
        if (!wanted || modifiers_count_ == modifiers_.size()) return;
        modifiers_[modifiers_count_++] = {compiled.owner, clause.sentence, match};
      });
}

void ProposalList::propose(const RuleSet& rules, std::span<const Item> items, const Clause& clause,
                           std::size_t clause_index) noexcept {
  rules.rule_patterns.match_all(
      items, clause.first, clause.end, clause.present,
      [&](const CompiledPattern& compiled, const PatternMatch& match) {
        if (count_ == proposals_.size()) return;
        const Rule& rule = rules.rules[compiled.owner];
        Proposal& proposal = proposals_[count_++];
        proposal = Proposal{};
        proposal.rule = compiled.owner;
        proposal.clause = static_cast<std::uint16_t>(clause_index);
        proposal.match = match;
        proposal.words = static_cast<std::uint16_t>(rule.weak ? 0 : compiled.needs.size());
        proposal.action = rule.action;
        proposal.denied = rule.denied;
        proposal.confidence = rule.prior;
      });
}

/// Rules that do not read a text of this kind, or a clause of this kind, compete with nobody.
void ProposalList::sort_out(const RuleSet& rules, std::span<const Item> items,
                            const ClauseList& clauses, std::size_t from) noexcept {
  for (std::size_t i = from; i < count_; ++i) {
    Proposal& proposal = proposals_[i];
    const Rule& rule = rules.rules[proposal.rule];
    const auto kind = static_cast<unsigned>(clauses.clauses()[proposal.clause].kind);
    const bool lost = rule.continues && event_before(clauses, i) == PatternMatch::kNone;
    if (misfit_of(rules, items, clauses, proposal).any()) {
      proposal.fate = Proposal::Fate::NoTrade;
    } else if (lost || (rule.kinds >> kind & 1U) == 0) {
      proposal.fate = Proposal::Fate::OutOfPlace;
    }
  }
}

/// Of the proposals of one clause that claim the same words, the best one stays.
void ProposalList::choose(std::size_t from) noexcept {
  const auto begin = proposals_.begin() + static_cast<std::ptrdiff_t>(from);
  const auto end = proposals_.begin() + static_cast<std::ptrdiff_t>(count_);
  std::sort(begin, end, better);
  for (auto candidate = begin; candidate != end; ++candidate) {
    if (candidate->fate != Proposal::Fate::Counts) continue;
    for (auto winner = begin; winner != candidate; ++winner) {
      if (winner->fate != Proposal::Fate::Counts || !same_words(*winner, *candidate)) continue;
      candidate->fate = Proposal::Fate::Outdone;
      candidate->by = winner->rule;
      break;
    }
  }
  std::sort(begin, end, [](const Proposal& a, const Proposal& b) {
    if (a.match.trigger != b.match.trigger) return a.match.trigger < b.match.trigger;
    return better(a, b);
  });
}

/// "plans to cut quotas and double duties", "mulls cutting quotas, raising duties": the second verb
/// stands in the mood of the first.
std::size_t ProposalList::mood_trigger(std::span<const Item> items,
                                       std::size_t index) const noexcept {
  const Proposal& proposal = proposals_[index];
  const std::size_t trigger = proposal.match.trigger;
  if (trigger == 0) return trigger;
  const bool comma = items[trigger - 1].has(Cue::Comma);
  const Cue form = items[trigger].has(Cue::FormIng) ? Cue::FormIng : Cue::FormBase;
  const bool goes_on = items[trigger].has(form) && (comma || items[trigger - 1].has(Cue::And));
  for (std::size_t i = index; goes_on && i-- > 0;) {
    const Proposal& before = proposals_[i];
    if (before.clause + (comma ? 1U : 0U) < proposal.clause) break;
    const bool verb = items[before.match.trigger].has(form);
    if (verb && before.fate != Proposal::Fate::Outdone) return before.match.trigger;
  }
  return trigger;
}

void ProposalList::set_mood(const RuleSet& rules, std::span<const Item> items,
                            const ClauseList& clauses, std::size_t index,
                            std::size_t modifiers_from) noexcept {
  Proposal& proposal = proposals_[index];
  const std::size_t trigger = mood_trigger(items, index);
  const Action told = proposal.action;
  bool any = false;
  const auto governs = [&](const Sign& sign) {
    const Modifier& modifier = rules.modifiers[sign.owner];
    const std::size_t last = proposal.match.last;
    if (modifier.after) {
      return sign.match.first > last && sign.match.first - last <= modifier.reach + 1U;
    }
    return sign.match.last < trigger &&
           (modifier.reported || (trigger - sign.match.last <= modifier.reach + 1U &&
                                  !new_subject(items, sign.match.last + 1U, trigger)));
  };
  for (std::size_t i = modifiers_from; i < modifiers_count_; ++i) {
    const Sign& sign = modifiers_[i];
    const Modifier& modifier = rules.modifiers[sign.owner];
    bool repeated = false;  // one word, matched by two patterns of one mood
    for (std::size_t j = modifiers_from; j < i; ++j) {
      const Sign& known = modifiers_[j];
      repeated = repeated || (known.match.last == sign.match.last && governs(known) &&
                              rules.modifiers[known.owner].mood == modifier.mood);
    }
    if (!governs(sign) || repeated) continue;
    apply(rules.moods[modifier.mood], sign.owner, proposal);
    any = true;
  }
  if (proposal.denied) proposal.action = told;  // "may not impose" denies that it is imposed
  const Sentence& sentence = clauses.sentences()[clauses.clauses()[proposal.clause].sentence];
  if (!any && sentence.conditional && rules.condition_mood) {
    apply(rules.moods[*rules.condition_mood], 0, proposal);
  }
}

void ProposalList::apply(const Mood& mood, std::uint16_t by, Proposal& proposal) noexcept {
  proposal.confidence *= mood.confidence;
  if (mood.stop) {
    proposal.fate = Proposal::Fate::Moody;
    proposal.by = by;
  }
  if (mood.deny) proposal.denied = !proposal.denied;
  proposal.action = mood.map[static_cast<std::size_t>(proposal.action)].value_or(proposal.action);
}

}  // namespace tariff
