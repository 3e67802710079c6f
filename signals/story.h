#pragma once
// signals/story.h - One story: the facts that stand, who tells them, and the signals that went out.
// Thread: scorer. Hot: plain data, no allocation.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/facts.h"
#include "core/quote.h"
#include "signals/relation.h"
#include "signals/sources.h"
#include "signals/words.h"

namespace tariff {

/// A signal that was published for a story, kept so that it can be retracted.
struct SentSignal {
  Symbol instrument;
  std::uint64_t seq = 0;
  double mid = 0;  ///< Reference mid at the time; 0 if there was none.
  float score = 0;
};

/// An item that tells a story.
struct Teller {
  std::uint64_t item_key = 0;    ///< Hash of feed and item id.
  std::uint64_t source_key = 0;  ///< Hash of the source.
  Origin origin{};
};

struct Story {
  static constexpr std::size_t kSignalsMax = 32;
  /// Items beyond these are told as confirmations too, but not remembered.
  static constexpr std::size_t kTellersMax = 16;
  static constexpr std::size_t kFormerMax = 4;  ///< Facts that it told before it went on.

  std::uint64_t facts_key = 0;  ///< Hash of what was said; 0 if that no longer holds.
  std::uint64_t event_id = 0;
  WallNs told_at;  ///< Receipt of the first telling of the facts that stand.
  std::uint32_t revision = 0;
  std::uint32_t former_count = 0;  ///< Ever put aside; the last kFormerMax are kept.
  std::uint8_t tellers_count = 0;
  std::uint8_t signals_count = 0;
  std::uint8_t facts_count = 0;
  bool quiet = false;   ///< Old when it was first heard: brings no signal.
  bool denied = false;  ///< By the side concerned.
  Wording wording;      ///< Of the first telling.
  std::array<Facts, kFactsMax> facts;
  std::array<Facts, kFormerMax> former;
  std::array<Teller, kTellersMax> tellers;  ///< By time; the first leads.
  std::array<SentSignal, kSignalsMax> signals;

  [[nodiscard]] bool is_told_by_item(std::uint64_t item_key) const noexcept;
  [[nodiscard]] bool is_told_by_source(std::uint64_t source_key) const noexcept;
  /// The item that leads: an edit of it moves the story.
  [[nodiscard]] bool is_led_by(std::uint64_t item_key) const noexcept {
    return tellers_count > 0 && tellers[0].item_key == item_key;
  }
  [[nodiscard]] std::span<const Facts> told() const noexcept {
    return std::span(facts).first(facts_count);
  }
  /// Independent origins of those that tell it: those whose origin is not known are taken for
  /// copies of one another and of the rest.
  [[nodiscard]] std::uint8_t origins() const noexcept;
  /// The same with one teller more.
  [[nodiscard]] std::uint8_t origins_with(const Teller& teller) const noexcept;
  /// Somebody else tells it whose word does not rest on that of `teller`.
  [[nodiscard]] bool stands_without(const Teller& teller) const noexcept;
  /// Of the most trusted teller.
  [[nodiscard]] float trust() const noexcept;
  [[nodiscard]] bool is_told_by_decider() const noexcept;
  /// The teller of this item; the story must be told by it.
  [[nodiscard]] const Teller& teller_of(std::uint64_t item_key) const noexcept;
  /// The signal that stands for `instrument`, or nullptr.
  [[nodiscard]] SentSignal* signal_of(const Symbol& instrument) noexcept;

  /// `now` takes the place of all its facts, which become former ones.
  void replace_facts(std::span<const Facts> now) noexcept;
  /// `now` takes the place of the facts that it changes, which become former ones.
  void go_on(std::span<const Facts> now, bool alike) noexcept;
  /// All of `now` was told by this story before it went on.
  [[nodiscard]] bool told_formerly(std::span<const Facts> now, bool alike) const noexcept;
};

}  // namespace tariff
