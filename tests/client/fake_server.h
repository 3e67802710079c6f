#pragma once
// tests/client/fake_server.h - The daemon's end of the signal socket, step by step on the test's
// own thread: a client may connect and send before accept is called, so no second thread is needed.

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/client/record_bytes.h"

namespace tariff::test {

class FakeServer {
 public:
  FakeServer() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tariffd-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    listen();
  }
  ~FakeServer() {
    hang_up();
    stop_listening();
    std::filesystem::remove_all(directory_);
  }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  [[nodiscard]] std::string path() const { return directory_ + "/signals.sock"; }

  void listen() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
  }
  /// As a killed daemon: the path is still there, nobody answers.
  void stop_listening() {
    if (listener_ >= 0) ::close(listener_);
    listener_ = -1;
  }
  void forget_path() { std::filesystem::remove(path()); }

  [[nodiscard]] bool has_caller(int wait_ms = 0) const {
    pollfd ready{listener_, POLLIN, 0};
    return ::poll(&ready, 1, wait_ms) == 1;
  }
  /// Takes the client that has connected and returns its subscribe line.
  std::string accept() {
    if (!has_caller(5'000)) return "nobody connected";
    connection_ = ::accept(listener_, nullptr, nullptr);
    std::string line;
    char c = 0;
    while (::read(connection_, &c, 1) == 1 && c != '\n')
      line += c;
    return line;
  }
  void send(const Bytes& bytes) { send(bytes.data(), bytes.size()); }
  void send(const std::string& text) { send(text.data(), text.size()); }
  void hang_up() {
    if (connection_ >= 0) ::close(connection_);
    connection_ = -1;
  }

 private:
  void send(const void* data, std::size_t bytes) {
    EXPECT_EQ(::send(connection_, data, bytes, MSG_NOSIGNAL | MSG_DONTWAIT),
              static_cast<ssize_t>(bytes));
  }

  std::string directory_;
  int listener_ = -1;
  int connection_ = -1;
};

}  // namespace tariff::test
