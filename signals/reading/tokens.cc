#include "signals/reading/tokens.h"

#include <algorithm>

#include "signals/reading/ideographs.h"

namespace tariff {
namespace {

enum Class : std::uint8_t { kOther, kLetter, kDigit, kSpace, kWide };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 'a'; c <= 'z'; ++c)
    classes[c] = kLetter;
  for (std::size_t c = '0'; c <= '9'; ++c)
    classes[c] = kDigit;
  classes[' '] = kSpace;
  classes['_'] = kSpace;
  for (std::size_t c = 0x80; c < 0xE3; ++c)
    classes[c] = kLetter;  // Cyrillic, Greek and the bytes inside any sequence
  for (std::size_t c = 0xE3; c <= 0xFF; ++c)
    classes[c] = kWide;  // ideographs and kana: a word each
  return classes;
}
constexpr std::array<std::uint8_t, 256> kClasses = make_classes();

std::uint8_t class_at(std::string_view s, std::size_t at) noexcept {
  return at < s.size() ? kClasses[static_cast<unsigned char>(s[at])] : std::uint8_t{kSpace};
}
char char_at(std::string_view s, std::size_t at) noexcept {
  return at < s.size() ? s[at] : ' ';
}
bool is_digit(std::string_view s, std::size_t at) noexcept {
  return class_at(s, at) == kDigit;
}
bool is_word_class(std::uint8_t c) noexcept {
  return c == kLetter || c == kDigit;
}

struct Digits {
  int value = 0;
  std::size_t end = 0;
};
Digits read_digits(std::string_view s, std::size_t at, std::size_t digits_max) noexcept {
  Digits result{0, at};
  while (is_digit(s, result.end) && result.end < at + digits_max) {
    result.value = result.value * 10 + (s[result.end] - '0');
    ++result.end;
  }
  return result;
}

/// A lead has at least so many words in capitals before prose may be glued to it.
constexpr int kLeadWordsMin = 4;

}  // namespace

Token& TokenList::add(TokenKind kind, std::size_t begin, std::size_t end) noexcept {
  Token& token = tokens_[count_++];
  token = Token{};
  token.kind = kind;
  token.begin = static_cast<std::uint16_t>(begin);
  token.end = static_cast<std::uint16_t>(end);
  return token;
}

void TokenList::assign(const FoldedText& text) noexcept {
  count_ = 0;
  capitals_ = false;
  smalls_ = false;
  const std::string_view s = text.view();
  std::size_t at = 0;
  while (at < s.size() && count_ < kTokensMax) {
    switch (class_at(s, at)) {
      case kSpace:
        ++at;
        break;
      case kLetter:
        at = take_word(text, at);
        break;
      case kDigit:
        at = take_number(s, at);
        break;
      case kWide:
        at = take_wide(s, at);
        break;
      default:
        at = take_mark(s, at);
    }
  }
  cut_ = at < s.size();
  find_glued_prose();
}

void TokenList::set_case(const FoldedText& text, Token& token) noexcept {
  bool all = true;
  for (std::size_t i = token.begin; i < token.end; ++i) {
    if (class_at(text.view(), i) == kLetter) all = all && text.was_upper(i);
  }
  if (all) token.flags |= Token::kUpper;
  if (text.was_upper(token.begin)) token.flags |= Token::kCapital;
  (all ? capitals_ : smalls_) = true;
}

