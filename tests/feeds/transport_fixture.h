#pragma once
// tests/feeds/transport_fixture.h - A FeedHost with everything that comes out of it, driven on the
// test's own thread until something has happened.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/counters.h"
#include "feeds/transport/feed_host.h"

namespace tariff::test {

struct KeptOutput final : FeedOutput {
  struct Raw {
    RawInputBody::Kind kind;
    std::uint32_t connection;
    Stamp received;
    std::string bytes;
    std::size_t headlines_before;  ///< How many were pushed before this was told.
  };

  void push(const Headline& headline) noexcept override { headlines.push_back(headline); }
  void push(const Quote& quote) noexcept override { quotes.push_back(quote); }
  void push(const FeedStatus& status) noexcept override { statuses.push_back(status); }
  void raw(FeedId, RawInputBody::Kind kind, std::uint32_t connection, Stamp received,
           std::string_view bytes) noexcept override {
    raws.push_back({kind, connection, received, std::string(bytes), headlines.size()});
  }
  void log(LogLevel, std::string_view line) noexcept override { lines.emplace_back(line); }

  [[nodiscard]] bool has_line(std::string_view part) const {
    for (const std::string& line : lines) {
      if (line.find(part) != std::string::npos) return true;
    }
    return false;
  }
  [[nodiscard]] bool was(FeedState state) const {
    for (const FeedStatus& status : statuses) {
      if (status.state == state) return true;
    }
    return false;
  }
  /// The states in the order in which they were told: "starting up down".
  [[nodiscard]] std::string states() const;
  /// All lines, for the message of a failing test.
  [[nodiscard]] std::string log_text() const;

  std::vector<Headline> headlines;
  std::vector<Quote> quotes;
  std::vector<FeedStatus> statuses;
  std::vector<Raw> raws;
  std::vector<std::string> lines;
};

class HostFixture {
 public:
  /// Feeds as they would be written in the configuration, with short waits in between.
  explicit HostFixture(const std::string& toml);

  [[nodiscard]] boost::system::result<void, Error> start() { return host_->start(); }
  void stop() { host_->stop(); }
  /// Runs the host until `done`; false after a generous while.
  [[nodiscard]] bool until(const std::function<bool()>& done);
  /// The port in "listening on 127.0.0.1:PORT".
  [[nodiscard]] std::uint16_t listening_port() const;
  [[nodiscard]] std::uint64_t count(FeedCounter counter) const {
    return counters_.get(FeedId{0}, counter);
  }

  KeptOutput out;

 private:
  Counters counters_;
  std::unique_ptr<FeedHost> host_;
};

/// A folder of its own that goes away with the object.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] std::string operator/(std::string_view name) const {
    return path_ + "/" + std::string(name);
  }

 private:
  std::string path_;
};

/// Readable by its owner only.
void write_file(const std::string& path, std::string_view content);

}  // namespace tariff::test
