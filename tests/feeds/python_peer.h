#pragma once
// tests/feeds/python_peer.h - Runs websocket_peer.py for as long as the object lives.

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace tariff::test {

class PythonPeer {
 public:
  explicit PythonPeer(const std::vector<std::string>& arguments = {});
  ~PythonPeer();
  PythonPeer(const PythonPeer&) = delete;
  PythonPeer& operator=(const PythonPeer&) = delete;

  /// 0 if it did not come up: python3 or python3-websockets is missing.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// The next line that it prints; waits for it.
  [[nodiscard]] std::string read_line();

 private:
  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace tariff::test
