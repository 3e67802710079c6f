#pragma once
// signals/reading/lexicon.h - The compiled lexicon: words by hash, phrases as a trie over words,
// and what each phrase stands for. Thread: any (immutable). Looking up is hot.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/facts.h"
#include "signals/reading/concepts.h"

namespace tariff {

/// What a phrase stands for.
struct Meaning {
  ConceptSet concepts;
  std::uint64_t products = 0;  ///< Bit per Product.
  std::uint16_t places = 0;    ///< Index of the first of its places.
  std::uint8_t places_count = 0;
  std::uint8_t number = 0;  ///< Month 1..12, for months.
  std::optional<Measure> measure;
};

class Lexicon {
 public:
  static constexpr std::uint32_t kNone = 0xFFFF'FFFFU;

  /// Cold. `words` are folded and tokenised as the reader does. Returns false if the phrase is
  /// there already.
  bool add(const std::vector<std::string>& words, Meaning meaning,
           const std::vector<Place>& places);
  /// Cold. Gives a phrase that is there further concepts.
  void widen(const std::vector<std::string>& words, const ConceptSet& concepts);
  /// Cold. After the last add: builds the flat tables.
  void freeze();

  /// Index of a word, or kNone. `text` must have 8 readable bytes after its end.
  [[nodiscard]] std::uint32_t find_word(std::string_view text) const noexcept;
  /// Trie node that follows `node` (0 is the root) over `word`, or kNone.
  [[nodiscard]] std::uint32_t child(std::uint32_t node, std::uint32_t word) const noexcept;
  [[nodiscard]] bool has_children(std::uint32_t node) const noexcept {
    return nodes_[node].has_children;
  }
  /// What the phrase that ends at `node` stands for, or null if none ends there.
  [[nodiscard]] const Meaning* meaning(std::uint32_t node) const noexcept {
    const std::uint32_t index = nodes_[node].meaning;
    return index == kNone ? nullptr : &meanings_[index];
  }
  [[nodiscard]] std::span<const Place> places(const Meaning& meaning) const noexcept {
    return std::span(places_).subspan(meaning.places, meaning.places_count);
  }
  [[nodiscard]] std::size_t phrases() const noexcept { return meanings_.size(); }

 private:
  struct Node {
    std::uint32_t meaning = kNone;
    bool has_children = false;
  };
  struct WordSlot {
    std::uint32_t tag = 0;  ///< Upper half of the hash, of which the lower chose the slot.
    std::uint32_t index = kNone;
    std::uint32_t text = 0;  ///< Offset into texts_.
    std::uint32_t bytes = 0;
  };
  struct EdgeSlot {
    std::uint64_t key = ~std::uint64_t{0};
    std::uint32_t node = kNone;
  };

  std::vector<Node> nodes_{Node{}};
  std::vector<Meaning> meanings_;
  std::vector<Place> places_;
  std::unordered_map<std::string, std::uint32_t> word_indices_;    // while building
  std::unordered_map<std::uint64_t, std::uint32_t> edge_indices_;  // while building
  std::string texts_;
  std::vector<WordSlot> words_;
  std::vector<EdgeSlot> edges_;
  std::vector<std::uint32_t> roots_;  ///< By word: its node below the root, or kNone.
};

}  // namespace tariff
