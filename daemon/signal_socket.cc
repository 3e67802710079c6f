#include "daemon/signal_socket.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <sysexits.h>

namespace tariff {

Result<SignalSocket> SignalSocket::connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Error{fmt::format("{}: is longer than a socket path can be", path), EX_USAGE};
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  SignalSocket socket(fd);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int problem = errno;
    const bool denied = problem == EACCES || problem == EPERM;
    return Error{fmt::format("{}: cannot connect: {}; {}", path, std::strerror(problem),
                             denied ? "is this user in the group of the socket?"
                                    : "is tariffd running, and is this its socket (--socket)?"),
                 denied ? EX_NOPERM : EX_UNAVAILABLE};
  }
  return socket;
}

SignalSocket::~SignalSocket() {
  if (fd_ >= 0) ::close(fd_);
}

SignalSocket::SignalSocket(SignalSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)) {}

bool SignalSocket::send_line(std::string_view line) const {
  const std::string bytes = std::string(line) + "\n";
  return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

std::optional<std::string> SignalSocket::read_line(std::chrono::milliseconds timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) {
      return std::nullopt;
    }
    std::array<char, 16'384> bytes{};
    const ssize_t count = ::read(fd_, bytes.data(), bytes.size());
    if (count <= 0) return std::nullopt;
    buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  }
}

Result<int> SignalSocket::peer_pid() const {
  ucred peer{};
  socklen_t bytes = sizeof peer;
  if (::getsockopt(fd_, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) != 0 || peer.pid <= 0) {
    return Error{"the process behind the socket cannot be told", EX_OSERR};
  }
  return static_cast<int>(peer.pid);
}

}  // namespace tariff
