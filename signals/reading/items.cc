#include "signals/reading/items.h"

#include <algorithm>

namespace tariff {
namespace {

void mark(Item& item, Cue cue) noexcept {
  item.concepts.add(id_of(cue));
}

bool is_day(const Item& item) noexcept {
  return item.kind == TokenKind::Number && !item.has(Cue::Rate) && !item.has(Cue::Money) &&
         item.value >= 1 && item.value <= 31 && item.value == static_cast<int>(item.value);
}
bool is_year(const Item& item) noexcept {
  return item.has(Cue::Year);
}

std::string_view token_text(const FoldedText& text, const Token& token) noexcept {
  return text.view().substr(token.begin, static_cast<std::size_t>(token.end - token.begin));
}

}  // namespace

Item& ItemList::add(TokenKind kind, std::size_t first, std::size_t last) noexcept {
  Item& item = items_[count_++];
  item = Item{};
  item.kind = kind;
  item.token_first = static_cast<std::uint16_t>(first);
  item.token_last = static_cast<std::uint16_t>(last);
  return item;
}

void ItemList::assign(const Lexicon& lexicon, const FoldedText& text,
                      const TokenList& tokens) noexcept {
  count_ = 0;
  // Once a token, however many phrases it might be part of.
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool in_phrases =
        tokens[i].kind == TokenKind::Word || tokens[i].kind == TokenKind::Number;
    words_[i] = in_phrases ? lexicon.find_word(token_text(text, tokens[i])) : Lexicon::kNone;
  }
  for (std::size_t i = 0; i < tokens.size() && count_ + 2 < items_.size();) {
    const Token& token = tokens[i];
    if (token.has(Token::kBreakBefore) && token.kind == TokenKind::Word) {
      add(TokenKind::Break, i, i);
    }
    if (token.kind == TokenKind::Word) {
      i = take_word(lexicon, tokens, i);
    } else if (token.kind == TokenKind::Number || token.kind == TokenKind::Date) {
      // "301 probe", "9/11": a phrase that begins with a number.
      const std::size_t next = take_word(lexicon, tokens, i);
      if (next == i) take_number(tokens, i);
      i = next == i ? i + 1 : next;
    } else {
      take_mark(tokens, i);
      ++i;
    }
  }
  join_numbers(tokens);
}

/// The longest phrase at `at`. A number that begins none is left alone: returns `at`.
std::size_t ItemList::take_word(const Lexicon& lexicon, const TokenList& tokens,
                                std::size_t at) noexcept {
  const Meaning* found = nullptr;
  std::size_t last = at;
  std::uint32_t node = 0;
  for (std::size_t i = at; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind != TokenKind::Word && token.kind != TokenKind::Number) break;
    if (i > at && token.has(Token::kBreakBefore)) break;
    node = lexicon.child(node, words_[i]);
    if (node == Lexicon::kNone) break;
    if (const Meaning* meaning = lexicon.meaning(node)) {
      found = meaning;
      last = i;
    }
    if (!lexicon.has_children(node)) break;
  }
  if (found == nullptr && tokens[at].kind != TokenKind::Word) return at;
  if (found != nullptr && found->concepts.has(id_of(Cue::Filler))) return last + 1;
  if (found == nullptr && goes_on_unknown(tokens, at)) {
    items_[count_ - 1].token_last = static_cast<std::uint16_t>(at);
    return at + 1;
  }
  Item& item = add(TokenKind::Word, at, last);
  item.meaning = found;
  if (found != nullptr) item.concepts = found->concepts;
  const bool small_us =
      item.has(Cue::Pronoun) && !tokens[at].has(Token::kUpper) && tokens.mixed_case();
  if (small_us) {
    item.meaning = nullptr;
    item.concepts = ConceptSet{};
    mark(item, Cue::FirstPerson);
  }
  mark(item, Cue::Word);
  if (tokens[last].has(Token::kPossessive)) mark(item, Cue::Possessive);
  if (tokens[last].has(Token::kHyphen)) mark(item, Cue::Hyphen);
  if (tokens[at].has(Token::kUpper)) mark(item, Cue::Upper);
  if (tokens[at].has(Token::kIdeograph)) mark(item, Cue::Ideograph);
  return last + 1;
}

/// Ideographs that nobody knows are one word as long as they touch: only the lexicon can part them.
bool ItemList::goes_on_unknown(const TokenList& tokens, std::size_t at) const noexcept {
  if (count_ == 0 || !tokens[at].has(Token::kIdeograph)) return false;
  const Item& before = items_[count_ - 1];
  return before.meaning == nullptr && before.has(Cue::Ideograph) &&
         tokens[before.token_last].end == tokens[at].begin;
}

