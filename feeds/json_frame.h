#pragma once
// feeds/json_frame.h - simdjson over one frame, where it lies. The parser is kept from frame to
// frame, so that a frame of the usual size costs no allocation. Thread: the feed's. Hot.

#include <cstddef>

#include <simdjson.h>

#include "feeds/protocol.h"

namespace tariff {

class JsonFrame {
 public:
  using Document = simdjson::ondemand::document;

  /// Longest JSON text that is read.
  static constexpr std::size_t kBytesMax = std::size_t{16} << 20U;

  JsonFrame() : parser_(kBytesMax) { grow(kUsualBytes); }

  /// Begins to read `frame`, whose padding is relied on. False: it is no JSON text, or too long.
  /// `document` and everything read from it are valid as long as the frame, until the next call.
  [[nodiscard]] bool open(const Frame& frame, Document& document) noexcept {
    // One article of 16 MiB must not hold 100 MB for the rest of the week.
    if (parser_.capacity() > kUsualBytes && frame.bytes <= kUsualBytes) {
      parser_ = simdjson::ondemand::parser(kBytesMax);
      grow(kUsualBytes);
    }
    return parser_.iterate(frame.data, frame.bytes, frame.bytes + Frame::kPaddingBytes)
               .get(document) == simdjson::SUCCESS;
  }

  /// True once everything in `document` was read, if nothing follows it in the frame.
  [[nodiscard]] static bool at_end(Document& document) noexcept {
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  }

 private:
  static constexpr std::size_t kUsualBytes = std::size_t{1} << 20U;
  static_assert(simdjson::SIMDJSON_PADDING <= Frame::kPaddingBytes);

  void grow(std::size_t bytes) noexcept {
    // If this fails, the first frame tries again and is refused.
    [[maybe_unused]] const simdjson::error_code error = parser_.allocate(bytes);
  }

  simdjson::ondemand::parser parser_;
};

}  // namespace tariff
