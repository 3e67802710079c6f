#include "signals/publish/json_writer.h"

#include <cstdint>

namespace tariff {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t i) noexcept {
  return static_cast<std::uint8_t>(text[i]);
}

/// Length of the well-formed UTF-8 sequence at the start of `text`, 2 to 4 bytes; 0 if it is none.
/// Table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above U+10FFFF.
std::size_t utf8_sequence(std::string_view text) noexcept {
  const std::uint8_t lead = byte_at(text, 0);
  std::size_t bytes = 0;
  std::uint8_t second_min = 0x80;
  std::uint8_t second_max = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    bytes = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    bytes = 3;
    if (lead == 0xE0) second_min = 0xA0;
    if (lead == 0xED) second_max = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    bytes = 4;
    if (lead == 0xF0) second_min = 0x90;
    if (lead == 0xF4) second_max = 0x8F;
  }
  if (bytes == 0 || text.size() < bytes) return 0;
  if (byte_at(text, 1) < second_min || byte_at(text, 1) > second_max) return 0;
  for (std::size_t i = 2; i < bytes; ++i) {
    if ((byte_at(text, i) & 0xC0U) != 0x80U) return 0;
  }
  return bytes;
}

bool plain(std::uint8_t byte) noexcept {
  return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

}  // namespace

void JsonWriter::string(std::string_view text) noexcept {
  constexpr std::string_view hex = "0123456789abcdef";
  raw("\"");
  while (!text.empty()) {
    std::size_t run = 0;
    while (run < text.size() && plain(byte_at(text, run)))
      ++run;
    raw(text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) break;

    const std::uint8_t byte = byte_at(text, 0);
    std::size_t taken = 1;
    if (byte >= 0x80) {
      const std::size_t sequence = utf8_sequence(text);
      raw(sequence > 0 ? text.substr(0, sequence) : "\xEF\xBF\xBD");
      if (sequence > 0) taken = sequence;
    } else if (byte == '"' || byte == '\\') {
      const char escaped[] = {'\\', static_cast<char>(byte)};
      raw({escaped, sizeof escaped});
    } else if (byte == '\n') {
      raw("\\n");
    } else if (byte == '\t') {
      raw("\\t");
    } else {
      const char escaped[] = {'\\', 'u', '0', '0', hex[byte >> 4U], hex[byte & 0xFU]};
      raw({escaped, sizeof escaped});
    }
    text.remove_prefix(taken);
  }
  raw("\"");
}

}  // namespace tariff
