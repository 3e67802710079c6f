#pragma once
// feeds/transport/link.h - One connection of a feed, of any kind, as its session sees it. A link is
// made for one attempt, ends once, and is not opened again. Thread: the feed's.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "core/time.h"
#include "feeds/protocol.h"

namespace tariff {

enum class LinkEnd : std::uint8_t {
  Lost,          ///< Refused, broken, timed out: worth another attempt.
  Busy,          ///< The other side asks for patience (HTTP 429, other 4xx).
  Denied,        ///< The other side refuses us (HTTP 401, 403).
  CannotListen,  ///< Our own address is taken, or we have no right to it.
  Finished,      ///< A file or standard input came to its end.
};

class LinkListener {
 public:
  virtual ~LinkListener() = default;
  /// Frames may come and go. `detail` is for a person.
  virtual void on_open(std::string_view detail, Stamp at) = 0;
  virtual void on_frame(const Frame& frame) = 0;
  /// Bytes that make no frame were dropped (a line that is too long); the link goes on.
  virtual void on_bad_frame(std::string_view why, Stamp at) = 0;
  /// The last call of a link.
  virtual void on_end(LinkEnd end, std::string_view why, Stamp at) = 0;
};

class Link {
 public:
  virtual ~Link() = default;
  /// Begins to connect. Calls the listener later, or at once.
  virtual void open() = 0;
  /// Copies at once. Nothing happens where there is nobody to send to: listening, a file.
  virtual void send(std::string_view message) = 0;
  /// No call of the listener follows. What is left to do happens in the background.
  virtual void close() noexcept = 0;
  /// About four times a second.
  virtual void tick(MonoNs now) = 0;
};

/// Makes the link of the next attempt, which tells `listener`.
using LinkMaker = std::function<std::shared_ptr<Link>(LinkListener& listener)>;

}  // namespace tariff
