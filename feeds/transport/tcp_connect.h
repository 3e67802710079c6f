#pragma once
// feeds/transport/tcp_connect.h - A name and a port -> a connected socket. Thread: the feed's.

#include <cstdint>
#include <functional>
#include <string>

#include <boost/asio/ip/tcp.hpp>

namespace tariff {

/// Tells what happened: no error, or which step failed.
using ConnectHandler = std::function<void(boost::system::error_code error, std::string_view step)>;

/// Resolves `host`, tries its addresses in turn and sets TCP_NODELAY. Closing `socket` ends it. The
/// handler must keep `socket` alive, and is called later.
void tcp_connect(boost::asio::ip::tcp::socket& socket, const std::string& host, std::uint16_t port,
                 ConnectHandler handler);

}  // namespace tariff
