#pragma once
// tariffd/message.h - What a strategy receives: one type per message of
// docs/formats/signal-binary.md, and two that the client makes itself (Stale, Failed). Header
// fields and body fields of a record are members of its message: signal.seq, signal.score,
// event.text. Thread: plain data. Hot: no allocation.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>
#include <string_view>
#include <variant>

#include "core/facts.h"
#include "core/record.h"

namespace tariff::client {

/// The facts of one event. Each is copied out when it is asked for, so that records whose facts
/// have grown (a newer daemon: a longer stride) read as well.
class FactsView {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Facts;
    using difference_type = std::ptrdiff_t;
    using pointer = const Facts*;
    using reference = Facts;

    Iterator(const FactsView& view, std::size_t index) noexcept : view_(&view), index_(index) {}
    [[nodiscard]] Facts operator*() const noexcept { return (*view_)[index_]; }
    Iterator& operator++() noexcept {
      ++index_;
      return *this;
    }
    [[nodiscard]] bool operator==(const Iterator& other) const noexcept {
      return index_ == other.index_;
    }

   private:
    const FactsView* view_;
    std::size_t index_;
  };

  FactsView() = default;
  /// `bytes` holds a whole number of facts of `stride_bytes`, which is at least sizeof(Facts).
  FactsView(std::span<const std::byte> bytes, std::size_t stride_bytes) noexcept
      : bytes_(bytes), stride_bytes_(stride_bytes) {}

  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size() / stride_bytes_; }
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  /// `index` must be below size().
  [[nodiscard]] Facts operator[](std::size_t index) const noexcept {
    Facts facts;
    std::memcpy(&facts, bytes_.data() + index * stride_bytes_, sizeof facts);
    return facts;
  }
  [[nodiscard]] Iterator begin() const noexcept { return {*this, 0}; }
  [[nodiscard]] Iterator end() const noexcept { return {*this, size()}; }

 private:
  std::span<const std::byte> bytes_;
  std::size_t stride_bytes_ = sizeof(Facts);
};

/// A headline and what was understood of it. `facts` and `text` point into the client's buffer:
/// they are valid until its next call.
struct Event : RecordHeader, EventBody {
  FactsView facts;
  std::string_view text;  ///< UTF-8.

  [[nodiscard]] bool truncated() const noexcept { return (flags & kTruncated) != 0; }
  [[nodiscard]] bool unscored() const noexcept { return (flags & kUnscored) != 0; }
};

/// An instrument should rise or fall because of an event.
struct Signal : RecordHeader, SignalBody {
  [[nodiscard]] bool has_quote() const noexcept { return quote_age_ns >= 0; }
  /// Takes the place of the event's signal for this instrument: move to it, do not add to it.
  [[nodiscard]] bool replaces() const noexcept { return (flags & kReplaces) != 0; }
};

/// A signal, or (empty instrument) a whole event, is taken back.
struct Retract : RecordHeader, RetractBody {};

/// A feed or the daemon itself changed its state.
struct Status : RecordHeader, StatusBody {};

/// Once a second on every connection.
struct Heartbeat : RecordHeader, HeartbeatBody {};

/// The messages from_seq..to_seq, both included, were missed and can no longer be had.
struct Gap : RecordHeader, GapBody {};

/// Made by the client: nothing was heard for Options::stale_after. Told once per silence; any
/// message but Failed ends it. The client goes on trying to connect.
struct Stale {
  std::string_view reason;  ///< For a person; valid until the client's next call.
};

/// Made by the client: the stream cannot be trusted or was refused. The connection is closed, and
/// every further call returns this again.
struct Failed {
  std::string_view reason;  ///< For a person; valid as long as the client.
};

using Message = std::variant<Event, Signal, Retract, Status, Heartbeat, Gap, Stale, Failed>;

/// A visitor made of lambdas: std::visit(on{[](const Signal& s) {...}, [](const auto&) {}},
/// message).
template <class... Handlers>
struct on : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
on(Handlers...) -> on<Handlers...>;

}  // namespace tariff::client
