#include "signals/exposures.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace tariff {
namespace {

template <std::size_t N>
std::uint64_t read_bits(Section& section, std::string_view key,
                        const std::array<std::string_view, N>& names) {
  std::uint64_t bits = 0;
  for (const std::string& name : section.get_strings(key)) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      section.error(key,
                    fmt::format("'{}' is not one of {}", printable(name), fmt::join(names, ", ")));
      continue;
    }
    bits |= std::uint64_t{1} << static_cast<unsigned>(found - names.begin());
  }
  return bits;
}

PlaceList<8> read_places(Section& section, std::string_view key) {
  PlaceList<8> places;
  const auto codes = section.get_strings(key);
  if (codes.size() > places.items.size()) section.error(key, "holds more than 8 places");
  for (const std::string& code : codes) {
    if (code.empty() || code.size() > 3) {
      section.error(
          key, fmt::format("'{}' is not a place code such as US, CN, EU or WTO", printable(code)));
    }
    places.add(Place(code));
  }
  return places;
}

bool any_of(const PlaceList<8>& wanted, std::span<const Place> given) noexcept {
  if (wanted.empty()) return true;
  return std::any_of(given.begin(), given.end(),
                     [&](const Place& place) { return wanted.contains(place); });
}

}  // namespace

InstrumentIndex Exposures::instrument_index(std::string_view symbol) {
  const Symbol wanted(symbol);
  const auto found = std::find(instruments_.begin(), instruments_.end(), wanted);
  if (found != instruments_.end()) {
    return static_cast<InstrumentIndex>(found - instruments_.begin());
  }
  instruments_.push_back(wanted);
  return static_cast<InstrumentIndex>(instruments_.size() - 1);
}

void Exposures::read_line(Section& section) {
  Exposure line;
  const std::string id = section.require_string("id");
  if (id.size() > line.id.bytes.size()) section.error("id", "is longer than 32 bytes");
  line.id = FixedText<32>(id);
  line.actions = static_cast<std::uint16_t>(read_bits(section, "actions", kActionNames));
  line.measures = static_cast<std::uint16_t>(read_bits(section, "measures", kMeasureNames));
  line.products = read_bits(section, "products", kProductNames);
  line.all_goods_too = section.get_bool("all_goods_too", false);
  line.parties = read_places(section, "parties");
  line.actors = read_places(section, "actors");
  line.targets = read_places(section, "targets");
  if (section.get_string("why", "").empty()) {
    section.error("why", "is missing: say why the instrument moves, for whoever reads the signal");
  }
  auto weights = section.get_section("weights");
  if (!weights || weights->keys().empty()) {
    section.error("weights", "names no instrument: { SPY = -0.5 }");
    return;
  }
  for (const std::string& symbol : weights->keys()) {
    if (symbol.size() > sizeof(Symbol)) {
      weights->error(symbol, fmt::format("is a symbol of more than {} bytes", sizeof(Symbol)));
    }
    line.weight = static_cast<float>(weights->get_number(symbol, 0, -1, 1));
    line.instrument = instrument_index(symbol);
    lines_.push_back(line);
  }
  section.finish();
}

