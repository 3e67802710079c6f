#include "signals/provenance.h"

#include <algorithm>
#include <utility>

namespace tariff {
namespace {

constexpr std::array<std::pair<std::string_view, Mark>, 5> kMarkKeys{
    {{"test", Mark::Test},
     {"embargo", Mark::Embargo},
     {"repeat", Mark::Repeat},
     {"corrected", Mark::Corrected},
     {"withdrawn", Mark::Withdrawn}}};

constexpr std::uint64_t bit_of(std::uint64_t hash) noexcept {
  return std::uint64_t{1} << (hash % 64);
}

}  // namespace

Provenance::Phrase Provenance::phrase_of(std::string_view text) {
  WordList words;
  words.assign(text);
  Phrase phrase;
  const std::size_t count = std::min(words.view().size(), Phrase::kWordsMax);
  for (std::size_t i = 0; i < count; ++i)
    phrase.words[i] = words.view()[i].hash;
  phrase.count = static_cast<std::uint8_t>(count);
  phrase.before_sign = text.ends_with(':');
  return phrase;
}

std::vector<Provenance::Phrase> Provenance::read_phrases(Section& section, std::string_view key) {
  std::vector<Phrase> phrases;
  for (const std::string& text : section.get_strings(key)) {
    WordList words;
    words.assign(text);
    if (words.view().empty() || words.view().size() > Phrase::kWordsMax) {
      section.error(key, "holds a phrase that has not one to four words");
      continue;
    }
    phrases.push_back(phrase_of(text));
  }
  return phrases;
}

void Provenance::read_marks(Section& section) {
  for (const auto& [key, mark] : kMarkKeys) {
    for (const Phrase& phrase : read_phrases(section, key))
      tags_.push_back({phrase, mark});
  }
  section.finish();
}

void Provenance::read_citations(Section& section) {
  before_ = read_phrases(section, "before");
  before_any_ = read_phrases(section, "before_any");
  after_ = read_phrases(section, "after");
  for (const auto* phrases : {&before_, &before_any_, &after_}) {
    for (const Phrase& phrase : *phrases)
      cue_bits_ |= bit_of(phrase.words[0]);
  }
  section.finish();
}

void Provenance::add_name(std::string_view name, NameIndex index) {
  names_.push_back({phrase_of(name), index});
}

Marked Provenance::mark_of(const WordList& words) const noexcept {
  Marked marked;
  std::size_t place = 0;
  // "TEST - REPEAT - ...": the tag that weighs most comes first in the enumeration.
  for (bool found = true; found;) {
    found = false;
    for (const Tag& tag : tags_) {
      if (!words.has_at(place, tag.phrase.view())) continue;
      const std::size_t end = place + tag.phrase.count;
      if (tag.phrase.before_sign && !words.view()[end - 1].before_sign) continue;
      if (marked.mark == Mark::None || tag.mark < marked.mark) marked.mark = tag.mark;
      place = end;
      found = true;
      break;
    }
  }
  if (place > 0 && place < words.view().size()) marked.body_at = words.view()[place].begin;
  return marked;
}

const Provenance::Name* Provenance::name_at(const WordList& words,
                                            std::size_t place) const noexcept {
  for (const Name& name : names_) {
    if (words.has_at(place, name.phrase.view())) return &name;
  }
  return nullptr;
}

const Provenance::Name* Provenance::name_until(const WordList& words,
                                               std::size_t end) const noexcept {
  for (const Name& name : names_) {
    const std::size_t count = name.phrase.count;
    if (count <= end && words.has_at(end - count, name.phrase.view())) return &name;
  }
  return nullptr;
}

std::optional<Provenance::NameIndex> Provenance::cited_by(const WordList& words) const noexcept {
  const std::size_t size = words.view().size();
  if (const Name* name = name_until(words, size)) {
    if (words.view()[size - name->phrase.count].set_off) return name->index;  // "... -CNBC"
  }
  for (std::size_t place = 0; place < size; ++place) {
    if ((cue_bits_ & bit_of(words.view()[place].hash)) == 0) continue;
    const auto stands = [&](const Phrase& phrase) { return words.has_at(place, phrase.view()); };
    for (const Phrase& cue : before_) {
      if (!stands(cue)) continue;
      if (const Name* name = name_at(words, place + cue.count)) return name->index;
    }
    for (const Phrase& cue : before_any_) {
      if (!stands(cue) || place + cue.count >= size) continue;
      if (cue.before_sign && !words.view()[place + cue.count - 1].before_sign) continue;
      const Name* name = name_at(words, place + cue.count);
      return name != nullptr ? name->index : kUnknownName;
    }
    for (const Phrase& cue : after_) {
      if (!stands(cue)) continue;
      if (const Name* name = name_until(words, place)) return name->index;
    }
  }
  return std::nullopt;
}

}  // namespace tariff
