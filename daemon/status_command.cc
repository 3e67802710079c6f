// daemon/status_command.cc - `tariffd status`.
#include <fmt/format.h>
#include <sysexits.h>

#include "daemon/commands.h"
#include "daemon/signal_socket.h"
#include "daemon/status.h"

namespace tariff {

int status_command(const StatusOptions& options) {
  auto socket = SignalSocket::connect(options.socket);
  if (!socket) {
    fmt::print(stderr, "tariffd status: {}\n", socket.error().what);
    return socket.error().exit_code;
  }
  const bool asked = socket->send_line(R"({"op":"status"})");
  const auto answer = asked ? socket->read_line(std::chrono::seconds{5}) : std::nullopt;
  if (!answer) {
    fmt::print(stderr, "tariffd status: {}: no answer within 5 s\n", options.socket);
    return EX_UNAVAILABLE;
  }
  if (options.json) {
    fmt::print("{}\n", *answer);
    return EX_OK;
  }
  const auto table = status_table(*answer);
  if (!table) {
    fmt::print(stderr, "tariffd status: {}\n", table.error().what);
    return table.error().exit_code;
  }
  fmt::print("{}", *table);
  return EX_OK;
}

}  // namespace tariff
