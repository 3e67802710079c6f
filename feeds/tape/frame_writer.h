#pragma once
// feeds/tape/frame_writer.h - Writes one frame of Alpaca's stream, an array of objects, as JSON or
// as msgpack, so that each message is described once.
//
// msgpack is written here and read in client_message.cc by hand: Debian's libmsgpack-cxx-dev
// brings the headers of another Boost than ours, and the two exclude each other. Specification:
// github.com/msgpack/msgpack/blob/master/spec.md (read 2026-11-24).
// Thread: any. Cold.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace tariff::tape {

/// How both directions of a connection are encoded; the client chooses in the upgrade request.
enum class Codec : std::uint8_t { Json, Msgpack };

class FrameWriter {
 public:
  explicit FrameWriter(Codec codec);

  /// Starts an object with exactly `fields` fields, which follow.
  void begin(std::size_t fields);
  void text(std::string_view key, std::string_view value);
  /// `value` is not negative.
  void integer(std::string_view key, std::int64_t value);
  /// `value` is finite. The shortest digits that read back the same in JSON, a float64 in msgpack.
  void number(std::string_view key, double value);
  /// RFC 3339 in JSON, the timestamp extension (nanoseconds) in msgpack.
  void time(std::string_view key, WallNs value);
  void texts(std::string_view key, const std::vector<std::string>& values);

  [[nodiscard]] std::size_t objects() const noexcept { return objects_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return body_.size(); }
  /// The whole frame; the writer is then as new.
  [[nodiscard]] std::string take();

 private:
  void key(std::string_view name);
  void string(std::string_view value);
  void big_endian(std::uint64_t value, std::size_t bytes);
  /// `fix | size` in one byte if it fits below `fix_max`, else the 8, 16 or 32-bit form; 0 for a
  /// form that the type does not have.
  void header(std::size_t size, std::size_t fix_max, unsigned fix, unsigned form8, unsigned form16);

  Codec codec_;
  std::size_t objects_ = 0;
  std::size_t fields_left_ = 0;
  std::string body_;
};

}  // namespace tariff::tape
