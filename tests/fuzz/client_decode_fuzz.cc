// tests/fuzz/client_decode_fuzz.cc - Any bytes as a stream from the daemon. A second pass makes the
// CRCs fit, because no random input would get past them to the checks behind.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <variant>
#include <vector>

#include "core/check.h"
#include "core/record_check.h"
#include "tariffd/decode.h"

namespace {

using namespace tariff;
using namespace tariff::client;

/// Touches everything that a strategy may touch.
std::size_t look_at(const Message& message) {
  const auto* event = std::get_if<Event>(&message);
  if (event == nullptr) return message.index();
  std::size_t sum = 0;
  for (const char c : event->text)
    sum += static_cast<unsigned char>(c);
  for (const Facts facts : event->facts) {
    for (const Place place : facts.actors)
      sum += place.view().size();
    for (const Place place : facts.targets)
      sum += place.view().size();
    sum += to_text(facts.action).size() + facts.rule.view().size();
  }
  return sum;
}

void read_stream(std::span<const std::byte> bytes) {
  for (;;) {
    Message message;
    const Decoded decoded = decode(bytes, message);
    const bool sound = decoded.status <= DecodeStatus::Skipped;
    TARIFF_CHECK(sound == (decoded.length_bytes > 0) && decoded.length_bytes <= bytes.size());
    if (!sound) return;
    if (decoded.status == DecodeStatus::Ok) (void)look_at(message);
    bytes = bytes.subspan(decoded.length_bytes);
  }
}

void seal_all(std::span<std::byte> bytes) {
  while (bytes.size() >= sizeof(RecordHeader)) {
    RecordHeader header = record_header(bytes);
    const std::size_t length = header.word.length_bytes;
    if (length < sizeof header || length > bytes.size()) return;
    header.crc32c = record_crc32c(header, bytes.first(length).subspan(sizeof header));
    std::memcpy(bytes.data(), &header, sizeof header);
    bytes = bytes.subspan(length);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  std::vector<std::byte> bytes(input.begin(), input.end());
  read_stream(bytes);
  seal_all(bytes);
  read_stream(bytes);
  return 0;
}
