#pragma once
// feeds/tape/tape_connection.h - One client of the tape server: a WebSocket around an
// AlpacaSession. Thread: the server's io_context. Cold.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "core/time.h"
#include "feeds/tape/alpaca_session.h"
#include "feeds/tape/tape.h"

namespace tariff::tape {

class TapeConnection;

/// What the connections share with their server, which outlives them.
struct TapeStage {
  Tape tape;
  AlpacaAccess access;
  std::size_t behind_items_max = 0;  ///< 0: no limit.
  std::int64_t stuck_after_ns = 0;

  std::uint64_t position = 0;  ///< Items played so far; see AlpacaSession::next_frame.
  std::uint64_t items_sent = 0;
  std::uint64_t clients = 0;
  std::uint64_t clients_dropped = 0;

  std::function<void(std::string_view line)> notice;
  /// A client has subscribed, or taken a frame, or gone: there may be something to do.
  std::function<void()> on_progress;
  /// The connection has ended and will not call again; never called from inside its methods.
  std::function<void(TapeConnection*)> on_closed;
};

class TapeConnection {
 public:
  virtual ~TapeConnection() = default;
  virtual void start() = 0;
  /// Sends what is due and not out yet, if the last frame is out.
  virtual void pump() = 0;
  /// Judges timeouts; about ten times a second.
  virtual void tick(MonoNs now) = 0;
  /// Says goodbye and closes.
  virtual void close() = 0;
  [[nodiscard]] virtual bool subscribed() const = 0;
  /// Everything up to stage.position is out.
  [[nodiscard]] virtual bool drained() const = 0;
  /// Items that are out or were not asked for.
  [[nodiscard]] virtual std::uint64_t cursor() const = 0;
};

/// With TLS if `tls` is given. `tls` and `stage` outlive the connection.
[[nodiscard]] std::shared_ptr<TapeConnection> make_tape_connection(
    boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, TapeStage& stage);

}  // namespace tariff::tape
