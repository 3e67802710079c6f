#include "signals/reading/clauses.h"

#include <algorithm>

namespace tariff {
namespace {

/// A label before a colon ("TRUMP:", "China's commerce ministry:") is no longer than this.
constexpr std::size_t kLabelItemsMax = 9;

bool same_list(const Item& a, const Item& b) noexcept {
  // "to raise, expand tariffs": both stand behind the same "to" or "will".
  const bool verbs = a.has(Cue::FormBase) && b.has(Cue::FormBase) && a.has(Cue::Barrier) &&
                     b.has(Cue::Barrier) && !a.has(Cue::FormEd) && !b.has(Cue::FormEd);
  return verbs || (a.has(Cue::AnyPlace) && b.has(Cue::AnyPlace)) ||
         (a.has(Cue::Product) && b.has(Cue::Product)) ||
         (a.has(Cue::Additional) && b.has(Cue::Additional));
}

/// A comma between members of one list: "EU, China and Japan", "cars, Chinese trucks".
bool is_list_comma(std::span<const Item> items, std::size_t at) noexcept {
  if (at == 0 || at + 1 >= items.size()) return false;
  const Item& left = items[at - 1];
  // "to pay 15%, down from 25%"
  const bool old_rate =
      items[at + 1].has(Cue::PrepFrom) && at + 2 < items.size() && items[at + 2].has(Cue::Rate);
  if (old_rate) return true;
  for (std::size_t i = at + 1; i < std::min(items.size(), at + 4); ++i) {
    if (same_list(left, items[i])) return true;
    const bool list_word = items[i].has(Cue::And) || items[i].has(Cue::PlaceAdjective) ||
                           (items[i].meaning == nullptr && items[i].kind == TokenKind::Word);
    if (!list_word) return false;
  }
  return false;
}

/// "exempts filters, camera parts from tariffs", "hits Boeing, bourbon with duties": no verb stands
/// between the comma and the preposition that goes with the verb before it.
bool is_object_comma(std::span<const Item> items, std::size_t at) noexcept {
  std::size_t next = at + 1;
  while (next < items.size() && next < at + 5 && items[next].kind == TokenKind::Word &&
         !items[next].has(Cue::Barrier))
    ++next;
  const bool joined = next > at + 1 && next < items.size() &&
                      (items[next].has(Cue::PrepFrom) || items[next].has(Cue::PrepWith));
  for (std::size_t i = at; joined && i-- > 0 && i + 6 > at;) {
    if (items[i].kind != TokenKind::Word || items[i].has(Cue::Measure)) return false;
    if (items[i].has(Cue::Barrier)) {
      return i + 1 < at && (items[i].has(Cue::FormS) || items[i].has(Cue::FormBase));
    }
  }
  return false;
}

/// The comma that closes a list: "steel, aluminum, and other goods"; and one before a rate's past:
/// "to pay 15%, down from 25%".
void open_list_commas(std::span<Item> items) noexcept {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].kind != TokenKind::Comma) continue;
    const bool list = is_list_comma(items, i) || is_object_comma(items, i);
    const bool past =
        i + 2 < items.size() && items[i + 1].has(Cue::PrepFrom) && items[i + 2].has(Cue::Rate);
    if (!list && !past) continue;
    items[i].concepts = ConceptSet{};
    items[i].concepts.add(id_of(Cue::Word));
    if (list) items[i].concepts.add(id_of(Cue::And));
  }
}

bool is_joint(const Item& item) noexcept {
  return item.has(Cue::PrepFrom) || item.has(Cue::PrepTo) || item.has(Cue::PrepWith) ||
         item.has(Cue::PrepBy) || item.has(Cue::PrepFor);
}

/// "After talks with China, Trump raises ...", "tariffs to stay on Turkey, Qatar offers ...": the
/// place behind this comma has a verb of its own, and what stands before it is no list of subjects.
bool starts_clause(std::span<const Item> items, const Clause& open, std::size_t comma) noexcept {
  if (items[comma].kind != TokenKind::Comma || comma + 2 >= items.size()) return false;
  const Item& verb = items[comma + 2];
  if (!items[comma + 1].has(Cue::AnyPlace) || !verb.has(Cue::Barrier) || !verb.has(Cue::FormS))
    return false;
  if (open.kind != ClauseKind::Main) return true;
  // "to stay" is a phrase and has no form.
  return std::any_of(items.begin() + open.first, items.begin() + static_cast<std::ptrdiff_t>(comma),
                     [](const Item& item) { return item.has(Cue::Barrier) && !is_joint(item); });
}

