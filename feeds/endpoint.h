#pragma once
// feeds/endpoint.h - Where a feed is read from: the `url` of a `[[feed]]`. Thread: any. Cold.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace tariff {

enum class TransportKind : std::uint8_t {
  WebSocket,   ///< ws://host[:port]/path, wss://host[:port]/path
  Tcp,         ///< tcp://host:port: connects
  TcpListen,   ///< tcp-listen://[host:]port: accepts; host is 127.0.0.1 unless given
  Unix,        ///< unix:///path: connects
  UnixListen,  ///< unix-listen:///path: accepts
  File,        ///< file:///path
  Stdin,       ///< stdin:
};

struct Endpoint {
  TransportKind kind = TransportKind::Stdin;
  bool tls = false;        ///< wss
  std::string host;        ///< Name or address, without the brackets of IPv6.
  std::uint16_t port = 0;  ///< 0 is allowed for tcp-listen only: the kernel chooses.
  std::string path;        ///< Of the file or socket; for a WebSocket the target, "/..." .

  /// As it was written, in full: "wss://host:443/path".
  [[nodiscard]] std::string to_text() const;
};

/// Reads a url. The error says what is wrong with it and how it should look. User names and
/// passwords are refused: secrets come from files.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view url);

}  // namespace tariff
