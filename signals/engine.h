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
#include "signals/timing.h"
#include "signals/words.h"

namespace tariff {

struct EngineOptions {
  std::int64_t story_window_ns = kNsPerDay;  ///< How long a story is remembered.
  /// The same facts so long after their first telling are a repeat, whoever tells them.
  std::int64_t repeat_after_ns = 3'600 * kNsPerSecond;
  /// A headline older than this at receipt brings no signal; 0: however old it is.
  std::int64_t stale_after_ns = 600 * kNsPerSecond;
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

  /// A headline with all that is known of it before its story is.
  struct Arrival {
    const Headline& headline;
    Timing timing;
    Mark mark = Mark::None;
    bool stale = false;
    Teller teller{};
    Wording wording{};
    std::uint64_t facts_key = 0;
    bool matters = false;  ///< It has facts, or is for a person to look at.

    [[nodiscard]] WallNs at() const noexcept { return headline.received.wall; }
    /// It was news before it came here.
    [[nodiscard]] bool is_old() const noexcept { return stale || mark == Mark::Repeat; }
    [[nodiscard]] bool is_no_news() const noexcept {
      return mark == Mark::Test || mark == Mark::Embargo;
    }
  };
  /// What an event record says of its story.
  struct Telling {
    std::uint64_t event_id = 0;
    std::uint32_t revision = 1;
    std::uint8_t origins = 1;
    Novelty novelty = Novelty::New;
    bool waits = false;  ///< Its signals wait for a second origin.
  };

  [[nodiscard]] Arrival arrival_of(const Headline& headline, bool edit) noexcept;
  /// Reads the headline behind its tag into `reading_` and completes `arrival`.
  void read(Arrival& arrival, std::size_t body_at) noexcept;

  // What a headline does to the stories (engine_stories.cc). Where the journal refuses a record,
  // what rests on it is not tried, and the story book does not remember it as told.
  void tell(const Arrival& arrival, Story* told) noexcept;
  void tell_edit(const Arrival& arrival, Story& told) noexcept;
  void tell_new(const Arrival& arrival) noexcept;
  void tell_again(const Arrival& arrival, Story& story, bool formerly) noexcept;
  void tell_changed(const Arrival& arrival, Story& story) noexcept;
  void tell_denied(const Arrival& arrival, Story& story) noexcept;
  /// False if the journal refused it.
  bool tell_edited(const Arrival& arrival, Story& story) noexcept;
  void tell_apart(const Arrival& arrival) noexcept;
  void handle_corrected(const Arrival& arrival, Story& story) noexcept;
  /// False: the tag belongs to no story, and the headline stands for itself.
  bool handle_correction_tag(const Arrival& arrival) noexcept;
  void handle_withdrawn(const Arrival& arrival) noexcept;
  void take_out(const Arrival& arrival, Story& story, const Teller& teller,
                RetractReason reason) noexcept;
  [[nodiscard]] Related find_related(const Arrival& arrival) noexcept;
  [[nodiscard]] Story* find_own(const Arrival& arrival) noexcept;

  /// A story told so far, or so surely, that a desk acts on it.
  [[nodiscard]] bool is_enough(float trust, bool decides, unsigned origins) const noexcept;
  [[nodiscard]] bool is_enough(const Story& story) const noexcept;
  /// The signals of what the story says now, in the place of those that stand. `stronger_only`:
  /// where one stands already, only a greater score is sent.
  void publish_signals(const Arrival& arrival, Story& story, bool stronger_only) noexcept;
  /// Both are false if the journal refused some of it; the rest can be taken back by a later call.
  bool take_back(const Arrival& arrival, Story& story, RetractReason reason) noexcept;
  bool retract_story(const Arrival& arrival, Story& story, RetractReason reason) noexcept;
  bool retract_signals(const Arrival& arrival, Story& story, RetractReason reason) noexcept;
  bool retract_signal(const Arrival& arrival, const Story& story, const SentSignal& sent,
                      RetractReason reason) noexcept;

  // False or 0 if the journal refused the record (engine_records.cc).
  bool append_event(const Arrival& arrival, const Telling& telling) noexcept;
  std::uint64_t append_signal(const Arrival& arrival, const Story& story,
                              const ScoredInstrument& scored, bool replaces) noexcept;
  bool append_retract(const Arrival& arrival, const RetractBody& body) noexcept;
  void append_status(Stamp at, const StatusBody& body) noexcept;

  /// Header with the stamps of `headline`, and the latency up to now.
  [[nodiscard]] RecordHeader header_for(RecordType type, const Arrival& arrival) noexcept;
  /// Appends one fixed-size body; 0 if the journal cannot take it.
  template <class Body>
  std::uint64_t append(const RecordHeader& header, const Body& body) noexcept;

  std::unique_ptr<Desk> desk_;
  std::vector<FeedInfo> feeds_;
  RecordSink& journal_;
  Counters& counters_;
  EngineOptions options_;
  NowFn now_;
  Reader reader_;
  Reading reading_;
  WordList words_;
  std::array<Facts, kFactsMax> surer_{};  // facts of a story, with the confidence of its origins
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
