#pragma once
// feeds/tape/tape.h - A recorded day in memory: headlines and quotes in the order of time.
// The file: docs/formats/tape.md. Thread: any (constant once loaded). Cold.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/errors.h"
#include "core/quote.h"
#include "core/result.h"
#include "core/time.h"

namespace tariff::tape {

/// An article, or a later revision of one (same id).
struct TapeNews {
  std::int64_t id = 0;
  std::string headline;
  std::string summary;
  std::string author;
  std::string content;
  std::string url;
  std::string source;
  std::vector<std::string> symbols;
  WallNs created;  ///< Of the first revision.
  WallNs updated;  ///< Of this revision.
};

/// Top of book of one instrument. A side without a quote is 0.
struct TapeQuote {
  Symbol symbol{};
  double bid = 0;
  double ask = 0;
  double bid_size = 0;
  double ask_size = 0;
  char bid_exchange = 'V';
  char ask_exchange = 'V';
  char tape = 'C';  ///< Of the consolidated tape: 'A', 'B', 'C'; not this file.

  /// "BTC/USD": the provider serves pairs on another endpoint, and with fewer fields.
  [[nodiscard]] bool is_crypto() const noexcept {
    return symbol.view().find('/') != std::string_view::npos;
  }
};

struct TapeItem {
  WallNs at;  ///< When the provider sent it.
  /// News by pointer: a tape is mostly quotes, and an item stays small.
  std::variant<TapeQuote, std::unique_ptr<const TapeNews>> what;

  [[nodiscard]] const TapeQuote* quote() const noexcept { return std::get_if<TapeQuote>(&what); }
  [[nodiscard]] const TapeNews* news() const noexcept {
    const auto* held = std::get_if<std::unique_ptr<const TapeNews>>(&what);
    return held != nullptr ? held->get() : nullptr;
  }
};

using Tape = std::vector<TapeItem>;

/// Longest line; a news body of 16 MiB, the most that Alpaca's clients must bear, fits twice.
constexpr std::size_t kTapeLineBytesMax = 32U << 20U;

/// Appends the items of `text` (lines of a tape file) to `tape`. Every line that is wrong goes to
/// `errors` as `name:line: what`, and is left out.
void parse_tape(std::string_view text, const std::string& name, Tape& tape, ConfigErrors& errors);

/// Reads the files and merges them by time; items of one time keep the order of the files. Fails
/// with exit code 66 for a file that cannot be read, 65 for one that is wrong or holds no item;
/// the text has a line per error.
[[nodiscard]] Result<Tape> load_tape(const std::vector<std::string>& files);

}  // namespace tariff::tape
