#pragma once
// signals/sources.h - How far a source is trusted, which accounts decide rather than report, whose
// word is a word of its own, and from when on a desk acts: config/sources.toml as a flat table.
// Thread: loaded on the main thread, then immutable. Hot: find, origin_of, corroborated.

#include <cstdint>
#include <string_view>
#include <vector>

#include "config/section.h"
#include "core/fixed_text.h"
#include "signals/provenance.h"

namespace tariff {

struct Source {
  FixedText<32> name;    ///< As the feed gives it, lower case.
  float trust = 0.5F;    ///< 0..1: how often such a source is right.
  bool decides = false;  ///< The account of somebody who makes trade policy.
  bool reports = false;  ///< Has it from its own people, and does not pass on what others say.
};

/// Where a telling comes from.
struct Origin {
  std::uint64_t key = 0;  ///< Equal for tellings that trace to one origin; 0 if that is not known.
  float trust = 0.5F;     ///< Of the source, or of whom it cites if that is less.
  bool decides = false;   ///< The side that decides says it itself.
  bool cited = false;     ///< The text names another as its source.
};

class Sources {
 public:
  /// Reads `[default]`, `[policy]`, `[marks]`, `[citations]` and every `[[source]]`. What is wrong
  /// goes to the errors of `document`.
  [[nodiscard]] static Sources read(Section& document);

  /// The source called `name` (ASCII case does not matter); the default for a stranger.
  [[nodiscard]] const Source& find(std::string_view name) const noexcept;
  /// Where a text by the source called `name` comes from.
  [[nodiscard]] Origin origin_of(std::string_view name, const WordList& words) const noexcept;
  [[nodiscard]] Marked mark_of(const WordList& words) const noexcept {
    return provenance_.mark_of(words);
  }

  /// A story that reached this trust, or has a second origin, brings signals.
  [[nodiscard]] float act_alone_trust() const noexcept { return act_alone_trust_; }
  /// `confidence` of a story with so many independent origins.
  [[nodiscard]] float corroborated(float confidence, unsigned origins) const noexcept;

 private:
  Source fallback_;
  float act_alone_trust_ = 0;
  float doubt_left_ = 1;
  std::vector<Source> sources_;  // sorted by name
  Provenance provenance_;
};

}  // namespace tariff
