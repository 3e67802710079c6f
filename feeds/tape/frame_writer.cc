#include "feeds/tape/frame_writer.h"

#include <algorithm>
#include <bit>
#include <utility>

#include <fmt/format.h>

#include "core/check.h"
#include "feeds/tape/rfc3339.h"

namespace tariff::tape {
namespace {

// First bytes of the msgpack forms that a frame needs.
constexpr unsigned kFixMap = 0x80;
constexpr unsigned kMap16 = 0xDE;
constexpr unsigned kFixArray = 0x90;
constexpr unsigned kArray16 = 0xDC;
constexpr unsigned kFixString = 0xA0;
constexpr unsigned kString8 = 0xD9;
constexpr unsigned kString16 = 0xDA;
constexpr unsigned kFloat64 = 0xCB;
constexpr unsigned kUint8 = 0xCC;
constexpr unsigned kUint16 = 0xCD;
constexpr unsigned kUint32 = 0xCE;
constexpr unsigned kUint64 = 0xCF;
constexpr unsigned kFixExt8 = 0xD7;
constexpr unsigned kExt8 = 0xC7;
constexpr unsigned kTimestampType = 0xFF;  // -1

bool needs_escape(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

void append_json_string(std::string& out, std::string_view value) {
  out += '"';
  while (true) {
    const auto special = std::find_if(value.begin(), value.end(), needs_escape);
    out.append(value.begin(), special);
    if (special == value.end()) break;
    out += fmt::format("\\u{:04x}", static_cast<unsigned>(*special));
    value.remove_prefix(static_cast<std::size_t>(special - value.begin()) + 1);
  }
  out += '"';
}

}  // namespace

FrameWriter::FrameWriter(Codec codec) : codec_(codec) {}

void FrameWriter::begin(std::size_t fields) {
  TARIFF_CHECK(fields_left_ == 0 && fields > 0);
  fields_left_ = fields;
  if (codec_ == Codec::Json) {
    body_ += objects_ == 0 ? "{" : ",{";
  } else {
    header(fields, 16, kFixMap, 0, kMap16);
  }
  ++objects_;
}

void FrameWriter::text(std::string_view name, std::string_view value) {
  key(name);
  string(value);
  if (codec_ == Codec::Json && fields_left_ == 0) body_ += '}';
}

void FrameWriter::integer(std::string_view name, std::int64_t value) {
  key(name);
  if (codec_ == Codec::Json) {
    body_ += fmt::format("{}", value);
    if (fields_left_ == 0) body_ += '}';
    return;
  }
  TARIFF_CHECK(value >= 0);
  const auto number = static_cast<std::uint64_t>(value);
  if (number < 0x80) return big_endian(number, 1);
  if (number <= 0xFF) {
    big_endian(kUint8, 1);
    big_endian(number, 1);
  } else if (number <= 0xFFFF) {
    big_endian(kUint16, 1);
    big_endian(number, 2);
  } else if (number <= 0xFFFF'FFFF) {
    big_endian(kUint32, 1);
    big_endian(number, 4);
  } else {
    big_endian(kUint64, 1);
    big_endian(number, 8);
  }
}

void FrameWriter::number(std::string_view name, double value) {
  key(name);
  if (codec_ == Codec::Json) {
    body_ += fmt::format("{}", value);
    if (fields_left_ == 0) body_ += '}';
  } else {
    big_endian(kFloat64, 1);
    big_endian(std::bit_cast<std::uint64_t>(value), 8);
  }
}

void FrameWriter::time(std::string_view name, WallNs value) {
  if (codec_ == Codec::Json) return text(name, to_rfc3339(value));
  key(name);
  const auto ns = static_cast<std::uint64_t>(value.ns % kNsPerSecond);
  const auto seconds = static_cast<std::uint64_t>(value.ns / kNsPerSecond);
  if (seconds >> 34U == 0) {
    big_endian(kFixExt8, 1);
    big_endian(kTimestampType, 1);
    big_endian(ns << 34U | seconds, 8);
  } else {
    big_endian(kExt8, 1);
    big_endian(12, 1);
    big_endian(kTimestampType, 1);
    big_endian(ns, 4);
    big_endian(seconds, 8);
  }
}

void FrameWriter::texts(std::string_view name, const std::vector<std::string>& values) {
  key(name);
  if (codec_ == Codec::Msgpack) {
    header(values.size(), 16, kFixArray, 0, kArray16);
    for (const std::string& value : values)
      string(value);
    return;
  }
  body_ += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) body_ += ',';
    string(values[i]);
  }
  body_ += ']';
  if (fields_left_ == 0) body_ += '}';
}

std::string FrameWriter::take() {
  TARIFF_CHECK(fields_left_ == 0);
  std::string objects = std::exchange(body_, {});
  const std::size_t count = std::exchange(objects_, 0);
  if (codec_ == Codec::Json) return '[' + objects + ']';
  header(count, 16, kFixArray, 0, kArray16);
  return std::exchange(body_, {}) + objects;
}

void FrameWriter::key(std::string_view name) {
  TARIFF_CHECK(fields_left_ > 0);
  if (codec_ == Codec::Json && body_.back() != '{') body_ += ',';
  string(name);
  if (codec_ == Codec::Json) body_ += ':';
  --fields_left_;
}

void FrameWriter::string(std::string_view value) {
  if (codec_ == Codec::Json) return append_json_string(body_, value);
  header(value.size(), 32, kFixString, kString8, kString16);
  body_ += value;
}

void FrameWriter::big_endian(std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;)
    body_ += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
}

void FrameWriter::header(std::size_t size, std::size_t fix_max, unsigned fix, unsigned form8,
                         unsigned form16) {
  if (size < fix_max) {
    big_endian(fix | size, 1);
  } else if (form8 != 0 && size <= 0xFF) {
    big_endian(form8, 1);
    big_endian(size, 1);
  } else if (size <= 0xFFFF) {
    big_endian(form16, 1);
    big_endian(size, 2);
  } else {
    big_endian(form16 + 1, 1);  // In every family the 32-bit form follows the 16-bit one.
    big_endian(size, 4);
  }
}

}  // namespace tariff::tape