bool is_voice(const Item& item) noexcept {
  return item.has(Cue::AnyPlace) || item.has(Cue::Outsider) || item.has(Cue::Sources) ||
         item.has(Cue::Official);
}

/// The one who speaks in items[first, end): somebody who decides before a bare place name.
std::uint16_t voice_in(std::span<const Item> items, std::size_t first, std::size_t end) noexcept {
  std::uint16_t best = Sentence::kNobody;
  for (std::size_t i = first; i < end; ++i) {
    if (!is_voice(items[i])) continue;
    // "欧盟对华关税：": only Chinese names the target before the colon.
    const bool target = i > first && items[i].has(Cue::Ideograph) && items[i - 1].has(Cue::PrepOn);
    if (target) continue;
    // "China's commerce ministry": the ministry is China's voice, and only "China" says whose.
    const bool known = best != Sentence::kNobody && items[best].has(Cue::AnyPlace);
    if (known && !items[i].has(Cue::AnyPlace) && !items[i].has(Cue::Outsider)) continue;
    const bool better = best == Sentence::kNobody || items[best].has(Cue::Possessive) ||
                        items[i].has(Cue::Decider) || items[i].has(Cue::Outsider) ||
                        items[best].has(Cue::PlaceAdjective);
    if (better) best = static_cast<std::uint16_t>(i);
  }
  return best;
}

/// "over 100%".
bool is_amount(const Item& item) noexcept {
  return item.has(Cue::Number) || item.has(Cue::Rate) || item.has(Cue::Money);
}

/// "25% on Mexico and 10% on China": two events, so two clauses.
bool goes_on_with_rate(std::span<const Item> items, std::size_t at) noexcept {
  if (!items[at].has(Cue::And) || at + 2 >= items.size()) return false;
  const std::size_t rate = items[at + 1].has(Cue::Additional) ? at + 2 : at + 1;
  return items[rate].has(Cue::Rate) && rate + 1 < items.size() && items[rate + 1].has(Cue::PrepOn);
}

/// "after Trump threatens new tariffs": the present tense tells news, unlike "threatened".
bool tells_news(std::span<const Item> items, std::size_t first) noexcept {
  for (std::size_t i = first; i < items.size() && i < first + 4; ++i) {
    if (items[i].has(Cue::Barrier)) {
      return i > first && items[i].has(Cue::FormS) && items[i - 1].has(Cue::AnyPlace);
    }
  }
  return false;
}

ClauseKind kind_of_opener(const Item& item, bool& opens) noexcept {
  opens = true;
  if (item.has(Cue::OpensCondition)) return ClauseKind::Condition;
  if (item.has(Cue::OpensBackground)) return ClauseKind::Background;
  if (item.has(Cue::OpensCause)) return ClauseKind::Cause;
  opens = item.has(Cue::OpensMain);
  return ClauseKind::Main;
}

}  // namespace

void ClauseList::open_clause(std::size_t first, ClauseKind kind) noexcept {
  open_ = Clause{};
  open_.first = static_cast<std::uint16_t>(first);
  open_.opener = open_.first;
  open_.kind = kind;
}

void ClauseList::close_clause(std::span<Item> items, std::size_t end) noexcept {
  open_.end = static_cast<std::uint16_t>(end);
  if (open_.end <= open_.first || clauses_count_ == kClausesMax) return;
  for (std::size_t i = open_.first; i < end; ++i)
    open_.present |= items[i].concepts;
  // "in response to the virus" answers nobody.
  Item& opener = items[open_.opener];
  if (open_.opener < open_.first && opener.has(Cue::Retaliation) &&
      !open_.present.has(id_of(Cue::Measure)) && !open_.present.has(id_of(Cue::AnyPlace))) {
    opener.concepts.remove(id_of(Cue::Retaliation));
  } else if (open_.opener < open_.first) {
    open_sentence_.present |= opener.concepts;
  }
  open_.sentence = static_cast<std::uint16_t>(sentences_count_);
  open_sentence_.present |= open_.present;
  present_ |= open_.present;
  open_sentence_.conditional = open_sentence_.conditional || open_.kind == ClauseKind::Condition;
  clauses_[clauses_count_++] = open_;
}

void ClauseList::close_sentence(std::span<Item> items, std::size_t end) noexcept {
  Sentence& sentence = open_sentence_;
  sentence.clause_end = static_cast<std::uint16_t>(clauses_count_);
  if (sentence.clause_end == sentence.clause_first || sentences_count_ == kClausesMax) return;
  sentence.end = static_cast<std::uint16_t>(end);
  find_speaker(items, sentence);
  sentences_[sentences_count_++] = sentence;
}

