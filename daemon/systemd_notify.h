#pragma once
// daemon/systemd_notify.h - What systemd and a service say to each other: readiness, status text,
// the watchdog and sockets it opened for us. The protocol is a few datagrams and
// environment variables, documented as stable in sd_notify(3); docs/decisions/0005 says why it is
// written out here. Without systemd everything does nothing. Cold.

#include <sys/socket.h>
#include <sys/un.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tariff {

/// Speaks to the service manager named by $NOTIFY_SOCKET. Any thread but the scorer's: a send is a
/// system call. The calls return false if the message could not be delivered.
class SystemdNotifier {
 public:
  /// Reads the environment once.
  SystemdNotifier() noexcept;
  ~SystemdNotifier();
  SystemdNotifier(const SystemdNotifier&) = delete;
  SystemdNotifier& operator=(const SystemdNotifier&) = delete;

  /// False when nobody started us who wants to know; then every call below returns true.
  [[nodiscard]] bool enabled() const noexcept { return socket_ >= 0; }

  /// Changes of state must arrive: these wait for up to a second while the manager is busy.
  /// `ready` also ends a reload. `status` is one line for `systemctl status`.
  bool ready(std::string_view status) const;
  bool reloading(std::string_view status) const;
  bool stopping(std::string_view status) const;

  /// The next one says it again, so these never wait.
  bool status(std::string_view status) const;
  bool watchdog() const;

  /// How often `watchdog` is due: half of what the unit's WatchdogSec= allows. Nullopt: not wanted.
  [[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval() const noexcept {
    return watchdog_interval_;
  }

 private:
  enum class Patience { None, OneSecond };
  bool send(std::string_view message, Patience patience) const;

  int socket_ = -1;
  sockaddr_un address_{};
  socklen_t address_bytes_ = 0;
  std::optional<std::chrono::microseconds> watchdog_interval_;
};

struct InheritedSocket {
  int fd = -1;       ///< The taker closes it.
  std::string name;  ///< FileDescriptorName= of the .socket unit; "unknown" if it has none.
};

/// The sockets that systemd listens on for us (a .socket unit), or that it kept for us over a
/// restart. Takes the variables out of the environment, so that a second call returns none.
[[nodiscard]] std::vector<InheritedSocket> take_inherited_sockets();

}  // namespace tariff
