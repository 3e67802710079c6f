// daemon/replay_command.cc - `tariffd replay`: the engine on recorded inputs, with their own time,
// so that the same input gives the same bytes.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <optional>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <sysexits.h>

#include "daemon/commands.h"
#include "daemon/config.h"
#include "daemon/replay_source.h"
#include "signals/engine.h"
#include "signals/publish/json_lines.h"

namespace tariff {
namespace {

class Player final : public ReplaySink {
 public:
  Player(std::unique_ptr<Desk> desk, std::vector<FeedInfo> feeds, double speed)
      : engine_(std::move(desk), std::move(feeds), records_, counters_, EngineOptions{}, nullptr),
        speed_(speed) {}

  void take(const Headline& headline) override {
    wait_until(headline.received);
    engine_.on_event(headline);
    print();
  }
  void take(const Quote& quote) override {
    wait_until(quote.received);
    engine_.on_quote(quote);
    progress();
  }
  void take(const FeedStatus& status) override {
    wait_until(status.at);
    engine_.on_event(status);
    print();
  }

  /// Ends the line of progress on a terminal.
  void finish() const {
    if (terminal_ && told_ > 0) fmt::print(stderr, "\r{} items, done\n", items_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  void wait_until(Stamp at) {
    ++items_;
    if (speed_ <= 0) return;
    if (!first_) {
      first_ = at;
      began_ = Clock::now();
    }
    const auto played =
        static_cast<std::int64_t>(static_cast<double>(at.mono - first_->mono) / speed_);
    std::this_thread::sleep_until(began_ + std::chrono::nanoseconds(played));
  }

  void print() {
    std::span<const std::byte> left = records_.records();
    while (!left.empty()) {
      RecordHeader header;
      std::memcpy(&header, left.data(), sizeof header);
      const std::size_t bytes = write_json_line(left.first(header.word.length_bytes), line_);
      std::fwrite(line_.data(), 1, bytes, stdout);
      left = left.subspan(header.word.length_bytes);
    }
    records_.clear();
    if (speed_ > 0) std::fflush(stdout);
    progress();
  }

  void progress() {
    constexpr std::uint64_t kEvery = 50'000;
    if (!terminal_ || items_ - told_ < kEvery) return;
    told_ = items_;
    fmt::print(stderr, "\r{} items", items_);
  }

  MemorySink records_;
  Counters counters_;
  Engine engine_;
  double speed_;
  std::optional<Stamp> first_;
  Clock::time_point began_;
  std::uint64_t items_ = 0;
  std::uint64_t told_ = 0;
  bool terminal_ = ::isatty(STDERR_FILENO) == 1;
  std::vector<char> line_ = std::vector<char>(kJsonLineBytesMax);
};

}  // namespace

int replay_command(const ReplayOptions& options) {
  ConfigErrors errors;
  std::vector<FeedSpec> feeds{replay_feed()};
  std::string rules = options.rules;
  if (!options.config.empty()) {
    if (const auto config = load_config(options.config, Secrets::Skip, errors)) {
      feeds = config->feeds;
      rules = config->rules_directory;
    }
  }
  auto desk = load_desk(rules, errors);
  if (!errors.empty()) {
    fmt::print(stderr, "{}", errors.to_text());
    return EX_CONFIG;
  }
  std::vector<FeedInfo> infos;
  for (const FeedSpec& feed : feeds) {
    infos.push_back({FixedText<16>(feed.name), feed.carries_headlines()});
  }
  Player player(std::move(desk), std::move(infos), options.speed);
  for (const std::string& file : options.files) {
    if (auto played = replay_source(file, feeds, player); !played) {
      player.finish();
      fmt::print(stderr, "tariffd replay: {}\n", played.error().what);
      return played.error().exit_code;
    }
  }
  player.finish();
  return std::fflush(stdout) == 0 ? EX_OK : EX_IOERR;
}

}  // namespace tariff
