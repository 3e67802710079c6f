#pragma once
// feeds/tape/tape_server.h - Plays a recorded tape to any number of clients over Alpaca's real
// session protocol, so that a desk can rehearse a day. The file: docs/formats/tape.md.
// Thread: run_tape blocks the calling thread and calls back on it. Cold.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tariff {

struct TapeOptions {
  /// Tape files, merged by time. Each is ordered by its "at".
  std::vector<std::string> files{};

  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0 takes any free one; `on_listening` tells which.

  /// 1 plays as recorded, 60 sixty times as fast, 0 as fast as the slowest client takes it.
  double speed = 1;
  /// Recorded time between two items counts as at most this long (before `speed`); 0: no limit.
  std::chrono::nanoseconds max_gap{0};
  /// The tape starts when this many clients are subscribed at once, and from then on runs for all.
  std::size_t clients_to_start = 1;
  bool once = false;  ///< Return when the tape has ended and every client has been sent all of it.
  bool loop = false;  ///< Start anew at the end; the stamps in the messages stay the tape's own.

  /// What a client must authenticate with; an empty key lets any non-empty key and secret in.
  std::string key{};
  std::string secret{};
  std::size_t connections_per_key_max = 0;  ///< Per endpoint; more get 406. 0: no limit.
  std::size_t symbols_max = 0;              ///< Per channel; more get 405. 0: no limit.

  /// PEM files; given both, the server speaks wss, else ws.
  std::string certificate_file{};
  std::string private_key_file{};

  /// A client further behind than this many items is told 407 and closed (never at speed 0).
  std::size_t behind_items_max = 100'000;
  /// A client that takes nothing at all for so long is closed.
  std::chrono::milliseconds stuck_after{5'000};

  bool stop_on_signals = false;  ///< SIGINT and SIGTERM end run_tape as `stop` does.

  /// Once, when clients can connect: the port, and the first part of a URL ("ws://127.0.0.1:4711").
  std::function<void(std::uint16_t port, const std::string& url)> on_listening{};
  /// One line for a person per change of state: client comes, subscribes, leaves; tape starts,
  /// ends.
  std::function<void(std::string_view line)> on_notice{};
};

struct TapeStats {
  std::size_t news_on_tape = 0;
  std::size_t quotes_on_tape = 0;
  std::uint64_t items_sent = 0;       ///< Over all clients.
  std::uint64_t clients = 0;          ///< WebSocket sessions opened.
  std::uint64_t clients_dropped = 0;  ///< Closed because they were too slow.
};

/// Serves the tape until `stop` is requested (any thread may), a signal arrives, or `once` is done.
/// Fails before it listens, with a message for a person and a sysexits code: 66 for a file that
/// cannot be read, 65 for a malformed tape (one line per error), 69 for a port that is taken,
/// 64 for options that make no sense together.
[[nodiscard]] Result<TapeStats> run_tape(const TapeOptions& options, const std::stop_token& stop);

}  // namespace tariff
