#include "feeds/tape/tape_connection.h"

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <fmt/format.h>

#include "config/errors.h"
#include "core/clock.h"

namespace tariff::tape {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds kHandshakeTimeout{10};
/// Answers that wait for the socket. A client that asks on without reading is cut off.
constexpr std::size_t kRepliesMax = 64;

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

PlainStream make_stream(tcp::socket socket, asio::ssl::context*, PlainStream*) {
  return PlainStream(std::move(socket));
}
TlsStream make_stream(tcp::socket socket, asio::ssl::context* tls, TlsStream*) {
  return TlsStream(std::move(socket), *tls);
}

template <class Stream>
class Connection final : public TapeConnection,
                         public std::enable_shared_from_this<Connection<Stream>>,
                         private Outbox {
 public:
  Connection(tcp::socket socket, asio::ssl::context* tls, TapeStage& stage)
      : stage_(stage), ws_(make_stream(std::move(socket), tls, static_cast<Stream*>(nullptr))) {
    error_code ignored;
    const auto peer = lowest().socket().remote_endpoint(ignored);
    name_ = fmt::format("{}:{}", peer.address().to_string(), peer.port());
    (void)lowest().socket().set_option(tcp::no_delay(true), ignored);
  }

  void start() override {
    lowest().expires_after(kHandshakeTimeout);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      ws_.next_layer().async_handshake(asio::ssl::stream_base::server,
                                       [self = self()](error_code ec) {
                                         ec ? self->finish(ec.message()) : self->read_request();
                                       });
    } else {
      read_request();
    }
  }

  void pump() override {
    if (!open_ || writing_ || closing_) return;
    if (replies_.empty() && !session_->ended()) {
      frame_ = session_->next_frame(stage_.tape, stage_.position);
      if (is_too_slow()) session_->end_slow_client(*this);
    }
    if (frame_.empty() && !replies_.empty()) {
      frame_ = std::move(replies_.front());
      replies_.pop_front();
    }
    if (!frame_.empty()) return write();
    if (session_->ended()) close_with(websocket::close_code::policy_error);
  }

  void tick(MonoNs now) override {
    if (!open_ || finished_) return;
    if (writing_ && now - write_started_ > stage_.stuck_after_ns) {
      ++stage_.clients_dropped;
      return finish("takes nothing");
    }
    session_->on_tick(now, *this);
    pump();
  }

  void close() override {
    if (open_) return close_with(websocket::close_code::going_away);
    finish("the server stops");
  }

  [[nodiscard]] bool subscribed() const override { return open_ && session_->subscribed(); }
  [[nodiscard]] bool drained() const override {
    return !open_ || (!writing_ && replies_.empty() &&
                      (!session_->subscribed() || session_->cursor() == stage_.position));
  }
  [[nodiscard]] std::uint64_t cursor() const override { return session_->cursor(); }

