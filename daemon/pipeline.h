#pragma once
// daemon/pipeline.h - The wiring: which thread runs what, which queue joins whom, in which order
// all of it starts and stops. Nobody else knows.
//
//   thread of a [[thread]]   runs, in this order       waits by       may allocate        owns
//   any with feeds           sockets, protocols        idle strategy  while connecting    producer
//   ends any with the scorer      ScorerDuty -> Engine      idle strategy  never scoring state any
//   with the publisher   Publisher                 idle strategy  on accept           subscribers
//   tariffd (main)           Supervisor                signals, 50 ms yes                 start,
//   stop, reload
//
// Thread: main. Cold.

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "core/counters.h"
#include "core/handoff.h"
#include "core/journal.h"
#include "core/result.h"
#include "daemon/config.h"
#include "daemon/feed_output.h"
#include "daemon/io_duty.h"
#include "daemon/scorer_duty.h"
#include "daemon/status.h"
#include "feeds/transport/feed_host.h"
#include "signals/engine.h"
#include "signals/publish/publisher.h"

namespace tariff {

class Pipeline {
 public:
  /// Builds everything that can fail, then starts the threads. On failure nothing runs.
  [[nodiscard]] static Result<std::unique_ptr<Pipeline>> start(const DaemonConfig& config,
                                                               std::unique_ptr<Desk> desk);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// First stage first: feeds stop reading, the scorer drains, the publisher flushes.
  void stop();

  /// Upkeep of the journals, off the hot threads. Returns what is wrong, for the log; empty if all
  /// is well.
  [[nodiscard]] std::string maintain();
  /// Offers new tables to the scorer; false if it has not taken the last ones yet.
  [[nodiscard]] bool offer(std::unique_ptr<Desk>& desk) { return engine_->offer(desk); }
  void free_retired() { engine_->free_retired(); }
  /// Publishes a status message, in order with the news.
  void tell(StatusKind kind, std::string_view text);
  /// Rounds of the thread that runs the scorer: stands still if it is stuck.
  [[nodiscard]] std::uint64_t scorer_rounds() const noexcept;

  /// Events and signals that the journal had no room for, since the start.
  [[nodiscard]] std::uint64_t records_refused() const noexcept {
    return counters_.get(Counter::JournalRefused);
  }
  /// Headlines that found the hand-off full, since the start.
  [[nodiscard]] std::uint64_t headlines_dropped() const noexcept;
  [[nodiscard]] std::uint64_t last_seq() const noexcept { return journal_->last_seq(); }
  [[nodiscard]] bool sighted() const noexcept { return engine_->sighted(); }

 private:
  struct Thread {
    std::unique_ptr<IoDuty> io;  // of a thread without feeds
    std::unique_ptr<JournalWriter> inputs;
    std::unique_ptr<FeedOutputs> output;
    std::unique_ptr<FeedHost> feeds;
    std::unique_ptr<DutyThread> thread;
    bool scorer = false;
    bool publisher = false;
  };

  Pipeline(const DaemonConfig& config);
  [[nodiscard]] Result<void> open_journals();
  void make_engine(std::unique_ptr<Desk> desk);
  void make_feeds();
  [[nodiscard]] Result<void> make_publisher();
  [[nodiscard]] Result<void> start_feeds();
  void start_threads();

  DaemonConfig config_;
  Counters counters_;
  std::vector<FeedInfo> feed_infos_;
  std::unique_ptr<JournalWriter> journal_;
  Handoff<Event> events_;
  Handoff<Quote> quotes_;
  Handoff<Event>::Producer notices_;  // main thread's end
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<ScorerDuty> scorer_;
  std::vector<Thread> threads_;
  std::unique_ptr<Publisher> publisher_;
  bool stopped_ = false;
};

}  // namespace tariff
