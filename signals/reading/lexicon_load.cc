#include "signals/reading/lexicon_load.h"

#include <algorithm>
#include <deque>
#include <memory>

#include <fmt/format.h>

#include "signals/reading/inflect.h"
#include "signals/reading/tokens.h"

namespace tariff {
namespace {

/// A phrase longer than this is a quotation and not a phrase.
constexpr std::size_t kPhraseWordsMax = 16;  // an ideograph is a word

/// Splits phrases as the reader splits headlines. Its buffers are kept: made anew for each of ten
/// thousand phrases, they took most of a start.
class PhraseSplitter {
 public:
  /// The words of `phrase`, folded; none if it has anything else in it.
  std::vector<std::string> words_of(std::string_view phrase) {
    folded_->assign(phrase);
    tokens_->assign(*folded_);
    std::vector<std::string> words;
    for (std::size_t i = 0; i < tokens_->size(); ++i) {
      const Token& token = (*tokens_)[i];
      const bool word = token.kind == TokenKind::Word || token.kind == TokenKind::Number;
      if (!word) return {};
      words.emplace_back(
          folded_->view().substr(token.begin, static_cast<std::size_t>(token.end) - token.begin));
    }
    return words;
  }

 private:
  std::unique_ptr<FoldedText> folded_ = std::make_unique<FoldedText>();
  std::unique_ptr<TokenList> tokens_ = std::make_unique<TokenList>();
};

/// What the phrases of one entry have in common.
struct Entry {
  Section& section;
  std::string name;  ///< For messages.
  Meaning meaning;
  std::vector<Place> places;
};

/// What an entry says of all its phrases, for the files after it.
struct Known {
  Meaning meaning;
  std::vector<Place> places;
};

class Loader {
 public:
  explicit Loader(LoadedLexicon& out) : out_(out) {
    for (const std::string_view name : kCueNames)
      name_concept(std::string(name));
    for (std::size_t i = 0; i <= id_of(Cue::FormIng); ++i)
      out_.used.add(i);
  }

  void load(std::span<Section> documents) {
    std::vector<Section> concepts;
    for (Section& document : documents) {
      if (auto found = document.get_section("concept")) concepts.push_back(*found);
    }
    for (Section& section : concepts)
      declare_concepts(section);
    for (Section& document : documents) {
      if (auto places = document.get_section("place")) load_places(*places);
      if (auto products = document.get_section("product")) load_products(*products);
      if (auto measures = document.get_section("measure")) load_measures(*measures);
      if (auto months = document.get_section("month")) load_months(*months);
      document.finish();
    }
    load_concepts(concepts);
    out_.lexicon.freeze();
  }

 private:
  /// What an earlier file says of the entry holds here too.
  Entry entry_of(Section& section) const {
    const auto known = entries_.find(section.name());
    if (known == entries_.end()) return {section, section.name(), {}, {}};
    return {section, section.name(), known->second.meaning, known->second.places};
  }
  void remember(const Entry& entry) {
    entries_.insert_or_assign(entry.name, Known{entry.meaning, entry.places});
  }

  std::size_t name_concept(const std::string& name) {
    const auto [at, added] = out_.concept_ids.try_emplace(name, out_.concept_names.size());
    if (added) out_.concept_names.push_back(name);
    return at->second;
  }

  void declare_concepts(Section& concepts) {
    for (const std::string& key : concepts.keys()) {
      if (out_.concept_names.size() == kConceptsMax && !out_.concept_ids.contains(key)) {
        concepts.error(key, fmt::format("is one concept too many; {} is the most", kConceptsMax));
        return;
      }
      name_concept(key);
    }
  }

  void add_parents(Section& section, Meaning& meaning) {
    for (const std::string& parent : section.get_strings("is")) {
      const auto at = out_.concept_ids.find(parent);
      if (at == out_.concept_ids.end()) {
        section.error("is", fmt::format("'{}' is not a concept", parent));
      } else {
        meaning.concepts.add(at->second);
      }
    }
  }

  void add_phrase(const Entry& entry, std::string_view key, const Inflected& phrase) {
    const std::vector<std::string> words = splitter_.words_of(phrase.text);
    if (words.empty() || words.size() > kPhraseWordsMax) {
      entry.section.error(key,
                          fmt::format("'{}' is not 1..{} words", phrase.text, kPhraseWordsMax));
      return;
    }
    std::string plain;
    for (const std::string& word : words)
      plain += (plain.empty() ? "" : " ") + word;
    Meaning meaning = entry.meaning;
    meaning.concepts |= phrase.form;
    out_.used |= meaning.concepts;
    const auto [owner, added] = owners_.try_emplace(plain, entry.name);
    if (added) {
      out_.lexicon.add(words, meaning, entry.places);
    } else if (owner->second == entry.name || key.starts_with("also_")) {
      out_.lexicon.widen(words, meaning.concepts);
    } else {
      entry.section.error(key,
                          fmt::format("'{}' is a phrase of [{}] already", plain, owner->second));
    }
  }

  void add_phrases(Entry entry, std::string_view key, std::initializer_list<Cue> cues) {
    for (const Cue cue : cues)
      entry.meaning.concepts.add(id_of(cue));
    for (const std::string& text : entry.section.get_strings(key))
      add_phrase(entry, key, {text, {}});
  }