void ItemList::take_number(const TokenList& tokens, std::size_t at) noexcept {
  const Token& token = tokens[at];
  Item& item = add(token.kind, at, at);
  mark(item, Cue::Word);
  item.value = token.value;
  if (token.has(Token::kHyphen)) mark(item, Cue::Hyphen);
  if (token.kind == TokenKind::Date) {
    mark(item, Cue::Date);
    item.date = static_cast<std::int32_t>(token.value);
    return;
  }
  mark(item, token.has(Token::kMoney)     ? Cue::Money
             : token.has(Token::kPercent) ? Cue::Rate
                                          : Cue::Number);
  const bool year = item.value >= 1900 && item.value < 2100 && item.has(Cue::Number) &&
                    token.end - token.begin == 4;
  if (year) mark(item, Cue::Year);
}

void ItemList::take_mark(const TokenList& tokens, std::size_t at) noexcept {
  Item& item = add(tokens[at].kind, at, at);
  switch (tokens[at].kind) {
    case TokenKind::Comma:
      mark(item, Cue::Comma);
      break;
    case TokenKind::Colon:
      mark(item, Cue::Colon);
      break;
    case TokenKind::Dash:
      mark(item, Cue::Dash);
      break;
    case TokenKind::Question:
      mark(item, Cue::Question);
      break;
    default:
      break;
  }
}

/// "25 percent", "$34 billion", "Nov. 1, 2025", "1 November", "zero": several items become one.
void ItemList::join_numbers(const TokenList& tokens) noexcept {
  std::size_t out = 0;
  const auto at = [&](std::size_t i) -> const Item& {
    static constexpr Item kNothing{};
    return i < count_ ? items_[i] : kNothing;
  };
  for (std::size_t i = 0; i < count_;) {
    Item item = items_[i];
    std::size_t next = i + 1;
    const bool dot = at(next).kind == TokenKind::Stop;
    if (item.has(Cue::Month) && item.meaning != nullptr && item.meaning->number > 0) {
      const std::size_t day = dot && is_day(at(next + 1)) ? next + 1 : next;
      const bool percent = at(day + 1).has(Cue::PercentWord) || at(day + 1).has(Cue::Magnitude);
      if (is_day(at(day)) && !percent) {
        item.date = item.meaning->number * 100 + static_cast<std::int32_t>(at(day).value);
        next = day + 1;
      }
    } else if (is_day(item) && at(next).has(Cue::PrepOf) && at(next + 1).has(Cue::Month)) {
      item.date = at(next + 1).meaning->number * 100 + static_cast<std::int32_t>(item.value);
      next += 2;
    } else if (is_day(item) && at(next).has(Cue::Month) && at(next).meaning != nullptr &&
               !item.has(Cue::Hyphen)) {
      item.date = at(next).meaning->number * 100 + static_cast<std::int32_t>(item.value);
      next += at(next + 1).kind == TokenKind::Stop && is_year(at(next + 2)) ? 2 : 1;
    } else if (item.kind == TokenKind::Number && at(next).has(Cue::PercentWord)) {
      mark(item, Cue::Rate);
      ++next;
    } else if (item.kind == TokenKind::Number && at(next).has(Cue::PointsWord)) {
      item.concepts = ConceptSet{};
      mark(item, Cue::Word);
      mark(item, Cue::Number);
      ++next;
    } else if (item.kind == TokenKind::Number && at(next).has(Cue::Magnitude)) {
      item.concepts = ConceptSet{};
      mark(item, Cue::Word);
      mark(item, Cue::Money);
      if (at(next).has(Cue::RelativeDate)) mark(item, Cue::RelativeDate);
      ++next;
    } else if (item.has(Cue::Date) && tokens[item.token_first].has(Token::kIdeograph)) {
      // "自12月1日起", "至11月10日"; without such a word it is the day on which somebody spoke.
      const Item before = out == 0 ? Item{} : items_[out - 1];
      const bool start = before.has(Cue::DateStart) || at(next).has(Cue::DateStart);
      if (!start && !before.has(Cue::DateUntil) && !before.has(Cue::PrepTo)) {
        item.concepts = ConceptSet{};
        mark(item, Cue::Word);
      }
    } else if (item.has(Cue::Zero)) {
      mark(item, Cue::Rate);
    } else if (item.has(Cue::Abbreviation) && dot) {
      ++next;
    }
    if (item.date != 0 && item.kind != TokenKind::Date) {
      const std::size_t year = at(next).kind == TokenKind::Comma ? next + 1 : next;
      if (is_year(at(year))) {
        item.date += static_cast<std::int32_t>(at(year).value) * 10'000;
        next = year + 1;
      }
      item.kind = TokenKind::Date;
      item.concepts = ConceptSet{};
      mark(item, Cue::Word);
      mark(item, Cue::Date);
    }
    if (next > i + 1) item.token_last = items_[next - 1].token_last;
    items_[out++] = item;
    i = next;
  }
  count_ = out;
}

}  // namespace tariff
