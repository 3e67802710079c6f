#pragma once
// feeds/transport/feed_host.h - Runs feeds on one io_context, as a duty: connects, reads, drives
// their protocols, comes back after failures, and tells every change of state.
// Thread: `start`, `work`, `wait` and `stop` on one at a time; everything else happens inside.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/counters.h"
#include "core/duty_cycle.h"
#include "core/feed_status.h"
#include "core/log_level.h"
#include "core/record.h"
#include "core/result.h"
#include "feeds/feeds.h"
#include "feeds/protocol.h"

namespace boost::asio {
class io_context;
}

namespace tariff {

/// Where feeds put everything. Called from inside FeedHost::start, work, wait and stop.
/// The feeds count their connections, frames, bytes and what was bad or delivered twice; headlines
/// and quotes, kept or dropped, are counted here, where that is decided.
class FeedOutput : public EventSink {
 public:
  using EventSink::push;
  /// One for every change of state.
  virtual void push(const FeedStatus& status) noexcept = 0;
  /// A frame as it arrived, after its events were pushed; or a connection that was made or lost
  /// (no bytes). `connection` counts the connections of this feed, from 1. The bytes are gone after
  /// the call.
  virtual void raw(FeedId feed, RawInputBody::Kind kind, std::uint32_t connection, Stamp received,
                   std::string_view bytes) noexcept = 0;
  /// A line for the log: "feed desk: up: ...". One per change of state, never one per frame.
  virtual void log(LogLevel level, std::string_view line) noexcept = 0;
};

struct FeedHostOptions {
  /// How often timeouts, back-offs and protocols' ticks are looked at.
  std::chrono::milliseconds tick_every{250};
};

class FeedHost : public Duty {
 public:
  /// `output` and `counters` must outlive the host. Opens nothing yet.
  FeedHost(std::vector<FeedSpec> specs, FeedOutput& output, Counters& counters,
           FeedHostOptions options = {});
  ~FeedHost() override;
  FeedHost(const FeedHost&) = delete;
  FeedHost& operator=(const FeedHost&) = delete;

  /// Opens the listening sockets and begins to connect. Fails only if a feed cannot listen (port in
  /// use, no rights); a peer that is not there is a change of state, not a failure.
  [[nodiscard]] boost::system::result<void, Error> start();
  /// Closes every connection, politely where that needs no waiting. Nothing is pushed afterwards.
  void stop() noexcept;

  /// The context that `wait` sleeps in: what else must be able to wake the thread goes on it too.
  [[nodiscard]] boost::asio::io_context& context() noexcept;

  std::size_t work() noexcept override;
  void wait(std::chrono::nanoseconds max) noexcept override;
  [[nodiscard]] bool can_wait() const noexcept override { return true; }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tariff
