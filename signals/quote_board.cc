#include "signals/quote_board.h"

#include <cmath>
#include <limits>

#include "core/check.h"
#include "core/hash.h"

namespace tariff {

QuoteBoard::QuoteBoard(std::span<const Symbol> instruments) {
  TARIFF_CHECK(instruments.size() <= kInstrumentsMax);
  instruments_.resize(instruments.size());
  for (std::size_t i = 0; i < instruments.size(); ++i) {
    instruments_[i].symbol = instruments[i];
    std::size_t slot = hash_text(instruments[i].view()) % kSlots;
    while (slots_[slot] != 0)
      slot = (slot + 1) % kSlots;
    slots_[slot] = static_cast<std::uint16_t>(i + 1);
  }
}

std::optional<InstrumentIndex> QuoteBoard::find(const Symbol& symbol) const noexcept {
  std::size_t slot = hash_text(symbol.view()) % kSlots;
  for (; slots_[slot] != 0; slot = (slot + 1) % kSlots) {
    const auto index = static_cast<InstrumentIndex>(slots_[slot] - 1);
    if (instruments_[index].symbol == symbol) return index;
  }
  return std::nullopt;
}

bool QuoteBoard::apply(const Quote& quote) noexcept {
  if (!quote.usable()) return false;
  const auto index = find(quote.symbol);
  if (!index) return false;
  Instrument& instrument = instruments_[*index];
  if (quote.received.mono < instrument.last.received.mono) return false;
  instrument.last = quote;

  const MonoNs at = quote.received.mono;
  if (instrument.written > 0) {
    Sample& newest = instrument.samples[(instrument.written - 1) % kSamplesMax];
    if (newest.at.ns / kSampleNs == at.ns / kSampleNs) {
      newest = {at, quote.mid()};
      return true;
    }
  }
  instrument.samples[instrument.written % kSamplesMax] = {at, quote.mid()};
  ++instrument.written;
  return true;
}

void QuoteBoard::adopt(const QuoteBoard& old) noexcept {
  for (Instrument& instrument : instruments_) {
    if (const auto index = old.find(instrument.symbol)) instrument = old.instruments_[*index];
  }
}

const Quote* QuoteBoard::last(InstrumentIndex instrument) const noexcept {
  const Quote& quote = instruments_[instrument].last;
  return quote.usable() ? &quote : nullptr;
}

const QuoteBoard::Sample* QuoteBoard::sample_at(const Instrument& instrument,
                                                MonoNs at) const noexcept {
  const std::uint64_t kept = std::min<std::uint64_t>(instrument.written, kSamplesMax);
  for (std::uint64_t back = 1; back <= kept; ++back) {
    const Sample& sample = instrument.samples[(instrument.written - back) % kSamplesMax];
    if (sample.at <= at) return &sample;
  }
  return nullptr;
}

float QuoteBoard::move_bps(InstrumentIndex index, MonoNs at, std::int64_t span_ns) const noexcept {
  const Instrument& instrument = instruments_[index];
  const Sample* now = sample_at(instrument, at);
  const Sample* then = sample_at(instrument, at + -span_ns);
  if (now == nullptr || then == nullptr) return std::numeric_limits<float>::quiet_NaN();
  return static_cast<float>((now->mid / then->mid - 1) * 10'000);
}

}  // namespace tariff
