#pragma once
// feeds/transport/websocket_link.h - The link of ws:// and wss://, over Beast. Included by the two
// .cc of these only, because it compiles slowly. Thread: the feed's.

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <fmt/format.h>

#include "config/errors.h"
#include "core/clock.h"
#include "feeds/transport/links.h"
#include "feeds/transport/tcp_connect.h"

namespace tariff {

/// What ws:// and wss:// do differently. `Stream` is what the WebSocket runs over.
template <class Stream>
struct WebSocketLayer;

/// What an HTTP answer that is no upgrade means for us.
[[nodiscard]] inline LinkEnd end_of_http_status(unsigned status) noexcept {
  constexpr unsigned kUnauthorized = 401;
  constexpr unsigned kForbidden = 403;
  if (status == kUnauthorized || status == kForbidden) return LinkEnd::Denied;
  // The same request would be refused again: too many of them, a wrong path. But that can change.
  return status / 100 == 4 ? LinkEnd::Busy : LinkEnd::Lost;
}

template <class Stream>
class WebSocketLink final : public Link,
                            public std::enable_shared_from_this<WebSocketLink<Stream>> {
  using Layer = WebSocketLayer<Stream>;
  using ErrorCode = boost::system::error_code;
  static constexpr std::size_t kUsualBytes = std::size_t{64} << 10U;

 public:
  WebSocketLink(Stream stream, const TransportOptions& options, std::vector<UpgradeHeader> headers,
                LinkListener& listener)
      : options_(options),
        headers_(std::move(headers)),
        listener_(&listener),
        socket_(std::move(stream)),
        buffer_(options.frame_bytes_max + kUsualBytes) {
    buffer_.reserve(kUsualBytes);
  }

  void open() override {
    tcp_connect(boost::beast::get_lowest_layer(socket_), options_.endpoint.host,
                options_.endpoint.port,
                [self = this->shared_from_this()](ErrorCode error, std::string_view step) {
                  if (self->goes_on(error, step)) self->secure();
                });
  }

  void send(std::string_view message) override {
    outgoing_.emplace_back(message);
    if (outgoing_.size() == 1) write();
  }

  void close() noexcept override {
    if (listener_ == nullptr) return;
    listener_ = nullptr;
    if (!socket_.is_open()) {
      disconnect();
      return;
    }
    // The provider counts our connections: it should hear that this one is over.
    limit_time(kCloseTime);
    socket_.async_close(boost::beast::websocket::close_code::normal,
                        [self = this->shared_from_this()](ErrorCode) { self->disconnect(); });
  }

  void tick(MonoNs now) override {
    if (listener_ == nullptr || !socket_.is_open()) return;
    const auto ns = [](std::chrono::milliseconds time) {
      return std::chrono::nanoseconds(time).count();
    };
    if (ping_sent_.ns != 0) {
      if (now - ping_sent_ < ns(options_.pong_timeout)) return;
      end(LinkEnd::Lost,
          fmt::format("no answer to a ping within {} ms", options_.pong_timeout.count()));
    } else if (now - last_heard_ >= ns(options_.ping_every) && !ping_busy_) {
      ping(now);
    }
  }

 private:
  static constexpr std::chrono::milliseconds kCloseTime{150};

  void secure() {
    Layer::async_secure(socket_.next_layer(), options_.endpoint.host,
                        [self = this->shared_from_this()](ErrorCode error, std::string why) {
                          if (!why.empty()) self->step_problem_ = std::move(why);
                          if (self->goes_on(error, "agree on TLS with")) self->upgrade();
                        });
  }

  void upgrade() {
    namespace websocket = boost::beast::websocket;
    websocket::permessage_deflate deflate;
    deflate.client_enable = true;
    socket_.set_option(deflate);
    socket_.read_message_max(options_.frame_bytes_max);
    socket_.set_option(websocket::stream_base::decorator(
        [this](websocket::request_type& request) {  // runs inside async_handshake
          request.set(boost::beast::http::field::user_agent, "tariffd");
          for (const UpgradeHeader& header : headers_)
            request.set(header.name, header.value);
        }));
    socket_.control_callback(
        [this](websocket::frame_type, boost::beast::string_view) { heard(now_mono()); });
    limit_time(options_.connect_timeout);
    socket_.async_handshake(
        response_, host_header(), options_.endpoint.path,
        [self = this->shared_from_this()](ErrorCode error) { self->on_upgrade(error); });
  }

  void on_upgrade(ErrorCode error) {
    if (error == boost::beast::websocket::error::upgrade_declined) {
      end(end_of_http_status(response_.result_int()),
          fmt::format("{} answers HTTP {} {} instead of a WebSocket", options_.endpoint.to_text(),
                      response_.result_int(), std::string(response_.reason())));
      return;
    }
    if (!goes_on(error, "open a WebSocket at")) return;
    limit_time(std::chrono::milliseconds{0});
    socket_.text(true);
    const Stamp now = now_stamp();
    heard(now.mono);
    listener_->on_open(fmt::format("connected to {}", options_.endpoint.to_text()), now);
    if (listener_ != nullptr) read();
  }

  void read() {
    socket_.async_read(buffer_,
                       [self = this->shared_from_this()](ErrorCode error, std::size_t /*bytes*/) {
                         self->on_read(error);
                       });
  }

  // PATH 1/7: a message is here; it is stamped before anybody looks at it.
  void on_read(ErrorCode error) {
    const Stamp received = now_stamp();
    if (listener_ == nullptr) return;
    if (error) {
      end(LinkEnd::Lost, read_problem(error), received);
      return;
    }
    heard(received.mono);
    const std::size_t bytes = buffer_.size();
    (void)buffer_.prepare(Frame::kPaddingBytes);  // may move the bytes
    const auto data = buffer_.cdata();
    listener_->on_frame(
        {.data = static_cast<const char*>(data.data()), .bytes = bytes, .received = received});
    buffer_.consume(bytes);
    if (buffer_.capacity() > kLargeBytes) {  // an article of 16 MiB is rare
      buffer_.shrink_to_fit();
      buffer_.reserve(kUsualBytes);
    }
    if (listener_ != nullptr) read();
  }

  [[nodiscard]] std::string read_problem(ErrorCode error) const {
    namespace websocket = boost::beast::websocket;
    if (error == websocket::error::closed) {
      const auto& reason = socket_.reason();
      return fmt::format("{} closed the connection with code {} '{}'", options_.endpoint.to_text(),
                         static_cast<unsigned>(reason.code),
                         printable({reason.reason.data(), reason.reason.size()}, 60));
    }
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) {
      return fmt::format("{} sent a message of more than {} bytes", options_.endpoint.to_text(),
                         options_.frame_bytes_max);
    }
    return fmt::format("lost {}: {}", options_.endpoint.to_text(), error.message());
  }

