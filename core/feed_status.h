#pragma once
// core/feed_status.h - A change of state of a feed, told to the scorer so that it is published in
// order with the news. Thread: as core/headline.h.

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "core/fixed_text.h"
#include "core/headline.h"
#include "core/time.h"

namespace tariff {

enum class FeedState : std::uint8_t {
  Starting,  ///< Configured, not yet connected.
  Up,        ///< Connected, logged in, subscribed.
  Silent,    ///< Connected, but nothing was read for longer than the feed's limit.
  Down,      ///< Not connected; a retry is due.
  Failed,    ///< Given up until restart: credentials or entitlement refused.
  Ended,     ///< A file or standard input came to its end.
};

struct FeedStatus {
  Stamp at;
  FeedId feed{};
  FeedState state = FeedState::Starting;
  FixedText<160> reason{};  ///< For a person: what happened and what is done about it.
};
static_assert(std::is_trivially_copyable_v<FeedStatus>);

[[nodiscard]] constexpr std::string_view to_text(FeedState state) noexcept {
  switch (state) {
    case FeedState::Starting:
      return "starting";
    case FeedState::Up:
      return "up";
    case FeedState::Silent:
      return "silent";
    case FeedState::Down:
      return "down";
    case FeedState::Failed:
      return "failed";
    case FeedState::Ended:
      return "ended";
  }
  return "?";
}

}  // namespace tariff
