#pragma once
// feeds/protocol.h - What a provider's protocol implements, and all it implements.
//
// A Protocol holds no socket, reads no clock and knows no thread. A transport (feeds/transport/)
// cuts the bytes into frames, stamps them and drives it; a test drives it from an array; a replay
// drives it from the journal of inputs.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/feed_status.h"
#include "core/headline.h"
#include "core/quote.h"
#include "core/time.h"

namespace tariff {

/// Where a protocol puts what it has understood. Called on the feed's thread. Hot.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void push(const Headline& headline) noexcept = 0;
  virtual void push(const Quote& quote) noexcept = 0;
};

/// Where a protocol puts messages for the other side. Copies at once.
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void send(std::string_view message) = 0;
};

/// One frame: a WebSocket message, a line without its end, a datagram.
struct Frame {
  /// Readable bytes that must follow every frame (their content does not matter): simdjson reads
  /// past the end. A protocol leaves the bytes as they are: they go to the journal of inputs after
  /// it has read them.
  static constexpr std::size_t kPaddingBytes = 64;

  const char* data = nullptr;
  std::size_t bytes = 0;
  Stamp received;

  [[nodiscard]] std::string_view view() const noexcept { return {data, bytes}; }
};

/// What the transport must do after a frame.
enum class Next : std::uint8_t {
  Continue,         ///< Nothing; if there is a reason, tell it.
  Ready,            ///< Logged in and subscribed: the feed is up. Later frames return Continue.
  BadFrame,         ///< The frame, or an item in it, was not understood: count it, tell it once.
  Reconnect,        ///< Drop the connection and come back after the usual back-off.
  ReconnectSlowly,  ///< The provider is busy with us (limit, rate): come back after a long pause.
  Retry,            ///< Stay connected: `on_tick` will send again. Tell the reason.
  Fatal,  ///< Retrying cannot help (credentials, entitlement): the feed stays down until restart.
};

struct Verdict {
  Next next = Next::Continue;
  /// For a person, valid until the next call: what the other side said and what it means.
  std::string_view reason;
  /// Items of this frame that were the same as one sent before, and therefore dropped.
  std::uint32_t redelivered = 0;
};

/// A header that the transport adds to an HTTP upgrade. The value may be a secret.
struct UpgradeHeader {
  std::string name;
  std::string value;
};

class Protocol {
 public:
  virtual ~Protocol() = default;

  /// What to add to the HTTP upgrade, if the transport makes one.
  [[nodiscard]] virtual std::vector<UpgradeHeader> upgrade_headers() const { return {}; }

  /// Once per connection, before any frame. A protocol with nothing to negotiate returns Ready.
  [[nodiscard]] virtual Verdict on_connected(MonoNs now, Outbox& outbox) = 0;

  /// Hot. Never throws, never allocates for a data frame. Data are taken whatever the state of the
  /// session, because a replay may begin in the middle of one.
  [[nodiscard]] virtual Verdict on_frame(const Frame& frame, EventSink& sink,
                                         Outbox& outbox) noexcept = 0;

  /// Sends what is due (login again, a heartbeat) and judges timeouts of the session itself.
  /// The transport calls it about four times a second.
  [[nodiscard]] virtual Verdict on_tick(MonoNs now, Outbox& outbox) = 0;
};

}  // namespace tariff