 private:
  std::shared_ptr<Connection> self() { return this->shared_from_this(); }
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(ws_); }

  void read_request() {
    http::async_read(ws_.next_layer(), buffer_, request_,
                     [self = self()](error_code ec, std::size_t) {
                       ec ? self->finish(ec.message()) : self->accept();
                     });
  }

  void accept() {
    const std::string target(request_.target());
    const auto endpoint = endpoint_at(target.substr(0, target.find('?')));
    if (!endpoint) return refuse(http::status::not_found, "no stream at this path\n");
    if (!websocket::is_upgrade(request_))
      return refuse(http::status::upgrade_required, "this is a WebSocket stream\n");
    name_ += target;
    const auto header = [&](std::string_view name) {
      const auto value = request_[beast::string_view(name.data(), name.size())];
      return std::string_view(value.data(), value.size());
    };
    session_.emplace(*endpoint,
                     AlpacaHeaders{.content_type = header("Content-Type"),
                                   .key_id = header("APCA-API-KEY-ID"),
                                   .secret = header("APCA-API-SECRET-KEY"),
                                   .authorization = header("Authorization")},
                     stage_.access);
    lowest().expires_never();  // from here on the WebSocket keeps its own timeouts
    ws_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
    websocket::permessage_deflate deflate;
    deflate.server_enable = true;
    ws_.set_option(deflate);
    ws_.read_message_max(kClientMessageBytesMax);
    ws_.async_accept(request_, [self = self()](error_code ec) {
      ec ? self->finish(ec.message()) : self->opened();
    });
  }

  void refuse(http::status status, std::string_view text) {
    response_ = {status, request_.version()};
    response_.set(http::field::content_type, "text/plain");
    response_.body() = text;
    response_.keep_alive(false);
    response_.prepare_payload();
    http::async_write(ws_.next_layer(), response_,
                      [self = self()](error_code, std::size_t) { self->finish("refused"); });
  }

  void opened() {
    open_ = true;
    ++stage_.clients;
    stage_.notice(fmt::format("client {} connected", printable(name_)));
    session_->on_open(now_mono(), *this);
    pump();
    read();
  }

  void read() {
    ws_.async_read(buffer_, [self = self()](error_code ec, std::size_t) {
      ec ? self->finish(ec == websocket::error::closed ? "closed by the client" : ec.message())
         : self->on_read();
    });
  }

  void on_read() {
    const auto data = buffer_.cdata();
    const bool subscribed = session_->on_message(
        {static_cast<const char*>(data.data()), data.size()}, stage_.position, *this);
    buffer_.consume(buffer_.size());
    if (replies_.size() > kRepliesMax) return finish("asks on without reading the answers");
    if (subscribed) {
      stage_.notice(fmt::format("client {} is subscribed to {}", printable(name_),
                                printable(session_->subscriptions())));
      stage_.on_progress();
    }
    pump();
    read();
  }

  /// Outbox: the session's answers wait for their turn.
  void send(std::string_view message) override { replies_.emplace_back(message); }

  [[nodiscard]] bool is_too_slow() {
    const std::size_t limit = stage_.behind_items_max;
    if (limit == 0 || stage_.position - session_->cursor() <= limit) return false;
    if (session_->items_behind(stage_.tape, stage_.position) <= limit) return false;
    ++stage_.clients_dropped;
    stage_.notice(fmt::format("client {} is more than {} items behind", printable(name_), limit));
    return true;
  }

  void write() {
    writing_ = true;
    write_started_ = now_mono();
    ws_.text(session_->codec() == Codec::Json);
    ws_.async_write(asio::buffer(frame_), [self = self()](error_code ec, std::size_t) {
      ec ? self->finish(ec.message()) : self->on_written();
    });
  }

  void on_written() {
    writing_ = false;
    frame_.clear();
    pump();
    stage_.on_progress();
  }

  void close_with(websocket::close_code code) {
    if (closing_) return;
    closing_ = true;
    ws_.async_close(code, [self = self()](error_code) { self->finish("closed"); });
  }

  /// Once: the last thing that a connection does.
  void finish(std::string_view why) {
    if (finished_) return;
    finished_ = true;
    lowest().close();
    if (open_) {
      stage_.items_sent += session_->items_sent();
      stage_.notice(fmt::format("client {} left: {}", printable(name_), why));
    }
    open_ = false;
    asio::post(ws_.get_executor(), [self = self()] { self->stage_.on_closed(self.get()); });
  }

  TapeStage& stage_;
  websocket::stream<Stream> ws_;
  std::string name_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
  std::optional<AlpacaSession> session_;  ///< Since the upgrade request was read.
  std::deque<std::string> replies_;
  std::string frame_;  ///< On its way out.
  MonoNs write_started_;
  bool open_ = false;
  bool writing_ = false;
  bool closing_ = false;
  bool finished_ = false;
};

}  // namespace

std::shared_ptr<TapeConnection> make_tape_connection(tcp::socket socket, asio::ssl::context* tls,
                                                     TapeStage& stage) {
  if (tls != nullptr) return std::make_shared<Connection<TlsStream>>(std::move(socket), tls, stage);
  return std::make_shared<Connection<PlainStream>>(std::move(socket), nullptr, stage);
}

}  // namespace tariff::tape
