// daemon/watch_command.cc - `tariffd watch`: a subscriber for a person. Uses the client that
// strategies use, so that it sees what they see.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <sysexits.h>

#include "core/histogram.h"
#include "daemon/commands.h"
#include "daemon/message_view.h"
#include "daemon/signal_socket.h"
#include "tariffd/client.h"

namespace tariff {
namespace {

std::atomic<bool> g_stop{false};

void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { g_stop.store(true); };
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool wants_colour() {
  return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
}

/// What `--summary` tells.
struct Seen {
  std::uint64_t events = 0;
  std::uint64_t confirmations = 0;
  std::uint64_t signals = 0;
  std::uint64_t retracts = 0;
  Histogram latency;

  void operator()(const client::Event& event) {
    ++events;
    if (event.novelty != Novelty::New) ++confirmations;
    latency.record(event.latency_ns);
  }
  void operator()(const client::Signal& signal) {
    ++signals;
    latency.record(signal.latency_ns);
  }
  void operator()(const client::Retract&) { ++retracts; }
  void operator()(const auto&) {}
};

void print_summary(const Seen& seen, const std::string& socket) {
  const auto us = [&](double share) {
    return static_cast<double>(seen.latency.percentile(share)) / 1e3;
  };
  fmt::print("\n{} events ({} of them told before or edited), {} signals, {} retracts\n",
             seen.events, seen.confirmations, seen.signals, seen.retracts);
  fmt::print("receipt to publication: p50 {:.1f} us, p90 {:.1f} us, p99 {:.1f} us\n", us(0.5),
             us(0.9), us(0.99));
  fmt::print("subscribe: socat - UNIX-CONNECT:{}\n", socket);
}

client::Options client_options(const WatchOptions& options) {
  client::Options subscription;
  subscription.socket_path = options.socket;
  subscription.from_seq = options.from_seq;
  subscription.messages = options.messages;
  subscription.instruments = options.instruments;
  subscription.min_abs_score = options.min_abs_score;
  return subscription;
}

/// The wire lines themselves, as `socat` would show them.
int watch_json(const WatchOptions& options) {
  auto socket = SignalSocket::connect(options.socket);
  if (!socket) {
    fmt::print(stderr, "tariffd watch: {}\n", socket.error().what);
    return socket.error().exit_code;
  }
  std::string line = client::subscribe_line(client_options(options), options.from_seq);
  line.replace(line.find("binary"), 6, "json").pop_back();
  if (!socket->send_line(line)) return EX_IOERR;
  for (std::uint64_t count = 0; !g_stop.load();) {
    const auto message = socket->read_line(std::chrono::seconds{5});
    if (!message) {
      if (g_stop.load()) return EX_OK;
      fmt::print(stderr, "tariffd watch: {}: the daemon is gone\n", options.socket);
      return EX_UNAVAILABLE;
    }
    fmt::print("{}\n", *message);
    std::fflush(stdout);
    if (message->starts_with(R"({"type":"error")")) return EX_PROTOCOL;
    const bool counts = !message->starts_with(R"({"type":"heartbeat")");
    if (counts && options.count != 0 && ++count == options.count) return EX_OK;
  }
  return EX_OK;
}

}  // namespace

int watch_command(const WatchOptions& options) {
  stop_on_signals();
  if (options.json) return watch_json(options);
  // The client waits for a daemon that is not there; a person wants to be told.
  if (const auto probe = SignalSocket::connect(options.socket); !probe) {
    fmt::print(stderr, "tariffd watch: {}\n", probe.error().what);
    return probe.error().exit_code;
  }
  const bool colour = wants_colour();
  client::Client client(client_options(options));
  Seen seen;
  std::uint64_t count = 0;
  while (!g_stop.load() && (options.count == 0 || count < options.count)) {
    const auto message = client.next(std::chrono::milliseconds{200});
    if (!message) continue;
    const std::string text = view_message(*message, colour);
    if (!text.empty()) ++count;
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
    std::visit([&](const auto& m) { seen(m); }, *message);
    if (std::holds_alternative<client::Failed>(*message)) return EX_PROTOCOL;
  }
  if (options.summary) print_summary(seen, options.socket);
  return EX_OK;
}

}  // namespace tariff
