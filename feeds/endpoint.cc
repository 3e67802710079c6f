#include "feeds/endpoint.h"

#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace tariff {
namespace {

constexpr int kExitConfig = 78;  // EX_CONFIG

struct Scheme {
  std::string_view name;
  TransportKind kind;
  bool tls = false;
  std::uint16_t default_port = 0;
};
constexpr std::array<Scheme, 8> kSchemes{{
    {"wss", TransportKind::WebSocket, true, 443},
    {"ws", TransportKind::WebSocket, false, 80},
    {"tcp", TransportKind::Tcp},
    {"tcp-listen", TransportKind::TcpListen},
    {"unix", TransportKind::Unix},
    {"unix-listen", TransportKind::UnixListen},
    {"file", TransportKind::File},
    {"stdin", TransportKind::Stdin},
}};

Error problem(std::string text) {
  return {.what = std::move(text), .exit_code = kExitConfig};
}

const Scheme* find_scheme(std::string_view name) {
  for (const Scheme& scheme : kSchemes) {
    if (scheme.name == name) return &scheme;
  }
  return nullptr;
}

/// Splits "host:port", "[v6]:port", "host" or "port" (`port_alone`). False: it is none of them.
bool read_authority(std::string_view text, bool port_alone, Endpoint& out) {
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return false;
    out.host = text.substr(1, close - 1);
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && rest.front() != ':') return false;
    has_port = !rest.empty();
    port = has_port ? rest.substr(1) : rest;
  } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    out.host = text.substr(0, colon);
    port = text.substr(colon + 1);
    has_port = true;
  } else if (port_alone) {
    port = text;
    has_port = true;
  } else {
    out.host = text;
  }
  if (!has_port) return true;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  return error == std::errc{} && end == port.data() + port.size() && !port.empty();
}

Result<Endpoint> parse_host(std::string_view rest, const Scheme& scheme, Endpoint endpoint) {
  const bool web = scheme.kind == TransportKind::WebSocket;
  const bool listens = scheme.kind == TransportKind::TcpListen;
  const std::size_t slash = web ? rest.find('/') : std::string_view::npos;
  const std::string_view authority = rest.substr(0, slash);
  if (web) endpoint.path = slash == std::string_view::npos ? "/" : rest.substr(slash);
  endpoint.port = scheme.default_port;
  if (authority.find('@') != std::string_view::npos) {
    return problem(
        "holds a user name or password; secrets come from files (key_file, secret_file)");
  }
  if (!read_authority(authority, listens, endpoint)) {
    return problem(fmt::format("has no host and port after {}://", scheme.name));
  }
  if (listens && endpoint.host.empty()) endpoint.host = "127.0.0.1";
  if (endpoint.host.empty()) return problem(fmt::format("has no host after {}://", scheme.name));
  if (endpoint.port == 0 && !listens) {
    return problem(fmt::format("has no port; write {}://host:port", scheme.name));
  }
  return endpoint;
}

}  // namespace

std::string Endpoint::to_text() const {
  const std::string shown_host = host.find(':') == std::string::npos ? host : "[" + host + "]";
  switch (kind) {
    case TransportKind::WebSocket:
      // A provider may want its token in the query, and this text is logged.
      return fmt::format("{}://{}:{}{}", tls ? "wss" : "ws", shown_host, port,
                         path.substr(0, path.find('?')));
    case TransportKind::Tcp:
      return fmt::format("tcp://{}:{}", shown_host, port);
    case TransportKind::TcpListen:
      return fmt::format("tcp-listen://{}:{}", shown_host, port);
    case TransportKind::Unix:
      return "unix://" + path;
    case TransportKind::UnixListen:
      return "unix-listen://" + path;
    case TransportKind::File:
      return "file://" + path;
    case TransportKind::Stdin:
      return "stdin:";
  }
  return "";
}

Result<Endpoint> parse_endpoint(std::string_view url) {
  const std::size_t colon = url.find(':');
  const Scheme* scheme =
      colon == std::string_view::npos ? nullptr : find_scheme(url.substr(0, colon));
  if (scheme == nullptr) {
    return problem(
        "is not a url; known are wss://, ws://, tcp://, tcp-listen://, unix://, unix-listen://, "
        "file:// and stdin:");
  }
  Endpoint endpoint{.kind = scheme->kind, .tls = scheme->tls, .host = {}, .port = 0, .path = {}};
  std::string_view rest = url.substr(colon + 1);
  if (scheme->kind == TransportKind::Stdin) {
    if (!rest.empty()) return problem("goes on after 'stdin:'");
    return endpoint;
  }
  if (!rest.starts_with("//")) return problem(fmt::format("lacks '//' after {}:", scheme->name));
  rest.remove_prefix(2);
  switch (scheme->kind) {
    case TransportKind::WebSocket:
    case TransportKind::Tcp:
    case TransportKind::TcpListen:
      return parse_host(rest, *scheme, std::move(endpoint));
    default:
      break;
  }
  if (!rest.starts_with('/')) {
    return problem(fmt::format("has no absolute path; write {}:///path", scheme->name));
  }
  constexpr std::size_t kSocketPathBytesMax = 107;  // sun_path of unix(7), with its zero
  if (scheme->kind != TransportKind::File && rest.size() > kSocketPathBytesMax) {
    return problem(fmt::format("has a path of more than {} bytes, the most a Unix socket can have",
                               kSocketPathBytesMax));
  }
  endpoint.path = rest;
  return endpoint;
}

}  // namespace tariff
