#include "core/counters.h"

namespace tariff {
namespace {

constexpr bool all_named() {
  for (const CounterInfo& info : kCounterInfo) {
    if (info.name.empty() || info.help.empty()) return false;
  }
  for (const CounterInfo& info : kFeedCounterInfo) {
    if (info.name.empty() || info.help.empty()) return false;
  }
  return true;
}
static_assert(all_named(), "every counter has a row in its table");

}  // namespace
}  // namespace tariff
