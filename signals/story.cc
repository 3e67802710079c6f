#include "signals/story.h"

#include <algorithm>

namespace tariff {

bool Story::is_told_by_item(std::uint64_t item_key) const noexcept {
  return std::any_of(tellers.begin(), tellers.begin() + tellers_count,
                     [&](const Teller& teller) { return teller.item_key == item_key; });
}

bool Story::is_told_by_source(std::uint64_t source_key) const noexcept {
  return std::any_of(tellers.begin(), tellers.begin() + tellers_count,
                     [&](const Teller& teller) { return teller.source_key == source_key; });
}

std::uint8_t Story::origins_with(const Teller& teller) const noexcept {
  std::array<std::uint64_t, kTellersMax + 1> keys{};
  std::size_t count = 0;
  const auto add = [&](std::uint64_t key) {
    const auto end = keys.begin() + static_cast<std::ptrdiff_t>(count);
    if (key != 0 && std::find(keys.begin(), end, key) == end) keys[count++] = key;
  };
  for (std::size_t i = 0; i < tellers_count; ++i)
    add(tellers[i].origin.key);
  add(teller.origin.key);
  return static_cast<std::uint8_t>(std::max<std::size_t>(count, 1));
}

std::uint8_t Story::origins() const noexcept {
  return origins_with(Teller{});
}

bool Story::stands_without(const Teller& teller) const noexcept {
  return std::any_of(tellers.begin(), tellers.begin() + tellers_count, [&](const Teller& other) {
    return other.item_key != teller.item_key && other.origin.key != 0 &&
           other.origin.key != teller.origin.key;
  });
}

float Story::trust() const noexcept {
  float trust = 0;
  for (std::size_t i = 0; i < tellers_count; ++i)
    trust = std::max(trust, tellers[i].origin.trust);
  return trust;
}

bool Story::is_told_by_decider() const noexcept {
  return std::any_of(tellers.begin(), tellers.begin() + tellers_count,
                     [](const Teller& teller) { return teller.origin.decides; });
}

const Teller& Story::teller_of(std::uint64_t item_key) const noexcept {
  return *std::find_if(tellers.begin(), tellers.begin() + tellers_count - 1,
                       [&](const Teller& teller) { return teller.item_key == item_key; });
}

SentSignal* Story::signal_of(const Symbol& instrument) noexcept {
  const auto end = signals.begin() + signals_count;
  const auto found = std::find_if(
      signals.begin(), end, [&](const SentSignal& sent) { return sent.instrument == instrument; });
  return found == end ? nullptr : &*found;
}

void Story::replace_facts(std::span<const Facts> now) noexcept {
  for (const Facts& old : told())
    former[former_count++ % kFormerMax] = old;
  facts_count = static_cast<std::uint8_t>(std::min(now.size(), facts.size()));
  std::copy_n(now.begin(), facts_count, facts.begin());
}

void Story::go_on(std::span<const Facts> now, bool alike) noexcept {
  for (const Facts& fact : now) {
    const auto end = facts.begin() + facts_count;
    const auto old = std::find_if(facts.begin(), end, [&](const Facts& told_fact) {
      return relate(told_fact, fact, alike) != Relation::None;
    });
    if (old == end) {
      if (facts_count < facts.size()) facts[facts_count++] = fact;
    } else if (relate(*old, fact, alike) == Relation::Changed) {
      former[former_count++ % kFormerMax] = *old;
      *old = fact;
    }
  }
}

bool Story::told_formerly(std::span<const Facts> now, bool alike) const noexcept {
  const std::size_t kept = std::min<std::size_t>(former_count, kFormerMax);
  const auto told_then = std::span(former).first(kept);
  return std::all_of(now.begin(), now.end(), [&](const Facts& fact) {
    const auto same = [&](const Facts& old) { return relate(old, fact, alike) == Relation::Same; };
    return std::any_of(told_then.begin(), told_then.end(), same);
  });
}

}  // namespace tariff
