#include "signals/reading/inflect.h"

namespace tariff {
namespace {

bool is_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}
bool ends_in_consonant_y(std::string_view word) {
  return word.size() > 1 && word.back() == 'y' && !is_vowel(word[word.size() - 2]);
}
bool ends_in_sibilant(std::string_view word) {
  return word.ends_with("s") || word.ends_with("x") || word.ends_with("z") ||
         word.ends_with("ch") || word.ends_with("sh") || word == "go" || word == "do" ||
         word == "undergo" || word == "veto" || word == "forgo";
}

std::string with_s(std::string_view word) {
  if (ends_in_consonant_y(word)) return std::string(word.substr(0, word.size() - 1)) + "ies";
  return std::string(word) + (ends_in_sibilant(word) ? "es" : "s");
}
std::string with_ed(std::string_view word, bool doubled) {
  if (word.ends_with("e")) return std::string(word) + "d";
  if (ends_in_consonant_y(word)) return std::string(word.substr(0, word.size() - 1)) + "ied";
  return std::string(word) + (doubled ? std::string(1, word.back()) : "") + "ed";
}
std::string with_ing(std::string_view word, bool doubled) {
  const bool silent_e = word.ends_with("e") && !word.ends_with("ee") && word.size() > 2;
  if (silent_e) return std::string(word.substr(0, word.size() - 1)) + "ing";
  return std::string(word) + (doubled ? std::string(1, word.back()) : "") + "ing";
}

std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(mark);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

ConceptSet form_of(Cue cue) {
  ConceptSet form;
  form.add(id_of(cue));
  return form;
}

}  // namespace

std::vector<Inflected> verb_forms(std::string_view entry) {
  const std::size_t space = entry.find(' ');
  const std::string rest{space == std::string_view::npos ? "" : entry.substr(space)};
  const std::vector<std::string_view> listed = split(entry.substr(0, space), '/');
  const bool doubled = listed.front().ends_with("+");
  std::string_view base = listed.front();
  if (doubled) base.remove_suffix(1);

  std::vector<Inflected> forms;
  bool has_past = false;
  bool has_ing = false;
  const auto add = [&](const std::string& word, Cue cue) {
    for (Inflected& form : forms) {
      if (form.text != word + rest) continue;
      form.form.add(id_of(cue));
      return;
    }
    forms.push_back({word + rest, form_of(cue)});
  };
  add(std::string(base), Cue::FormBase);
  add(with_s(base), Cue::FormS);
  for (std::size_t i = 1; i < listed.size(); ++i) {
    const bool ing = listed[i].ends_with("ing");
    add(std::string(listed[i]), ing ? Cue::FormIng : Cue::FormEd);
    (ing ? has_ing : has_past) = true;
  }
  if (!has_past) add(with_ed(base, doubled), Cue::FormEd);
  if (!has_ing) add(with_ing(base, doubled), Cue::FormIng);
  return forms;
}

std::vector<Inflected> noun_forms(std::string_view entry) {
  const std::size_t space = entry.rfind(' ');
  const std::string head{space == std::string_view::npos ? "" : entry.substr(0, space + 1)};
  const std::string_view last = space == std::string_view::npos ? entry : entry.substr(space + 1);
  const std::vector<std::string_view> listed = split(last, '/');
  const std::string plural = listed.size() > 1 ? std::string(listed[1]) : with_s(listed.front());
  return {{head + std::string(listed.front()), {}}, {head + plural, {}}};
}

}  // namespace tariff
