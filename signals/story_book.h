#pragma once
// signals/story_book.h - What was told already: an edit of an item is a revision of its event, the
// same facts again are a confirmation or a repeat, and a signal that went out can be taken back.
// What follows from an edit or a deletion is told in docs/reading/event-model.md.
// Bounded memory, bounded time per headline: the oldest story of a bucket makes room.
// Thread: scorer. Hot: no allocation after construction.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/headline.h"
#include "core/record.h"
#include "signals/quote_board.h"

namespace tariff {

/// A signal that was published for a story, kept so that it can be retracted.
struct SentSignal {
  Symbol instrument;
  std::uint64_t seq = 0;
  double mid = 0;  ///< Reference mid at the time; 0 if there was none.
};

/// An item that tells a story.
struct Teller {
  std::uint64_t item_key = 0;    ///< Hash of feed and item id.
  std::uint64_t source_key = 0;  ///< Hash of the source.
};

struct Story {
  static constexpr std::size_t kSignalsMax = 32;
  /// Items beyond these are told as confirmations too, but not remembered.
  static constexpr std::size_t kTellersMax = 16;

  std::uint64_t facts_key = 0;  ///< Hash of what was said; 0 if that no longer holds.
  std::uint64_t event_id = 0;
  WallNs told_at;  ///< Receipt of the first telling.
  std::uint32_t revision = 0;
  std::uint8_t tellers_count = 0;
  std::uint8_t signals_count = 0;
  std::array<Teller, kTellersMax> tellers;  ///< By time; the first leads.
  std::array<SentSignal, kSignalsMax> signals;

  [[nodiscard]] bool is_told_by_item(std::uint64_t item_key) const noexcept;
  [[nodiscard]] bool is_told_by_source(std::uint64_t source_key) const noexcept;
  /// The item that leads: an edit of it moves the story.
  [[nodiscard]] bool is_led_by(std::uint64_t item_key) const noexcept {
    return tellers_count > 0 && tellers[0].item_key == item_key;
  }
  /// Sources that tell it.
  [[nodiscard]] std::uint8_t origins() const noexcept;
};

class StoryBook {
 public:
  /// Stories older than `window_ns` (from first telling to now) count as forgotten.
  explicit StoryBook(std::int64_t window_ns);

  /// The story that this item of this feed tells; nullptr if it is new or forgotten.
  [[nodiscard]] Story* find_item(std::uint64_t item_key, WallNs now) noexcept;
  /// The story with just these facts, from whatever source.
  [[nodiscard]] Story* find_facts(std::uint64_t facts_key, WallNs now) noexcept;

  /// A fresh story, led by `teller`; what it replaces is forgotten. No key is 0.
  Story& add(std::uint64_t facts_key, const Teller& teller, WallNs now) noexcept;
  /// An item that does not tell the story yet tells it too.
  void join(Story& story, const Teller& teller) noexcept;
  /// An item tells the story no longer; the eldest of the others leads.
  void leave(Story& story, std::uint64_t item_key) noexcept;
  /// The facts no longer hold. Only the item that leads still finds the story.
  void withdraw(Story& story) noexcept;
  /// The item that leads tells the story with these facts from now on.
  void retell(Story& story, std::uint64_t facts_key) noexcept;
  /// Nothing finds the story any more.
  void forget(Story& story) noexcept;

  [[nodiscard]] static std::uint64_t item_key(const Headline& headline) noexcept;
  /// Order of the facts, and of places within one, does not matter.
  [[nodiscard]] static std::uint64_t facts_key(std::span<const Facts> facts) noexcept;

 private:
  /// Small maps from a key to a place in `stories_`: buckets of four, the oldest entry goes.
  class Index {
   public:
    [[nodiscard]] std::uint32_t find(std::uint64_t key) const noexcept;
    void put(std::uint64_t key, std::uint32_t place) noexcept;

   private:
    static constexpr std::size_t kBuckets = 2'048;  // power of two; a story has several items
    static constexpr std::size_t kWays = 4;
    struct Entry {
      std::uint64_t key = 0;
      std::uint32_t place = 0;
    };
    struct Bucket {
      std::array<Entry, kWays> entries{};
      std::uint32_t next = 0;
    };
    std::vector<Bucket> buckets_ = std::vector<Bucket>(kBuckets);
  };

  static constexpr std::size_t kStoriesMax = 2'048;
  static constexpr std::uint32_t kNowhere = 0xFFFFFFFFU;

  [[nodiscard]] Story* fresh(std::uint32_t place, WallNs now) noexcept;
  [[nodiscard]] std::uint32_t place_of(const Story& story) const noexcept {
    return static_cast<std::uint32_t>(&story - stories_.data());
  }

  std::int64_t window_ns_;
  std::vector<Story> stories_;
  std::uint32_t next_ = 0;
  Index by_item_;
  Index by_facts_;
};

}  // namespace tariff
