#pragma once
// core/counters.h - Every counter of the daemon in one table: id, name, unit, meaning.
// Thread: each counter has one writing thread; anyone may read. Hot: a relaxed load and store.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/headline.h"

namespace tariff {

enum class Counter : std::uint8_t {
  HeadlinesScored,
  HeadlinesWithEvents,
  HeadlinesUnscored,
  EventsPublished,
  SignalsPublished,
  RetractsPublished,
  RepeatsHeld,
  QuotesApplied,
  QuotesConflated,
  JournalRefused,
  SubscribersAccepted,
  SubscribersRefused,
  SubscribersClosed,
  SubscribersHeldUp,
  RecordsSent,
  Count,
};

/// Per feed. Written by the feed's thread.
enum class FeedCounter : std::uint8_t {
  Connects,
  Frames,
  Bytes,
  BadFrames,
  Headlines,
  Quotes,
  HeadlinesDropped,
  QuotesDropped,
  Redelivered,
  NotJournalled,
  Count,
};

struct CounterInfo {
  std::string_view name;  ///< Stable: `tariffd status` and scripts use it.
  std::string_view help;
};

inline constexpr std::array<CounterInfo, static_cast<std::size_t>(Counter::Count)> kCounterInfo{{
    {"headlines_scored", "headlines read by the scorer"},
    {"headlines_with_events", "of these, with at least one trade event"},
    {"headlines_unscored", "of these, that matter but were not understood"},
    {"events_published", "event records"},
    {"signals_published", "signal records"},
    {"retracts_published", "retract records"},
    {"repeats_held", "events that brought no signal because they were told before"},
    {"quotes_applied", "quotes taken into the table"},
    {"quotes_conflated",
     "quotes overtaken by a newer one of the same symbol before they were used"},
    {"journal_refused", "records that the journal of signals could not take"},
    {"subscribers_accepted", "connections to the signal socket"},
    {"subscribers_refused", "of these, refused: not allowed, or a malformed request"},
    {"subscribers_closed", "of these, ended"},
    {"subscribers_held_up", "times that one behind came to damage in the journal and had to wait"},
    {"records_sent", "records written to subscribers"},
}};

inline constexpr std::array<CounterInfo, static_cast<std::size_t>(FeedCounter::Count)>
    kFeedCounterInfo{{
        {"connects", "connections made"},
        {"frames", "frames read"},
        {"bytes", "bytes in these frames"},
        {"bad_frames", "frames that were not understood"},
        {"headlines", "headlines handed to the scorer"},
        {"quotes", "quotes handed to the scorer"},
        {"headlines_dropped", "headlines lost because the hand-off was full"},
        {"quotes_dropped", "quotes lost because the hand-off was full"},
        {"redelivered", "items dropped because the feed had sent them before, unchanged"},
        {"not_journalled", "frames that the journal of inputs could not take"},
    }};

class Counters {
 public:
  void add(Counter id, std::uint64_t n = 1) noexcept {
    bump(values_[static_cast<std::size_t>(id)].value, n);
  }
  void add(FeedId feed, FeedCounter id, std::uint64_t n = 1) noexcept {
    bump(feeds_[static_cast<std::size_t>(feed)].values[static_cast<std::size_t>(id)], n);
  }
  [[nodiscard]] std::uint64_t get(Counter id) const noexcept {
    return values_[static_cast<std::size_t>(id)].value.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t get(FeedId feed, FeedCounter id) const noexcept {
    return feeds_[static_cast<std::size_t>(feed)].values[static_cast<std::size_t>(id)].load(
        std::memory_order_relaxed);
  }

 private:
  using Cell = std::atomic<std::uint64_t>;
  struct alignas(64) Padded {
    Cell value{0};
  };
  struct alignas(64) Feed {
    std::array<Cell, static_cast<std::size_t>(FeedCounter::Count)> values{};
  };

  static void bump(Cell& cell, std::uint64_t n) noexcept {
    cell.store(cell.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }

  std::array<Padded, static_cast<std::size_t>(Counter::Count)> values_;
  std::array<Feed, kFeedsMax> feeds_;
};

}  // namespace tariff
