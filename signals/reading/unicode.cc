#include "signals/reading/unicode.h"

#include <algorithm>

namespace tariff::unicode {
namespace {

/// U+00C0..U+017F without their accents; '?' where there is no single letter.
constexpr std::string_view kLatin =
    "AAAAAA?CEEEEIIIIDNOOOOO?OUUUUY??aaaaaa?ceeeeiiiidnooooo?ouuuuy?y"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi??JjKkkLlLlLl?"
    "?LlNnNnNnnNnOoOoOo??RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(kLatin.size() == 0x180 - 0xC0);

struct Named {
  std::string_view name;
  std::uint32_t code_point;
};
constexpr std::array<Named, 20> kEntities{
    {{"amp", '&'},      {"quot", '"'},     {"apos", '\''},     {"lt", '<'},      {"gt", '>'},
     {"nbsp", ' '},     {"rsquo", '\''},   {"lsquo", '\''},    {"rdquo", '"'},   {"ldquo", '"'},
     {"ndash", 0x2013}, {"mdash", 0x2014}, {"hellip", 0x2026}, {"euro", 0x20AC}, {"pound", 0xA3},
     {"yen", 0xA5},     {"eacute", 'e'},   {"uuml", 'u'},      {"ouml", 'o'},    {"auml", 'a'}}};

char32_t latin(std::uint32_t c) noexcept {
  const char letter = kLatin[c - 0xC0];
  return letter == '?' ? 0 : static_cast<unsigned char>(letter);
}

bool ends_entity(char c) noexcept {
  return c == ';' || c == ',';
}

Entity numeric_entity(std::string_view text) noexcept {
  const bool hex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
  std::size_t at = hex ? 3 : 2;
  std::uint32_t value = 0;
  const std::size_t first = at;
  for (; at < text.size() && at < first + 7; ++at) {
    const char c = text[at];
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) {
      digit = static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
    } else {
      break;
    }
    value = value * (hex ? 16U : 10U) + digit;
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (at == first || value == 0 || value > 0x10FFFF || surrogate) return {};
  if (at < text.size() && ends_entity(text[at])) ++at;
  return {value, at};
}

}  // namespace

Decoded decode(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const std::uint32_t lead = byte(at);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return {};
  std::uint32_t value = lead & (length == 2 ? 0x1FU : length == 3 ? 0x0FU : 0x07U);
  for (std::size_t i = 1; i < length; ++i) {
    const std::uint32_t next = byte(at + i);
    if ((next & 0xC0U) != 0x80U) return {};
    value = value << 6U | (next & 0x3FU);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {value, length, true};
}

std::string_view encode(std::uint32_t c, std::array<char, 4>& buffer) noexcept {
  const auto put = [&](std::size_t i, std::uint32_t bits) { buffer[i] = static_cast<char>(bits); };
  if (c < 0x80) {
    put(0, c);
    return {buffer.data(), 1};
  }
  const std::size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  put(0, (length == 2 ? 0xC0U : length == 3 ? 0xE0U : 0xF0U) | c >> (6U * (length - 1)));
  for (std::size_t i = 1; i < length; ++i)
    put(i, 0x80U | (c >> (6U * (length - 1 - i)) & 0x3FU));
  return {buffer.data(), length};
}

bool is_invisible(std::uint32_t c) noexcept {
  return c == 0xAD || (c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
         (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE0FFF);
}

char32_t to_ascii(std::uint32_t c) noexcept {
  if (c < 0x80) return c < ' ' && c != '\n' ? ' ' : c;
  if (c >= 0xC0 && c <= 0x17F) return latin(c);
  if (!spelled_out(c).empty()) return 0;
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + '!';  // full width
  if (c >= 0x1D400 && c <= 0x1D6A3) {                       // mathematical alphabets, 52 each
    const std::uint32_t letter = (c - 0x1D400) % 52;
    return letter < 26 ? 'A' + letter : 'a' + letter - 26;
  }
  if (c >= 0x1D7CE && c <= 0x1D7FF) return '0' + (c - 0x1D7CE) % 10;
  if (c >= 0x1F130 && c <= 0x1F149) return 'A' + (c - 0x1F130);  // squared capitals
  if (c >= 0x24B6 && c <= 0x24CF) return 'A' + (c - 0x24B6);     // circled letters
  if (c >= 0x24D0 && c <= 0x24E9) return 'a' + (c - 0x24D0);
  switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x2032:
    case 0xB4:
    case 0x60:
      return '\'';
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0x2033:
    case 0xAB:
    case 0xBB:
    case 0x300C:
    case 0x300D:
    case 0x300A:
    case 0x300B:
      return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2212:
    case 0x2013:
    case 0xFE63:
      return '-';
    case 0xA0:
    case 0x2000:
    case 0x2001:
    case 0x2002:
    case 0x2003:
    case 0x2004:
    case 0x2005:
    case 0x2006:
    case 0x2007:
    case 0x2008:
    case 0x2009:
    case 0x200A:
    case 0x202F:
    case 0x3000:
      return ' ';
    case 0x2028:
    case 0x2029:
    case 0x85:
      return '\n';
    case 0x2022:
    case 0xB7:
      return '*';
    case 0x3010:
      return '[';
    case 0x3011:
      return ']';
    case 0xFE6A:
      return '%';
    case 0x1E9E:
      return 'S';
    default:
      return 0;
  }
}

std::string_view spelled_out(std::uint32_t c) noexcept {
  switch (c) {
    case 0x2014:
    case 0x2015:
      return " - ";
    case 0x2026:
      return "...";
    // Chinese marks need no space behind them, and a number may follow: it is no decimal.
    case 0x3002:
      return ". ";
    case 0x3001:
      return " and ";  // only ever between members of a list
    case 0xFF0C:
      return ", ";
    case 0xFF1A:
      return ": ";
    case 0xDF:
      return "ss";
    case 0xC6:
    case 0xE6:
      return "ae";
    case 0x152:
    case 0x153:
      return "oe";
    case 0xDE:
    case 0xFE:
      return "th";
    case 0x20AC:
    case 0xA3:
    case 0xA5:
      return "$";  // money is money
    default:
      return {};
  }
}

bool is_letter(std::uint32_t c) noexcept {
  return (c >= 0x180 && c <= 0x1FFF) || (c >= 0x3005 && c <= 0x3007) ||
         (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) ||
         (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x20000 && c <= 0x3FFFF);
}

Entity decode_entity(std::string_view text) noexcept {
  if (text.size() > 2 && text[1] == '#') return numeric_entity(text);
  for (const Named& named : kEntities) {
    if (text.substr(1, named.name.size()) != named.name) continue;
    const std::size_t end = 1 + named.name.size();
    if (end < text.size() && ends_entity(text[end])) return {named.code_point, end + 1};
    const bool word_goes_on = end < text.size() && is_ascii_letter(text[end]);
    if (!word_goes_on) return {named.code_point, end};
  }
  return {};
}

}  // namespace tariff::unicode
