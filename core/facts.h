#pragma once
// core/facts.h - The typed facts of one trade event: what a headline says was done, by whom, to
// whom, on what, at which rate, from when. These are also the bytes on the wire
// (docs/formats/signal-binary.md), so values are never renumbered.
// Thread: any. Hot: plain data.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "core/fixed_text.h"

namespace tariff {

enum class Action : std::uint8_t {
  Threaten,
  Impose,
  Delay,
  Ease,
  Talks,
  Deal,
  Breakdown,
  Block,
  Uphold,
};
inline constexpr std::array<std::string_view, 9> kActionNames{
    "threaten", "impose", "delay", "ease", "talks", "deal", "breakdown", "block", "uphold"};

enum class Measure : std::uint8_t {
  Tariff,
  ExportControl,
  ImportBan,
  Sanction,
  Investment,
  PortFee,
  Quota,
  Subsidy,
  Probe,
  General,
};
inline constexpr std::array<std::string_view, 10> kMeasureNames{
    "tariff",   "export_control", "import_ban", "sanction", "investment",
    "port_fee", "quota",          "subsidy",    "probe",    "general"};

/// Bit index in Facts::products.
enum class Product : std::uint8_t {
  Steel,
  Aluminum,
  Copper,
  Autos,
  AutoParts,
  Trucks,
  Semiconductors,
  Electronics,
  Pharma,
  Lumber,
  Furniture,
  Agriculture,
  Soybeans,
  Energy,
  RareEarths,
  Magnets,
  CriticalMinerals,
  Solar,
  Batteries,
  Evs,
  Aircraft,
  Ships,
  Machinery,
  Textiles,
  Movies,
  Alcohol,
  Dairy,
  Seafood,
  Fentanyl,
  Software,
  LowValueParcels,
  Gold,
  Other,
};
inline constexpr std::array<std::string_view, 33> kProductNames{"steel",
                                                                "aluminum",
                                                                "copper",
                                                                "autos",
                                                                "auto_parts",
                                                                "trucks",
                                                                "semiconductors",
                                                                "electronics",
                                                                "pharma",
                                                                "lumber",
                                                                "furniture",
                                                                "agriculture",
                                                                "soybeans",
                                                                "energy",
                                                                "rare_earths",
                                                                "magnets",
                                                                "critical_minerals",
                                                                "solar",
                                                                "batteries",
                                                                "evs",
                                                                "aircraft",
                                                                "ships",
                                                                "machinery",
                                                                "textiles",
                                                                "movies",
                                                                "alcohol",
                                                                "dairy",
                                                                "seafood",
                                                                "fentanyl",
                                                                "software",
                                                                "low_value_parcels",
                                                                "gold",
                                                                "other"};

/// Direction of a whole headline.
enum class Net : std::uint8_t { None, Escalate, Deescalate, Mixed };
inline constexpr std::array<std::string_view, 4> kNetNames{"none", "escalate", "deescalate",
                                                           "mixed"};

/// On whose word the event rests.
enum class Attribution : std::uint8_t {
  Unknown,   ///< Told as a fact, nobody named.
  Decider,   ///< The side that decides says it itself.
  Official,  ///< A named or unnamed official of that side.
  Sources,   ///< "Sources", "people familiar".
  Outsider,  ///< Somebody who does not decide: another side, an analyst, a medium.
};
inline constexpr std::array<std::string_view, 5> kAttributionNames{"unknown", "decider", "official",
                                                                   "sources", "outsider"};

/// An ISO 3166 alpha-2 code, "EU", "UN", "WTO", or "*" for all the world: up to four ASCII bytes.
using Place = FixedText<4>;

/// A short list without allocation; a further entry than N is dropped.
template <std::size_t N>
struct PlaceList {
  std::array<Place, N> items{};
  std::uint8_t count = 0;
  std::array<std::uint8_t, 3> reserved{};

  constexpr void add(Place place) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
      if (items[i] == place) return;
    }
    if (count < N) items[count++] = place;
  }
  [[nodiscard]] constexpr bool contains(Place place) const noexcept {
    for (std::size_t i = 0; i < count; ++i) {
      if (items[i] == place) return true;
    }
    return false;
  }
  [[nodiscard]] constexpr bool empty() const noexcept { return count == 0; }
  [[nodiscard]] constexpr const Place* begin() const noexcept { return items.data(); }
  [[nodiscard]] constexpr const Place* end() const noexcept { return items.data() + count; }
  friend constexpr bool operator==(const PlaceList&, const PlaceList&) = default;
};

/// One event as labelling defines it (docs/reading/event-model.md), plus why.
struct Facts {
  static constexpr std::uint8_t kDenied = 1;       ///< The action is ruled out or denied.
  static constexpr std::uint8_t kRetaliation = 2;  ///< Told as an answer to another side's measure.

  Action action = Action::Threaten;
  Measure measure = Measure::General;
  std::uint8_t flags = 0;
  Attribution attribution = Attribution::Unknown;
  std::int32_t effective_yyyymmdd = 0;  ///< Calendar date, 20251101; 0 if the text gives none.
  float rate_pct = std::numeric_limits<float>::quiet_NaN();  ///< Percent; NaN if none.
  float confidence = 0;        ///< 0..1: how often such a reading is right.
  std::uint64_t products = 0;  ///< Bit per Product; 0 means all goods.
  PlaceList<8> actors;
  PlaceList<16> targets;
  Place speaker;       ///< The side that says it; empty if nobody is named.
  FixedText<36> rule;  ///< Id of the rule in rules.toml that made the event.

  [[nodiscard]] bool denied() const noexcept { return (flags & kDenied) != 0; }
  [[nodiscard]] bool retaliation() const noexcept { return (flags & kRetaliation) != 0; }
  [[nodiscard]] bool has_rate() const noexcept { return !std::isnan(rate_pct); }
  [[nodiscard]] bool has(Product p) const noexcept {
    return ((products >> static_cast<unsigned>(p)) & 1U) != 0;
  }
};
static_assert(std::is_trivially_copyable_v<Facts>);
static_assert(sizeof(Facts) == 168);

/// Events kept of one headline; labelled text has at most three.
constexpr std::size_t kFactsMax = 8;

/// +1 escalates, -1 eases; a denial turns it round.
[[nodiscard]] constexpr int direction(Action action, bool denied) noexcept {
  const bool escalates = action == Action::Threaten || action == Action::Impose ||
                         action == Action::Breakdown || action == Action::Uphold;
  return escalates != denied ? 1 : -1;
}

/// Name of an enumerator, or "?" for a value from a newer version.
template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::string_view name_of(Enum value,
                                                 const std::array<std::string_view, N>& names) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : "?";
}
[[nodiscard]] constexpr std::string_view to_text(Action a) {
  return name_of(a, kActionNames);
}
[[nodiscard]] constexpr std::string_view to_text(Measure m) {
  return name_of(m, kMeasureNames);
}
[[nodiscard]] constexpr std::string_view to_text(Product p) {
  return name_of(p, kProductNames);
}
[[nodiscard]] constexpr std::string_view to_text(Net n) {
  return name_of(n, kNetNames);
}
[[nodiscard]] constexpr std::string_view to_text(Attribution a) {
  return name_of(a, kAttributionNames);
}

/// The enumerator called `name` in `names`, if there is one.
template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::optional<Enum> parse_name(
    std::string_view name, const std::array<std::string_view, N>& names) noexcept {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace tariff
