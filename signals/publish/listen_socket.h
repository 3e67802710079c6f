#pragma once
// signals/publish/listen_socket.h - Opens the Unix socket that subscribers connect to: its place,
// its rights, and what to do about one that is already there. Thread: at start. Cold.

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"

namespace tariff {

struct ListenOptions {
  std::string path;
  unsigned mode = 0660;  ///< Who may connect, as for a file: write permission lets in.
  std::string group;     ///< Name or number; empty: the group of the process.
};

/// A listening, non-blocking stream socket at `path`. A socket file that a dead daemon left is
/// replaced; one that somebody answers on, and anything that is no socket, is refused.
[[nodiscard]] Result<int> open_listen_socket(const ListenOptions& options);

/// Makes an inherited descriptor (systemd's LISTEN_FDS) fit for use; it must be a listening Unix
/// stream socket.
[[nodiscard]] Result<void> adopt_listen_socket(int fd);

/// Id of the group with this name or number; nullopt if the system does not know it.
[[nodiscard]] std::optional<unsigned> find_group(const std::string& name);

/// User ids of `users`, each a name or a number. A name that the system does not know is an error.
[[nodiscard]] Result<std::vector<unsigned>> find_users(const std::vector<std::string>& users);

}  // namespace tariff
