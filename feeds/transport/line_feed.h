#pragma once
// feeds/transport/line_feed.h - Bytes of a stream -> frames of a listener, one a line.
// Thread: the feed's. Hot.

#include <cstddef>
#include <span>

#include "feeds/transport/line_splitter.h"
#include "feeds/transport/link.h"

namespace tariff {

class LineFeed {
 public:
  LineFeed(std::size_t line_bytes_max, LinkListener& listener)
      : lines_(line_bytes_max), line_bytes_max_(line_bytes_max), listener_(&listener) {}

  /// Where to read to. Never empty.
  [[nodiscard]] std::span<char> space() { return lines_.space(); }
  /// `bytes` were read into space() when it was `received`: hands on the lines that are complete.
  void take(std::size_t bytes, Stamp received);
  /// The stream ended: hands on a last line that lacks its newline. One that was cut in the middle
  /// is no JSON, and so is told by the protocol.
  void finish(Stamp received);

  /// The listener hears nothing more, even if it asks for that while lines are handed to it.
  void detach() noexcept { listener_ = nullptr; }
  [[nodiscard]] LinkListener* listener() const noexcept { return listener_; }

 private:
  void hand_on(LineSplitter::Found found, std::string_view line, Stamp received);

  LineSplitter lines_;
  std::size_t line_bytes_max_;
  LinkListener* listener_;  // null once detached
};

}  // namespace tariff
