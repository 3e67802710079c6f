#pragma once
// feeds/transport/line_splitter.h - Cuts a stream of bytes into lines, in place. A line ends at a
// newline; a carriage return before it is no part of it. Thread: the feed's. Hot: allocates only
// while a line is longer than any before.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tariff {

class LineSplitter {
 public:
  explicit LineSplitter(std::size_t line_bytes_max);

  /// Where to read more bytes to. Never empty. Ends the life of every line given out.
  [[nodiscard]] std::span<char> space();
  /// `bytes` were read into space().
  void commit(std::size_t bytes) noexcept { end_ += bytes; }

  enum class Found : std::uint8_t {
    Line,     ///< `line` is the next one, without its end; padding for simdjson follows it.
    TooLong,  ///< A line longer than the limit is being dropped; told once for each.
    Nothing,  ///< Read more.
  };
  [[nodiscard]] Found next(std::string_view& line) noexcept;
  /// At the end of the stream: the rest, if it is a line without an end.
  [[nodiscard]] Found finish(std::string_view& line) noexcept;

 private:
  [[nodiscard]] Found too_long() noexcept;

  std::size_t line_bytes_max_;
  std::vector<char> buffer_;  // always Frame::kPaddingBytes longer than what is used of it
  std::size_t begin_ = 0;     // of the line that is not complete yet
  std::size_t scanned_ = 0;   // no newline between begin_ and here
  std::size_t end_ = 0;       // of what was read
  bool dropping_ = false;     // up to the next newline
};

}  // namespace tariff