  /// "phrases", "nouns" and "verbs", or with a prefix "also_phrases" and so on.
  void add_forms(const Entry& entry, const std::string& prefix = "") {
    const auto add_all = [&](const std::string& key, auto forms_of) {
      for (const std::string& text : entry.section.get_strings(key)) {
        for (const Inflected& form : forms_of(text))
          add_phrase(entry, key, form);
      }
    };
    add_all(prefix + "phrases", [](const std::string& text) {
      return std::vector<Inflected>{{text, {}}};
    });
    add_all(prefix + "nouns", noun_forms);
    add_all(prefix + "verbs", verb_forms);
  }

  void load_places(Section& places) {
    for (const std::string& key : places.keys()) {
      auto section = places.get_section(key);
      if (!section) continue;
      Entry entry = entry_of(*section);
      entry.meaning.concepts.add(id_of(Cue::AnyPlace));
      std::vector<std::string> codes = section->get_strings("codes");
      if (codes.empty() && entry.places.empty()) codes.push_back(key);
      for (const std::string& code : codes) {
        if (code.size() > 4) section->error("codes", fmt::format("'{}' is longer than 4", code));
        entry.places.emplace_back(code);
      }
      add_parents(*section, entry.meaning);
      remember(entry);
      add_phrases(entry, "names", {Cue::PlaceName});
      add_phrases(entry, "adjectives", {Cue::PlaceAdjective});
      add_phrases(entry, "both", {Cue::PlaceName, Cue::PlaceAdjective});
      add_phrases(entry, "regions", {});
      add_phrases(entry, "capitals", {Cue::Decider});
      add_phrases(entry, "leaders", {Cue::Decider});
      add_phrases(entry, "ministers", {Cue::Decider, Cue::Official, Cue::TradeEnvoy});
      add_phrases(entry, "bodies", {Cue::Decider});
      add_phrases(entry, "courts", {Cue::Court});
      add_phrases(entry, "parliaments", {Cue::Parliament});
      section->finish();
    }
    places.finish();
  }

  void load_products(Section& products) {
    for (const std::string& key : products.keys()) {
      auto section = products.get_section(key);
      if (!section) continue;
      Entry entry = entry_of(*section);
      const auto product = parse_name<Product>(key, kProductNames);
      if (!product) {
        products.error(key, "is not a product of the event model");
        continue;
      }
      entry.meaning.concepts.add(id_of(Cue::Product));
      entry.meaning.products = std::uint64_t{1} << static_cast<unsigned>(*product);
      add_parents(*section, entry.meaning);
      remember(entry);
      add_forms(entry);
      section->finish();
    }
  }

  void load_measures(Section& measures) {
    for (const std::string& key : measures.keys()) {
      auto section = measures.get_section(key);
      if (!section) continue;
      Entry entry = entry_of(*section);
      const std::string kind = section->get_string("kind", key);
      const auto measure = section->has("kind")    ? parse_name<Measure>(kind, kMeasureNames)
                           : entry.meaning.measure ? entry.meaning.measure
                                                   : parse_name<Measure>(key, kMeasureNames);
      if (!measure) {
        measures.error(key, "is not a measure of the event model");
        continue;
      }
      entry.meaning.concepts.add(id_of(Cue::Measure));
      entry.meaning.measure = *measure;
      for (const std::string& product : section->get_strings("products")) {
        const auto known = parse_name<Product>(product, kProductNames);
        if (!known) {
          section->error("products",
                         fmt::format("'{}' is not a product of the event model", product));
        } else {
          entry.meaning.products |= std::uint64_t{1} << static_cast<unsigned>(*known);
          entry.meaning.concepts.add(id_of(Cue::Product));
        }
      }
      add_parents(*section, entry.meaning);
      remember(entry);
      add_forms(entry);
      section->finish();
    }
  }

  void load_months(Section& months) {
    const std::vector<std::string> keys = months.keys();
    for (std::size_t i = 0; i < keys.size(); ++i) {
      auto section = months.get_section(keys[i]);
      if (!section) continue;
      Entry entry = entry_of(*section);
      entry.meaning.concepts.add(id_of(Cue::Month));
      entry.meaning.number =
          static_cast<std::uint8_t>(section->get_int("number", entry.meaning.number, 1, 12));
      add_parents(*section, entry.meaning);
      remember(entry);
      add_forms(entry);
      section->finish();
    }
  }

  void load_concepts(std::span<Section> tables) {
    std::deque<Section> sections;  // entries keep references into it
    std::vector<Entry> entries;
    for (Section& concepts : tables) {
      for (const std::string& key : concepts.keys()) {
        const auto section = concepts.get_section(key);
        const auto id = out_.concept_ids.find(key);
        if (!section || id == out_.concept_ids.end()) continue;
        sections.push_back(*section);
        Entry entry = entry_of(sections.back());
        entry.meaning.concepts.add(id->second);
        add_parents(sections.back(), entry.meaning);
        remember(entry);
        add_forms(entry);
        entries.push_back(std::move(entry));
      }
    }
    // A phrase is owned before others may share it.
    for (const Entry& entry : entries) {
      add_forms(entry, "also_");
      entry.section.finish();
    }
  }

  LoadedLexicon& out_;
  PhraseSplitter splitter_;
  std::map<std::string, std::string, std::less<>> owners_;  // phrase to entry
  std::map<std::string, Known, std::less<>> entries_;
};

}  // namespace

LoadedLexicon load_lexicon(std::span<Section> documents) {
  LoadedLexicon loaded;
  Loader(loaded).load(documents);
  return loaded;
}

}  // namespace tariff