/// Letters and digits, dots between single letters ("u.s."), apostrophes inside.
std::size_t TokenList::take_word(const FoldedText& text, std::size_t at) noexcept {
  const std::string_view s = text.view();
  std::size_t end = at + 1;
  const bool initials = char_at(s, at + 1) == '.' && class_at(s, at + 2) == kLetter &&
                        !is_word_class(class_at(s, at + 3));
  if (initials) {
    end = at + 1;
    while (char_at(s, end) == '.' && class_at(s, end + 1) == kLetter &&
           !is_word_class(class_at(s, end + 2)))
      end += 2;
  } else {
    while (is_word_class(class_at(s, end)) ||
           (s[end < s.size() ? end : at] == '\'' && class_at(s, end + 1) == kLetter))
      ++end;
  }
  Token& token = add(TokenKind::Word, at, end);
  if (end - at > 2 && s[end - 1] == 's' && s[end - 2] == '\'') {
    token.end = static_cast<std::uint16_t>(end - 2);
    token.flags |= Token::kPossessive;
  }
  set_case(text, token);
  std::size_t next = end;
  const bool initial = initials || end - at == 1;  // "U.S.", "S. Korea"
  if (initial && char_at(s, next) == '.') ++next;
  if (char_at(s, next) == '\'' && char_at(s, next + 1) == 's' &&
      !is_word_class(class_at(s, next + 2))) {
    token.flags |= Token::kPossessive;
    next += 2;
  } else if (char_at(s, next) == '\'' && s[end - 1] == 's' && class_at(s, next + 1) == kSpace) {
    token.flags |= Token::kPossessive;  // "partners' tariffs"
    ++next;
  }
  if ((char_at(s, next) == '-' || char_at(s, next) == '/') &&
      is_word_class(class_at(s, next + 1))) {
    token.flags |= Token::kHyphen;
    ++next;
  }
  return next;
}

/// A letter of its own: an ideograph, kana. Chinese needs no space between words, so one that
/// stands between ideographs parts clauses.
std::size_t TokenList::take_wide(std::string_view s, std::size_t at) noexcept {
  const ideographs::Spelled percent = ideographs::read_percent(s, at);
  const bool spelled = percent.end > at;
  const std::size_t end =
      spelled ? percent.end : std::min(s.size(), at + (s[at] >= '\xF0' ? 4U : 3U));
  Token& token = add(spelled ? TokenKind::Number : TokenKind::Word, at, end);
  token.value = percent.value;
  if (spelled) token.flags |= Token::kPercent;
  if (!ideographs::begins_at(s, at)) return end;
  token.flags |= Token::kIdeograph;
  const bool parts = char_at(s, end) == ' ' && ideographs::begins_at(s, end + 1);
  if (!parts || count_ == kTokensMax) return end;
  add(TokenKind::Comma, end, end + 1);
  return end + 1;
}

/// 11/1, 11/1/2025, 2025-11-01, 2025年11月1日; returns `at` if there is no such date.
std::size_t TokenList::take_number_date(std::string_view s, std::size_t at) noexcept {
  const Digits first = read_digits(s, at, 4);
  if (class_at(s, first.end) == kWide) {
    const ideographs::Spelled date = ideographs::read_date(s, at);
    if (date.end == at) return at;
    Token& token = add(TokenKind::Date, at, date.end);
    token.value = date.value;
    token.flags |= Token::kIdeograph;
    return date.end;
  }
  const char mark = char_at(s, first.end);
  if ((mark != '/' && mark != '-') || !is_digit(s, first.end + 1)) return at;
  const Digits second = read_digits(s, first.end + 1, 2);
  int year = 0;
  int month = first.value;
  int day = second.value;
  std::size_t end = second.end;
  if (mark == '-') {
    if (first.end - at != 4 || char_at(s, end) != '-' || !is_digit(s, end + 1)) return at;
    const Digits third = read_digits(s, end + 1, 2);
    year = first.value;
    month = second.value;
    day = third.value;
    end = third.end;
  } else if (char_at(s, end) == '/' && is_digit(s, end + 1)) {
    const Digits third = read_digits(s, end + 1, 4);
    year = third.end - end == 3 ? 2000 + third.value : third.value;
    end = third.end;
  }
  const bool plausible = month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
                         (year == 0 || (year >= 1900 && year < 2100));
  if (!plausible || is_word_class(class_at(s, end)) || char_at(s, end) == '%') return at;
  add(TokenKind::Date, at, end).value = year * 10'000 + month * 100 + day;
  return end;
}

