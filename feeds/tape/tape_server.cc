#include "feeds/tape/tape_server.h"

#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "core/clock.h"
#include "feeds/tape/rfc3339.h"
#include "feeds/tape/tape_connection.h"
#include "feeds/tape/timeline.h"

namespace tariff::tape {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int kExitUsage = 64;        // EX_USAGE
constexpr int kExitNoInput = 66;      // EX_NOINPUT
constexpr int kExitUnavailable = 69;  // EX_UNAVAILABLE

constexpr std::chrono::milliseconds kTick{100};
/// What clients have to say goodbye at the end.
constexpr std::chrono::milliseconds kCloseWait{1'000};
/// At speed 0 the tape runs at most so far ahead of the slowest client.
constexpr std::uint64_t kItemsAhead = 4'096;

std::optional<Error> check(const TapeOptions& options) {
  if (options.files.empty()) return Error{"no tape file is given", kExitUsage};
  if (options.speed != 0 && !(options.speed >= 0.001 && options.speed <= 1e6))
    return Error{fmt::format("speed {} is neither 0 nor between 0.001 and 1000000", options.speed),
                 kExitUsage};
  if (options.max_gap.count() < 0) return Error{"the longest gap is below 0", kExitUsage};
  if (options.once && options.loop)
    return Error{"a tape plays either once or in a loop", kExitUsage};
  if (options.certificate_file.empty() != options.private_key_file.empty())
    return Error{"TLS takes both a certificate and its private key", kExitUsage};
  if (options.key.empty() != options.secret.empty())
    return Error{"a key is required with a secret, or neither", kExitUsage};
  return std::nullopt;
}

class Server {
 public:
  Server(const TapeOptions& options, Tape tape)
      : options_(options),
        timeline_(tape, {options.speed, options.max_gap, options.loop}),
        stage_{.tape = std::move(tape),
               .access = {options.key, options.secret, options.connections_per_key_max,
                          options.symbols_max},
               .behind_items_max = options.speed == 0 ? 0 : options.behind_items_max,
               .stuck_after_ns = std::chrono::nanoseconds(options.stuck_after).count(),
               .notice = [this](std::string_view line) { notice(line); },
               .on_progress = [this] { advance(); },
               .on_closed = [this](TapeConnection* gone) { forget(gone); }} {}

  [[nodiscard]] std::optional<Error> open() {
    if (auto error = load_certificate()) return error;
    error_code ec;
    const auto address = asio::ip::make_address(options_.address, ec);
    if (ec) return Error{fmt::format("'{}' is not an address", options_.address), kExitUsage};
    const tcp::endpoint endpoint(address, options_.port);
    acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    if (ec)
      return Error{fmt::format("cannot listen on {}:{}: {}; choose another --port",
                               options_.address, options_.port, ec.message()),
                   kExitUnavailable};
    return std::nullopt;
  }

  TapeStats run(const std::stop_token& stop) {
    const std::stop_callback on_stop(stop, [this] { asio::post(io_, [this] { end("stopped"); }); });
    if (options_.stop_on_signals) {
      error_code ignored;
      (void)signals_.add(SIGINT, ignored);
      (void)signals_.add(SIGTERM, ignored);
      signals_.async_wait([this](error_code ec, int) {
        if (!ec) end("stopped by a signal");
      });
    }
    const auto port = acceptor_.local_endpoint().port();
    if (options_.on_listening) options_.on_listening(port, url(port));
    accept();
    tick();
    io_.run();
    return stats();
  }

 private:
  std::optional<Error> load_certificate() {
    if (options_.certificate_file.empty()) return std::nullopt;
    tls_.emplace(asio::ssl::context::tls_server);
    error_code ec;
    tls_->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                          asio::ssl::context::no_tlsv1_1,
                      ec);
    tls_->use_certificate_chain_file(options_.certificate_file, ec);
    if (ec)
      return Error{fmt::format("{}: not a PEM certificate that can be read: {}",
                               options_.certificate_file, ec.message()),
                   kExitNoInput};
    tls_->use_private_key_file(options_.private_key_file, asio::ssl::context::pem, ec);
    if (ec)
      return Error{fmt::format("{}: not the private key of {}: {}", options_.private_key_file,
                               options_.certificate_file, ec.message()),
                   kExitNoInput};
    return std::nullopt;
  }

  std::string url(std::uint16_t port) const {
    const bool v6 = options_.address.find(':') != std::string::npos;
    return fmt::format("{}://{}{}{}:{}", tls_ ? "wss" : "ws", v6 ? "[" : "", options_.address,
                       v6 ? "]" : "", port);
  }

  void accept() {
    acceptor_.async_accept([this](error_code ec, tcp::socket socket) {
      if (ec == asio::error::operation_aborted || ending_) return;
      if (!ec) {
        connections_.push_back(
            make_tape_connection(std::move(socket), tls_ ? &*tls_ : nullptr, stage_));
        connections_.back()->start();
      }
      accept();
    });
  }

  void tick() {
    tick_timer_.expires_after(kTick);
    tick_timer_.async_wait([this](error_code ec) {
      if (ec) return;
      for (const auto& connection : connections_)
        connection->tick(now_mono());
      if (!ending_) advance();
      tick();
    });
  }

  /// Starts the tape once enough clients listen, moves it to where it should be, and hands what
  /// is new to all of them.
  void advance() {
    if (ending_) return;
    if (!started_ && !start()) return;
    std::uint64_t due = timeline_.due(now_mono() - *started_);
    if (options_.speed == 0) due = std::min(due, slowest_cursor() + kItemsAhead);
    if (due > stage_.position) {
      stage_.position = due;
      for (const auto& connection : connections_)
        connection->pump();
    }
    const std::int64_t next_ns = timeline_.due_at_ns(stage_.position);
    if (next_ns == Timeline::kNever) return at_end();
    if (options_.speed == 0) return;  // goes on when a client has taken a frame
    due_timer_.expires_after(std::chrono::nanoseconds(*started_ + next_ns - now_mono()));
    due_timer_.async_wait([this](error_code ec) {
      if (!ec) advance();
    });
  }

  bool start() {
    const auto subscribed = std::count_if(connections_.begin(), connections_.end(),
                                          [](const auto& each) { return each->subscribed(); });
    if (subscribed == 0 || static_cast<std::size_t>(subscribed) < options_.clients_to_start)
      return false;
    started_ = now_mono();
    const TapeStats tape = stats();
    const double seconds = static_cast<double>(timeline_.length_ns()) / 1e9;
    notice(fmt::format("tape starts: {} headlines and {} quotes from {} to {}, {}",
                       tape.news_on_tape, tape.quotes_on_tape, to_rfc3339(stage_.tape.front().at),
                       to_rfc3339(stage_.tape.back().at),
                       options_.speed == 0 ? std::string("as fast as they are taken")
                                           : fmt::format("in {:.1f} s", seconds)));
    return true;
  }

  [[nodiscard]] std::uint64_t slowest_cursor() const {
    std::optional<std::uint64_t> slowest;
    for (const auto& connection : connections_) {
      if (!connection->subscribed()) continue;
      slowest = std::min(slowest.value_or(connection->cursor()), connection->cursor());
    }
    return slowest.value_or(stage_.position);
  }

  void at_end() {
    if (!told_end_) notice("tape ended");
    told_end_ = true;
    const bool drained = std::all_of(connections_.begin(), connections_.end(),
                                     [](const auto& each) { return each->drained(); });
    if (options_.once && drained) end("played once");
  }

  void end(std::string_view why) {
    if (ending_) return;
    ending_ = true;
    notice(why);
    error_code ignored;
    (void)acceptor_.close(ignored);
    (void)signals_.cancel(ignored);
    due_timer_.cancel();
    for (const auto& connection : connections_)
      connection->close();
    due_timer_.expires_after(kCloseWait);
    due_timer_.async_wait([this](error_code) { io_.stop(); });
    if (connections_.empty()) io_.stop();
  }

  void forget(const TapeConnection* gone) {
    std::erase_if(connections_, [&](const auto& each) { return each.get() == gone; });
    if (ending_ && connections_.empty()) return io_.stop();
    advance();
  }

  void notice(std::string_view line) const {
    if (options_.on_notice) options_.on_notice(line);
  }

  [[nodiscard]] TapeStats stats() const {
    TapeStats stats{.items_sent = stage_.items_sent,
                    .clients = stage_.clients,
                    .clients_dropped = stage_.clients_dropped};
    for (const TapeItem& item : stage_.tape)
      ++(item.news() != nullptr ? stats.news_on_tape : stats.quotes_on_tape);
    return stats;
  }

  const TapeOptions& options_;
  Timeline timeline_;
  // Above io_, because handlers that are still pending there hold connections, which use these.
  TapeStage stage_;
  std::optional<asio::ssl::context> tls_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  asio::signal_set signals_{io_};
  asio::steady_timer tick_timer_{io_};
  asio::steady_timer due_timer_{io_};
  std::vector<std::shared_ptr<TapeConnection>> connections_;
  std::optional<MonoNs> started_;
  bool told_end_ = false;
  bool ending_ = false;
};

}  // namespace

}  // namespace tariff::tape

namespace tariff {

Result<TapeStats> run_tape(const TapeOptions& options, const std::stop_token& stop) {
  if (auto error = tape::check(options)) return *error;
  auto loaded = tape::load_tape(options.files);
  if (!loaded) return loaded.error();
  tape::Server server(options, std::move(*loaded));
  if (auto error = server.open()) return *error;
  return server.run(stop);
}

}  // namespace tariff
