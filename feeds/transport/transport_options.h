#pragma once
// feeds/transport/transport_options.h - How a feed connects, waits and gives up: the keys of
// `[[feed]]` that do not depend on the protocol. Thread: any. Cold.

#include <chrono>
#include <cstddef>
#include <string>

#include "config/section.h"
#include "feeds/endpoint.h"

namespace tariff {

struct TransportOptions {
  using ms = std::chrono::milliseconds;

  Endpoint endpoint;
  /// PEM file with the authorities to trust instead of the system's.
  std::string tls_ca_file;
  /// Longest frame. A longer WebSocket message costs the connection, a longer line itself.
  std::size_t frame_bytes_max = std::size_t{16} << 20U;
  /// Name resolution, TCP, TLS and HTTP upgrade together.
  ms connect_timeout{5'000};
  /// WebSocket: a ping goes out after this long without a frame.
  ms ping_every{10'000};
  /// WebSocket: the connection is given up this long after a ping without an answer.
  ms pong_timeout{5'000};
  /// Told as silent after this long without a frame; 0 is never.
  ms silent_after{0};
  bool reconnect_when_silent = false;
  /// First wait after a lost connection; doubles up to reconnect_max.
  ms reconnect_min{250};
  ms reconnect_max{30'000};
  /// The wait when the provider says that it is busy with us.
  ms reconnect_slow{30'000};
  /// How long a connection must have been up before the wait starts again at reconnect_min.
  ms stable_after{10'000};
  /// File: wait for more at its end.
  bool follow = false;
};

/// Reads `url` and the keys above (`frame_bytes_max`, `connect_timeout_ms`, ...). What is wrong,
/// including an authority file that cannot be used, is told through `section`.
[[nodiscard]] TransportOptions read_transport_options(Section& section);

}  // namespace tariff
