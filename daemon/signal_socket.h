#pragma once
// daemon/signal_socket.h - The daemon's own socket as its other commands use it: ask one line, read
// lines. Thread: one. Cold.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace tariff {

class SignalSocket {
 public:
  /// Connects. The error says whether the daemon is not there (69) or may not be asked (77).
  [[nodiscard]] static Result<SignalSocket> connect(const std::string& path);
  ~SignalSocket();
  SignalSocket(SignalSocket&& other) noexcept;
  SignalSocket& operator=(SignalSocket&&) = delete;

  [[nodiscard]] bool send_line(std::string_view line) const;
  /// The next line without its end; nullopt when the daemon has closed, time is up, or a signal
  /// came.
  [[nodiscard]] std::optional<std::string> read_line(std::chrono::milliseconds timeout);
  /// Process id of whoever listens on the socket.
  [[nodiscard]] Result<int> peer_pid() const;

 private:
  explicit SignalSocket(int fd) : fd_(fd) {}

  int fd_ = -1;
  std::string buffer_;
};

}  // namespace tariff
