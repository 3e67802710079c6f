#include "feeds/recent_items.h"

#include <algorithm>
#include <functional>

namespace tariff {

RecentItems::Seen RecentItems::note(std::uint64_t id, WallNs updated,
                                    std::string_view text) noexcept {
  constexpr std::uint64_t kGoldenRatio = 0x9E37'79B9'7F4A'7C15;  // spreads ids that count up
  Set& set = sets_[((id * kGoldenRatio) >> 32U) % sets_.size()];
  const std::uint64_t text_hash = std::hash<std::string_view>{}(text);
  for (Item& item : set.items) {
    if (!item.used || item.id != id) continue;
    const bool later = updated > item.updated;
    const bool undated_or_equal = updated.ns == 0 || updated == item.updated;
    if (!later && !(undated_or_equal && text_hash != item.text_hash)) return Seen::Again;
    item.updated = std::max(updated, item.updated);
    item.text_hash = text_hash;
    return Seen::Update;
  }
  set.items[set.next] = {.id = id, .text_hash = text_hash, .updated = updated, .used = true};
  set.next = (set.next + 1) % kWays;
  return Seen::New;
}

}  // namespace tariff
