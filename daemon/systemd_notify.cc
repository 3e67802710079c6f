#include "daemon/systemd_notify.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "core/clock.h"

namespace tariff {
namespace {

constexpr int kFirstInheritedFd = 3;      // SD_LISTEN_FDS_START
constexpr int kInheritedSocketsMax = 64;  // we use one; a larger count is not for us

// The environment is read at start, before there is a second thread.
std::string_view environment(const char* name) noexcept {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

std::optional<std::uint64_t> environment_number(const char* name) noexcept {
  const std::string_view text = environment(name);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

/// Variables come with the pid they are meant for: a child inherits them but must not act on them.
bool is_for_us(const char* pid_variable) noexcept {
  return environment_number(pid_variable) == static_cast<std::uint64_t>(::getpid());
}

/// A line break in a status would start a new assignment.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return line;
}

}  // namespace

SystemdNotifier::SystemdNotifier() noexcept {
  const std::string_view path = environment("NOTIFY_SOCKET");
  // A path, or '@' and the name of an abstract socket. sun_path needs no terminator here.
  if (path.size() < 2 || (path[0] != '/' && path[0] != '@')) return;
  if (path.size() > sizeof address_.sun_path) return;
  address_.sun_family = AF_UNIX;
  std::memcpy(address_.sun_path, path.data(), path.size());
  if (path[0] == '@') address_.sun_path[0] = '\0';
  address_bytes_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return;
  const timeval one_second{.tv_sec = 1, .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &one_second, sizeof one_second);

  const auto usec = environment_number("WATCHDOG_USEC");
  if (usec && *usec > 1 && (environment("WATCHDOG_PID").empty() || is_for_us("WATCHDOG_PID"))) {
    watchdog_interval_ = std::chrono::microseconds(*usec / 2);
  }
}

SystemdNotifier::~SystemdNotifier() {
  if (socket_ >= 0) ::close(socket_);
}

bool SystemdNotifier::send(std::string_view message, Patience patience) const {
  if (!enabled()) return true;
  const int flags = MSG_NOSIGNAL | (patience == Patience::None ? MSG_DONTWAIT : 0);
  ssize_t sent = -1;
  do {
    sent = ::sendto(socket_, message.data(), message.size(), flags,
                    reinterpret_cast<const sockaddr*>(&address_), address_bytes_);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(message.size());
}

bool SystemdNotifier::ready(std::string_view status) const {
  return send(fmt::format("READY=1\nSTATUS={}", one_line(status)), Patience::OneSecond);
}

bool SystemdNotifier::reloading(std::string_view status) const {
  // Type=notify-reload wants the time in the same datagram, else it takes READY=1 for an old one.
  return send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS={}", now_mono().ns / 1'000,
                          one_line(status)),
              Patience::OneSecond);
}

bool SystemdNotifier::stopping(std::string_view status) const {
  return send(fmt::format("STOPPING=1\nSTATUS={}", one_line(status)), Patience::OneSecond);
}

bool SystemdNotifier::status(std::string_view status) const {
  return send(fmt::format("STATUS={}", one_line(status)), Patience::None);
}

bool SystemdNotifier::watchdog() const {
  return send("WATCHDOG=1", Patience::None);
}

std::vector<InheritedSocket> take_inherited_sockets() {
  std::vector<InheritedSocket> sockets;
  const auto count = environment_number("LISTEN_FDS");
  if (is_for_us("LISTEN_PID") && count && *count <= kInheritedSocketsMax) {
    std::string_view names = environment("LISTEN_FDNAMES");  // colon-separated, in order
    for (int fd = kFirstInheritedFd; fd < kFirstInheritedFd + static_cast<int>(*count); ++fd) {
      const std::string_view name = names.substr(0, names.find(':'));
      names.remove_prefix(std::min(names.size(), name.size() + 1));
      ::fcntl(fd, F_SETFD, FD_CLOEXEC);
      sockets.push_back({fd, std::string(name.empty() ? "unknown" : name)});
    }
  }
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
    ::unsetenv(name);
  return sockets;
}

}  // namespace tariff
