#include "daemon/config.h"

#include <algorithm>
#include <set>
#include <thread>

#include <fmt/format.h>

namespace tariff {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kMiB = std::int64_t{1} << 20U;

/// "feeds" is group 0, "feeds.3" is group 3.
std::optional<int> feed_group(std::string_view duty) {
  if (duty == "feeds") return 0;
  if (!duty.starts_with("feeds.") || duty.size() != 7) return std::nullopt;
  const int group = duty[6] - '0';
  return group >= 0 && group < kFeedThreadsMax ? std::optional(group) : std::nullopt;
}

ThreadSpec read_thread(Section& section) {
  ThreadSpec spec;
  spec.options.name = section.require_string("name");
  if (spec.options.name.size() > 15) section.error("name", "is longer than 15 bytes");
  spec.options.idle = static_cast<Idle>(section.get_choice(
      "idle", static_cast<std::size_t>(Idle::Block), {"spin", "yield", "park", "block"}));
  const auto cores = static_cast<std::int64_t>(std::thread::hardware_concurrency());
  spec.options.cpu =
      static_cast<int>(section.get_int("cpu", -1, -1, std::max<std::int64_t>(cores - 1, 0)));
  for (const std::string& duty : section.get_strings("runs")) {
    if (duty == "scorer") {
      spec.scorer = true;
    } else if (duty == "publisher") {
      spec.publisher = true;
    } else if (const auto group = feed_group(duty)) {
      spec.feed_groups.push_back(*group);
    } else {
      section.error("runs", fmt::format("'{}' is not one of feeds, feeds.1 to feeds.{}, scorer, "
                                        "publisher",
                                        printable(duty), kFeedThreadsMax - 1));
    }
  }
  section.finish();
  return spec;
}

/// Each duty must run on one thread, and a thread that blocks must be woken for all that it runs.
void check_threads(const Section& root, const std::vector<ThreadSpec>& threads,
                   const std::vector<FeedSpec>& feeds) {
  std::set<int> groups;
  for (const FeedSpec& feed : feeds)
    groups.insert(feed.thread);
  const auto runs = [&](const std::string& duty, auto&& has) {
    const auto count = std::count_if(threads.begin(), threads.end(), has);
    if (count != 1) {
      root.error("thread",
                 fmt::format("'{}' runs on {} threads; it must run on just one", duty, count));
    }
  };
  runs("scorer", [](const ThreadSpec& t) { return t.scorer; });
  runs("publisher", [](const ThreadSpec& t) { return t.publisher; });
  for (const int group : groups) {
    runs(group == 0 ? "feeds" : fmt::format("feeds.{}", group), [&](const ThreadSpec& t) {
      return std::count(t.feed_groups.begin(), t.feed_groups.end(), group) > 0;
    });
  }
  for (const ThreadSpec& thread : threads) {
    if (thread.options.idle != Idle::Block) continue;
    const bool all_feeds = std::all_of(groups.begin(), groups.end(), [&](int group) {
      return std::count(thread.feed_groups.begin(), thread.feed_groups.end(), group) > 0;
    });
    if ((thread.scorer && !all_feeds) || (thread.publisher && !thread.scorer)) {
      root.error("thread",
                 fmt::format("'{}' cannot block: nothing wakes it for what another thread hands "
                             "over; use park, yield or spin",
                             thread.options.name));
    }
  }
}

std::vector<ThreadSpec> read_threads(Section& root, const std::vector<FeedSpec>& feeds) {
  std::vector<ThreadSpec> threads;
  for (Section& section : root.get_sections("thread"))
    threads.push_back(read_thread(section));
  if (threads.empty()) {
    ThreadSpec all;
    all.options.name = "tar-loop";
    all.scorer = all.publisher = true;
    for (const FeedSpec& feed : feeds)
      all.feed_groups.push_back(feed.thread);
    std::sort(all.feed_groups.begin(), all.feed_groups.end());
    all.feed_groups.erase(std::unique(all.feed_groups.begin(), all.feed_groups.end()),
                          all.feed_groups.end());
    threads.push_back(all);
  }
  check_threads(root, threads, feeds);
  return threads;
}

JournalOptions read_journal(Section& section, JournalOptions options) {
  options.directory = section.get_path("directory", options.directory);
  options.segment_bytes = static_cast<std::size_t>(
      section.get_int("segment_mib", static_cast<std::int64_t>(options.segment_bytes) / kMiB, 1,
                      1'024) *
      kMiB);
  options.segments_max = static_cast<std::size_t>(
      section.get_int("segments_max", static_cast<std::int64_t>(options.segments_max), 2, 10'000));
  options.sync_every_ms = section.get_int("sync_every_ms", options.sync_every_ms, 0, 3'600'000);
  return options;
}

unsigned read_mode(Section& section) {
  const std::string text = section.get_string("mode", "0660");
  unsigned mode = 0;
  for (const char c : text) {
    if (c < '0' || c > '7') {
      section.error("mode", "is not an octal file mode such as \"0660\"");
      return 0660;
    }
    mode = mode * 8 + static_cast<unsigned>(c - '0');
  }
  if (mode > 0777) section.error("mode", "is above 0777");
  return mode;
}

SocketSpec read_socket(Section& section) {
  SocketSpec spec;
  spec.path = section.get_path("path", spec.path);
  if (spec.path.size() > 107)
    section.error("path", "is longer than the 107 bytes of a socket path");
  spec.mode = read_mode(section);
  spec.group = section.get_string("group", "");
  spec.users = section.get_strings("users");
  spec.subscribers_max =
      static_cast<std::size_t>(section.get_int("subscribers_max", 1'024, 1, 16'384));
  spec.heartbeat_every =
      section.get_ms("heartbeat_ms", milliseconds{1'000}, milliseconds{100}, milliseconds{60'000});
  section.finish();
  return spec;
}

void read_inputs(Section& root, DaemonConfig& config) {
  std::size_t frame_bytes_max = 0;
  for (const FeedSpec& feed : config.feeds) {
    frame_bytes_max = std::max(frame_bytes_max, feed.transport.frame_bytes_max);
  }
  config.inputs.directory = "/var/lib/tariffd/inputs";
  config.inputs.segment_bytes = std::size_t{64} << 20U;
  config.inputs.segments_max = 8;
  if (auto section = root.get_section("inputs")) {
    config.journal_inputs = section->get_bool("enabled", true);
    config.inputs = read_journal(*section, config.inputs);
    section->finish();
  }
  // A frame longer than a segment is used but not journalled; the feed's counters tell.
  config.inputs.record_bytes_max =
      std::min(frame_bytes_max + sizeof(RecordHeader) + sizeof(RawInputBody) + kRecordAlignBytes,
               config.inputs.segment_bytes / 2);
}

EngineOptions read_stories(Section& section) {
  constexpr milliseconds kWeek{7 * 24 * 3'600 * 1'000};
  EngineOptions options;
  const auto read = [&](std::string_view key, std::int64_t& ns, milliseconds min) {
    ns = section.get_ms(key, milliseconds{ns / kNsPerMs}, min, kWeek).count() * kNsPerMs;
  };
  read("window_ms", options.story_window_ns, milliseconds{1'000});
  read("repeat_after_ms", options.repeat_after_ns, milliseconds{0});
  read("stale_after_ms", options.stale_after_ns, milliseconds{0});
  return options;
}

}  // namespace

std::optional<DaemonConfig> load_config(const std::string& path, Secrets secrets,
                                        ConfigErrors& errors) {
  auto root = load_document(path, errors);
  if (!root) return std::nullopt;
  DaemonConfig config;
  config.file = path;
  config.rules_directory = root->get_path("rules_directory", ".");
  config.feeds = read_feeds(*root, secrets);
  config.threads = read_threads(*root, config.feeds);
  config.journal.directory = "/var/lib/tariffd/signals";
  if (auto section = root->get_section("journal")) {
    config.journal = read_journal(*section, config.journal);
    section->finish();
  }
  read_inputs(*root, config);
  if (auto section = root->get_section("socket")) config.socket = read_socket(*section);
  if (auto section = root->get_section("queues")) {
    config.headlines_in_flight_max =
        static_cast<std::size_t>(section->get_int("headlines", 512, 32, 32'768));
    config.quotes_in_flight_max =
        static_cast<std::size_t>(section->get_int("quotes", 8'192, 32, 32'768));
    section->finish();
  }
  if (auto section = root->get_section("stories")) {
    config.stories = read_stories(*section);
    section->finish();
  }
  if (auto section = root->get_section("log")) {
    static const std::vector<std::string_view> kLevels{"debug", "info", "warning", "error"};
    config.log_level = kLevels[section->get_choice("level", 1, kLevels)];
    section->finish();
  }
  root->finish();
  return config;
}

}  // namespace tariff
