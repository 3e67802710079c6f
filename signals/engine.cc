#include "signals/engine.h"

#include <cstring>

#include "core/hash.h"

namespace tariff {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;  // clang 14 does not deduce aggregates by itself

/// Zeroes the padding behind `bytes` and returns the padded length.
std::size_t pad_record(std::span<std::byte> space, std::size_t bytes) noexcept {
  const std::size_t padded = record_padded(bytes);
  std::memset(space.data() + bytes, 0, padded - bytes);
  return padded;
}

}  // namespace

Engine::Engine(std::unique_ptr<Desk> desk, std::vector<FeedInfo> feeds, RecordSink& journal,
               Counters& counters, EngineOptions options, NowFn now)
    : desk_(std::move(desk)),
      feeds_(std::move(feeds)),
      journal_(journal),
      counters_(counters),
      now_(now),
      stories_(options.story_window_ns) {}

Engine::~Engine() {
  delete offered_.load();
  delete retired_.load();
}

void Engine::on_event(const Event& event) noexcept {
  std::visit(Overloaded{[this](const Headline& headline) { handle(headline); },
                        [this](const FeedStatus& status) { handle(status); },
                        [this](const Notice& notice) { handle(notice); }},
             event);
}

void Engine::on_quote(const Quote& quote) noexcept {
  if (desk_->board.apply(quote)) counters_.add(Counter::QuotesApplied);
}

// PATH 5/7: read it, find its story, weigh it; what is new is published.
void Engine::handle(const Headline& headline) noexcept {
  counters_.add(Counter::HeadlinesScored);
  const WallNs now = headline.received.wall;
  const Teller teller{.item_key = StoryBook::item_key(headline),
                      .source_key = hash_text(headline.source.view())};
  Story* told = stories_.find_item(teller.item_key, now);
  if (headline.change == ItemChange::Delete) {
    if (told != nullptr) handle_deleted(headline, *told, teller.item_key);
    return;
  }

  reader_.read(*desk_->tables, headline.text(), headline.published, reading_);
  if (reading_.facts_count > 0) counters_.add(Counter::HeadlinesWithEvents);
  if (reading_.unscored) counters_.add(Counter::HeadlinesUnscored);
  const std::uint64_t facts_key =
      reading_.facts_count > 0
          ? StoryBook::facts_key({reading_.facts.data(), reading_.facts_count})
          : teller.item_key;  // nothing was understood: the item is all there is to know it by

  if (told != nullptr && told->facts_key == facts_key) {
    tell_edited(headline, *told);
    return;
  }
  const bool matters = reading_.facts_count > 0 || reading_.unscored;
  Story* same = matters ? stories_.find_facts(facts_key, now) : nullptr;
  if (told != nullptr && told->is_led_by(teller.item_key)) {
    if (same == nullptr) {
      handle_corrected(headline, *told, facts_key);
    } else if (retract_story(headline, *told, RetractReason::Corrected)) {
      tell_again(headline, *same, teller);
    }
    return;
  }
  if (told != nullptr) stories_.leave(*told, teller.item_key);  // it stands with the others
  if (same != nullptr) {
    tell_again(headline, *same, teller);
  } else if (matters) {
    tell_new(headline, facts_key, teller);
  }
}

void Engine::tell_new(const Headline& headline, std::uint64_t facts_key,
                      const Teller& teller) noexcept {
  const Telling telling{.event_id = journal_.last_seq() + 1};
  if (!append_event(headline, telling)) return;
  Story& story = stories_.add(facts_key, teller, headline.received.wall);
  story.event_id = telling.event_id;
  story.revision = telling.revision;
  publish_signals(headline, story);
  if (now_ != nullptr) latency_.record(now_() - headline.received.mono);
}

void Engine::tell_again(const Headline& headline, Story& story, const Teller& teller) noexcept {
  const bool other_source = !story.is_told_by_source(teller.source_key);
  const int origins = story.origins() + (other_source ? 1 : 0);
  if (!append_event(headline,
                    {.event_id = story.event_id,
                     .revision = story.revision + 1,
                     .origins = static_cast<std::uint8_t>(origins),
                     .novelty = other_source ? Novelty::Confirmation : Novelty::Repeat})) {
    return;
  }
  ++story.revision;
  stories_.join(story, teller);
  counters_.add(Counter::RepeatsHeld);
}

bool Engine::tell_edited(const Headline& headline, Story& story) noexcept {
  const bool told = append_event(headline, {.event_id = story.event_id,
                                            .revision = story.revision + 1,
                                            .origins = story.origins(),
                                            .novelty = Novelty::Update});
  if (told) ++story.revision;
  return told;
}

void Engine::handle_corrected(const Headline& headline, Story& story,
                              std::uint64_t facts_key) noexcept {
  stories_.withdraw(story);
  // New signals on top of old ones that stand would make a trader double the position.
  if (!retract_signals(headline, story, RetractReason::Corrected)) return;
  if (!tell_edited(headline, story)) return;
  stories_.retell(story, facts_key);
  publish_signals(headline, story);
}

