#pragma once
// tariffd/shared_memory.h - The Client of client.h for a strategy on the daemon's own box that
// wants a record at memory speed: it polls the journal's pages, mapped read-only. Same messages,
// numbers, resume and gaps. The daemon neither knows nor waits; only its pulse (heartbeat, silence)
// is taken from an ordinary subscription. Thread: one thread per client. Hot: allocates when a file
// ends.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "tariffd/client.h"
#include "tariffd/filter.h"
#include "tariffd/journal.h"

namespace tariff::client {

struct SharedMemoryOptions {
  /// Of the journal of signals; its files need to be readable (by the group of the daemon).
  std::string journal_directory = "/var/lib/tariffd/signals";
  /// How long `next` sleeps between two looks. 0: it spins, which takes a core.
  std::chrono::nanoseconds nap{0};
  /// How often, at most, the socket is looked at, which is a system call.
  std::chrono::nanoseconds pulse_every = std::chrono::milliseconds(10);
};

class SharedMemoryClient {
 public:
  /// `options` as for Client; the socket gives only the pulse.
  explicit SharedMemoryClient(Options options, SharedMemoryOptions memory = {})
      : wanted_(std::move(options)),
        memory_(std::move(memory)),
        walk_(memory_.journal_directory, wanted_.from_seq),
        pulse_(pulse_options(wanted_)) {}

  /// As Client::poll. An Event points into the journal itself, until the next call.
  [[nodiscard]] std::optional<Message> poll() {
    if (!failure_.empty()) return Failed{failure_};
    if (auto message = take()) return message;
    if (!failure_.empty()) return Failed{failure_};
    const Time now = Clock::now();
    if (now < pulse_at_) return std::nullopt;
    pulse_at_ = now + memory_.pulse_every;
    return pulse();
  }

  /// As Client::next.
  [[nodiscard]] std::optional<Message> next(std::chrono::nanoseconds timeout) {
    const Time until = Clock::now() + timeout;
    for (;;) {
      if (auto message = poll()) return message;
      if (Clock::now() >= until) return std::nullopt;
      if (memory_.nap.count() > 0) std::this_thread::sleep_for(memory_.nap);
    }
  }

  /// The daemon answers.
  [[nodiscard]] bool connected() const noexcept { return pulse_.connected(); }

  /// As Client::next_seq.
  [[nodiscard]] std::optional<std::uint64_t> next_seq() const noexcept {
    if (walk_.due() != 0) return walk_.due();
    return wanted_.from_seq;
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;

  static Options pulse_options(Options options) {
    options.from_seq = std::nullopt;
    options.instruments.clear();
    options.min_abs_score = 0;
    options.messages = {"status"};  // the fewest
    return options;
  }

  /// The next message in the journal. nullopt: none is there, or `failure_` says why.
  std::optional<Message> take() {
    for (;;) {
      switch (walk_.look()) {
        case detail::JournalWalk::Found::Nothing:
          return std::nullopt;
        case detail::JournalWalk::Found::Gap:
          return Gap{{}, {walk_.gap_from(), walk_.due() - 1}};
        case detail::JournalWalk::Found::Record:
          break;
      }
      Message message;
      const Decoded decoded = decode(walk_.record(), message);
      if (decoded.status > DecodeStatus::Skipped) {
        failure_ = "malformed record where number " + std::to_string(walk_.due()) +
                   " was due: " + std::string(to_text(decoded.status));
        return std::nullopt;
      }
      walk_.consume();
      if (decoded.status == DecodeStatus::Ok && detail::wants(wanted_, message)) return message;
    }
  }

  /// What the subscription tells: only that the daemon lives, or does not.
  std::optional<Message> pulse() {
    for (;;) {
      const auto message = pulse_.poll();
      if (!message) return std::nullopt;
      if (std::holds_alternative<Stale>(*message) || std::holds_alternative<Failed>(*message))
        return message;
      const auto* heartbeat = std::get_if<Heartbeat>(&*message);
      if (heartbeat == nullptr) continue;
      if (heartbeat->last_seq + 1 < walk_.due()) {
        // The publisher may lag behind the journal. Whether that was replaced, only it can tell.
        walk_.forget_file();
        if (auto first = take()) return first;
        if (walk_.ends_early()) {
          failure_ = "the numbering went back to " + std::to_string(heartbeat->last_seq) +
                     " where " + std::to_string(walk_.due()) +
                     " was due: the daemon's journal was replaced; subscribe anew";
        }
        if (!failure_.empty()) return Failed{failure_};
      }
      // It says that nothing is missing, so what it counts is handed out first; a later one tells.
      if (heartbeat->last_seq < walk_.due() || heartbeat->last_seq == 0) return message;
      if (auto first = take()) return first;
      if (!failure_.empty()) return Failed{failure_};
      if (heartbeat->last_seq < walk_.due()) return message;
      walk_.forget_file();
    }
  }

  Options wanted_;
  SharedMemoryOptions memory_;
  detail::JournalWalk walk_;
  Client pulse_;
  Time pulse_at_{};
  std::string failure_;
};

}  // namespace tariff::client
