#include "signals/reading/tables.h"

#include <array>
#include <vector>

#include "config/section.h"
#include "signals/reading/compiled.h"
#include "signals/reading/lexicon_load.h"
#include "signals/reading/rules_load.h"

namespace tariff {
namespace {

/// The language that owns the concepts comes first; those after it add words and rules.
constexpr std::array<std::string_view, 2> kLexiconFiles{"lexicon.toml", "lexicon.zh.toml"};
constexpr std::array<std::string_view, 2> kRulesFiles{"rules.toml", "rules.zh.toml"};

template <std::size_t N>
std::vector<Section> load_documents(const std::string& directory,
                                    const std::array<std::string_view, N>& names,
                                    ConfigErrors& errors) {
  std::vector<Section> documents;
  for (const std::string_view name : names) {
    auto document = load_document(directory + "/" + std::string(name), errors);
    if (document) documents.push_back(*document);
  }
  return documents;
}

/// Rules are read if all words are there: without them every second rule would be an error.
std::shared_ptr<const Tables> compile(std::vector<Section> lexicons, std::vector<Section> rules,
                                      bool all_words, ConfigErrors& errors) {
  LoadedLexicon words = load_lexicon(lexicons);
  RuleSet set = all_words ? load_rules(rules, words) : RuleSet{};
  if (!errors.empty()) return nullptr;
  return std::make_shared<const Tables>(std::move(words.lexicon), std::move(set),
                                        std::move(words.concept_names));
}

}  // namespace

std::shared_ptr<const Tables> load_tables(const std::string& directory, ConfigErrors& errors) {
  auto lexicons = load_documents(directory, kLexiconFiles, errors);
  auto rules = load_documents(directory, kRulesFiles, errors);
  const bool all_words = lexicons.size() == kLexiconFiles.size();
  return compile(std::move(lexicons), std::move(rules), all_words, errors);
}

std::shared_ptr<const Tables> parse_tables(std::string_view lexicon_toml,
                                           std::string_view rules_toml, ConfigErrors& errors) {
  std::vector<Section> lexicons;
  std::vector<Section> rules;
  if (auto lexicon = parse_document(lexicon_toml, "lexicon.toml", errors)) {
    lexicons.push_back(*lexicon);
  }
  if (auto document = parse_document(rules_toml, "rules.toml", errors)) rules.push_back(*document);
  const bool all_words = !lexicons.empty();
  return compile(std::move(lexicons), std::move(rules), all_words, errors);
}

}  // namespace tariff
