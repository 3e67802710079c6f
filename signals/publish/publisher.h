#pragma once
// signals/publish/publisher.h - Serves the journal of signals on a Unix stream socket: JSON lines
// or the journal's own records, live or from any kept record on. docs/formats/signal-json.md,
// "Subscribing".
//
// A subscriber that keeps up gets each record as soon as it is committed. There is no queue per
// subscriber: one whose socket is full is served from the journal by a reader of its own, and slows
// nobody; what the retention has deleted meanwhile is told to it as a gap.
//
// Thread: `work`, `stop` and the io_context's handlers on one thread, the publisher's. Nothing
// wakes it when a record is committed: on a thread of its own it needs an idle strategy that looks
// again by itself (spin, yield, park); on the scorer's thread it may block, as nothing is committed
// while that thread sleeps.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/counters.h"
#include "core/duty_cycle.h"
#include "core/result.h"

namespace boost::asio {
class io_context;
}

namespace tariff {

struct PublisherOptions {
  std::string journal_directory;  ///< Its writer is open, maybe in another process.
  std::string socket_path;
  unsigned socket_mode = 0660;
  std::string socket_group;        ///< Empty: the group of the process.
  std::vector<std::string> users;  ///< Who may connect, checked by SO_PEERCRED; empty: all.
  std::size_t subscribers_max = 1'024;
  std::chrono::milliseconds heartbeat_every{1'000};
  /// How long a new subscriber may take to send its request; then it gets everything as JSON.
  std::chrono::milliseconds request_within{200};
  int listen_fd = -1;         ///< A listening socket to take over instead of opening one.
  int send_buffer_bytes = 0;  ///< SO_SNDBUF of each subscriber; 0: the system's, 208 KiB.
  std::chrono::milliseconds stop_within{500};  ///< For what is still to be sent at the stop.
};

class Publisher : public Duty {
 public:
  /// `status_line` gives one line of JSON, without its newline, for `{"op":"status"}`; it is called
  /// on the publisher's thread. `context` and `counters` must outlive the publisher, and the
  /// context must not be run after its end.
  [[nodiscard]] static Result<std::unique_ptr<Publisher>> open(
      boost::asio::io_context& context, const PublisherOptions& options, Counters& counters,
      std::function<std::string()> status_line);
  ~Publisher() override;

  /// Sends what was committed since the last call. Returns how many records these were, and 1 more
  /// if there is still something to do at once.
  std::size_t work() noexcept override;
  /// Takes no more connections, sends what is committed, closes. At most `stop_within`.
  void stop() noexcept;

  [[nodiscard]] std::size_t subscribers() const noexcept;

 private:
  class Impl;
  explicit Publisher(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tariff
