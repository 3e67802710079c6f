// daemon/reload_command.cc - `tariffd reload`: SIGHUP to whoever listens on the socket, then wait
// for the status message that tells the outcome. Unlike `kill -HUP`, it fails when the rules are
// rejected.
#include <signal.h>

#include <chrono>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <sysexits.h>

#include "config/errors.h"
#include "core/clock.h"
#include "daemon/commands.h"
#include "daemon/signal_socket.h"

namespace tariff {
namespace {

namespace json = boost::json;

int fail(const Error& error) {
  fmt::print(stderr, "tariffd reload: {}\n", error.what);
  return error.exit_code;
}

/// The outcome told by this line: 0, 78, or nullopt if it is about something else, or about a
/// reload before `asked_at`: a publisher that is behind tells late.
std::optional<int> outcome(const std::string& line, WallNs asked_at) {
  boost::system::error_code problem;
  const json::value value = json::parse(line, problem);
  if (problem || !value.is_object()) return std::nullopt;
  const json::object& message = value.as_object();
  const auto text_of = [&](std::string_view key) -> std::string {
    const json::value* found = message.if_contains(key);
    return found != nullptr && found->is_string() ? std::string(found->as_string()) : "";
  };
  if (text_of("type") != "status") return std::nullopt;
  const std::string kind = text_of("kind");
  if (kind != "reloaded" && kind != "reload_failed") return std::nullopt;
  const json::value* told_at = message.if_contains("received_ns");
  if (told_at == nullptr || !told_at->is_int64() || told_at->as_int64() < asked_at.ns) {
    return std::nullopt;
  }
  const bool done = kind == "reloaded";
  fmt::print(done ? stdout : stderr, "tariffd reload: {}\n", printable(text_of("text")));
  return done ? EX_OK : EX_CONFIG;
}

}  // namespace

int reload_command(const ReloadOptions& options) {
  auto socket = SignalSocket::connect(options.socket);
  if (!socket) return fail(socket.error());
  const auto pid = socket->peer_pid();
  if (!pid) return fail(pid.error());
  const std::chrono::seconds timeout{options.timeout_s};
  // The heartbeat that comes at once, or within a second, shows that the subscription stands.
  if (!socket->send_line(R"({"op":"subscribe","messages":["status"]})") ||
      !socket->read_line(timeout)) {
    return fail({fmt::format("{}: the daemon does not answer", options.socket), EX_UNAVAILABLE});
  }
  const WallNs asked_at = now_wall();
  if (::kill(*pid, SIGHUP) != 0) {
    return fail(
        {fmt::format("may not signal the daemon (process {}): run as its user or root", *pid),
         EX_NOPERM});
  }
  const auto until = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    const auto line = socket->read_line(left);
    if (!line) break;
    if (const auto code = outcome(*line, asked_at)) return *code;
  }
  return fail({fmt::format("no outcome within {} s; see the daemon's log", options.timeout_s),
               EX_UNAVAILABLE});
}

}  // namespace tariff
