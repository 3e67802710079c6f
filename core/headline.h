#pragma once
// core/headline.h - The event that every headline feed produces and the scorer consumes.
// Thread: made on a feed thread, copied through core/handoff.h, read on the scorer thread. Hot.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "core/fixed_text.h"
#include "core/time.h"

namespace tariff {

/// Index of a feed in the running configuration, 0-based.
enum class FeedId : std::uint8_t {};
constexpr std::size_t kFeedsMax = 64;

/// What the provider says it did with the item.
enum class ItemChange : std::uint8_t {
  New,     ///< First time this item id is seen by the provider's own word.
  Update,  ///< An edit: same item id, later `updated`.
  Delete,  ///< The provider took the item back; the text may be empty.
};

/// A headline in flight. Fixed size and pointer-free: a queue slot holds all of it, so the feed
/// may reuse its read buffer as soon as the push returns. The body of an article is never kept.
struct Headline {
  /// Posts of deciders reach 1,500 bytes; wires end at 300. A longer text is cut and flagged.
  static constexpr std::size_t kTextBytesMax = 1'856;

  Stamp received;         ///< When the read that completed the frame returned.
  WallNs published;       ///< Publisher's first stamp; 0 if the feed sends none.
  WallNs updated;         ///< Publisher's stamp of this revision; 0 if the feed sends none.
  FixedText<40> item_id;  ///< Publisher's id; equal ids on one feed are revisions of one item.
  FixedText<32> source;   ///< Who says it: wire, account or agency; key into sources.toml.
  FixedText<64> symbols;  ///< Comma-separated, as sent; cut at 64 bytes.
  FeedId feed{};
  ItemChange change = ItemChange::New;
  bool truncated = false;  ///< The feed sent more than kTextBytesMax bytes of text.
  std::uint8_t reserved = 0;
  std::uint16_t text_bytes = 0;
  std::array<char, kTextBytesMax> text_utf8;

  [[nodiscard]] std::string_view text() const noexcept { return {text_utf8.data(), text_bytes}; }

  void set_text(std::string_view text) noexcept {
    const std::string_view kept = utf8_floor(text, kTextBytesMax);
    truncated = kept.size() < text.size();
    text_bytes = static_cast<std::uint16_t>(kept.size());
    std::memcpy(text_utf8.data(), kept.data(), kept.size());
  }
};
static_assert(std::is_trivially_copyable_v<Headline>);
static_assert(sizeof(Headline) <= 2'048, "32 cache lines; a bigger event is a design change");

}  // namespace tariff