Exposures Exposures::read(Section& document) {
  Exposures exposures;
  exposures.min_abs_score_ = static_cast<float>(document.get_number("min_abs_score", 0.05, 0, 1));
  exposures.stages_.fill(1);
  if (auto stages = document.get_section("stage")) {
    for (std::size_t i = 0; i < kActionNames.size(); ++i) {
      exposures.stages_[i] = static_cast<float>(stages->get_number(kActionNames[i], 1, 0, 1));
    }
    stages->finish();
  }
  if (auto rate = document.get_section("rate")) {
    exposures.rate_factor_if_none_ = static_cast<float>(rate->get_number("none", 0.7, 0, 1));
    for (Section& point : rate->get_sections("points")) {
      const auto pct = static_cast<float>(point.get_number("pct", 0, 0, 10'000));
      const auto factor = static_cast<float>(point.get_number("factor", 1, 0, 1));
      if (!exposures.rate_points_.empty() && pct <= exposures.rate_points_.back().first) {
        point.error("pct", "is not above the point before it");
      }
      point.finish();
      exposures.rate_points_.emplace_back(pct, factor);
    }
    rate->finish();
  }
  for (Section& section : document.get_sections("exposure"))
    exposures.read_line(section);
  if (exposures.instruments_.size() > QuoteBoard::kInstrumentsMax) {
    document.error("", fmt::format("names {} instruments; at most {} are possible",
                                   exposures.instruments_.size(), QuoteBoard::kInstrumentsMax));
  }
  document.finish();
  std::stable_sort(exposures.lines_.begin(), exposures.lines_.end(),
                   [](const Exposure& a, const Exposure& b) {
                     if (a.instrument != b.instrument) return a.instrument < b.instrument;
                     return std::abs(a.weight) > std::abs(b.weight);
                   });
  return exposures;
}

float Exposures::rate_factor(const Facts& facts) const noexcept {
  if (!facts.has_rate() || rate_points_.empty()) return rate_factor_if_none_;
  const float pct = facts.rate_pct;
  if (pct <= rate_points_.front().first) return rate_points_.front().second;
  for (std::size_t i = 1; i < rate_points_.size(); ++i) {
    const auto [pct_0, factor_0] = rate_points_[i - 1];
    const auto [pct_1, factor_1] = rate_points_[i];
    if (pct <= pct_1) {
      return factor_0 + (factor_1 - factor_0) * (pct - pct_0) / (pct_1 - pct_0);
    }
  }
  return rate_points_.back().second;
}

bool Exposures::matches(const Exposure& line, const Facts& facts) noexcept {
  const auto bit = [](auto value) { return 1U << static_cast<unsigned>(value); };
  if (line.actions != 0 && (line.actions & bit(facts.action)) == 0) return false;
  if (line.measures != 0 && (line.measures & bit(facts.measure)) == 0) return false;
  if (line.products != 0) {
    const bool all_goods = facts.products == 0;
    if (all_goods ? !line.all_goods_too : (line.products & facts.products) == 0) return false;
  }
  static constexpr Place kEverybody("*");
  const bool hits_all = facts.targets.contains(kEverybody);
  for (const Place& party : line.parties) {
    if (!facts.actors.contains(party) && !facts.targets.contains(party) && !hits_all) return false;
  }
  const std::span<const Place> targets(facts.targets.begin(), facts.targets.end());
  return any_of(line.actors, {facts.actors.begin(), facts.actors.end()}) &&
         (hits_all || any_of(line.targets, targets));
}

std::size_t Exposures::expose(std::span<const Facts> facts, float trust,
                              std::span<ScoredInstrument> out) const noexcept {
  std::size_t count = 0;
  auto line = lines_.begin();
  while (line != lines_.end() && count < out.size()) {
    const auto end = std::find_if(line, lines_.end(), [&](const Exposure& other) {
      return other.instrument != line->instrument;
    });
    ScoredInstrument scored{.instrument = line->instrument};
    float strongest = 0;
    for (const Facts& fact : facts) {
      const auto found =
          std::find_if(line, end, [&](const Exposure& l) { return matches(l, fact); });
      if (found == end) continue;
      const float part = static_cast<float>(direction(fact.action, fact.denied())) * found->weight *
                         stage(fact.action) * rate_factor(fact) * fact.confidence * trust;
      scored.score += part;
      if (std::abs(part) > strongest) {
        strongest = std::abs(part);
        scored.exposure = &*found;
        scored.confidence = fact.confidence;
      }
    }
    scored.score = std::clamp(scored.score, -1.0F, 1.0F);
    if (scored.exposure != nullptr && std::abs(scored.score) >= min_abs_score_) {
      out[count++] = scored;
    }
    line = end;
  }
  std::sort(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count),
            [](const ScoredInstrument& a, const ScoredInstrument& b) {
              if (std::abs(a.score) != std::abs(b.score)) {
                return std::abs(a.score) > std::abs(b.score);
              }
              return a.instrument < b.instrument;
            });
  return count;
}

}  // namespace tariff
