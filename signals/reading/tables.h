#pragma once
// signals/reading/tables.h - The compiled lexicon and rules: built once from config/lexicon*.toml
// and config/rules*.toml, then never changed. A reload builds new ones and swaps the pointer.
// Thread: any (immutable). Loading is cold.

#include <memory>
#include <string>
#include <string_view>

#include "config/errors.h"

namespace tariff {

class Tables;

/// Reads lexicon.toml, rules.toml and their Chinese halves lexicon.zh.toml and rules.zh.toml in
/// `directory`. Everything that is wrong with any goes to `errors` with file and line; then, and
/// only then, the result is null.
[[nodiscard]] std::shared_ptr<const Tables> load_tables(const std::string& directory,
                                                        ConfigErrors& errors);

/// As load_tables, from memory and one language only; the files are called "lexicon.toml" and
/// "rules.toml" in messages.
[[nodiscard]] std::shared_ptr<const Tables> parse_tables(std::string_view lexicon_toml,
                                                         std::string_view rules_toml,
                                                         ConfigErrors& errors);

}  // namespace tariff
