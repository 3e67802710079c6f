// feeds/transport/listen_link.cc - tcp-listen:// and unix-listen://: accepts peers that send lines.
// The feed is up as long as it listens; peers come and go.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <fmt/format.h>

#include "core/clock.h"
#include "feeds/transport/line_reader.h"
#include "feeds/transport/links.h"

namespace tariff {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using UnixSocket = asio::local::stream_protocol;

/// More peers than this at once are turned away.
constexpr std::size_t kPeersMax = 64;

/// A socket file that nobody listens on any more is left over from a kill, and is removed.
void remove_stale(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return;
  asio::io_context io;
  UnixSocket::socket probe(io);
  error_code error;
  probe.connect({path}, error);
  if (error == asio::error::connection_refused) ::unlink(path.c_str());
}

void begin_listen(tcp::acceptor& acceptor, const Endpoint& endpoint, error_code& error) {
  const asio::ip::address address = asio::ip::make_address(
      endpoint.host == "localhost" ? std::string("127.0.0.1") : endpoint.host, error);
  if (error) return;
  const tcp::endpoint local(address, endpoint.port);
  if (!acceptor.open(local.protocol(), error) &&
      !acceptor.set_option(tcp::acceptor::reuse_address(true), error) &&
      !acceptor.bind(local, error)) {
    acceptor.listen(tcp::acceptor::max_listen_connections, error);
  }
}

void begin_listen(UnixSocket::acceptor& acceptor, const Endpoint& endpoint, error_code& error) {
  constexpr mode_t kOwnerAndGroup = 0660;
  remove_stale(endpoint.path);
  if (!acceptor.open(UnixSocket(), error) && !acceptor.bind({endpoint.path}, error)) {
    ::chmod(endpoint.path.c_str(), kOwnerAndGroup);  // before listen(): nobody slips in
    acceptor.listen(UnixSocket::acceptor::max_listen_connections, error);
  }
}

std::string local_text(const tcp::acceptor& acceptor) {
  error_code ignored;
  const tcp::endpoint local = acceptor.local_endpoint(ignored);
  const std::string host = local.address().to_string();
  return fmt::format("{}:{}", local.address().is_v6() ? "[" + host + "]" : host, local.port());
}
std::string local_text(const UnixSocket::acceptor& acceptor) {
  error_code ignored;
  return acceptor.local_endpoint(ignored).path();
}

template <class Transport>
class ListenLink final : public Link, public std::enable_shared_from_this<ListenLink<Transport>> {
  using Socket = typename Transport::socket;
  using Reader = LineReader<Socket>;

 public:
  ListenLink(asio::io_context& io, const TransportOptions& options, LinkListener& listener)
      : options_(options), listener_(&listener), acceptor_(io) {}

  void open() override {
    error_code error;
    begin_listen(acceptor_, options_.endpoint, error);
    if (error) {
      std::exchange(listener_, nullptr)
          ->on_end(
              LinkEnd::CannotListen,
              fmt::format("cannot listen on {}: {}", options_.endpoint.to_text(), error.message()),
              now_stamp());
      return;
    }
    listening_ = true;
    accept();
    listener_->on_open(fmt::format("listening on {}", local_text(acceptor_)), now_stamp());
  }

  void send(std::string_view /*message*/) override {}

  void close() noexcept override {
    listener_ = nullptr;
    error_code ignored;
    acceptor_.close(ignored);
    const bool has_file = options_.endpoint.kind == TransportKind::UnixListen;
    if (has_file && std::exchange(listening_, false)) {
      ::unlink(options_.endpoint.path.c_str());
    }
    for (const auto& peer : std::exchange(peers_, {}))
      peer->close();
  }

  void tick(MonoNs /*now*/) override {
    if (listener_ != nullptr && std::exchange(accept_failed_, false)) accept();
  }

 private:
  void accept() {
    acceptor_.async_accept([self = this->shared_from_this()](error_code error, Socket socket) {
      self->on_accept(error, std::move(socket));
    });
  }

  void on_accept(error_code error, Socket socket) {
    if (listener_ == nullptr) return;
    if (error) {  // out of descriptors, say: tick() tries again, which bounds the rate
      accept_failed_ = true;
      return;
    }
    accept();
    if (peers_.size() == kPeersMax) return;
    auto peer = std::make_shared<Reader>(std::move(socket), options_.frame_bytes_max, *listener_);
    peers_.push_back(peer);
    peer->start([self = this->shared_from_this(), peer = std::weak_ptr(peer)](error_code, Stamp) {
      self->forget(peer.lock());
    });
  }

  void forget(const std::shared_ptr<Reader>& peer) {
    peer->close();
    peers_.erase(std::remove(peers_.begin(), peers_.end(), peer), peers_.end());
  }

  const TransportOptions options_;
  LinkListener* listener_;  // null once closed
  typename Transport::acceptor acceptor_;
  std::vector<std::shared_ptr<Reader>> peers_;
  bool listening_ = false;  // so that the socket file is ours to remove
  bool accept_failed_ = false;
};

}  // namespace

LinkMaker make_listen_links(asio::io_context& io, const TransportOptions& options) {
  if (options.endpoint.kind == TransportKind::TcpListen) {
    return [&io, options](LinkListener& listener) -> std::shared_ptr<Link> {
      return std::make_shared<ListenLink<tcp>>(io, options, listener);
    };
  }
  return [&io, options](LinkListener& listener) -> std::shared_ptr<Link> {
    return std::make_shared<ListenLink<UnixSocket>>(io, options, listener);
  };
}

}  // namespace tariff
