#pragma once
// tariffd/cursor.h - Where a subscription stands in the numbering of the daemon's messages: what to
// ask for after a lost connection, and what a number that was not expected means.
// Thread: owned by one client. Hot: no allocation.

#include <algorithm>
#include <cstdint>
#include <optional>

namespace tariff::client {

class Cursor {
 public:
  enum class Verdict : std::uint8_t {
    Deliver,   ///< The next message.
    Missing,   ///< Messages before it did not come; see `missing_from`.
    WentBack,  ///< It was delivered before: the daemon's journal is not the one we knew.
  };

  /// `from_seq`: the first number wanted, if known; 0: the oldest there is. `every`: the
  /// subscription is not filtered, so that each number must come.
  Cursor(std::optional<std::uint64_t> from_seq, bool every) noexcept
      : next_(from_seq == 0 ? std::nullopt : from_seq), began_at_(from_seq), every_(every) {}

  /// The `from_seq` of the next subscription; nullopt as long as nothing is known.
  [[nodiscard]] std::optional<std::uint64_t> next() const noexcept {
    return next_ ? next_ : began_at_;
  }

  [[nodiscard]] Verdict judge(std::uint64_t seq) const noexcept {
    if (!next_ || seq == *next_) return Verdict::Deliver;
    if (seq < *next_) return Verdict::WentBack;
    return every_ ? Verdict::Missing : Verdict::Deliver;
  }
  /// First number that did not come; of use after Missing only.
  [[nodiscard]] std::uint64_t missing_from() const noexcept { return next_.value_or(0); }

  /// Everything up to and with `seq` was delivered, or told to be lost.
  void advance(std::uint64_t seq) noexcept { next_ = std::max(next_.value_or(0), seq + 1); }

  /// A heartbeat tells the newest number there is. False: the daemon's numbering ends before what
  /// we wait for, so its journal was replaced and waiting would be in vain.
  [[nodiscard]] bool on_heartbeat(std::uint64_t last_seq) noexcept {
    // A subscription that began "now" and has seen no message yet learns its place here.
    if (!next_ && !began_at_) began_at_ = last_seq + 1;
    return !next_ || last_seq + 1 >= *next_;
  }

 private:
  std::optional<std::uint64_t> next_;
  std::optional<std::uint64_t> began_at_;
  bool every_;
};

}  // namespace tariff::client