void Engine::handle_deleted(const Headline& headline, Story& story,
                            std::uint64_t item_key) noexcept {
  if (story.tellers_count > 1) {
    stories_.leave(story, item_key);  // it stands with the others
  } else {
    retract_story(headline, story, RetractReason::SourceDeleted);
  }
}

void Engine::publish_signals(const Headline& headline, Story& story) noexcept {
  const std::span<const Facts> facts(reading_.facts.data(), reading_.facts_count);
  const float trust = desk_->sources.find(headline.source.view()).trust;
  const std::size_t count = desk_->exposures.expose(facts, trust, scored_);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t seq = append_signal(headline, story, scored_[i]);
    if (seq == 0 || story.signals_count == Story::kSignalsMax) continue;
    const Quote* quote = desk_->board.last(scored_[i].instrument);
    story.signals[story.signals_count++] = {
        .instrument = desk_->exposures.instruments()[scored_[i].instrument],
        .seq = seq,
        .mid = quote == nullptr ? 0 : quote->mid()};
  }
}

bool Engine::retract_story(const Headline& headline, Story& story, RetractReason reason) noexcept {
  stories_.withdraw(story);
  const bool event_taken_back = append_retract(headline, {.event_id = story.event_id,
                                                          .revision = story.revision + 1,
                                                          .reason = reason,
                                                          .supersedes_seq = story.event_id});
  if (!event_taken_back || !retract_signals(headline, story, reason)) return false;
  stories_.forget(story);
  return true;
}

bool Engine::retract_signals(const Headline& headline, Story& story,
                             RetractReason reason) noexcept {
  std::uint8_t refused = 0;
  for (std::size_t i = 0; i < story.signals_count; ++i) {
    const SentSignal sent = story.signals[i];
    const auto index = desk_->board.find(sent.instrument);
    const Quote* quote = index ? desk_->board.last(*index) : nullptr;
    const bool taken_back =
        append_retract(headline, {.event_id = story.event_id,
                                  .revision = story.revision + 1,
                                  .reason = reason,
                                  .supersedes_seq = sent.seq,
                                  .instrument = sent.instrument,
                                  .mid_then = sent.mid,
                                  .mid_now = quote == nullptr ? 0 : quote->mid()});
    if (!taken_back) story.signals[refused++] = sent;
  }
  story.signals_count = refused;
  return refused == 0;
}

void Engine::handle(const FeedStatus& status) noexcept {
  const auto index = static_cast<std::size_t>(status.feed);
  board_[index].state.store(status.state, std::memory_order_relaxed);
  board_[index].since_ns.store(status.at.wall.ns, std::memory_order_relaxed);
  append_status(status.at, {.kind = StatusKind::Feed,
                            .state = status.state,
                            .feed = feeds_[index].name,
                            .text = status.reason});
  const bool blind = !sighted();
  if (blind == blind_told_ || status.state == FeedState::Starting) return;
  blind_told_ = blind;
  append_status(status.at,
                {.kind = blind ? StatusKind::Blind : StatusKind::Sighted,
                 .state = status.state,
                 .text = FixedText<160>(blind ? "no headline feed is up: news will be missed"
                                              : "a headline feed is up again")});
}

void Engine::handle(const Notice& notice) noexcept {
  append_status(notice.at, {.kind = notice.kind, .text = notice.text});
}

bool Engine::sighted() const noexcept {
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    if (feeds_[i].carries_headlines &&
        board_[i].state.load(std::memory_order_relaxed) == FeedState::Up) {
      return true;
    }
  }
  return false;
}

RecordHeader Engine::header_for(RecordType type, const Headline& headline) noexcept {
  RecordHeader header;
  header.word.type = type;
  header.source_ns = headline.published.ns;
  header.received_ns = headline.received.wall.ns;
  header.latency_ns = now_ == nullptr ? 0 : now_() - headline.received.mono;
  return header;
}

template <class Body>
std::uint64_t Engine::append(const RecordHeader& header, const Body& body) noexcept {
  constexpr std::size_t kBytes = sizeof(RecordHeader) + sizeof(Body);
  static_assert(kBytes % kRecordAlignBytes == 0);
  const std::span<std::byte> space = journal_.begin(kBytes);
  if (space.empty()) {
    counters_.add(Counter::JournalRefused);
    return 0;
  }
  std::memcpy(space.data() + sizeof(RecordHeader), &body, sizeof body);
  return journal_.commit(header, kBytes);
}

