#pragma once
// tariffd/client.h - Subscribes to a running tariffd and hands out its messages one by one. Lost
// connections are resumed where they broke off, so that nothing is missed or told twice, also when
// the daemon was killed. How a strategy should answer each message: docs/howto/write-a-strategy.md.
// Thread: one thread per client. Hot: after start, receiving allocates nothing.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "tariffd/cursor.h"
#include "tariffd/decode.h"
#include "tariffd/message.h"
#include "tariffd/options.h"
#include "tariffd/socket.h"

namespace tariff::client {

class Client {
 public:
  /// Connects at the first call of poll or next, and as often as needed after that.
  explicit Client(Options options)
      : options_(std::move(options)),
        cursor_(options_.from_seq, options_.wants_every_message()),
        buffer_(std::make_unique<detail::ReceiveBuffer>()),
        backoff_(options_.reconnect_min),
        heard_at_(Clock::now()) {
    if (!waiter_.ok()) fail("cannot make a timer or an epoll descriptor: " + error_text());
  }

  /// The next message if one is there; never waits. What an Event, Stale or Failed views is valid
  /// until the next call.
  [[nodiscard]] std::optional<Message> poll() {
    for (;;) {
      if (!failure_.empty()) return Failed{failure_};
      if (auto message = take()) return message;
      if (!failure_.empty()) continue;
      const Time now = Clock::now();
      if (!socket_.open() && !connect(now)) return idle(now);
      const ssize_t count = buffer_->receive(socket_.get());
      if (count > 0) {
        heard(now);
      } else if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        return idle(now);
      } else {
        disconnect(now, count == 0 ? "the daemon closed the connection" : error_text());
      }
    }
  }

  /// The next message, waiting for it for at most `timeout`. nullopt: time is up, or a signal
  /// handler ran.
  [[nodiscard]] std::optional<Message> next(std::chrono::nanoseconds timeout) {
    const Time until = Clock::now() + timeout;
    for (;;) {
      if (auto message = poll()) return message;
      const auto left = until - Clock::now();
      if (left <= left.zero() || !waiter_.wait(left)) return std::nullopt;
    }
  }

  /// For event loops: one descriptor for the life of the client, over all its connections.
  /// Readable: call poll until it returns nullopt, which must also be done once at start.
  [[nodiscard]] int fd() const noexcept { return waiter_.fd(); }

  [[nodiscard]] bool connected() const noexcept { return socket_.open(); }

  /// What a resumed subscription would ask for: one more than the number of the last message that
  /// was handed out. nullopt as long as nothing is known.
  [[nodiscard]] std::optional<std::uint64_t> next_seq() const noexcept { return cursor_.next(); }

 private:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;

  /// The next message in the buffer. nullopt: it holds no whole one.
  std::optional<Message> take() {
    for (;;) {
      Message message;
      const Decoded decoded = decode(buffer_->unread(), message);
      switch (decoded.status) {
        case DecodeStatus::Incomplete:
          return std::nullopt;
        case DecodeStatus::Refused:
          fail("the daemon refused: " + std::string(decoded.error));
          return std::nullopt;
        case DecodeStatus::Ok:
        case DecodeStatus::Skipped:
          break;
        default:
          fail_malformed(decoded);
          return std::nullopt;
      }
      if (auto delivered = place(decoded, message)) return delivered;
      if (!failure_.empty()) return std::nullopt;
    }
  }