  void write() {
    socket_.async_write(boost::asio::buffer(outgoing_.front()),
                        [self = this->shared_from_this()](ErrorCode error, std::size_t /*bytes*/) {
                          self->outgoing_.pop_front();
                          // A broken socket is told by the read, which fails too.
                          if (!error && !self->outgoing_.empty()) self->write();
                        });
  }

  void ping(MonoNs now) {
    ping_sent_ = now;
    ping_busy_ = true;
    socket_.async_ping({},
                       [self = this->shared_from_this()](ErrorCode) { self->ping_busy_ = false; });
  }

  void heard(MonoNs now) noexcept {
    last_heard_ = now;
    ping_sent_ = {};
  }

  /// For the handshake and for closing; 0: reading may take for ever.
  void limit_time(std::chrono::milliseconds limit) {
    namespace websocket = boost::beast::websocket;
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout =
        limit.count() == 0 ? websocket::stream_base::none()
                           : websocket::stream_base::duration(std::chrono::nanoseconds(limit));
    timeout.idle_timeout = websocket::stream_base::none();
    timeout.keep_alive_pings = false;
    socket_.set_option(timeout);
  }

  /// "host", or "host:port" where the port is not the usual one of the scheme.
  [[nodiscard]] std::string host_header() const {
    const Endpoint& endpoint = options_.endpoint;
    constexpr unsigned kHttps = 443;
    constexpr unsigned kHttp = 80;
    const bool v6 = endpoint.host.find(':') != std::string::npos;
    const std::string host = v6 ? "[" + endpoint.host + "]" : endpoint.host;
    const bool usual = endpoint.port == (endpoint.tls ? kHttps : kHttp);
    return usual ? host : fmt::format("{}:{}", host, endpoint.port);
  }

  /// True if the link is still wanted and the step worked; else tells the end.
  [[nodiscard]] bool goes_on(ErrorCode error, std::string_view step) {
    if (listener_ == nullptr) {
      disconnect();
      return false;
    }
    if (!error) return true;
    const std::string& why = step_problem_.empty() ? error.message() : step_problem_;
    end(LinkEnd::Lost, fmt::format("cannot {} {}: {}", step, options_.endpoint.to_text(), why));
    return false;
  }

  void end(LinkEnd how, const std::string& why) { end(how, why, now_stamp()); }
  void end(LinkEnd how, const std::string& why, Stamp at) {
    LinkListener* listener = std::exchange(listener_, nullptr);
    disconnect();
    if (listener != nullptr) listener->on_end(how, why, at);
  }

  void disconnect() noexcept {
    ErrorCode ignored;
    boost::beast::get_lowest_layer(socket_).close(ignored);
  }

  static constexpr std::size_t kLargeBytes = std::size_t{1} << 20U;

  const TransportOptions options_;
  const std::vector<UpgradeHeader> headers_;
  LinkListener* listener_;  // null once ended or closed
  boost::beast::websocket::stream<Stream> socket_;
  boost::beast::flat_buffer buffer_;
  boost::beast::websocket::response_type response_;
  std::deque<std::string> outgoing_;  // the first one is being written
  std::string step_problem_;          // says more than the error code
  MonoNs last_heard_;
  MonoNs ping_sent_;  // 0: no answer is awaited
  bool ping_busy_ = false;
};

}  // namespace tariff
