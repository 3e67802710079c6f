#include "signals/reading/tables.h"

#include "config/section.h"
#include "signals/reading/compiled.h"
#include "signals/reading/lexicon_load.h"
#include "signals/reading/rules_load.h"

namespace tariff {
namespace {

std::shared_ptr<const Tables> compile(std::optional<Section> lexicon, std::optional<Section> rules,
                                      ConfigErrors& errors) {
  if (!lexicon || !rules) return nullptr;
  LoadedLexicon words = load_lexicon(*lexicon);
  RuleSet set = load_rules(*rules, words);
  if (!errors.empty()) return nullptr;
  return std::make_shared<const Tables>(std::move(words.lexicon), std::move(set),
                                        std::move(words.concept_names));
}

}  // namespace

std::shared_ptr<const Tables> load_tables(const std::string& directory, ConfigErrors& errors) {
  auto lexicon = load_document(directory + "/lexicon.toml", errors);
  auto rules = load_document(directory + "/rules.toml", errors);
  return compile(std::move(lexicon), std::move(rules), errors);
}

std::shared_ptr<const Tables> parse_tables(std::string_view lexicon_toml,
                                           std::string_view rules_toml, ConfigErrors& errors) {
  auto lexicon = parse_document(lexicon_toml, "lexicon.toml", errors);
  auto rules = parse_document(rules_toml, "rules.toml", errors);
  return compile(std::move(lexicon), std::move(rules), errors);
}

}  // namespace tariff
