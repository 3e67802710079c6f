// signals/engine_stories.cc - What a headline does to the stories: docs/reading/event-model.md
// tells it as a table. Hot.
#include <algorithm>
#include <cmath>

#include "core/hash.h"
#include "signals/engine.h"

namespace tariff {

Engine::Arrival Engine::arrival_of(const Headline& headline, bool edit) noexcept {
  Arrival arrival{.headline = headline, .timing = timing_of(headline, edit)};
  arrival.stale = options_.stale_after_ns > 0 && arrival.timing.age_ns > options_.stale_after_ns;
  arrival.teller = {.item_key = StoryBook::item_key(headline),
                    .source_key = hash_text(headline.source.view())};
  return arrival;
}

void Engine::read(Arrival& arrival, std::size_t body_at) noexcept {
  const std::string_view text = arrival.headline.text();
  reader_.read(*desk_->tables, text.substr(body_at), arrival.timing.published, reading_);
  if (reading_.facts_count > 0) counters_.add(Counter::HeadlinesWithEvents);
  if (reading_.unscored) counters_.add(Counter::HeadlinesUnscored);
  arrival.matters = reading_.facts_count > 0 || reading_.unscored;
  arrival.facts_key =
      arrival.teller.item_key;  // nothing was understood: all there is to know it by
  if (!arrival.matters && arrival.mark == Mark::None) return;
  words_.assign(text);
  arrival.wording = Wording(words_);
  arrival.teller.origin = desk_->sources.origin_of(arrival.headline.source.view(), words_);
  if (reading_.facts_count > 0) {
    arrival.facts_key = StoryBook::facts_key(reading_.events());
  } else if (reading_.unscored) {
    arrival.facts_key = arrival.wording.key();
  }
}

// PATH 5/7: read it, find its story, weigh it; what is new is published.
void Engine::handle(const Headline& headline) noexcept {
  constexpr std::size_t kTagWordsMax = 12;
  counters_.add(Counter::HeadlinesScored);
  const std::uint64_t item_key = StoryBook::item_key(headline);
  Story* told = stories_.find_item(item_key, headline.received.wall);
  Arrival arrival = arrival_of(headline, told != nullptr);
  if (headline.change == ItemChange::Delete) {
    if (told != nullptr) {
      take_out(arrival, *told, told->teller_of(item_key), RetractReason::SourceDeleted);
    }
    return;
  }
  words_.assign(headline.text(), kTagWordsMax);
  const Marked marked = desk_->sources.mark_of(words_);
  arrival.mark = marked.mark;
  read(arrival, marked.body_at);
  if (arrival.is_no_news()) return tell_apart(arrival);
  if (arrival.mark == Mark::Withdrawn) return handle_withdrawn(arrival);
  if (arrival.mark == Mark::Corrected && told == nullptr && handle_correction_tag(arrival)) return;
  tell(arrival, told);
}

void Engine::tell(const Arrival& arrival, Story* told) noexcept {
  if (told != nullptr &&
      (told->facts_key == arrival.facts_key || told->is_led_by(arrival.teller.item_key))) {
    return tell_edit(arrival, *told);
  }
  if (told != nullptr) stories_.leave(*told, arrival.teller.item_key);  // stands with the others
  if (!arrival.matters) return;
  const Related found = find_related(arrival);
  const Origin& origin = arrival.teller.origin;
  // Who decides may decide back and forth; anybody else who tells what a story told before is late.
  const bool formerly = found.formerly && !origin.decides;
  if (found.relation == Relation::None && !formerly) return tell_new(arrival);
  Story& story = *found.story;
  if (found.relation == Relation::Denies) return tell_denied(arrival, story);
  const bool again = found.relation == Relation::Same || formerly;
  if (story.denied) {
    // What was denied is news when the side that decides says it, or somebody has it from there.
    const bool from_there = origin.key != 0 && !origin.cited && reading_.facts_count > 0 &&
                            reading_.facts[0].attribution == Attribution::Decider;
    if (again && !origin.decides && !from_there) return tell_again(arrival, story, formerly);
    if (again) stories_.forget(story);
    return tell_new(arrival);
  }
  if (again) {
    tell_again(arrival, story, formerly);
  } else {
    tell_changed(arrival, story);
  }
}

Related Engine::find_related(const Arrival& arrival) noexcept {
  if (Story* same = stories_.find_facts(arrival.facts_key, arrival.at())) {
    return {.story = same, .relation = Relation::Same};
  }
  if (reading_.facts_count == 0) return {};
  return stories_.find_related(reading_.events(), arrival.wording, arrival.at());
}

void Engine::tell_edit(const Arrival& arrival, Story& told) noexcept {
  if (told.facts_key == arrival.facts_key) {
    tell_edited(arrival, told);
    return;
  }
  Story* same = arrival.matters ? stories_.find_facts(arrival.facts_key, arrival.at()) : nullptr;
  if (same == nullptr) {
    handle_corrected(arrival, told);
  } else if (retract_story(arrival, told, RetractReason::Corrected)) {
    tell_again(arrival, *same, false);
  }
}

bool Engine::is_enough(float trust, bool decides, unsigned origins) const noexcept {
  return decides || origins > 1 || trust >= desk_->sources.act_alone_trust();
}

bool Engine::is_enough(const Story& story) const noexcept {
  return is_enough(story.trust(), story.is_told_by_decider(), story.origins());
}

void Engine::tell_apart(const Arrival& arrival) noexcept {
  if (arrival.matters) append_event(arrival, {.event_id = journal_.last_seq() + 1});
}

void Engine::tell_new(const Arrival& arrival) noexcept {
  const Origin& origin = arrival.teller.origin;
  const Telling telling{.event_id = journal_.last_seq() + 1,
                        .novelty = arrival.mark == Mark::Repeat ? Novelty::Repeat : Novelty::New,
                        .waits = !is_enough(origin.trust, origin.decides, 1)};
  if (!append_event(arrival, telling)) return;
  Story& story = stories_.add(arrival.facts_key, reading_.events(), arrival.wording, arrival.teller,
                              arrival.at());
  story.event_id = telling.event_id;
  story.revision = telling.revision;
  story.quiet = arrival.is_old();
  publish_signals(arrival, story, false);
  if (now_ != nullptr) latency_.record(now_() - arrival.headline.received.mono);
}

void Engine::tell_again(const Arrival& arrival, Story& story, bool formerly) noexcept {
  const Teller& teller = arrival.teller;
  const bool late = arrival.at() - story.told_at > options_.repeat_after_ns;
  const bool repeat =
      late || formerly || arrival.is_old() || story.is_told_by_source(teller.source_key);
  const std::uint8_t origins = formerly ? story.origins() : story.origins_with(teller);
  const bool waits = !is_enough(std::max(story.trust(), teller.origin.trust),
                                teller.origin.decides || story.is_told_by_decider(), origins);
  if (!append_event(arrival, {.event_id = story.event_id,
                              .revision = story.revision + 1,
                              .origins = origins,
                              .novelty = repeat ? Novelty::Repeat : Novelty::Confirmation,
                              .waits = waits})) {
    return;
  }
  const bool surer = origins > story.origins() || !is_enough(story);
  ++story.revision;
  if (!formerly) stories_.join(story, teller);
  if (!repeat && surer && is_enough(story)) {
    publish_signals(arrival, story, true);
  } else {
    counters_.add(Counter::RepeatsHeld);
  }
}

void Engine::tell_changed(const Arrival& arrival, Story& story) noexcept {
  const Origin& origin = arrival.teller.origin;
  // What would not be traded by itself does not take the place of what was.
  if (arrival.is_old() || !is_enough(origin.trust, origin.decides, 1)) return tell_new(arrival);
  if (!tell_edited(arrival, story)) return;
  stories_.go_on(story, arrival.facts_key, reading_.events(), arrival.wording, arrival.teller,
                 arrival.at());
  story.quiet = false;
  publish_signals(arrival, story, false);
}

void Engine::tell_denied(const Arrival& arrival, Story& story) noexcept {
  const bool known = story.denied;
  if (!known && !take_back(arrival, story, RetractReason::Denied)) return;
  story.denied = true;
  const bool told = append_event(arrival, {.event_id = story.event_id,
                                           .revision = story.revision + 1,
                                           .novelty = known ? Novelty::Repeat : Novelty::Update});
  if (told) ++story.revision;
}

bool Engine::tell_edited(const Arrival& arrival, Story& story) noexcept {
  const bool told = append_event(arrival, {.event_id = story.event_id,
                                           .revision = story.revision + 1,
                                           .origins = story.origins(),
                                           .novelty = Novelty::Update});
  if (told) ++story.revision;
  return told;
}

void Engine::handle_corrected(const Arrival& arrival, Story& story) noexcept {
  stories_.withdraw(story);
  // New signals on top of old ones that stand would make a trader double the position.
  if (!retract_signals(arrival, story, RetractReason::Corrected)) return;
  if (!tell_edited(arrival, story)) return;
  stories_.retell(story, arrival.facts_key, reading_.events(), arrival.teller);
  publish_signals(arrival, story, false);
}

Story* Engine::find_own(const Arrival& arrival) noexcept {
  const std::uint64_t source_key = arrival.teller.source_key;
  Story* story = arrival.matters ? find_related(arrival).story : nullptr;
  if (story != nullptr && story->is_told_by_source(source_key)) return story;
  return stories_.find_wording(arrival.wording, source_key, arrival.at());
}

bool Engine::handle_correction_tag(const Arrival& arrival) noexcept {
  Story* story = find_own(arrival);
  if (story == nullptr) return false;
  if (story->tellers[0].source_key != arrival.teller.source_key)
    return false;  // not theirs to move
  if (!arrival.matters) {
    retract_story(arrival, *story, RetractReason::Corrected);
  } else if (relate(story->told(), reading_.events(), true) == Relation::Same) {
    if (tell_edited(arrival, *story)) stories_.join(*story, arrival.teller);
  } else {
    handle_corrected(arrival, *story);
  }
  return true;
}

void Engine::handle_withdrawn(const Arrival& arrival) noexcept {
  Story* story = find_own(arrival);
  if (story == nullptr) return;
  const auto end = story->tellers.begin() + story->tellers_count;
  const auto own = std::find_if(story->tellers.begin(), end, [&](const Teller& teller) {
    return teller.source_key == arrival.teller.source_key;
  });
  take_out(arrival, *story, *own, RetractReason::Withdrawn);
}

void Engine::take_out(const Arrival& arrival, Story& story, const Teller& teller,
                      RetractReason reason) noexcept {
  if (story.is_led_by(teller.item_key) && !story.stands_without(teller)) {
    retract_story(arrival, story, reason);
  } else {
    stories_.leave(story, teller.item_key);  // it stands with the others
  }
}

void Engine::publish_signals(const Arrival& arrival, Story& story, bool stronger_only) noexcept {
  const bool acts = !story.quiet && !story.denied && !arrival.is_old() && is_enough(story);
  const auto told = story.told();
  std::copy(told.begin(), told.end(), surer_.begin());
  const std::span<Facts> facts(surer_.data(), acts ? told.size() : 0);
  for (Facts& fact : facts)
    fact.confidence = desk_->sources.corroborated(fact.confidence, story.origins());
  const std::size_t count = desk_->exposures.expose(facts, story.trust(), scored_);
  const auto moved = std::span(scored_).first(count);
  const auto moves = [&](const Symbol& instrument) {
    return std::any_of(moved.begin(), moved.end(), [&](const ScoredInstrument& scored) {
      return desk_->exposures.instruments()[scored.instrument] == instrument;
    });
  };
  for (std::size_t i = story.signals_count; i-- > 0 && !stronger_only;) {
    const SentSignal sent = story.signals[i];
    if (moves(sent.instrument)) continue;
    if (!retract_signal(arrival, story, sent, RetractReason::Superseded)) continue;
    story.signals[i] = story.signals[--story.signals_count];
  }
  for (const ScoredInstrument& scored : moved) {
    const Symbol& instrument = desk_->exposures.instruments()[scored.instrument];
    SentSignal* standing = story.signal_of(instrument);
    if (standing == nullptr && story.signals_count == Story::kSignalsMax) continue;
    if (standing != nullptr && stronger_only &&
        std::abs(scored.score) <= std::abs(standing->score)) {
      continue;
    }
    const std::uint64_t seq = append_signal(arrival, story, scored, standing != nullptr);
    if (seq == 0) continue;
    if (standing == nullptr) standing = &story.signals[story.signals_count++];
    const Quote* quote = desk_->board.last(scored.instrument);
    *standing = {.instrument = instrument,
                 .seq = seq,
                 .mid = quote == nullptr ? 0 : quote->mid(),
                 .score = scored.score};
  }
}

bool Engine::take_back(const Arrival& arrival, Story& story, RetractReason reason) noexcept {
  const bool event_taken_back = append_retract(arrival, {.event_id = story.event_id,
                                                         .revision = story.revision + 1,
                                                         .reason = reason,
                                                         .supersedes_seq = story.event_id});
  return event_taken_back && retract_signals(arrival, story, reason);
}

bool Engine::retract_story(const Arrival& arrival, Story& story, RetractReason reason) noexcept {
  stories_.withdraw(story);
  if (!take_back(arrival, story, reason)) return false;
  stories_.forget(story);
  return true;
}

bool Engine::retract_signals(const Arrival& arrival, Story& story, RetractReason reason) noexcept {
  std::uint8_t refused = 0;
  for (std::size_t i = 0; i < story.signals_count; ++i) {
    const SentSignal sent = story.signals[i];
    if (!retract_signal(arrival, story, sent, reason)) story.signals[refused++] = sent;
  }
  story.signals_count = refused;
  return refused == 0;
}

bool Engine::retract_signal(const Arrival& arrival, const Story& story, const SentSignal& sent,
                            RetractReason reason) noexcept {
  const auto index = desk_->board.find(sent.instrument);
  const Quote* quote = index ? desk_->board.last(*index) : nullptr;
  return append_retract(arrival, {.event_id = story.event_id,
                                  .revision = story.revision + 1,
                                  .reason = reason,
                                  .supersedes_seq = sent.seq,
                                  .instrument = sent.instrument,
                                  .mid_then = sent.mid,
                                  .mid_now = quote == nullptr ? 0 : quote->mid()});
}

}  // namespace tariff
