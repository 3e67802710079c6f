#pragma once
// signals/exposures.h - From the facts of an event to the instruments that they move:
// config/exposures.toml as a flat table. The arithmetic can be redone by hand:
//   score = sum over facts of  direction * weight * stage(action) * rate(rate_pct) * confidence
//           * trust, the line with the largest |weight| counting once per instrument and fact.
// Thread: loaded on the main thread, then immutable. Hot: expose.

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "config/section.h"
#include "core/facts.h"
#include "core/quote.h"
#include "signals/quote_board.h"

namespace tariff {

/// One line of the file for one instrument.
struct Exposure {
  FixedText<32> id;
  InstrumentIndex instrument = 0;
  float weight = 0;           ///< -1..1: how the instrument answers an escalation.
  std::uint16_t actions = 0;  ///< Bit per Action; 0 means any.
  std::uint16_t measures = 0;
  std::uint64_t products = 0;  ///< Any of these; 0 means any event.
  bool all_goods_too = false;  ///< An event on all goods matches although `products` is given.
  PlaceList<8> parties;        ///< All of them must be among the event's actors and targets.
  PlaceList<8> actors;         ///< One of them must act; empty means anybody.
  PlaceList<8> targets;        ///< One of them must be hit; empty means anybody.
};

/// A score for one instrument, before the quote is looked at.
struct ScoredInstrument {
  InstrumentIndex instrument = 0;
  const Exposure* exposure = nullptr;  ///< The line that weighed most.
  float score = 0;                     ///< -1..1
  float confidence = 0;                ///< 0..1; that of the fact that weighed most.
};

class Exposures {
 public:
  static constexpr std::size_t kRatePointsMax = 8;

  [[nodiscard]] static Exposures read(Section& document);

  /// Every instrument named in the file, each once.
  [[nodiscard]] std::span<const Symbol> instruments() const noexcept { return instruments_; }

  /// Fills `out` with the instruments moved by `facts`, strongest first, and returns how many;
  /// those under the file's `min_abs_score` are left out. `out` should hold instruments().size().
  std::size_t expose(std::span<const Facts> facts, float trust,
                     std::span<ScoredInstrument> out) const noexcept;

  /// The factors of the formula above, for `explain`.
  [[nodiscard]] float stage(Action action) const noexcept {
    return stages_[static_cast<std::size_t>(action)];
  }
  [[nodiscard]] float rate_factor(const Facts& facts) const noexcept;
  [[nodiscard]] static bool matches(const Exposure& line, const Facts& facts) noexcept;

 private:
  void read_line(Section& section);
  InstrumentIndex instrument_index(std::string_view symbol);

  std::vector<Symbol> instruments_;
  std::vector<Exposure> lines_;  // sorted by instrument, then by falling |weight|
  std::array<float, kActionNames.size()> stages_{};
  std::vector<std::pair<float, float>> rate_points_;  // rate in percent, factor; rising
  float rate_factor_if_none_ = 0.7F;
  float min_abs_score_ = 0.05F;
};

}  // namespace tariff
