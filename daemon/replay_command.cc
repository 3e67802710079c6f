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
#include "daemon/replay_report.h"
#include "daemon/replay_source.h"
#include "daemon/replay_timeline.h"
#include "daemon/study/bars.h"
#include "signals/engine.h"
#include "signals/publish/json_lines.h"

namespace tariff {
namespace {

class Player final : public ReplaySink {
 public:
  Player(std::unique_ptr<Desk> desk, std::vector<FeedInfo> feeds, const EngineOptions& stories,
         double speed)
      : engine_(std::move(desk), std::move(feeds), records_, counters_, stories, nullptr),
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

int fail(const Error& error) {
  fmt::print(stderr, "tariffd replay: {}\n", error.what);
  return error.exit_code;
}

Result<void> play_files(const ReplayOptions& options, const std::vector<FeedSpec>& feeds,
                        ReplaySink& sink) {
  for (const std::string& file : options.files) {
    if (auto played = replay_source(file, feeds, sink); !played) return played;
  }
  return {};
}

/// `bars` are "SPY=FILE".
Result<void> take_bars(const std::vector<std::string>& bars, ReplayTimeline& timeline) {
  for (const std::string& one : bars) {
    const std::size_t equals = one.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return Error{fmt::format("--bars {}: is not SYMBOL=FILE", one), EX_USAGE};
    }
    auto prices = study::load_bars(one.substr(equals + 1));
    if (!prices) return prices.error();
    timeline.take_bars(one.substr(0, equals), *prices);
  }
  return {};
}

}  // namespace

int replay_command(const ReplayOptions& options) {
  ConfigErrors errors;
  std::vector<FeedSpec> feeds{replay_feed()};
  std::string rules = options.rules;
  EngineOptions stories;
  if (!options.config.empty()) {
    if (const auto config = load_config(options.config, Secrets::Skip, errors)) {
      feeds = config->feeds;
      rules = config->rules_directory;
      stories = config->stories;
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
  const bool merges = options.report || !options.bars.empty();
  ReplayTimeline timeline;
  if (merges) {
    if (auto taken = take_bars(options.bars, timeline); !taken) return fail(taken.error());
    if (auto taken = play_files(options, feeds, timeline); !taken) return fail(taken.error());
  }
  if (options.report) {
    const auto told = tell_report(options, std::move(desk), std::move(infos), timeline, stories);
    return told ? EX_OK : fail(told.error());
  }
  Player player(std::move(desk), std::move(infos), stories, options.speed);
  Result<void> played;
  if (merges) {
    timeline.play(player);
  } else {
    played = play_files(options, feeds, player);
  }
  player.finish();
  if (!played) return fail(played.error());
  return std::fflush(stdout) == 0 ? EX_OK : EX_IOERR;
}

}  // namespace tariff
