#pragma once
// feeds/symbol_list.h - Builds Headline::symbols: comma-separated, never half a symbol.
// Thread: any. Hot.

#include <cstddef>
#include <cstring>
#include <string_view>

#include "core/headline.h"

namespace tariff {

class SymbolList {
 public:
  /// Adds a symbol if it fits as a whole.
  void add(std::string_view symbol) noexcept {
    const std::size_t comma = used_ == 0 ? 0 : 1;
    if (symbol.empty() || used_ + comma + symbol.size() > list_.bytes.size()) return;
    if (comma == 1) list_.bytes[used_] = ',';
    std::memcpy(list_.bytes.data() + used_ + comma, symbol.data(), symbol.size());
    used_ += comma + symbol.size();
  }

  [[nodiscard]] const decltype(Headline::symbols)& list() const noexcept { return list_; }

 private:
  decltype(Headline::symbols) list_;
  std::size_t used_ = 0;
};

}  // namespace tariff