  /// Puts a sound record into the order of the stream. nullopt: nothing to hand out for it.
  std::optional<Message> place(const Decoded& decoded, const Message& message) {
    if (const auto* heartbeat = std::get_if<Heartbeat>(&message)) {
      buffer_->consume(decoded.length_bytes);
      if (!cursor_.on_heartbeat(heartbeat->last_seq)) {
        fail_went_back(heartbeat->last_seq);
        return std::nullopt;
      }
      return message;
    }
    if (const auto* gap = std::get_if<Gap>(&message)) {
      buffer_->consume(decoded.length_bytes);
      cursor_.advance(gap->to_seq);
      return message;
    }
    const std::uint64_t seq = decoded.header.seq;
    if (seq == 0 && decoded.status == DecodeStatus::Skipped) {
      // Something new that a newer daemon tells one connection.
      buffer_->consume(decoded.length_bytes);
      return std::nullopt;
    }
    switch (cursor_.judge(seq)) {
      case Cursor::Verdict::WentBack:
        fail_went_back(seq);
        return std::nullopt;
      case Cursor::Verdict::Missing: {
        // The record stays in the buffer for the next call.
        Gap gap{decoded.header, {cursor_.missing_from(), seq - 1}};
        cursor_.advance(seq - 1);
        return gap;
      }
      case Cursor::Verdict::Deliver:
        break;
    }
    buffer_->consume(decoded.length_bytes);
    cursor_.advance(seq);
    if (decoded.status == DecodeStatus::Skipped) return std::nullopt;
    return message;
  }

  /// True if there is a connection now.
  bool connect(Time now) {
    if (now < retry_at_) return false;
    socket_ = detail::connect_unix(options_.socket_path);
    if (!socket_.open()) {
      disconnect(now, "cannot connect to " + options_.socket_path + ": " + error_text());
      return false;
    }
    const std::string line = subscribe_line(options_, cursor_.next());
    const ssize_t sent = ::send(socket_.get(), line.data(), line.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(line.size())) {
      disconnect(now, "cannot send the subscribe line: " + error_text());
      return false;
    }
    waiter_.watch(socket_.get());
    return true;
  }

  void disconnect(Time now, std::string reason) {
    // A record cut by the end of the stream is asked for again.
    socket_.close();
    buffer_->clear();
    reason_ = std::move(reason);
    retry_at_ = now + backoff_;
    backoff_ = std::min(backoff_ * 2, options_.reconnect_max);
  }

  void heard(Time now) {
    heard_at_ = now;
    stale_ = false;
    backoff_ = options_.reconnect_min;
  }

  /// Nothing to do now: tells a silence once, and sets the timer for whatever comes first.
  std::optional<Message> idle(Time now) {
    const Time stale_at = heard_at_ + options_.stale_after;
    if (!stale_ && now >= stale_at) {
      stale_ = true;
      if (socket_.open()) reason_ = "connected, but nothing was heard, not even a heartbeat";
      return Stale{reason_};
    }
    Time due = now + std::chrono::hours{1};
    if (!stale_) due = std::min(due, stale_at);
    if (!socket_.open()) due = std::min(due, retry_at_);
    waiter_.wake_at(due, now);
    return std::nullopt;
  }

  void fail(std::string reason) {
    socket_.close();
    failure_ = std::move(reason);
  }

  void fail_malformed(const Decoded& decoded) {
    const auto bytes = buffer_->unread();
    if (decoded.status == DecodeStatus::BadMagic && bytes[0] == std::byte{'{'}) {
      // A daemon that could not read the subscribe line answers in its default encoding.
      std::string_view line(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      return fail("the daemon refused: " + std::string(line.substr(0, line.find('\n'))));
    }
    const auto next = cursor_.next();
    fail("malformed stream where number " + (next ? std::to_string(*next) : std::string("?")) +
         " was due: " + std::string(to_text(decoded.status)));
  }

  void fail_went_back(std::uint64_t seq) {
    fail("the numbering went back to " + std::to_string(seq) + " where " +
         std::to_string(cursor_.next().value_or(0)) +
         " was due: the daemon's journal was replaced; subscribe anew");
  }

  [[nodiscard]] static std::string error_text() { return std::strerror(errno); }

  Options options_;
  Cursor cursor_;
  std::unique_ptr<detail::ReceiveBuffer> buffer_;
  detail::Waiter waiter_;
  detail::Fd socket_;
  std::chrono::milliseconds backoff_;
  Time retry_at_{};
  Time heard_at_;
  bool stale_ = false;
  std::string reason_ = "never connected";
  std::string failure_;
};

}  // namespace tariff::client
