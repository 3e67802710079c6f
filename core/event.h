#pragma once
// core/event.h - Everything besides quotes that reaches the scorer. A new kind is added here, and
// the compiler then names the one visit (signals/engine.cc) that must say what it means.

#include <type_traits>
#include <variant>

#include "core/feed_status.h"
#include "core/headline.h"
#include "core/record.h"

namespace tariff {

/// Something the daemon itself wants told to subscribers, in order with the news.
struct Notice {
  Stamp at;
  StatusKind kind = StatusKind::Started;
  FixedText<160> text{};  ///< For a person.
};

using Event = std::variant<Headline, FeedStatus, Notice>;
static_assert(std::is_trivially_copyable_v<Event>);

}  // namespace tariff
