#include "feeds/transport/links.h"

#include <utility>

namespace tariff {

LinkMaker make_links(boost::asio::io_context& io, const TransportOptions& options,
                     std::vector<UpgradeHeader> headers) {
  switch (options.endpoint.kind) {
    case TransportKind::WebSocket:
      return options.endpoint.tls ? make_tls_websocket_links(io, options, std::move(headers))
                                  : make_websocket_links(io, options, std::move(headers));
    case TransportKind::Tcp:
    case TransportKind::Unix:
      return make_stream_links(io, options);
    case TransportKind::TcpListen:
    case TransportKind::UnixListen:
      return make_listen_links(io, options);
    case TransportKind::File:
    case TransportKind::Stdin:
      return make_file_links(io, options);
  }
  return {};
}

}  // namespace tariff
