#pragma once
// core/event.h - Everything besides quotes that a feed can tell the scorer. A new event type is
// added here, and the compiler then names the one visit (signals/engine.cc) that must handle it.

#include <type_traits>
#include <variant>

#include "core/feed_status.h"
#include "core/headline.h"

namespace tariff {

using Event = std::variant<Headline, FeedStatus>;
static_assert(std::is_trivially_copyable_v<Event>);

}  // namespace tariff
