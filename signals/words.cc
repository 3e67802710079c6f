#include "signals/words.h"

#include <algorithm>

#include "core/hash.h"

namespace tariff {
namespace {

constexpr std::string_view kSetsOff = "-([@|";
constexpr std::string_view kEndsTag = "-:)]*|";
constexpr std::string_view kPunctuation = " \t\r\n,.;:!?\"'()[]{}<>*|-@#_=~`";

enum Trait : std::uint8_t { kSign = 1, kSettingOff = 2, kEndingTag = 4 };

constexpr std::array<std::uint8_t, 256> traits_by_byte() {
  std::array<std::uint8_t, 256> traits{};
  const auto mark = [&](std::string_view bytes, std::uint8_t trait) {
    for (const char c : bytes) {
      auto& entry = traits[static_cast<unsigned char>(c)];
      entry = static_cast<std::uint8_t>(entry | trait);
    }
  };
  mark(kPunctuation, kSign);
  mark(kSetsOff, kSettingOff);
  mark(kEndsTag, kEndingTag);
  return traits;
}
constexpr std::array<std::uint8_t, 256> kTraits = traits_by_byte();

struct Sign {
  std::size_t bytes = 0;  ///< 0: a word goes on here.
  unsigned traits = 0;
};

Sign sign_at(std::string_view text, std::size_t i) noexcept {
  const auto byte = static_cast<unsigned char>(text[i]);
  if (kTraits[byte] != 0) return {1, kTraits[byte]};
  if (byte != 0xE2 || text.size() - i < 3 || text[i + 1] != '\x80') return {};
  // General punctuation of Unicode: quotes, and the dashes U+2012 to U+2015.
  const auto last = static_cast<unsigned char>(text[i + 2]);
  const bool dash = last >= 0x92 && last <= 0x95;
  return {3, dash ? unsigned{kSettingOff | kEndingTag} : 0U};
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

void WordList::assign(std::string_view text, std::size_t words_max) noexcept {
  count_ = 0;
  bool set_off = false;
  for (std::size_t i = 0; i < text.size();) {
    if (const Sign sign = sign_at(text, i); sign.bytes != 0) {
      if ((sign.traits & kSettingOff) != 0) set_off = true;
      if (count_ > 0 && (sign.traits & kEndingTag) != 0) words_[count_ - 1].before_sign = true;
      i += sign.bytes;
      continue;
    }
    if (count_ == std::min(words_max, kWordsMax)) return;
    Word& word = words_[count_++];
    word = {.hash = kHashSeed, .begin = static_cast<std::uint32_t>(i), .set_off = set_off};
    set_off = false;
    for (; i < text.size() && sign_at(text, i).bytes == 0; ++i) {
      const char c = lower(text[i]);
      word.hash = hash_text({&c, 1}, word.hash);
    }
    word.bytes = static_cast<std::uint16_t>(i - word.begin);
  }
}

bool WordList::has_at(std::size_t place, std::span<const std::uint64_t> phrase) const noexcept {
  if (place > count_ || count_ - place < phrase.size()) return false;
  for (std::size_t i = 0; i < phrase.size(); ++i) {
    if (words_[place + i].hash != phrase[i]) return false;
  }
  return true;
}

Wording::Wording(const WordList& words) noexcept {
  constexpr std::size_t kLongBytes = 4;  // shorter ones join: "to", "on", "the"
  for (const Word& word : words.view()) {
    if (word.bytes < kLongBytes || count_ == kWordsMax) continue;
    words_[count_++] = static_cast<std::uint32_t>(word.hash);
  }
  const auto end = words_.begin() + count_;
  std::sort(words_.begin(), end);
  count_ = static_cast<std::uint8_t>(std::unique(words_.begin(), end) - words_.begin());
}

std::uint64_t Wording::key() const noexcept {
  std::uint64_t key = kHashSeed;
  for (std::size_t i = 0; i < count_; ++i)
    key = hash_number(words_[i], key);
  return key | 1U;
}

bool Wording::is_like(const Wording& other) const noexcept {
  std::size_t shared = 0;
  for (std::size_t i = 0, k = 0; i < count_ && k < other.count_;) {
    if (words_[i] == other.words_[k]) ++shared;
    const bool mine_first = words_[i] <= other.words_[k];
    const bool other_first = other.words_[k] <= words_[i];
    if (mine_first) ++i;
    if (other_first) ++k;
  }
  const std::size_t shorter = std::min(count_, other.count_);
  return shorter > 0 && 2 * shared >= shorter;
}

}  // namespace tariff
