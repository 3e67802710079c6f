#include "signals/reading/measures.h"

#include <algorithm>

namespace tariff {

std::optional<Measure> measure_of(const RoleContext& context, const Binder& binder) noexcept {
  const Rule& rule = binder.rule();
  if (rule.measure) return *rule.measure;
  const std::uint16_t object = binder.proposal().match.object;
  const auto of = [&](std::size_t i) -> std::optional<Measure> {
    const Meaning* meaning = context.items[i].meaning;
    return meaning == nullptr ? std::nullopt : meaning->measure;
  };
  if (object != PatternMatch::kNone) {
    if (const auto own = of(object)) return *own;
    if (!context.items[object].has(Cue::Measure)) {
      const std::size_t low =
          std::max<std::size_t>(binder.clause().first, object > 3 ? object - 3U : 0U);
      for (std::size_t i = object; i-- > low && !context.items[i].has(Cue::Barrier);) {
        if (const auto near = of(i)) return *near;
      }
      for (std::size_t i = object + 1U; i < binder.window_end(); ++i) {
        if (const auto near = of(i)) return *near;
      }
      return Measure::General;
    }
  }
  for (const Context& known : context.rules.contexts) {
    if (known.present.meets(binder.clause().present)) return known.measure;
  }
  const bool open_kind = object != PatternMatch::kNone && context.items[object].has(Cue::Measure);
  if (open_kind) return std::nullopt;
  return Measure::General;
}

}  // namespace tariff
