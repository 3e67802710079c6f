#include "feeds/transport/tcp_connect.h"

#include <memory>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>

namespace tariff {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

void finish(tcp::socket& socket, boost::system::error_code error, const ConnectHandler& handler) {
  if (!error) {
    boost::system::error_code ignored;  // only costs latency
    socket.set_option(tcp::no_delay(true), ignored);
  }
  handler(error, "connect to");
}

}  // namespace

void tcp_connect(tcp::socket& socket, const std::string& host, std::uint16_t port,
                 ConnectHandler handler) {
  boost::system::error_code not_numeric;
  const asio::ip::address address = asio::ip::make_address(host, not_numeric);
  if (!not_numeric) {  // no thread for a look-up that is none
    socket.async_connect({address, port}, [&socket, handler = std::move(handler)](auto error) {
      finish(socket, error, handler);
    });
    return;
  }
  auto resolver = std::make_shared<tcp::resolver>(socket.get_executor());
  resolver->async_resolve(
      host, std::to_string(port),
      [resolver, &socket, handler = std::move(handler)](boost::system::error_code error,
                                                        const tcp::resolver::results_type& found) {
        if (error) {
          handler(error, "look up the name of");
          return;
        }
        asio::async_connect(
            socket, found,
            [&socket, handler](boost::system::error_code failed, const tcp::endpoint& /*chosen*/) {
              finish(socket, failed, handler);
            });
      });
}

}  // namespace tariff
