#include "feeds/transport/line_feed.h"

#include <string_view>

#include <fmt/format.h>

namespace tariff {

void LineFeed::take(std::size_t bytes, Stamp received) {
  lines_.commit(bytes);
  std::string_view line;
  while (listener_ != nullptr) {
    const LineSplitter::Found found = lines_.next(line);
    if (found == LineSplitter::Found::Nothing) return;
    hand_on(found, line, received);
  }
}

void LineFeed::finish(Stamp received) {
  std::string_view line;
  if (listener_ == nullptr) return;
  hand_on(lines_.finish(line), line, received);
}

void LineFeed::hand_on(LineSplitter::Found found, std::string_view line, Stamp received) {
  switch (found) {
    case LineSplitter::Found::Line:
      listener_->on_frame({.data = line.data(), .bytes = line.size(), .received = received});
      return;
    case LineSplitter::Found::TooLong:
      listener_->on_bad_frame(fmt::format("a line is longer than {} bytes", line_bytes_max_),
                              received);
      return;
    case LineSplitter::Found::Nothing:
      return;
  }
}

}  // namespace tariff
