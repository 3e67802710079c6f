#pragma once
// feeds/transport/links.h - THE LIST of transports: what makes the links of a feed. Each function
// is one .cc, so that Beast is compiled in two of them only. Thread: the feed's.

#include <vector>

#include <boost/asio/io_context.hpp>

#include "feeds/protocol.h"
#include "feeds/transport/link.h"
#include "feeds/transport/transport_options.h"

namespace tariff {

/// tcp://, unix://: connects, and reads lines.
[[nodiscard]] LinkMaker make_stream_links(boost::asio::io_context& io,
                                          const TransportOptions& options);
/// tcp-listen://, unix-listen://: accepts several peers, and reads lines from all of them.
[[nodiscard]] LinkMaker make_listen_links(boost::asio::io_context& io,
                                          const TransportOptions& options);
/// file://, stdin: reads lines.
[[nodiscard]] LinkMaker make_file_links(boost::asio::io_context& io,
                                        const TransportOptions& options);
/// ws://: a message is a frame.
[[nodiscard]] LinkMaker make_websocket_links(boost::asio::io_context& io,
                                             const TransportOptions& options,
                                             std::vector<UpgradeHeader> headers);
/// wss://: as ws://, and verifies who the other side is.
[[nodiscard]] LinkMaker make_tls_websocket_links(boost::asio::io_context& io,
                                                 const TransportOptions& options,
                                                 std::vector<UpgradeHeader> headers);

/// The one of these that fits the url.
[[nodiscard]] LinkMaker make_links(boost::asio::io_context& io, const TransportOptions& options,
                                   std::vector<UpgradeHeader> headers);

}  // namespace tariff
