// feeds/transport/websocket_plain.cc - ws://
#include <boost/asio/ip/tcp.hpp>

#include "feeds/transport/websocket_link.h"

namespace tariff {

using PlainStream = boost::asio::ip::tcp::socket;

template <>
struct WebSocketLayer<PlainStream> {
  template <class Handler>
  static void async_secure(PlainStream& /*stream*/, const std::string& /*host*/, Handler handler) {
    handler(boost::system::error_code{}, std::string());
  }
};

LinkMaker make_websocket_links(boost::asio::io_context& io, const TransportOptions& options,
                               std::vector<UpgradeHeader> headers) {
  return [&io, options, headers = std::move(headers)](LinkListener& listener) {
    return std::make_shared<WebSocketLink<PlainStream>>(PlainStream(io), options, headers,
                                                        listener);
  };
}

}  // namespace tariff
