#include "signals/reading/fold.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "signals/reading/unicode.h"

namespace tariff {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;

/// High bit set in each byte of `block` (all below 0x80) that is at least `low`.
constexpr std::uint64_t at_least(std::uint64_t block, unsigned char low) noexcept {
  return (block + kOnes * (0x80U - low)) & kHighBits;
}
/// High bit set in each byte of `block` (all below 0x80) that equals `c`.
constexpr std::uint64_t equal_to(std::uint64_t block, char c) noexcept {
  const std::uint64_t x = block ^ (kOnes * static_cast<unsigned char>(c));
  return ~(x + kOnes * 0x7FU) & kHighBits;
}

/// A tag is at most this long; a '<' without a '>' so near is a less-than sign.
constexpr std::size_t kTagBytesMax = 300;

}  // namespace

void FoldedText::assign(std::string_view text) noexcept {
  size_ = 0;
  jumps_count_ = 0;
  cut_ = false;
  upper_.fill(0);
  std::size_t at = 0;
  while (at < text.size()) {
    if (size_ + 8 > kBytesMax) {
      cut_ = true;
      break;
    }
    if (put_plain_block(text, at)) {
      at += 8;
      continue;
    }
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x80) {
      at = put_code_point(text, at);
    } else if (c == '&' || c == '<') {
      at = skip_markup(text, at);
    } else {
      const bool upper = c >= 'A' && c <= 'Z';
      const bool blank = c < ' ' && c != '\n';
      put(upper ? static_cast<char>(c | 0x20U) : blank ? ' ' : static_cast<char>(c), upper);
      ++at;
    }
  }
  std::fill_n(bytes_.begin() + static_cast<std::ptrdiff_t>(size_), kPaddingBytes, '\0');
}

/// Eight plain ASCII bytes at once; false if any of them needs a closer look.
bool FoldedText::put_plain_block(std::string_view text, std::size_t at) noexcept {
  if (at + 8 > text.size()) return false;
  std::uint64_t block = 0;
  std::memcpy(&block, text.data() + at, 8);
  if ((block & kHighBits) != 0) return false;
  const std::uint64_t special =
      equal_to(block, '&') | equal_to(block, '<') | (~at_least(block, ' ') & kHighBits);
  if (special != 0) return false;
  const std::uint64_t upper = at_least(block, 'A') & ~at_least(block, 'Z' + 1);
  block |= upper >> 2U;  // 0x80 >> 2 is the bit between the cases
  std::memcpy(bytes_.data() + size_, &block, 8);
  // Gathers the eight high bits into one byte, first byte lowest.
  const auto bits = static_cast<std::uint8_t>(((upper >> 7U) * 0x0102040810204080ULL) >> 56U);
  upper_[size_ / 8] = static_cast<std::uint8_t>(upper_[size_ / 8] | (bits << (size_ % 8)));
  upper_[size_ / 8 + 1] =
      static_cast<std::uint8_t>(static_cast<unsigned>(bits) << (size_ % 8) >> 8U);
  size_ += 8;
  return true;
}

void FoldedText::put(char c, bool upper) noexcept {
  if (size_ >= kBytesMax) return;
  bytes_[size_] = c;
  if (upper) upper_[size_ / 8] = static_cast<std::uint8_t>(upper_[size_ / 8] | 1U << (size_ % 8));
  ++size_;
}

void FoldedText::put(std::string_view text) noexcept {
  for (const char c : text)
    put(c, false);
}

/// From here on, folded bytes come from `origin`.
void FoldedText::note_jump(std::size_t origin) noexcept {
  const Jump jump{static_cast<std::uint16_t>(size_), static_cast<std::uint32_t>(origin)};
  if (jumps_count_ > 0 && jumps_[jumps_count_ - 1].position == jump.position) {
    jumps_[jumps_count_ - 1] = jump;
  } else if (jumps_count_ < jumps_.size()) {
    jumps_[jumps_count_++] = jump;
  }
}

std::size_t FoldedText::origin(std::size_t position) const noexcept {
  const auto end = jumps_.begin() + static_cast<std::ptrdiff_t>(jumps_count_);
  const auto next = std::upper_bound(jumps_.begin(), end, position,
                                     [](std::size_t p, const Jump& j) { return p < j.position; });
  if (next == jumps_.begin()) return position;
  const Jump& jump = *(next - 1);
  return jump.origin + (position - jump.position);
}

std::size_t FoldedText::put_code_point(std::string_view text, std::size_t at) noexcept {
  const unicode::Decoded decoded = unicode::decode(text, at);
  note_jump(at);
  if (decoded.valid) put_folded(decoded.code_point, at, at + decoded.bytes);
  if (!decoded.valid) put(' ', false);
  note_jump(at + decoded.bytes);
  return at + decoded.bytes;
}

/// The first letter of what one sign became comes from its begin, what follows from its end, so
/// that a word of either is the whole sign.
void FoldedText::put_spelled(std::string_view spelled, std::size_t begin,
                             std::size_t end) noexcept {
  const std::size_t letter = spelled.find_first_not_of(' ');
  for (std::size_t i = 0; i < spelled.size(); ++i) {
    note_jump(i > letter ? end : begin);
    put(spelled[i], false);
  }
}

/// What stands for the sign at [begin, end) of the original text.
void FoldedText::put_folded(std::uint32_t code_point, std::size_t begin, std::size_t end) noexcept {
  if (unicode::is_invisible(code_point)) return;
  const char32_t plain = unicode::to_ascii(code_point);
  if (plain != 0) {
    const bool upper = plain >= 'A' && plain <= 'Z';
    put(upper ? static_cast<char>(plain | 0x20U) : static_cast<char>(plain), upper);
    return;
  }
  const std::string_view spelled = unicode::spelled_out(code_point);
  if (!spelled.empty()) {
    put_spelled(spelled, begin, end);
  } else if (unicode::is_letter(code_point)) {
    std::array<char, 4> encoded{};
    put(unicode::encode(code_point, encoded));
  } else {
    put(' ', false);
  }
}

/// An entity, a tag, or the bare sign.
std::size_t FoldedText::skip_markup(std::string_view text, std::size_t at) noexcept {
  if (text[at] == '&') {
    const unicode::Entity entity = unicode::decode_entity(text.substr(at));
    if (entity.bytes > 0) {
      note_jump(at);
      if (entity.code_point == '&') {
        put(" and ");
      } else {
        put_folded(entity.code_point, at, at + entity.bytes);
      }
      note_jump(at + entity.bytes);
      return at + entity.bytes;
    }
    note_jump(at);
    put(" and ");
    note_jump(at + 1);
    return at + 1;
  }
  const std::string_view ahead = text.substr(at, kTagBytesMax);
  const bool opens = ahead.size() > 1 &&
                     (unicode::is_ascii_letter(ahead[1]) || ahead[1] == '/' || ahead[1] == '!');
  const std::size_t close = opens ? ahead.find('>') : std::string_view::npos;
  if (close == std::string_view::npos) {
    put(' ', false);
    return at + 1;
  }
  put(' ', false);
  note_jump(at + close + 1);
  return at + close + 1;
}

}  // namespace tariff
