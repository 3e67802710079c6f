// feeds/transport/websocket_tls.cc - wss://: the certificate must be good for the host of the url,
// and signed by an authority of the system's, or of `tls_ca_file`.
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "feeds/transport/websocket_link.h"

namespace tariff {

namespace ssl = boost::asio::ssl;
using TlsStream = ssl::stream<boost::asio::ip::tcp::socket>;

template <>
struct WebSocketLayer<TlsStream> {
  template <class Handler>
  static void async_secure(TlsStream& stream, const std::string& host, Handler handler) {
    boost::system::error_code error;
    boost::asio::ip::make_address(host, error);
    const bool is_name = error.failed();
    if (is_name) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
    if (stream.set_verify_callback(ssl::host_name_verification(host), error)) {
      handler(error, std::string());
      return;
    }
    stream.async_handshake(
        ssl::stream_base::client, [&stream, host, handler](boost::system::error_code failed) {
          handler(failed, failed ? certificate_problem(stream, host) : std::string());
        });
  }

 private:
  /// What was wrong with the other side's certificate; empty if that was not the problem.
  static std::string certificate_problem(TlsStream& stream, const std::string& host) {
    const long result = SSL_get_verify_result(stream.native_handle());
    if (result == X509_V_OK) return "";
    // The name is judged by a callback of Asio's, which knows no better code than this.
    if (result == X509_V_ERR_APPLICATION_VERIFICATION || result == X509_V_ERR_UNSPECIFIED) {
      return fmt::format("its certificate is not for the host '{}'", host);
    }
    return fmt::format("its certificate is not trusted: {}; tls_ca_file names other authorities",
                       X509_verify_cert_error_string(result));
  }
};

namespace {

/// Read once per feed: loading the system's authorities takes long.
std::shared_ptr<ssl::context> make_context(const TransportOptions& options) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  boost::system::error_code error;  // the file was tried when the configuration was read
  context->set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, error);
  context->set_verify_mode(ssl::verify_peer, error);
  if (options.tls_ca_file.empty()) {
    context->set_default_verify_paths(error);
  } else {
    context->load_verify_file(options.tls_ca_file, error);
  }
  return context;
}

}  // namespace

LinkMaker make_tls_websocket_links(boost::asio::io_context& io, const TransportOptions& options,
                                   std::vector<UpgradeHeader> headers) {
  return [&io, options, headers = std::move(headers),
          context = make_context(options)](LinkListener& listener) {
    return std::make_shared<WebSocketLink<TlsStream>>(TlsStream(io, *context), options, headers,
                                                      listener);
  };
}

}  // namespace tariff
