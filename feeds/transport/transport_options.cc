#include "feeds/transport/transport_options.h"

#include <cstdint>
#include <memory>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace tariff {
namespace {

using std::chrono::milliseconds;

/// What is wrong with a file of certificates; empty if it holds one at least.
std::string ca_file_problem(const std::string& path) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> file(BIO_new_file(path.c_str(), "r"), &BIO_free);
  if (!file) {
    ERR_clear_error();
    return "cannot be read; it should be a PEM file with the certificates of the authorities";
  }
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr), &X509_free);
  ERR_clear_error();
  return certificate ? "" : "holds no PEM certificate";
}

Endpoint read_endpoint(Section& section) {
  const std::string url = section.require_string("url");
  if (url.empty()) return {};
  Result<Endpoint> endpoint = parse_endpoint(url);
  if (endpoint.has_error()) {
    section.error("url", endpoint.error().what);
    return {};
  }
  return *endpoint;
}

}  // namespace

TransportOptions read_transport_options(Section& section) {
  TransportOptions options;
  options.endpoint = read_endpoint(section);
  const bool web = options.endpoint.kind == TransportKind::WebSocket;

  options.tls_ca_file = section.get_path("tls_ca_file");
  if (!options.tls_ca_file.empty()) {
    const std::string problem = options.endpoint.tls ? ca_file_problem(options.tls_ca_file)
                                                     : "makes sense with a wss:// url only";
    if (!problem.empty()) section.error("tls_ca_file", problem);
  }

  constexpr std::int64_t kMiB = 1 << 20;
  const std::int64_t usual = web ? 16 * kMiB : kMiB;
  options.frame_bytes_max =
      static_cast<std::size_t>(section.get_int("frame_bytes_max", usual, 1'024, 16 * kMiB));

  const milliseconds hour{3'600'000};
  options.connect_timeout =
      section.get_ms("connect_timeout_ms", options.connect_timeout, milliseconds{100}, hour);
  options.ping_every = section.get_ms("ping_every_ms", options.ping_every, milliseconds{50}, hour);
  options.pong_timeout =
      section.get_ms("pong_timeout_ms", options.pong_timeout, milliseconds{50}, hour);
  options.silent_after =
      section.get_ms("silent_after_ms", options.silent_after, milliseconds{0}, 24 * hour);
  options.reconnect_when_silent = section.get_bool("reconnect_when_silent", false);
  if (options.reconnect_when_silent && options.silent_after.count() == 0) {
    section.error("reconnect_when_silent", "needs silent_after_ms");
  }
  options.reconnect_min =
      section.get_ms("reconnect_min_ms", options.reconnect_min, milliseconds{10}, hour);
  options.reconnect_max =
      section.get_ms("reconnect_max_ms", options.reconnect_max, options.reconnect_min, hour);
  options.reconnect_slow =
      section.get_ms("reconnect_slow_ms", options.reconnect_slow, milliseconds{10}, hour);
  options.stable_after =
      section.get_ms("stable_after_ms", options.stable_after, milliseconds{0}, hour);
  options.follow = section.get_bool("follow", false);
  if (options.follow && options.endpoint.kind != TransportKind::File) {
    section.error("follow", "makes sense with a file:// url only");
  }
  return options;
}

}  // namespace tariff
