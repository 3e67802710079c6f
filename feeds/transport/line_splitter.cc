#include "feeds/transport/line_splitter.h"

#include <algorithm>
#include <cstring>

#include "feeds/protocol.h"

namespace tariff {
namespace {

/// What one read brings at most has room in the hand-off: some 400 headlines of 40 bytes.
constexpr std::size_t kFirstBytes = 16U << 10U;
/// Reading less at a time would only cost system calls.
constexpr std::size_t kReadBytesMin = 4U << 10U;

std::string_view without_return(std::string_view line) noexcept {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

LineSplitter::LineSplitter(std::size_t line_bytes_max)
    : line_bytes_max_(line_bytes_max), buffer_(kFirstBytes + Frame::kPaddingBytes) {}

std::span<char> LineSplitter::space() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    scanned_ -= begin_;
    begin_ = 0;
  }
  const std::size_t needed = end_ + kReadBytesMin + Frame::kPaddingBytes;
  if (buffer_.size() < needed) buffer_.resize(std::max(needed, 2 * buffer_.size()));
  return std::span(buffer_).subspan(end_, buffer_.size() - Frame::kPaddingBytes - end_);
}

LineSplitter::Found LineSplitter::next(std::string_view& line) noexcept {
  for (;;) {
    const void* found = std::memchr(buffer_.data() + scanned_, '\n', end_ - scanned_);
    if (found == nullptr) {
      scanned_ = end_;
      if (dropping_) {
        begin_ = end_;
        return Found::Nothing;
      }
      return end_ - begin_ > line_bytes_max_ + 1 ? too_long() : Found::Nothing;
    }
    const auto newline = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
    const std::string_view whole(buffer_.data() + begin_, newline - begin_);
    begin_ = scanned_ = newline + 1;
    if (dropping_) {
      dropping_ = false;
      continue;
    }
    line = without_return(whole);
    return line.size() > line_bytes_max_ ? Found::TooLong : Found::Line;
  }
}

LineSplitter::Found LineSplitter::finish(std::string_view& line) noexcept {
  const std::string_view rest =
      without_return({buffer_.data() + begin_, dropping_ ? 0 : end_ - begin_});
  begin_ = scanned_ = end_;
  if (rest.empty()) return Found::Nothing;
  line = rest;
  return rest.size() > line_bytes_max_ ? Found::TooLong : Found::Line;
}

LineSplitter::Found LineSplitter::too_long() noexcept {
  dropping_ = true;
  begin_ = end_;
  return Found::TooLong;
}

}  // namespace tariff
