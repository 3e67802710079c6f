#pragma once
// bench/reading_stages.h - The shipped tables, and what any keyword search pays: fold and match.
#include <cstdlib>
#include <memory>
#include <string_view>

#include "signals/reading/compiled.h"
#include "signals/reading/fold.h"
#include "signals/reading/items.h"
#include "signals/reading/tables.h"
#include "signals/reading/tokens.h"

namespace tariff::bench {

/// Loaded once; aborts if the shipped files are wrong.
inline const Tables& shipped_tables() {
  static const std::shared_ptr<const Tables> loaded = [] {
    ConfigErrors errors;
    auto result = load_tables(TARIFF_SOURCE_DIR "/config", errors);
    if (!result) std::abort();
    return result;
  }();
  return *loaded;
}

class Matcher {
 public:
  /// Number of items of `text`.
  std::size_t match(std::string_view text) {
    folded_->assign(text);
    tokens_->assign(*folded_);
    items_->assign(shipped_tables().lexicon(), *folded_, *tokens_);
    return items_->size();
  }

 private:
  std::unique_ptr<FoldedText> folded_ = std::make_unique<FoldedText>();
  std::unique_ptr<TokenList> tokens_ = std::make_unique<TokenList>();
  std::unique_ptr<ItemList> items_ = std::make_unique<ItemList>();
};

}  // namespace tariff::bench
