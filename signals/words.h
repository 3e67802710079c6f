#pragma once
// signals/words.h - A headline as a list of word hashes: what the story logic needs of the wording.
// What the words mean is the reader's business. Thread: any. Hot: no allocation.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tariff {

struct Word {
  std::uint64_t hash = 0;   ///< Of the word in ASCII lower case.
  std::uint32_t begin = 0;  ///< Bytes of the text.
  std::uint16_t bytes = 0;
  bool set_off = false;      ///< Behind a dash, a bracket, '@' or '|'.
  bool before_sign = false;  ///< A sign that ends a tag follows: dash, colon, bracket, '*', '|'.
};

class WordList {
 public:
  /// Words beyond these are not looked at; the longest headlines of wires have 60.
  static constexpr std::size_t kWordsMax = 256;

  /// The words of `text`, at most the first `words_max`.
  void assign(std::string_view text, std::size_t words_max = kWordsMax) noexcept;
  [[nodiscard]] std::span<const Word> view() const noexcept { return {words_.data(), count_}; }
  /// The words of `phrase` stand at `place`.
  [[nodiscard]] bool has_at(std::size_t place,
                            std::span<const std::uint64_t> phrase) const noexcept;

 private:
  std::array<Word, kWordsMax> words_{};
  std::size_t count_ = 0;
};

/// The longer words of a headline as a set, to compare wordings by.
class Wording {
 public:
  Wording() = default;
  explicit Wording(const WordList& words) noexcept;

  /// Of all words, in whatever order; never 0.
  [[nodiscard]] std::uint64_t key() const noexcept;

  /// At least half of the words of the shorter one are in the other. Says nothing of the meaning.
  [[nodiscard]] bool is_like(const Wording& other) const noexcept;

 private:
  static constexpr std::size_t kWordsMax = 24;
  std::array<std::uint32_t, kWordsMax> words_{};  // sorted, each once
  std::uint8_t count_ = 0;
};

}  // namespace tariff
