#pragma once
// signals/engine.h - The scorer's duty for one event: read the headline, find its story, weigh it,
// look at the quotes, append records to the journal. The only writer of the journal of signals.
// Thread: scorer. Hot: no allocation, lock, log or system call; time is an argument, so that a
// replay gives the same bytes.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/counters.h"
#include "core/event.h"
#include "core/histogram.h"
#include "core/quote.h"
#include "core/record_sink.h"
#include "signals/desk.h"
#include "signals/reading/reader.h"
#include "signals/story_book.h"

namespace tariff {

struct EngineOptions {
  std::int64_t story_window_ns = kNsPerDay;  ///< How long a story is remembered.
};

/// What the engine must know of a feed.
struct FeedInfo {
  FixedText<16> name;
  bool carries_headlines = true;
};

class Engine {
 public:
  /// Reads the clock for `latency_ns`; nullptr in a replay, where latency is 0.
  using NowFn = MonoNs (*)() noexcept;

  Engine(std::unique_ptr<Desk> desk, std::vector<FeedInfo> feeds, RecordSink& journal,
         Counters& counters, EngineOptions options, NowFn now);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void on_event(const Event& event) noexcept;
  void on_quote(const Quote& quote) noexcept;

  /// Any one other thread: offers new tables; they are in force before the next headline. False if
  /// the offer before this one is still waiting.
  [[nodiscard]] bool offer(std::unique_ptr<Desk>& desk) noexcept;
  /// The thread that offers: frees what the scorer has put aside, so that the scorer need not.
  void free_retired() noexcept;
  /// Scorer thread, between events. Takes what was offered; true if it did.
  bool take_offer(Stamp now) noexcept;

  /// Any thread. State of a feed as last told, and when (wall).
  [[nodiscard]] FeedState feed_state(FeedId feed) const noexcept;
  [[nodiscard]] WallNs feed_state_since(FeedId feed) const noexcept;
  /// Any thread. At least one headline feed is up.
  [[nodiscard]] bool sighted() const noexcept;
  /// Any thread. Receipt to publication, for headlines that made a record.
  [[nodiscard]] const Histogram& latency() const noexcept { return latency_; }

 private:
  struct FeedBoardEntry {
    std::atomic<FeedState> state{FeedState::Starting};
    std::atomic<std::int64_t> since_ns{0};
  };

  void handle(const Headline& headline) noexcept;
  void handle(const FeedStatus& status) noexcept;
  void handle(const Notice& notice) noexcept;

  /// What an event record says of its story.
  struct Telling {
    std::uint64_t event_id = 0;
    std::uint32_t revision = 1;
    std::uint8_t origins = 1;
    Novelty novelty = Novelty::New;
  };

  // What a headline does to the stories. Where the journal refuses a record, what rests on it is
  // not tried, and the story book does not remember it as told.
  void tell_new(const Headline& headline, std::uint64_t facts_key, const Teller& teller) noexcept;
  void tell_again(const Headline& headline, Story& story, const Teller& teller) noexcept;
  /// False if the journal refused it.
  bool tell_edited(const Headline& headline, Story& story) noexcept;
  void handle_corrected(const Headline& headline, Story& story, std::uint64_t facts_key) noexcept;
  void handle_deleted(const Headline& headline, Story& story, std::uint64_t item_key) noexcept;

  void publish_signals(const Headline& headline, Story& story) noexcept;
  /// Both are false if the journal refused some of it; the rest can be taken back by a later call.
  bool retract_story(const Headline& headline, Story& story, RetractReason reason) noexcept;
  bool retract_signals(const Headline& headline, Story& story, RetractReason reason) noexcept;

  // False or 0 if the journal refused the record.
  bool append_event(const Headline& headline, const Telling& telling) noexcept;
  std::uint64_t append_signal(const Headline& headline, const Story& story,
                              const ScoredInstrument& scored) noexcept;
  bool append_retract(const Headline& headline, const RetractBody& body) noexcept;
  void append_status(Stamp at, const StatusBody& body) noexcept;

  /// Header with the stamps of `headline`, and the latency up to now.
  [[nodiscard]] RecordHeader header_for(RecordType type, const Headline& headline) noexcept;
  /// Appends one fixed-size body; 0 if the journal cannot take it.
  template <class Body>
  std::uint64_t append(const RecordHeader& header, const Body& body) noexcept;

  std::unique_ptr<Desk> desk_;
  std::vector<FeedInfo> feeds_;
  RecordSink& journal_;
  Counters& counters_;
  NowFn now_;
  Reader reader_;
  Reading reading_;
  StoryBook stories_;
  std::array<ScoredInstrument, QuoteBoard::kInstrumentsMax> scored_{};
  bool blind_told_ = false;
  Histogram latency_;
  std::array<FeedBoardEntry, kFeedsMax> board_;

  // Between the scorer and the thread that offers.
  std::atomic<Desk*> offered_{nullptr};
  std::atomic<Desk*> retired_{nullptr};
};

}  // namespace tariff
