#pragma once
// tests/publish/publisher_testing.h - A journal, a publisher and its clients on one thread: nothing
// runs but inside `until`, so no test waits for longer than it must.

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "core/counters.h"
#include "core/record_check.h"
#include "signals/publish/publisher.h"
#include "tests/core/journal_testing.h"
#include "tests/publish/publish_testing.h"

namespace tariff::test {

/// A subscriber that reads only when it is told to.
class Client {
 public:
  explicit Client(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
    }
  }
  ~Client() { ::close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void say(std::string_view text) {
    if (::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) {
      throw std::runtime_error(std::string("send: ") + std::strerror(errno));
    }
  }
  void end_of_input() { ::shutdown(fd_, SHUT_WR); }

  /// Takes what is there.
  void read() {
    char bytes[65'536];
    ssize_t count = 0;
    while ((count = ::recv(fd_, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
      received.append(bytes, static_cast<std::size_t>(count));
    if (count == 0) closed = true;
    if (count < 0 && errno != EAGAIN) failed = std::strerror(errno);
  }
  /// Whole lines received so far.
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> found;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = received.find('\n', begin)) != std::string::npos;
         begin = end + 1)
      found.push_back(received.substr(begin, end - begin));
    return found;
  }
  /// Lines that contain `text`.
  [[nodiscard]] std::vector<std::string> lines_with(std::string_view text) const {
    std::vector<std::string> found;
    for (const std::string& line : lines()) {
      if (line.find(text) != std::string::npos) found.push_back(line);
    }
    return found;
  }
  /// Takes the whole binary records off the front of what was received.
  [[nodiscard]] std::vector<std::string> take_records() {
    std::vector<std::string> found;
    RecordWord word;
    while (received.size() >= sizeof word) {
      std::memcpy(&word, received.data(), sizeof word);
      if (word.magic != kRecordMagic) throw std::runtime_error("no record");
      if (received.size() < word.length_bytes) break;
      found.push_back(received.substr(0, word.length_bytes));
      received.erase(0, word.length_bytes);
    }
    return found;
  }

  std::string received;
  bool closed = false;
  std::string failed;

 private:
  int fd_;
};

inline std::span<const std::byte> as_record(const std::string& bytes) {
  return std::as_bytes(std::span(bytes));
}
inline RecordHeader header_of(const std::string& bytes) {
  return record_header(as_record(bytes));
}

inline GapBody gap_of(const std::string& bytes) {
  GapBody gap;
  std::memcpy(&gap, bytes.data() + sizeof(RecordHeader), sizeof gap);
  return gap;
}

class PublisherTest : public testing::Test {
 protected:
  PublisherTest() {
    journal.directory = directory.path() + "/journal";
    journal.sync_every_ms = 0;
    writer = must_open(journal);
    options.journal_directory = journal.directory;
    options.socket_path = directory.path() + "/signals.sock";
    options.request_within = std::chrono::milliseconds{0};
    options.heartbeat_every = std::chrono::hours{1};
  }
  void serve() {
    auto opened = Publisher::open(io, options, counters, [] { return std::string(R"({"up":1})"); });
    if (!opened) throw std::runtime_error(opened.error().what);
    publisher = std::move(*opened);
  }
  [[nodiscard]] std::unique_ptr<Client> connect() const {
    return std::make_unique<Client>(options.socket_path);
  }
  void turn() {
    io.restart();
    io.poll();
    publisher->work();
  }
  /// Lets everything run until `done`; false after ten seconds.
  [[nodiscard]] bool until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!done()) {
      if (std::chrono::steady_clock::now() > end) return false;
      turn();
    }
    return true;
  }
  [[nodiscard]] bool until_closed(Client& client) {
    return until([&] {
      client.read();
      return client.closed || !client.failed.empty();
    });
  }
  /// Runs until `client` has been sent its first heartbeat: its subscription stands.
  [[nodiscard]] bool until_started(Client& client) {
    return until([&] {
      client.read();
      return !client.received.empty();
    });
  }
  std::uint64_t append_signal() { return append_record(*writer, sample_signal()); }

  TempDirectory directory;
  JournalOptions journal;
  PublisherOptions options;
  Counters counters;
  std::unique_ptr<JournalWriter> writer;
  boost::asio::io_context io{1};
  std::unique_ptr<Publisher> publisher;
};

}  // namespace tariff::test
