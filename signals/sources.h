#pragma once
// signals/sources.h - How far a source is trusted, and which accounts decide rather than report:
// config/sources.toml as a flat table. Thread: loaded on the main thread, then immutable. Hot:
// find.

#include <cstdint>
#include <string_view>
#include <vector>

#include "config/section.h"
#include "core/fixed_text.h"

namespace tariff {

struct Source {
  FixedText<32> name;    ///< As the feed gives it, lower case.
  float trust = 0.5F;    ///< 0..1: how often such a source is right.
  bool decides = false;  ///< The account of somebody who makes trade policy.
};

class Sources {
 public:
  /// Reads `[default]` and every `[[source]]`. What is wrong goes to the errors of `document`.
  [[nodiscard]] static Sources read(Section& document);

  /// The source called `name` (ASCII case does not matter); the default for a stranger.
  [[nodiscard]] const Source& find(std::string_view name) const noexcept;

 private:
  Source fallback_;
  std::vector<Source> sources_;  // sorted by name
};

}  // namespace tariff
