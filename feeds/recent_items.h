#pragma once
// feeds/recent_items.h - Which items a feed has sent lately, in which revision: providers deliver
// again after a reconnect, and edit under the same id. Fixed size. Thread: the feed's. Hot.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace tariff {

class RecentItems {
 public:
  /// About as many items are remembered: some days of a busy wire.
  static constexpr std::size_t kItems = 8'192;

  enum class Seen : std::uint8_t {
    New,     ///< Not among the recent ones.
    Update,  ///< A later revision; or another text with no stamp, or the same: it may be coarse.
    Again,   ///< The revision we have, or an older one.
  };

  RecentItems() : sets_(kItems / kWays) {}

  /// Compares the item with what was noted before, and notes it. `id` is the provider's number, or
  /// the hash of its text.
  [[nodiscard]] Seen note(std::uint64_t id, WallNs updated, std::string_view text) noexcept;

 private:
  static constexpr std::size_t kWays = 8;

  struct Item {
    std::uint64_t id = 0;
    std::uint64_t text_hash = 0;
    WallNs updated;
    bool used = false;
  };
  /// Items whose ids hash alike; the oldest makes room.
  struct Set {
    std::array<Item, kWays> items;
    std::size_t next = 0;
  };

  std::vector<Set> sets_;
};

}  // namespace tariff
