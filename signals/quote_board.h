#pragma once
// signals/quote_board.h - The newest quote of each instrument that the desk trades, and where its
// mid was 1, 5 and 60 seconds ago. Thread: scorer. Hot: no allocation after construction.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/quote.h"
#include "core/time.h"

namespace tariff {

/// Index of an instrument, 0-based, in the order given to the board.
using InstrumentIndex = std::uint16_t;

class QuoteBoard {
 public:
  static constexpr std::size_t kInstrumentsMax = 256;

  /// Quotes of symbols that are not in `instruments` are ignored.
  explicit QuoteBoard(std::span<const Symbol> instruments);

  [[nodiscard]] std::optional<InstrumentIndex> find(const Symbol& symbol) const noexcept;

  /// Returns false if nobody trades the symbol, or the quote has not both sides. A quote that was
  /// received before the one held is ignored too: two feeds may overlap.
  bool apply(const Quote& quote) noexcept;

  /// Takes over the quotes and the history of every instrument that `old` has too, so that new
  /// tables do not make the desk forget the market. No allocation.
  void adopt(const QuoteBoard& old) noexcept;

  /// The newest usable quote, or nullptr if there was none yet.
  [[nodiscard]] const Quote* last(InstrumentIndex instrument) const noexcept;

  /// Move of the mid, in basis points, over the `span_ns` before `at`; NaN if no quote is old
  /// enough or the history does not reach back that far.
  [[nodiscard]] float move_bps(InstrumentIndex instrument, MonoNs at,
                               std::int64_t span_ns) const noexcept;

 private:
  struct Sample {
    MonoNs at;
    double mid = 0;
  };
  /// One sample per 100 ms for 64 s: enough for the longest move asked for.
  static constexpr std::size_t kSamplesMax = 640;
  static constexpr std::int64_t kSampleNs = 100 * kNsPerMs;
  static constexpr std::size_t kSlots = 1'024;  // power of two, four times kInstrumentsMax

  struct Instrument {
    Symbol symbol;
    Quote last;
    std::array<Sample, kSamplesMax> samples{};  // ring; `written` counts all samples ever begun
    std::uint64_t written = 0;
  };

  [[nodiscard]] const Sample* sample_at(const Instrument& instrument, MonoNs at) const noexcept;

  std::vector<Instrument> instruments_;
  std::array<std::uint16_t, kSlots> slots_{};  // index + 1; 0 is free
};

}  // namespace tariff
