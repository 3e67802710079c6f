// feeds/transport/stream_link.cc - tcp:// and unix://: connects to a peer that sends lines.
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "core/clock.h"
#include "feeds/transport/line_reader.h"
#include "feeds/transport/links.h"
#include "feeds/transport/tcp_connect.h"

namespace tariff {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

void begin_connect(asio::ip::tcp::socket& socket, const Endpoint& endpoint,
                   ConnectHandler handler) {
  tcp_connect(socket, endpoint.host, endpoint.port, std::move(handler));
}

void begin_connect(asio::local::stream_protocol::socket& socket, const Endpoint& endpoint,
                   ConnectHandler handler) {
  socket.async_connect({endpoint.path}, [handler = std::move(handler)](error_code error) {
    handler(error, "connect to");
  });
}

template <class Socket>
class StreamLink final : public Link, public std::enable_shared_from_this<StreamLink<Socket>> {
 public:
  StreamLink(asio::io_context& io, const TransportOptions& options, LinkListener& listener)
      : endpoint_(options.endpoint),
        listener_(&listener),
        reader_(
            std::make_shared<LineReader<Socket>>(Socket(io), options.frame_bytes_max, listener)) {}

  void open() override {
    begin_connect(reader_->stream(), endpoint_,
                  [self = this->shared_from_this()](error_code error, std::string_view step) {
                    self->on_connect(error, step);
                  });
  }

  void send(std::string_view message) override {
    outgoing_.emplace_back(message);
    if (outgoing_.size() == 1) write();
  }

  void close() noexcept override {
    listener_ = nullptr;
    reader_->close();
  }

  void tick(MonoNs /*now*/) override {}

 private:
  void on_connect(error_code error, std::string_view step) {
    if (listener_ == nullptr) return;
    if (error) {
      end(fmt::format("cannot {} {}: {}", step, endpoint_.to_text(), error.message()), now_stamp());
      return;
    }
    reader_->start([self = this->shared_from_this()](error_code ended, Stamp at) {
      self->end(ended ? fmt::format("lost {}: {}", self->endpoint_.to_text(), ended.message())
                      : fmt::format("{} closed the connection", self->endpoint_.to_text()),
                at);
    });
    listener_->on_open(fmt::format("connected to {}", endpoint_.to_text()), now_stamp());
  }

  void write() {
    asio::async_write(reader_->stream(), asio::buffer(outgoing_.front()),
                      [self = this->shared_from_this()](error_code error, std::size_t /*bytes*/) {
                        self->outgoing_.pop_front();
                        // A broken socket is told by the read, which fails too.
                        if (!error && !self->outgoing_.empty()) self->write();
                      });
  }

  void end(const std::string& why, Stamp at) {
    if (LinkListener* listener = std::exchange(listener_, nullptr)) {
      reader_->close();
      listener->on_end(LinkEnd::Lost, why, at);
    }
  }

  const Endpoint endpoint_;
  LinkListener* listener_;  // null once ended or closed
  const std::shared_ptr<LineReader<Socket>> reader_;
  std::deque<std::string> outgoing_;  // the first one is being written
};

}  // namespace

LinkMaker make_stream_links(asio::io_context& io, const TransportOptions& options) {
  if (options.endpoint.kind == TransportKind::Tcp) {
    return [&io, options](LinkListener& listener) -> std::shared_ptr<Link> {
      return std::make_shared<StreamLink<asio::ip::tcp::socket>>(io, options, listener);
    };
  }
  return [&io, options](LinkListener& listener) -> std::shared_ptr<Link> {
    return std::make_shared<StreamLink<asio::local::stream_protocol::socket>>(io, options,
                                                                              listener);
  };
}

}  // namespace tariff
