#pragma once
// signals/story_book.h - What was told already: an edit of an item is a revision of its event, the
// same facts again are a confirmation or a repeat, a changed fact is an update, and a signal that
// went out can be taken back.
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
#include "signals/relation.h"
#include "signals/story.h"
#include "signals/words.h"

namespace tariff {

/// A story that is about the same, and how `now` stands to it.
struct Related {
  Story* story = nullptr;
  Relation relation = Relation::None;
  bool formerly = false;  ///< `now` is what it told before it went on.
};

class StoryBook {
 public:
  /// Stories older than `window_ns` (from first telling to now) count as forgotten.
  explicit StoryBook(std::int64_t window_ns);

  /// The story that this item of this feed tells; nullptr if it is new or forgotten.
  [[nodiscard]] Story* find_item(std::uint64_t item_key, WallNs now) noexcept;
  /// The newest story of the last kRelatedMax that tells these facts in other words, or what they
  /// change or deny.
  [[nodiscard]] Related find_related(std::span<const Facts> facts, const Wording& wording,
                                     WallNs now) noexcept;
  /// The newest story of the last kRelatedMax that this source told in such words.
  [[nodiscard]] Story* find_wording(const Wording& wording, std::uint64_t source_key,
                                    WallNs now) noexcept;
  /// The story with just these facts, from whatever source.
  [[nodiscard]] Story* find_facts(std::uint64_t facts_key, WallNs now) noexcept;

  /// A fresh story, led by `teller`; what it replaces is forgotten. No key is 0.
  Story& add(std::uint64_t facts_key, std::span<const Facts> facts, const Wording& wording,
             const Teller& teller, WallNs now) noexcept;
  /// An item that does not tell the story yet tells it too.
  void join(Story& story, const Teller& teller) noexcept;
  /// An item tells the story no longer; the eldest of the others leads.
  void leave(Story& story, std::uint64_t item_key) noexcept;
  /// The facts no longer hold. Only the item that leads still finds the story.
  void withdraw(Story& story) noexcept;
  /// `teller` alone tells the story, with these facts.
  void retell(Story& story, std::uint64_t facts_key, std::span<const Facts> facts,
              const Teller& teller) noexcept;
  /// `teller` is the first to tell what has changed; who told the old facts counts no more.
  void go_on(Story& story, std::uint64_t facts_key, std::span<const Facts> facts,
             const Wording& wording, const Teller& teller, WallNs now) noexcept;
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
  /// A busy day brings some hundred stories; what is further back is found by its exact facts only.
  static constexpr std::size_t kRelatedMax = 256;
  /// Of those that share a place, so many are compared in full.
  static constexpr std::size_t kComparedMax = 24;

  [[nodiscard]] Story* fresh(std::uint32_t place, WallNs now) noexcept;
  void note_places(const Story& story) noexcept;
  [[nodiscard]] std::uint32_t place_of(const Story& story) const noexcept {
    return static_cast<std::uint32_t>(&story - stories_.data());
  }

  std::int64_t window_ns_;
  std::vector<Story> stories_;
  /// A bit per place of each story, by hash, which rules out most without a look at their 4 KiB.
  std::vector<std::uint64_t> places_;
  std::uint32_t next_ = 0;
  Index by_item_;
  Index by_facts_;
};

}  // namespace tariff
