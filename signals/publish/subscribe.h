#pragma once
// signals/publish/subscribe.h - The one line that a subscriber may send: what it wants to get.
// docs/formats/signal-json.md. Thread: the publisher's. Once per connection.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/quote.h"
#include "core/record.h"
#include "core/result.h"

namespace tariff {

/// Longest line, its newline not counted: all 64 instruments and every other key take a third.
constexpr std::size_t kRequestBytesMax = 4'096;
constexpr std::size_t kRequestInstrumentsMax = 64;

enum class Encoding : std::uint8_t { Json, Binary };

/// Which records a subscriber wants. Heartbeats, gaps and errors are sent to everyone.
struct Filter {
  /// Bit per RecordType. Default: all.
  std::uint32_t types = ~std::uint32_t{0};
  /// Of signals and retracts that name one; empty means all.
  std::vector<Symbol> instruments;
  double min_abs_score = 0;  ///< 0..1; of signals.

  [[nodiscard]] bool passes_all() const noexcept {
    return types == ~std::uint32_t{0} && instruments.empty() && min_abs_score == 0;
  }
  /// `record` is whole, as the journal gives it.
  [[nodiscard]] bool passes(std::span<const std::byte> record) const noexcept;
};

struct Request {
  enum class Op : std::uint8_t { Subscribe, Status };
  Op op = Op::Subscribe;
  Encoding encoding = Encoding::Json;
  /// First record wanted, 0: the oldest kept; absent: from the connection on.
  std::optional<std::uint64_t> from_seq;
  Filter filter;
};

/// Reads one request line, without its newline. The error is one sentence for the subscriber.
[[nodiscard]] Result<Request> parse_request(std::string_view line);

}  // namespace tariff
