#pragma once
// feeds/transport/feed_session.h - The life of one feed: connects by links, drives the protocol,
// judges silence, comes back with patience, and tells every change of state once. Knows no socket
// and no clock, so that a test drives it in virtual time. Thread: the feed's.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/counters.h"
#include "feeds/feeds.h"
#include "feeds/protocol.h"
#include "feeds/transport/backoff.h"
#include "feeds/transport/feed_host.h"
#include "feeds/transport/link.h"

namespace tariff {

class FeedSession final : private LinkListener, private Outbox {
 public:
  /// `output` and `counters` must outlive the session. `seed` is for the jitter of its waits.
  FeedSession(FeedSpec spec, std::unique_ptr<Protocol> protocol, LinkMaker make_link,
              FeedOutput& output, Counters& counters, std::uint64_t seed);
  ~FeedSession() override;
  FeedSession(const FeedSession&) = delete;
  FeedSession& operator=(const FeedSession&) = delete;

  void start(Stamp now);
  void tick(Stamp now);
  void stop() noexcept;

  [[nodiscard]] const std::string& name() const noexcept { return spec_.name; }
  [[nodiscard]] FeedState state() const noexcept { return state_; }
  /// Why the feed cannot listen; empty unless that is so.
  [[nodiscard]] const std::string& listen_problem() const noexcept { return listen_problem_; }

 private:
  enum class Phase : std::uint8_t {
    Waiting,     ///< For `due_`, to connect.
    Connecting,  ///< Until `due_` at most.
    Open,        ///< Frames may come; up when the protocol says so.
    Done,
  };

  void on_open(std::string_view detail, Stamp at) override;
  void on_frame(const Frame& frame) override;
  void on_bad_frame(std::string_view why, Stamp at) override;
  void on_end(LinkEnd end, std::string_view why, Stamp at) override;
  void send(std::string_view message) override;

  void connect(Stamp now);
  /// Does what a protocol asks for.
  void act(const Verdict& verdict, Stamp at);
  void go_up(std::string_view reason, Stamp at);
  void go_down(std::string_view why, bool slowly, Stamp at);
  void finish(FeedState state, std::string_view why, Stamp at);
  void drop_link(Stamp at) noexcept;
  void watch_silence(Stamp now);
  /// One status and one line if the state changes; a line if only the cause does.
  void tell(FeedState state, std::string_view cause, std::string_view remedy, Stamp at);
  void log(LogLevel level, std::string_view text);

  const FeedSpec spec_;
  const std::unique_ptr<Protocol> protocol_;
  const LinkMaker make_link_;
  FeedOutput& output_;
  Counters& counters_;
  Backoff backoff_;

  Phase phase_ = Phase::Waiting;
  FeedState state_ = FeedState::Starting;
  std::shared_ptr<Link> link_;
  std::string link_detail_;
  std::string cause_;  // of the last line told
  std::string listen_problem_;
  MonoNs due_;
  MonoNs up_since_;    // 0: not up
  MonoNs last_frame_;  // or when it came up
  std::uint32_t connection_ = 0;
  bool connected_ = false;  // told as Connected, not yet as Disconnected
  bool told_bad_ = false;   // on this connection
};

}  // namespace tariff
