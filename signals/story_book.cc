#include "signals/story_book.h"

#include <algorithm>
#include <bit>

#include "core/hash.h"

namespace tariff {
namespace {

template <std::size_t N>
std::uint64_t hash_places(const PlaceList<N>& places) noexcept {
  std::uint64_t sum = 0;  // a sum, so that the order of the places does not matter
  for (const Place& place : places)
    sum += hash_text(place.view());
  return sum;
}

/// A bit per place; one that names none may be about anybody.
std::uint64_t places_of(std::span<const Facts> facts) noexcept {
  std::uint64_t bits = 0;
  const auto add = [&](Place place) { bits |= std::uint64_t{1} << (hash_text(place.view()) % 64); };
  for (const Facts& fact : facts) {
    std::for_each(fact.actors.begin(), fact.actors.end(), add);
    std::for_each(fact.targets.begin(), fact.targets.end(), add);
    if (fact.actors.empty() && fact.targets.empty()) bits = ~std::uint64_t{0};
  }
  return bits;
}

std::uint64_t hash_fact(const Facts& fact) noexcept {
  std::uint64_t hash = hash_number(static_cast<std::uint64_t>(fact.action) << 16U |
                                   static_cast<std::uint64_t>(fact.measure) << 8U | fact.flags);
  hash = hash_number(hash_places(fact.actors), hash);
  hash = hash_number(hash_places(fact.targets), hash);
  hash = hash_number(fact.products, hash);
  hash = hash_number(fact.has_rate() ? std::bit_cast<std::uint32_t>(fact.rate_pct) : 0, hash);
  return hash_number(static_cast<std::uint64_t>(fact.effective_yyyymmdd), hash);
}

}  // namespace

std::uint32_t StoryBook::Index::find(std::uint64_t key) const noexcept {
  for (const Entry& entry : buckets_[key % kBuckets].entries) {
    if (entry.key == key) return entry.place;
  }
  return kNowhere;
}

void StoryBook::Index::put(std::uint64_t key, std::uint32_t place) noexcept {
  Bucket& bucket = buckets_[key % kBuckets];
  for (Entry& entry : bucket.entries) {
    if (entry.key == key) {
      entry.place = place;
      return;
    }
  }
  bucket.entries[bucket.next++ % kWays] = {key, place};
}

StoryBook::StoryBook(std::int64_t window_ns)
    : window_ns_(window_ns), stories_(kStoriesMax), places_(kStoriesMax) {}

Story* StoryBook::fresh(std::uint32_t place, WallNs now) noexcept {
  if (place == kNowhere) return nullptr;
  Story& story = stories_[place];
  // Within the window on either side: a file that is replayed need not be in the order of time.
  const std::int64_t since_ns = now - story.told_at;
  return since_ns <= window_ns_ && -since_ns <= window_ns_ ? &story : nullptr;
}

Story* StoryBook::find_item(std::uint64_t item_key, WallNs now) noexcept {
  Story* story = fresh(by_item_.find(item_key), now);
  return story != nullptr && story->is_told_by_item(item_key) ? story : nullptr;
}

Story* StoryBook::find_facts(std::uint64_t facts_key, WallNs now) noexcept {
  Story* story = fresh(by_facts_.find(facts_key), now);
  return story != nullptr && story->facts_key == facts_key ? story : nullptr;
}

Related StoryBook::find_related(std::span<const Facts> facts, const Wording& wording,
                                WallNs now) noexcept {
  const std::uint64_t places = places_of(facts);
  Related best;
  std::size_t compared = 0;
  for (std::uint32_t back = 1; back <= kRelatedMax && compared < kComparedMax; ++back) {
    const std::uint32_t place = (next_ - back) % kStoriesMax;
    if ((places_[place] & places) == 0) continue;
    ++compared;
    Story* story = fresh(place, now);
    if (story == nullptr || story->facts_key == 0) continue;
    const bool alike = story->wording.is_like(wording);
    Related found{.story = story, .relation = relate(story->told(), facts, alike)};
    found.formerly = found.relation != Relation::Same && story->told_formerly(facts, alike);
    if (found.relation == Relation::Same) return found;
    if (best.story == nullptr && (found.relation != Relation::None || found.formerly)) best = found;
  }
  return best;
}

Story* StoryBook::find_wording(const Wording& wording, std::uint64_t source_key,
                               WallNs now) noexcept {
  for (std::uint32_t back = 1; back <= kRelatedMax; ++back) {
    Story* story = fresh((next_ - back) % kStoriesMax, now);
    if (story == nullptr || story->facts_key == 0) continue;
    if (story->is_told_by_source(source_key) && story->wording.is_like(wording)) return story;
  }
  return nullptr;
}

Story& StoryBook::add(std::uint64_t facts_key, std::span<const Facts> facts, const Wording& wording,
                      const Teller& teller, WallNs now) noexcept {
  Story& story = stories_[next_++ % kStoriesMax];
  story = Story{};
  story.told_at = now;
  story.wording = wording;
  retell(story, facts_key, facts, teller);
  return story;
}

void StoryBook::go_on(Story& story, std::uint64_t facts_key, std::span<const Facts> facts,
                      const Wording& wording, const Teller& teller, WallNs now) noexcept {
  story.go_on(facts, story.wording.is_like(wording));
  story.wording = wording;
  story.told_at = now;
  story.tellers_count = 0;
  join(story, teller);
  story.facts_key = facts_key;
  by_facts_.put(facts_key, place_of(story));
  note_places(story);
}

void StoryBook::note_places(const Story& story) noexcept {
  places_[place_of(story)] = places_of(story.told());
}

void StoryBook::join(Story& story, const Teller& teller) noexcept {
  if (story.tellers_count == Story::kTellersMax) return;
  story.tellers[story.tellers_count++] = teller;
  by_item_.put(teller.item_key, place_of(story));
}

void StoryBook::leave(Story& story, std::uint64_t item_key) noexcept {
  const auto end = story.tellers.begin() + story.tellers_count;
  const auto kept = std::remove_if(story.tellers.begin(), end, [&](const Teller& teller) {
    return teller.item_key == item_key;
  });
  story.tellers_count = static_cast<std::uint8_t>(kept - story.tellers.begin());
}

void StoryBook::withdraw(Story& story) noexcept {
  story.facts_key = 0;
  story.tellers_count = 1;
}

void StoryBook::retell(Story& story, std::uint64_t facts_key, std::span<const Facts> facts,
                       const Teller& teller) noexcept {
  story.tellers_count = 0;
  join(story, teller);
  story.facts_key = facts_key;
  story.replace_facts(facts);
  by_facts_.put(facts_key, place_of(story));
  note_places(story);
}

void StoryBook::forget(Story& story) noexcept {
  story.facts_key = 0;
  story.tellers_count = 0;
  places_[place_of(story)] = 0;
}

std::uint64_t StoryBook::item_key(const Headline& headline) noexcept {
  // A feed without ids tells every item once: its text stands for the id.
  const std::string_view id = headline.item_id.empty() ? headline.text() : headline.item_id.view();
  return hash_text(id, hash_number(static_cast<std::uint64_t>(headline.feed))) | 1U;
}

std::uint64_t StoryBook::facts_key(std::span<const Facts> facts) noexcept {
  std::uint64_t sum = 0;
  for (const Facts& fact : facts)
    sum += hash_fact(fact);
  return sum | 1U;  // never 0, which marks facts that no longer hold
}

}  // namespace tariff
