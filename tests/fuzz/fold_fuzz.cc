// tests/fuzz/fold_fuzz.cc - Any bytes: folding stays in its buffer and maps back into the text.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "signals/reading/fold.h"
#include "signals/reading/tokens.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto folded = std::make_unique<tariff::FoldedText>();
  static const auto tokens = std::make_unique<tariff::TokenList>();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  folded->assign(text);
  tokens->assign(*folded);
  std::size_t before = 0;
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    const tariff::Token& token = (*tokens)[i];
    const std::size_t origin = folded->origin(token.begin);
    if (token.end < token.begin || token.end > folded->view().size()) std::abort();
    if (origin > size || origin < before) std::abort();
    before = origin;
  }
  return 0;
}