/// Digits with commas between thousands and a decimal point; sign, percent or suffix glued to it.
std::size_t TokenList::take_number(std::string_view s, std::size_t at) noexcept {
  const bool money = at > 0 && s[at - 1] == '$';
  if (const std::size_t end = take_number_date(s, at); end != at) return end;
  double value = 0;
  std::size_t end = at;
  for (; is_digit(s, end) || (char_at(s, end) == ',' && is_digit(s, end + 1) &&
                              is_digit(s, end + 2) && is_digit(s, end + 3));
       ++end) {
    if (s[end] != ',' && value < 1e15) value = value * 10 + (s[end] - '0');
  }
  if (char_at(s, end) == '.' && is_digit(s, end + 1)) {
    double scale = 0.1;
    for (++end; is_digit(s, end); ++end, scale /= 10)
      value += scale * (s[end] - '0');
  }
  std::size_t suffix = end;
  while (class_at(s, suffix) == kLetter)
    ++suffix;
  const std::string_view letters = s.substr(end, suffix - end);
  Token& token = add(TokenKind::Number, at, end);
  token.value = value;
  if (money) token.flags |= Token::kMoney;
  if (char_at(s, end) == '%') {
    token.flags |= Token::kPercent;
    end += 1;
  } else if (letters == "st" || letters == "nd" || letters == "rd" || letters == "th") {
    token.flags |= Token::kOrdinal;
    end = suffix;
  } else if (letters == "pc" || letters == "pct" || letters == "percent") {
    token.flags |= Token::kPercent;
    end = suffix;
  } else if (letters == "b" || letters == "bn" || letters == "m" || letters == "mn" ||
             letters == "tn" || letters == "trln" || letters == "bln" || letters == "mln") {
    token.flags |= Token::kMoney;
    end = suffix;
  } else if (!letters.empty()) {
    while (is_word_class(class_at(s, suffix)))
      ++suffix;
    token.kind = TokenKind::Word;  // 5g, 3rd-party codes
    end = suffix;
  }
  token.end = static_cast<std::uint16_t>(end);
  if (char_at(s, end) == '-' && is_word_class(class_at(s, end + 1))) {
    token.flags |= Token::kHyphen;
    ++end;
  }
  return end;
}

std::size_t TokenList::take_mark(std::string_view s, std::size_t at) noexcept {
  const char c = s[at];
  const char next = char_at(s, at + 1);
  const bool free_standing = at == 0 || class_at(s, at - 1) == kSpace;
  switch (c) {
    case ',':
    case '(':
    case ')':
    case '[':
    case ']':
      add(TokenKind::Comma, at, at + 1);
      break;
    case ':':
      if (!is_digit(s, at + 1)) add(TokenKind::Colon, at, at + 1);
      break;
    case ';':
      add(TokenKind::Semicolon, at, at + 1);
      break;
    case '?':
      add(TokenKind::Question, at, at + 1);
      break;
    case '!':
      add(TokenKind::Stop, at, at + 1);
      break;
    case '.':
      if (class_at(s, at + 1) == kSpace || next == '.' || next == '"' || next == '\n' ||
          next == '\'') {
        add(TokenKind::Stop, at, at + 1);
      }
      while (char_at(s, at + 1) == '.')
        ++at;
      break;
    case '-':
      if (next == '-' || (free_standing && class_at(s, at + 1) == kSpace)) {
        add(TokenKind::Dash, at, at + 1);
      }
      while (char_at(s, at + 1) == '-')
        ++at;
      break;
    case '*':
      // The dot of a foreign name in Chinese ("唐纳德·特朗普") folds to the same sign.
      if (at > 2 && ideographs::begins_at(s, at - 3) && ideographs::begins_at(s, at + 1)) break;
      [[fallthrough]];
    case '|':
    case '\n':
      add(TokenKind::Break, at, at + 1);
      break;
    default:
      break;
  }
  return at + 1;
}

/// Squawk puts prose right behind a lead in capitals, parted by a space or two and no mark.
void TokenList::find_glued_prose() noexcept {
  int lead_words = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    Token& token = tokens_[i];
    if (token.kind == TokenKind::Break || token.kind == TokenKind::Stop) lead_words = 0;
    if (token.kind != TokenKind::Word) continue;
    if (token.has(Token::kUpper)) {
      ++lead_words;
      continue;
    }
    const bool prose =
        token.has(Token::kCapital) && i + 1 < count_ &&
        (tokens_[i + 1].kind != TokenKind::Word || !tokens_[i + 1].has(Token::kUpper) ||
         i + 2 >= count_ || !tokens_[i + 2].has(Token::kUpper));
    if (prose && lead_words >= kLeadWordsMin) token.flags |= Token::kBreakBefore;
    lead_words = 0;
  }
}

}  // namespace tariff