void ClauseList::assign(std::span<Item> items) noexcept {
  clauses_count_ = 0;
  sentences_count_ = 0;
  present_ = ConceptSet{};
  open_list_commas(items);
  open_sentence_ = Sentence{};
  open_clause(0, ClauseKind::Main);
  bool moved = false;  // a market word, and no measure since, in the open clause
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    if (i == open_.first) moved = false;
    if (item.kind == TokenKind::Word) {
      moved = (moved || item.has(Cue::MarketWord)) && !item.has(Cue::Measure);
      bool opens = false;
      const ClauseKind kind = kind_of_opener(item, opens);
      // "after 90 days" opens nothing, and neither does the last word of a sentence ("is over").
      const bool last = i + 1 == items.size() || !items[i + 1].has(Cue::Word);
      if (opens && !last && !is_amount(items[i + 1])) {
        close_clause(items, i);
        open_clause(i + 1, kind);
        open_.opener = static_cast<std::uint16_t>(i);
        const bool market_move = open_sentence_.present.has(id_of(Cue::MarketWord));
        if (item.has(Cue::OpensAftermath) && (market_move || tells_news(items, i + 1))) {
          open_.kind = ClauseKind::Cause;
        }
        // "As US raises tariffs, China ...": what opens a sentence is known, what ends one is news.
        if (kind == ClauseKind::Cause && i == open_sentence_.first) {
          open_.kind = ClauseKind::Background;
        }
      } else if (moved && !last && item.has(Cue::PrepOn) && !is_amount(items[i + 1])) {
        // "Stocks sink on China plan to raise tariffs": what stands behind "on" moved them.
        close_clause(items, i);
        open_clause(i + 1, ClauseKind::Cause);
      } else if (goes_on_with_rate(items, i)) {
        const ClauseKind goes_on = open_.kind;
        close_clause(items, i);
        open_clause(i + 1, goes_on);
      } else if (item.has(Cue::Say)) {
        const ClauseKind goes_on = open_.kind;
        // "tells Tokyo, Seoul duty will be ...": who is told belongs to the telling.
        if (item.has(Cue::PrepTo)) {
          while (i + 1 < items.size() && (is_voice(items[i + 1]) || items[i + 1].has(Cue::And)))
            ++i;
        }
        close_clause(items, i + 1);
        open_clause(item.has(Cue::Deed) ? i : i + 1, goes_on);
      }
      continue;
    }
    if (starts_clause(items, open_, i)) {
      items[i].concepts = ConceptSet{};
      items[i].concepts.add(id_of(Cue::Comma));
    }
    const bool list_comma = item.kind == TokenKind::Comma && item.has(Cue::Word);
    if (item.kind == TokenKind::Number || item.kind == TokenKind::Date || list_comma) continue;
    open_sentence_.present |= item.concepts;  // frames look at marks too
    open_.label = item.kind == TokenKind::Colon && i - open_.first <= kLabelItemsMax;
    close_clause(items, i);
    const bool ends_sentence = item.kind == TokenKind::Stop || item.kind == TokenKind::Break ||
                               item.kind == TokenKind::Question;
    if (ends_sentence) {
      close_sentence(items, item.kind == TokenKind::Question ? i + 1 : i);
      open_sentence_ = Sentence{};
      open_sentence_.first = static_cast<std::uint16_t>(i + 1);
      open_sentence_.clause_first = static_cast<std::uint16_t>(clauses_count_);
    }
    open_clause(i + 1, ClauseKind::Main);
  }
  close_clause(items, items.size());
  close_sentence(items, items.size());
}

/// "Trump says ...", "..., Trump says", "TRUMP: ...": who it is; a label wins over a verb.
void ClauseList::find_speaker(std::span<Item> items, Sentence& sentence) const noexcept {
  for (std::size_t c = sentence.clause_first; c < sentence.clause_end; ++c) {
    const Clause& clause = clauses_[c];
    std::size_t say = clause.end - 1U;
    while (say > clause.first && !items[say].has(Cue::Say))
      --say;
    const bool says = items[say].has(Cue::Say);
    if (!clause.label && !says) continue;
    const std::uint16_t voice = voice_in(items, clause.first, says ? say + 1 : clause.end);
    if (voice == Sentence::kNobody) continue;
    sentence.speaker = voice;
    return;
  }
}

}  // namespace tariff
