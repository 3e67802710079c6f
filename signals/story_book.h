#pragma once
// signals/story_book.h - What was told already: an edit of an item is a revision of its event, the
// same facts again are a confirmation or a repeat, and a signal that went out can be taken back.
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

struct Story {
  static constexpr std::size_t kSignalsMax = 32;

  std::uint64_t facts_key = 0;  ///< Hash of what was said; 0 marks a free place.
  std::uint64_t item_key = 0;   ///< Hash of feed and item id of the last item that told it.
  std::uint64_t event_id = 0;
  std::uint64_t source_key = 0;  ///< Hash of the source that told it first.
  WallNs told_at;                ///< Receipt of the first telling.
  std::uint32_t revision = 0;
  std::uint8_t origins = 1;
  std::uint8_t signals_count = 0;
  std::array<SentSignal, kSignalsMax> signals;
};

class StoryBook {
 public:
  /// Stories older than `window_ns` (from first telling to now) count as forgotten.
  explicit StoryBook(std::int64_t window_ns);

  /// The story last told by this item of this feed; nullptr if it is new or forgotten.
  [[nodiscard]] Story* find_item(std::uint64_t item_key, WallNs now) noexcept;
  /// The story with just these facts, from whatever source.
  [[nodiscard]] Story* find_facts(std::uint64_t facts_key, WallNs now) noexcept;

  /// A fresh story; what it replaces is forgotten. Both keys are not 0.
  Story& add(std::uint64_t facts_key, std::uint64_t item_key, WallNs now) noexcept;
  /// The story was told again, by this item or with these facts.
  void retell(Story& story, std::uint64_t facts_key, std::uint64_t item_key) noexcept;

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
    static constexpr std::size_t kBuckets = 1'024;  // power of two
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

  std::int64_t window_ns_;
  std::vector<Story> stories_;
  std::uint32_t next_ = 0;
  Index by_item_;
  Index by_facts_;
};

}  // namespace tariff
