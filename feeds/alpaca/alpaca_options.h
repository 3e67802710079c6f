#pragma once
// feeds/alpaca/alpaca_options.h - The keys of a `[[feed]]` with protocol = "alpaca". Cold.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "config/section.h"
#include "feeds/secrets.h"

namespace tariff::alpaca {

enum class Auth : std::uint8_t {
  Message,  ///< Key and secret in the first message.
  Header,   ///< Key and secret in headers of the HTTP upgrade.
};

struct Options {
  std::vector<std::string> news;    ///< Symbols, or "*" for all; empty: no news.
  std::vector<std::string> quotes;  ///< Symbols, or "*"; empty: no quotes.
  Auth auth = Auth::Message;
  std::string key;     ///< From a file, never from the configuration.
  std::string secret;  ///< As `key`.
  /// How long each step of the login may take. The provider drops us after 10 s.
  std::chrono::milliseconds step_timeout{5'000};
  /// "connection limit exceeded" (406): the login is repeated after n times this, at most
  /// retry_max, and after `retries` the connection is left for TransportOptions::reconnect_slow.
  std::chrono::milliseconds retry_step{500};
  std::chrono::milliseconds retry_max{5'000};
  int retries = 15;
};

/// Reads news, quotes, auth, the secrets and the timeouts. Problems go to `section`, warnings
/// (a secret that everybody may read) to `warnings`.
[[nodiscard]] Options read_options(Section& section, Secrets secrets,
                                   std::vector<std::string>& warnings);

}  // namespace tariff::alpaca
