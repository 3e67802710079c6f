#pragma once
// feeds/tape/alpaca_messages.h - What Alpaca's server says, message by message, and its error
// codes. Source: docs.alpaca.markets, "Real-time Stock Data", "Real-time News" and "WebSocket
// Stream" (read 2026-11-24). Thread: any. Cold.

#include <string>
#include <string_view>
#include <vector>

#include "feeds/tape/frame_writer.h"
#include "feeds/tape/tape.h"

namespace tariff::tape {

/// Codes of `{"T":"error"}` that a session can raise by itself; the value is the wire's.
enum class AlpacaError : std::uint16_t {
  InvalidSyntax = 400,
  NotAuthenticated = 401,
  AuthFailed = 402,
  AlreadyAuthenticated = 403,
  AuthTimeout = 404,
  SymbolLimitExceeded = 405,
  ConnectionLimitExceeded = 406,
  SlowClient = 407,
  InvalidSubscribeAction = 410,
};

/// The provider's words for `error`.
[[nodiscard]] std::string_view to_text(AlpacaError error) noexcept;

struct Channel {
  std::string_view name;
  std::vector<std::string> symbols;
};

void write_success(FrameWriter& out, std::string_view message);
void write_error(FrameWriter& out, AlpacaError error);
/// All channels of the endpoint, also the empty ones.
void write_subscription(FrameWriter& out, const std::vector<Channel>& channels);
void write_item(FrameWriter& out, const TapeItem& item);

}  // namespace tariff::tape
