#include "signals/reading/pattern.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace tariff {
namespace {

constexpr int kStepsMax = 400;

struct Walk {
  const Pattern& pattern;
  std::span<const Item> items;
  std::size_t first;
  std::size_t end;
  PatternMatch match;
  int steps = 0;
};

/// Points that an item costs inside a noun phrase; 0 means that it ends the phrase.
int noun_cost(const Item& item) noexcept {
  // "planned tariffs", "imposed duties": a participle that cannot be a verb here does not end it.
  const bool participle = item.has(Cue::FormEd) && !item.has(Cue::FormBase);
  if ((item.has(Cue::Barrier) && !participle) || !item.has(Cue::Word)) return 0;
  return item.meaning == nullptr && item.kind == TokenKind::Word ? 2 : 1;
}

bool walk_from(Walk& walk, std::size_t element, std::size_t at) noexcept;

bool walk_gap(Walk& walk, const PatternElement& gap, std::size_t element, std::size_t at) noexcept {
  int left = gap.reach;
  for (;;) {
    if (walk_from(walk, element + 1, at)) return true;
    if (at >= walk.end || walk.steps > kStepsMax) return false;
    const int cost = gap.kind == PatternElement::Kind::Gap ? 1 : noun_cost(walk.items[at]);
    if (cost == 0 || cost > left) return false;
    left -= cost;
    ++at;
  }
}

bool walk_from(Walk& walk, std::size_t element, std::size_t at) noexcept {
  using Kind = PatternElement::Kind;
  if (++walk.steps > kStepsMax) return false;
  if (element == walk.pattern.elements.size()) {
    walk.match.last = static_cast<std::uint16_t>(at == 0 ? 0 : at - 1);
    return true;
  }
  const PatternElement& step = walk.pattern.elements[element];
  switch (step.kind) {
    case Kind::Gap:
    case Kind::NounGap:
      return walk_gap(walk, step, element, at);
    case Kind::Start:
      return at == walk.first && walk_from(walk, element + 1, at);
    case Kind::End:
      return at == walk.end && walk_from(walk, element + 1, at);
    case Kind::NoItem:
      return (at >= walk.end || !step.accepts(walk.items[at].concepts)) &&
             walk_from(walk, element + 1, at);
    case Kind::Item:
      break;
  }
  if (at < walk.end && step.accepts(walk.items[at].concepts)) {
    const PatternMatch before = walk.match;
    if (step.trigger) walk.match.trigger = static_cast<std::uint16_t>(at);
    if (step.object) walk.match.object = static_cast<std::uint16_t>(at);
    if (walk_from(walk, element + 1, at + 1)) return true;
    walk.match = before;
  }
  return step.optional && walk_from(walk, element + 1, at);
}

/// `name+name!name|name`: alternatives of conjunctions with exclusions.
bool parse_choices(std::string_view text, const ConceptLookup& lookup, PatternElement& element,
                   std::string& problem) {
  while (!text.empty()) {
    const std::size_t bar = text.find('|');
    std::string_view part = text.substr(0, bar);
    text = bar == std::string_view::npos ? std::string_view{} : text.substr(bar + 1);
    PatternElement::Choice choice;
    bool exclude = false;
    while (!part.empty()) {
      const std::size_t stop = part.find_first_of("+!");
      const std::string_view name = part.substr(0, stop);
      const auto id = lookup(name);
      if (!id) {
        problem = fmt::format("'{}' is not a concept of lexicon.toml", name);
        return false;
      }
      (exclude ? choice.none : choice.all).add(*id);
      if (stop == std::string_view::npos) break;
      exclude = part[stop] == '!';
      part = part.substr(stop + 1);
    }
    if (choice.all.meets(choice.none)) {
      problem = "asks for what it excludes and can never match";
      return false;
    }
    element.choices.push_back(choice);
  }
  return !element.choices.empty();
}

bool parse_gap(std::string_view text, PatternElement& element, std::string& problem) {
  const bool noun = text.front() == '~';
  const std::string_view digits = text.substr(noun ? 1 : 2);
  int reach = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), reach);
  if (error != std::errc{} || end != digits.data() + digits.size() || reach < 1 ||
      reach > Pattern::kReachMax) {
    problem = fmt::format("'{}' needs a reach of 1..{}", text, Pattern::kReachMax);
    return false;
  }
  element.kind = noun ? PatternElement::Kind::NounGap : PatternElement::Kind::Gap;
  element.reach = static_cast<std::uint8_t>(reach);
  return true;
}

bool parse_element(std::string_view text, const ConceptLookup& lookup, PatternElement& element,
                   std::string& problem) {
  using Kind = PatternElement::Kind;
  if (text == "^" || text == "$") {
    element.kind = text == "^" ? Kind::Start : Kind::End;
    return true;
  }
  if (text.starts_with("..") || text.front() == '~') return parse_gap(text, element, problem);
  if (text.front() == '!') {
    element.kind = Kind::NoItem;
    text.remove_prefix(1);
  }
  for (; text.size() > 2 && text[1] == ':'; text.remove_prefix(2)) {
    if (text[0] == 'T') element.trigger = true;
    if (text[0] == 'O') element.object = true;
    if (text[0] != 'T' && text[0] != 'O') {
      problem = fmt::format("'{}:' is not a role; there are T: (trigger) and O: (object)", text[0]);
      return false;
    }
  }
  if (text.ends_with('?')) {
    element.optional = true;
    text.remove_suffix(1);
  }
  if (text.empty()) {
    problem = "has an element without a concept";
    return false;
  }
  return parse_choices(text, lookup, element, problem);
}

}  // namespace

Pattern compile_pattern(std::string_view text, const ConceptLookup& lookup, std::string& problem) {
  Pattern pattern;
  while (true) {
    const std::size_t begin = text.find_first_not_of(" \n");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const std::string_view word = text.substr(0, text.find_first_of(" \n"));
    text.remove_prefix(word.size());
    PatternElement element;
    if (!parse_element(word, lookup, element, problem)) return {};
    pattern.elements.push_back(std::move(element));
  }
  if (pattern.elements.size() > Pattern::kElementsMax) {
    problem = fmt::format("has {} elements; {} is the most", pattern.elements.size(),
                          Pattern::kElementsMax);
    return {};
  }
  const bool has_item = std::any_of(
      pattern.elements.begin(), pattern.elements.end(),
      [](const PatternElement& e) { return e.kind == PatternElement::Kind::Item && !e.optional; });
  if (!has_item) {
    problem = "needs at least one concept that is not optional";
    return {};
  }
  return pattern;
}

bool match_at(const Pattern& pattern, std::span<const Item> items, std::size_t first,
              std::size_t end, std::size_t at, PatternMatch& match) noexcept {
  Walk walk{pattern, items, first, end, PatternMatch{}};
  if (!walk_from(walk, 0, at)) return false;
  match = walk.match;
  match.first = static_cast<std::uint16_t>(at);
  return true;
}

}  // namespace tariff