// PATH 6/7: the record is written in place and committed by one store.
bool Engine::append_event(const Headline& headline, const Telling& telling) noexcept {
  const std::size_t facts_bytes = reading_.facts_count * sizeof(Facts);
  constexpr std::size_t kFactsOffset = sizeof(RecordHeader) + sizeof(EventBody);
  const std::size_t text_offset = kFactsOffset + facts_bytes;
  const std::size_t bytes = text_offset + headline.text_bytes;
  const std::span<std::byte> space = journal_.begin(record_padded(bytes));
  if (space.empty()) {
    counters_.add(Counter::JournalRefused);
    return false;
  }
  EventBody body;
  body.event_id = telling.event_id;
  body.revision = telling.revision;
  body.net = reading_.net;
  body.novelty = telling.novelty;
  body.origins = telling.origins;
  body.flags = static_cast<std::uint8_t>((headline.truncated ? EventBody::kTruncated : 0) |
                                         (reading_.unscored ? EventBody::kUnscored : 0));
  body.confidence = reading_.confidence;
  body.trust = desk_->sources.find(headline.source.view()).trust;
  body.updated_ns = headline.updated.ns;
  body.feed = feeds_[static_cast<std::size_t>(headline.feed)].name;
  body.source = headline.source;
  body.item_id = headline.item_id;
  body.facts_offset = static_cast<std::uint16_t>(kFactsOffset);
  body.facts_count = reading_.facts_count;
  body.text_offset = static_cast<std::uint16_t>(text_offset);
  body.text_bytes = headline.text_bytes;
  std::memcpy(space.data() + sizeof(RecordHeader), &body, sizeof body);
  std::memcpy(space.data() + kFactsOffset, reading_.facts.data(), facts_bytes);
  std::memcpy(space.data() + text_offset, headline.text_utf8.data(), headline.text_bytes);
  journal_.commit(header_for(RecordType::Event, headline), pad_record(space, bytes));
  counters_.add(Counter::EventsPublished);
  return true;
}

std::uint64_t Engine::append_signal(const Headline& headline, const Story& story,
                                    const ScoredInstrument& scored) noexcept {
  const QuoteBoard& board = desk_->board;
  const MonoNs at = headline.received.mono;
  SignalBody body;
  body.event_id = story.event_id;
  body.revision = story.revision;
  body.direction = scored.score > 0 ? 1 : -1;
  body.instrument = desk_->exposures.instruments()[scored.instrument];
  body.exposure = scored.exposure->id;
  body.score = scored.score;
  body.confidence = scored.confidence;
  if (const Quote* quote = board.last(scored.instrument)) {
    body.bid = quote->bid;
    body.ask = quote->ask;
    body.mid = quote->mid();
    body.spread = quote->ask - quote->bid;
    body.quote_age_ns = std::max<std::int64_t>(0, at - quote->received.mono);
  }
  body.move_1s_bps = board.move_bps(scored.instrument, at, kNsPerSecond);
  body.move_5s_bps = board.move_bps(scored.instrument, at, 5 * kNsPerSecond);
  body.move_60s_bps = board.move_bps(scored.instrument, at, 60 * kNsPerSecond);
  const std::uint64_t seq = append(header_for(RecordType::Signal, headline), body);
  if (seq != 0) counters_.add(Counter::SignalsPublished);
  return seq;
}

bool Engine::append_retract(const Headline& headline, const RetractBody& body) noexcept {
  const bool taken = append(header_for(RecordType::Retract, headline), body) != 0;
  if (taken) counters_.add(Counter::RetractsPublished);
  return taken;
}

void Engine::append_status(Stamp at, const StatusBody& body) noexcept {
  RecordHeader header;
  header.word.type = RecordType::Status;
  header.received_ns = at.wall.ns;
  header.latency_ns = now_ == nullptr ? 0 : now_() - at.mono;
  append(header, body);
}

bool Engine::offer(std::unique_ptr<Desk>& desk) noexcept {
  Desk* expected = nullptr;
  if (!offered_.compare_exchange_strong(expected, desk.get(), std::memory_order_release)) {
    return false;
  }
  desk.release();
  return true;
}

void Engine::free_retired() noexcept {
  delete retired_.exchange(nullptr, std::memory_order_acquire);
}

bool Engine::take_offer(Stamp now) noexcept {
  if (offered_.load(std::memory_order_relaxed) == nullptr) return false;
  if (retired_.load(std::memory_order_relaxed) != nullptr) return false;  // not freed yet: wait
  std::unique_ptr<Desk> desk(offered_.exchange(nullptr, std::memory_order_acquire));
  desk->board.adopt(desk_->board);
  desk_.swap(desk);
  retired_.store(desk.release(), std::memory_order_release);
  handle(Notice{.at = now,
                .kind = StatusKind::Reloaded,
                .text = FixedText<160>("new words, rules, exposures and sources are in force")});
  return true;
}

FeedState Engine::feed_state(FeedId feed) const noexcept {
  return board_[static_cast<std::size_t>(feed)].state.load(std::memory_order_relaxed);
}

WallNs Engine::feed_state_since(FeedId feed) const noexcept {
  return {board_[static_cast<std::size_t>(feed)].since_ns.load(std::memory_order_relaxed)};
}

}  // namespace tariff
