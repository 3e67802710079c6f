#pragma once
// signals/publish/subscriber.h - One connection: what it asked for, how far it got, and the bytes
// of one message that its socket took only a part of. Thread: the publisher's.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/local/stream_protocol.hpp>

#include "core/journal.h"
#include "core/time.h"
#include "signals/publish/record_batch.h"
#include "signals/publish/subscribe.h"

namespace tariff {

struct Subscriber {
  enum class State : std::uint8_t {
    Holding,     ///< A request may still come; nothing is sent.
    CatchingUp,  ///< Served from the journal by a reader of its own.
    Live,        ///< Up to date: gets each record as it is committed.
    Closing,     ///< Gets the rest of its last message, then is closed.
    Closed,
  };

  Subscriber(boost::asio::local::stream_protocol::socket connection, MonoNs now,
             std::uint64_t start_seq)
      : socket(std::move(connection)), accepted_at(now), next_seq(start_seq) {}

  /// Sends what the socket takes of a run of messages, without waiting. Keeps the rest of one that
  /// was cut, moves `next_seq` to what is still to be read, and returns how many went out whole or
  /// are kept. A socket that failed is closed.
  std::size_t send(const RecordBatch::View& view, std::uint64_t seq_behind) noexcept;
  /// Sends or keeps all of one message that is in no journal. False: the socket took nothing, and
  /// nothing is kept.
  bool send_message(std::string_view bytes) noexcept;
  /// As `send_message`, but keeps all of it if need be.
  void send_last(std::string_view bytes);
  /// Sends what was kept. False as long as some is left.
  bool flush() noexcept;

  /// Lets go of the socket in a way that the other side can still read what was sent.
  void close() noexcept;
  [[nodiscard]] bool open() const noexcept { return state != State::Closed; }
  /// There is something to send to it, and nothing to wait for.
  [[nodiscard]] bool can_go_on() const noexcept {
    return ((state == State::CatchingUp && !held_up) || state == State::Closing) && !socket_full;
  }

  boost::asio::local::stream_protocol::socket socket;
  MonoNs accepted_at;
  State state = State::Holding;
  Encoding encoding = Encoding::Json;
  Filter filter;
  std::uint64_t next_seq;                 ///< First record not sent yet.
  std::unique_ptr<JournalReader> reader;  ///< While catching up.
  bool socket_full = false;               ///< Waits until the kernel says that it can be written.
  /// Its reader stands before damage in the segment that is being written; until that is sealed
  /// nobody knows where to go on, so it waits for the next commit.
  bool held_up = false;
  std::optional<std::uint64_t> held_up_at;  ///< Where it was so last: counted once.
  bool asked = false;                       ///< Its request was read.
  std::string request;                      ///< As far as it has arrived.

 private:
  /// Bytes that the socket took; fewer than given: it is full, or `close` was called.
  std::size_t write(std::span<const char> bytes) noexcept;

  std::string rest_;  // of one message
};

}  // namespace tariff
