#include "signals/reading/lexicon.h"

#include <bit>
#include <cstring>

namespace tariff {
namespace {

constexpr std::uint64_t kMixA = 0x9E37'79B9'7F4A'7C15ULL;
constexpr std::uint64_t kMixB = 0xD6E8'FEB8'6659'FD93ULL;

std::uint64_t mix(std::uint64_t x) noexcept {
  x *= kMixB;
  return x ^ (x >> 32U);
}

/// Reads past the end of `text` (8 bytes at most), never uses what it reads there.
std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t hash = text.size() * kMixA;
  std::size_t at = 0;
  for (; at + 8 < text.size(); at += 8) {
    std::uint64_t block = 0;
    std::memcpy(&block, text.data() + at, 8);
    hash = mix(hash ^ block);
  }
  std::uint64_t last = 0;
  std::memcpy(&last, text.data() + at, 8);
  const std::size_t rest = text.size() - at;  // 1..8
  last &= ~std::uint64_t{0} >> (64 - 8 * rest);
  return mix(mix(hash ^ last));
}

std::uint64_t edge_key(std::uint32_t node, std::uint32_t word) noexcept {
  return static_cast<std::uint64_t>(node) << 32U | word;
}

/// Half full at most, so that a miss ends soon.
std::size_t table_size(std::size_t entries) {
  return std::bit_ceil(entries * 2 + 2);
}

}  // namespace

bool Lexicon::add(const std::vector<std::string>& words, Meaning meaning,
                  const std::vector<Place>& places) {
  std::uint32_t node = 0;
  for (const std::string& word : words) {
    const auto next_word = static_cast<std::uint32_t>(word_indices_.size());
    const std::uint32_t index = word_indices_.try_emplace(word, next_word).first->second;
    const auto next_node = static_cast<std::uint32_t>(nodes_.size());
    const auto [edge, added] = edge_indices_.try_emplace(edge_key(node, index), next_node);
    if (added) nodes_.emplace_back();
    nodes_[node].has_children = true;
    node = edge->second;
  }
  if (nodes_[node].meaning != kNone) return false;
  nodes_[node].meaning = static_cast<std::uint32_t>(meanings_.size());
  meaning.places = static_cast<std::uint16_t>(places_.size());
  meaning.places_count = static_cast<std::uint8_t>(places.size());
  places_.insert(places_.end(), places.begin(), places.end());
  meanings_.push_back(meaning);
  return true;
}

void Lexicon::widen(const std::vector<std::string>& words, const ConceptSet& concepts) {
  std::uint32_t node = 0;
  for (const std::string& word : words)
    node = edge_indices_.at(edge_key(node, word_indices_.at(word)));
  meanings_[nodes_[node].meaning].concepts |= concepts;
}

void Lexicon::freeze() {
  words_.assign(table_size(word_indices_.size()), WordSlot{});
  for (const auto& [word, index] : word_indices_) {
    std::string padded = word + std::string(8, '\0');
    const std::uint64_t hash = hash_of(std::string_view(padded).substr(0, word.size()));
    std::size_t slot = hash & (words_.size() - 1);
    while (words_[slot].index != kNone)
      slot = (slot + 1) & (words_.size() - 1);
    words_[slot] = {static_cast<std::uint32_t>(hash >> 32U), index,
                    static_cast<std::uint32_t>(texts_.size()),
                    static_cast<std::uint32_t>(word.size())};
    texts_ += word;
  }
  edges_.assign(table_size(edge_indices_.size()), EdgeSlot{});
  roots_.assign(word_indices_.size(), kNone);
  for (const auto& [key, node] : edge_indices_) {
    if (key >> 32U == 0) {
      roots_[static_cast<std::uint32_t>(key)] = node;
      continue;
    }
    std::size_t slot = mix(key) & (edges_.size() - 1);
    while (edges_[slot].node != kNone)
      slot = (slot + 1) & (edges_.size() - 1);
    edges_[slot] = {key, node};
  }
  word_indices_.clear();
  edge_indices_.clear();
}

std::uint32_t Lexicon::find_word(std::string_view text) const noexcept {
  const std::uint64_t hash = hash_of(text);
  const auto tag = static_cast<std::uint32_t>(hash >> 32U);
  for (std::size_t slot = hash & (words_.size() - 1); words_[slot].index != kNone;
       slot = (slot + 1) & (words_.size() - 1)) {
    const WordSlot& word = words_[slot];
    if (word.tag == tag && word.bytes == text.size() &&
        std::memcmp(texts_.data() + word.text, text.data(), text.size()) == 0) {
      return word.index;
    }
  }
  return kNone;
}

std::uint32_t Lexicon::child(std::uint32_t node, std::uint32_t word) const noexcept {
  if (word == kNone) return kNone;
  if (node == 0) return roots_[word];
  const std::uint64_t key = edge_key(node, word);
  for (std::size_t slot = mix(key) & (edges_.size() - 1); edges_[slot].node != kNone;
       slot = (slot + 1) & (edges_.size() - 1)) {
    if (edges_[slot].key == key) return edges_[slot].node;
  }
  return kNone;
}

}  // namespace tariff
