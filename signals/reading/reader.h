#pragma once
// signals/reading/reader.h - Reads one headline: text in, typed facts out. What the facts mean is
// in docs/reading/event-model.md; how the reader gets there is in docs/reading/how-it-reads.md.
// Thread: the one that owns the Reader. Hot: no allocation, lock, system call or clock after
// construction.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "core/facts.h"
#include "core/time.h"

namespace tariff {

class Tables;
struct Trace;

/// What a headline says.
struct Reading {
  Net net = Net::None;
  float confidence = 0;          ///< 0..1; that of the surest fact, 0 if there is none.
  std::uint8_t facts_count = 0;  ///< 0..kFactsMax
  /// It matters (a side that decides, and a trade word) but no rule understood it: a person should
  /// look. Never true together with facts.
  bool unscored = false;
  bool cut = false;  ///< The text was longer than the reader's buffer; its end was not read.
  std::array<Facts, kFactsMax> facts;

  [[nodiscard]] std::span<const Facts> events() const noexcept {
    return std::span(facts).first(facts_count);
  }
};

/// Owns the scratch buffers of one reading thread (about 100 KiB, allocated once).
class Reader {
 public:
  Reader();
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  /// Reads `text` (any bytes) with `tables` into `out`, every field of which is set. Pure: equal
  /// arguments give equal readings, whatever was read before. `published` dates "Nov 1"; without it
  /// (0) a date without a year stays open. With `trace` (cold: it allocates), tells how it got
  /// there.
  void read(const Tables& tables, std::string_view text, WallNs published, Reading& out,
            Trace* trace = nullptr) noexcept;

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace tariff
