#include "signals/publish/listen_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sysexits.h>

#include "core/fd.h"

namespace tariff {
namespace {

Error socket_error(const std::string& path, const char* what, int problem, const char* advice,
                   int exit_code) {
  return {fmt::format("signal socket {}: {}: {}; {}", path, what,
                      std::generic_category().message(problem), advice),
          exit_code};
}

Error open_error(const std::string& path, const char* what, int problem) {
  if (problem == EACCES || problem == EPERM || problem == EROFS) {
    return socket_error(path, what, problem, "give the daemon's user write rights to its directory",
                        EX_NOPERM);
  }
  if (problem == ENOENT || problem == ENOTDIR) {
    return socket_error(path, what, problem, "make its directory, or correct the path",
                        EX_CANTCREAT);
  }
  return socket_error(path, what, problem, "choose another path", EX_CANTCREAT);
}

std::optional<unsigned> number_of(const std::string& text) {
  unsigned number = 0;
  const char* last = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), last, number);
  return error == std::errc{} && parsed == last ? std::optional(number) : std::nullopt;
}

/// Removes what a dead daemon left at the address.
Result<void> clear_path(const std::string& path, const sockaddr_un& address) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) {
    return errno == ENOENT ? Result<void>{} : open_error(path, "cannot be looked at", errno);
  }
  if (!S_ISSOCK(info.st_mode)) {
    return Error{
        fmt::format("signal socket {}: there is a file that is no socket; move it away, or choose "
                    "another path",
                    path),
        EX_CANTCREAT};
  }
  const Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      errno == EAGAIN) {
    return Error{fmt::format("signal socket {}: another process serves it; stop that tariffd, or "
                             "choose another path",
                             path),
                 EX_CANTCREAT};
  }
  if (errno != ECONNREFUSED) return open_error(path, "cannot be tried", errno);
  if (::unlink(path.c_str()) != 0) return open_error(path, "cannot be replaced", errno);
  return {};
}

}  // namespace

std::optional<unsigned> find_group(const std::string& name) {
  if (const auto number = number_of(name)) return number;
  const group* found = ::getgrnam(name.c_str());
  return found == nullptr ? std::nullopt : std::optional<unsigned>(found->gr_gid);
}

Result<int> open_listen_socket(const ListenOptions& options) {
  const std::string& path = options.path;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return Error{
        fmt::format("signal socket {}: the path has {} bytes, but a Unix socket's has 1 to "
                    "{}; choose a shorter one",
                    path, path.size(), sizeof address.sun_path - 1),
        EX_CONFIG};
  }
  std::memcpy(address.sun_path, path.data(), path.size());

  std::optional<unsigned> group;
  if (!options.group.empty()) {
    group = find_group(options.group);
    if (!group) {
      return Error{fmt::format("signal socket {}: there is no group '{}'; make it, or name another",
                               path, options.group),
                   EX_CONFIG};
    }
  }
  if (auto cleared = clear_path(path, address); !cleared) return cleared.error();

  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) return open_error(path, "cannot be made", errno);
  // The file is born closed to others (Linux takes the mode of the descriptor), so that nobody
  // slips in before its rights are set.
  if (::fchmod(fd.get(), 0600) != 0 ||
      ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return open_error(path, "cannot be made", errno);
  }
  const auto failed = [&](const char* what) {
    const int problem = errno;
    ::unlink(path.c_str());
    return open_error(path, what, problem);
  };
  if (group && ::chown(path.c_str(), static_cast<uid_t>(-1), *group) != 0) {
    return failed("cannot be given to its group");
  }
  if (::chmod(path.c_str(), options.mode) != 0) return failed("cannot be given its mode");
  if (::listen(fd.get(), SOMAXCONN) != 0) return failed("cannot be listened on");
  return fd.release();
}

Result<void> adopt_listen_socket(int fd) {
  int listening = 0;
  int domain = 0;
  int type = 0;
  socklen_t size = sizeof listening;
  const bool fits = ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 &&
                    ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 &&
                    ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && listening == 1 &&
                    domain == AF_UNIX && type == SOCK_STREAM;
  if (!fits) {
    return Error{fmt::format("signal socket: the inherited descriptor {} is no listening Unix "
                             "stream socket; write ListenStream=PATH in the .socket unit",
                             fd),
                 EX_CONFIG};
  }
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  return {};
}

Result<std::vector<unsigned>> find_users(const std::vector<std::string>& users) {
  std::vector<unsigned> ids;
  for (const std::string& user : users) {
    auto id = number_of(user);
    if (!id) {
      if (const passwd* found = ::getpwnam(user.c_str())) id = found->pw_uid;
    }
    if (!id) {
      return Error{fmt::format("signal socket: there is no user '{}'; make it, or take it off the "
                               "list",
                               user),
                   EX_CONFIG};
    }
    ids.push_back(*id);
  }
  return ids;
}

}  // namespace tariff
