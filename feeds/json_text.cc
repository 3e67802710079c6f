#include "feeds/json_text.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstring>

#include <fmt/format.h>

namespace tariff {
namespace {

std::string_view trimmed(std::string_view token) noexcept {
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ')
    token.remove_suffix(1);
  return token;
}

constexpr std::uint32_t kReplacement = 0xFFFD;

/// Four hexadecimal digits at the start of `text`, or -1.
std::int32_t hex4(std::string_view text) noexcept {
  if (text.size() < 4) return -1;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 4, value, 16);
  if (error != std::errc{} || end != text.data() + 4) return -1;
  return static_cast<std::int32_t>(value);
}

bool is_high_surrogate(std::int32_t unit) noexcept {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low_surrogate(std::int32_t unit) noexcept {
  return unit >= 0xDC00 && unit < 0xE000;
}

/// Takes the escape at the start of `text`, which begins after the backslash, and returns its code
/// point.
std::uint32_t take_escape(std::string_view& text) noexcept {
  if (text.empty()) return kReplacement;
  const char kind = text.front();
  text.remove_prefix(1);
  switch (kind) {
    case '"':
    case '\\':
    case '/':
      return static_cast<unsigned char>(kind);
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'u':
      break;
    default:
      return kReplacement;
  }
  const std::int32_t first = hex4(text);
  if (first < 0) return kReplacement;
  text.remove_prefix(4);
  if (is_low_surrogate(first)) return kReplacement;
  if (!is_high_surrogate(first)) return static_cast<std::uint32_t>(first);
  if (!text.starts_with("\\u")) return kReplacement;
  const std::int32_t second = hex4(text.substr(2));
  if (!is_low_surrogate(second)) return kReplacement;
  text.remove_prefix(6);
  return 0x10000U + ((static_cast<std::uint32_t>(first) - 0xD800U) << 10U) +
         (static_cast<std::uint32_t>(second) - 0xDC00U);
}

/// Writes 1 to 4 bytes at `out`, which has room for 4, and returns how many.
std::size_t put_utf8(std::uint32_t point, char* out) noexcept {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (point < 0x80) {
    out[0] = byte(point);
    return 1;
  }
  if (point < 0x800) {
    out[0] = byte(0xC0U | (point >> 6U));
    out[1] = byte(0x80U | (point & 0x3FU));
    return 2;
  }
  if (point < 0x10000) {
    out[0] = byte(0xE0U | (point >> 12U));
    out[1] = byte(0x80U | ((point >> 6U) & 0x3FU));
    out[2] = byte(0x80U | (point & 0x3FU));
    return 3;
  }
  out[0] = byte(0xF0U | (point >> 18U));
  out[1] = byte(0x80U | ((point >> 12U) & 0x3FU));
  out[2] = byte(0x80U | ((point >> 6U) & 0x3FU));
  out[3] = byte(0x80U | (point & 0x3FU));
  return 4;
}

std::string_view unescape(std::string_view text, std::span<char> scratch) noexcept {
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('\\'), text.size());
    const std::size_t taken = std::min(plain, scratch.size() - used);
    std::memcpy(scratch.data() + used, text.data(), taken);
    used += taken;
    text.remove_prefix(plain);
    if (text.empty() || scratch.size() - used < 4) break;
    text.remove_prefix(1);
    used += put_utf8(take_escape(text), scratch.data() + used);
  }
  return {scratch.data(), used};
}

}  // namespace

std::optional<std::string_view> json_string(std::string_view token,
                                            std::span<char> scratch) noexcept {
  token = trimmed(token);
  if (token.size() < 2 || token.front() != '"' || token.back() != '"') return std::nullopt;
  const std::string_view text = token.substr(1, token.size() - 2);
  if (std::memchr(text.data(), '\\', text.size()) == nullptr) return text;
  return unescape(text, scratch);
}

std::optional<double> json_number(std::string_view token) noexcept {
  token = trimmed(token);
  // from_chars would also take "inf" and "nan".
  const std::size_t first = token.starts_with('-') ? 1 : 0;
  if (token.size() <= first || token[first] < '0' || token[first] > '9') return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (error != std::errc{} || end != token.data() + token.size()) return std::nullopt;
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> json_integer(std::string_view token) noexcept {
  token = trimmed(token);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (error != std::errc{} || end != token.data() + token.size()) return std::nullopt;
  return value;
}

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < ' ') {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
  return out;
}

}  // namespace tariff
