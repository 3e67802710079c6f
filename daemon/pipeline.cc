#include "daemon/pipeline.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "core/clock.h"
#include "daemon/log.h"

namespace tariff {

Result<std::unique_ptr<Pipeline>> Pipeline::start(const DaemonConfig& config,
                                                  std::unique_ptr<Desk> desk) {
  std::unique_ptr<Pipeline> pipeline(new Pipeline(config));
  // 1. Everything that can fail comes first, on this thread: files, sockets.
  if (auto opened = pipeline->open_journals(); !opened) return opened.error();
  // 2. Beyond this point no memory is allocated for events.
  pipeline->make_engine(std::move(desk));
  pipeline->make_feeds();
  if (auto made = pipeline->make_publisher(); !made) return made.error();
  pipeline->engine_->on_event(Notice{.at = now_stamp(),
                                     .kind = StatusKind::Started,
                                     .text = FixedText<160>("tariffd has started")});
  if (auto started = pipeline->start_feeds(); !started) return started.error();
  // 3. Beyond this point a failure is counted and survived, not returned.
  pipeline->start_threads();
  return pipeline;
}

Pipeline::Pipeline(const DaemonConfig& config)
    : config_(config),
      events_(config.headlines_in_flight_max, config.threads.size() + 1),
      quotes_(config.quotes_in_flight_max, config.threads.size() + 1),
      notices_(events_) {
  for (const FeedSpec& feed : config.feeds) {
    feed_infos_.push_back({FixedText<16>(feed.name), feed.carries_headlines()});
  }
  threads_.resize(config.threads.size());
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    threads_[i].scorer = config.threads[i].scorer;
    threads_[i].publisher = config.threads[i].publisher;
  }
}

Pipeline::~Pipeline() {
  stop();
}

Result<void> Pipeline::open_journals() {
  auto journal = JournalWriter::open(config_.journal);
  if (!journal) return journal.error();
  journal_ = std::move(*journal);
  if (!config_.journal_inputs) return {};
  std::error_code told_below;  // by the first journal that cannot be opened in it
  std::filesystem::create_directory(config_.inputs.directory, told_below);
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    if (config_.threads[i].feed_groups.empty()) continue;
    JournalOptions options = config_.inputs;
    options.directory += fmt::format("/{}", i);
    auto inputs = JournalWriter::open(options);
    if (!inputs) return inputs.error();
    threads_[i].inputs = std::move(*inputs);
  }
  return {};
}

void Pipeline::make_engine(std::unique_ptr<Desk> desk) {
  engine_ = std::make_unique<Engine>(std::move(desk), feed_infos_, *journal_, counters_,
                                     config_.stories, now_mono);
  scorer_ = std::make_unique<ScorerDuty>(events_, quotes_, *engine_, counters_);
}

void Pipeline::make_feeds() {
  std::vector<FixedText<16>> names;
  for (const FeedInfo& info : feed_infos_)
    names.push_back(info.name);
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    std::vector<FeedSpec> mine;
    for (const FeedSpec& feed : config_.feeds) {
      const auto& groups = config_.threads[i].feed_groups;
      if (std::count(groups.begin(), groups.end(), feed.thread) > 0) mine.push_back(feed);
    }
    Thread& thread = threads_[i];
    if (mine.empty()) {
      thread.io = std::make_unique<IoDuty>();
      continue;
    }
    thread.output =
        std::make_unique<FeedOutputs>(events_, quotes_, thread.inputs.get(), names, counters_);
    thread.feeds = std::make_unique<FeedHost>(std::move(mine), *thread.output, counters_);
  }
}

Result<void> Pipeline::make_publisher() {
  PublisherOptions options;
  options.journal_directory = config_.journal.directory;
  options.socket_path = config_.socket.path;
  options.socket_mode = config_.socket.mode;
  options.socket_group = config_.socket.group;
  options.users = config_.socket.users;
  options.subscribers_max = config_.socket.subscribers_max;
  options.heartbeat_every = config_.socket.heartbeat_every;
  const StatusParts parts{.engine = *engine_,
                          .counters = counters_,
                          .journal = *journal_,
                          .session = journal_->session(),
                          .feeds = feed_infos_,
                          .started = now_wall()};
  for (Thread& thread : threads_) {
    if (!thread.publisher) continue;
    auto publisher =
        Publisher::open(thread.feeds ? thread.feeds->context() : thread.io->context(), options,
                        counters_, [parts] { return status_json(parts, now_wall()); });
    if (!publisher) return publisher.error();
    publisher_ = std::move(*publisher);
  }
  return {};
}

Result<void> Pipeline::start_feeds() {
  for (Thread& thread : threads_) {
    if (!thread.feeds) continue;
    if (auto started = thread.feeds->start(); !started) return started.error();
  }
  return {};
}

void Pipeline::start_threads() {
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    Thread& thread = threads_[i];
    std::vector<Duty*> duties;
    if (thread.feeds) duties.push_back(thread.feeds.get());
    if (thread.io) duties.push_back(thread.io.get());
    if (thread.scorer) duties.push_back(scorer_.get());
    if (thread.publisher) duties.push_back(publisher_.get());
    thread.thread = std::make_unique<DutyThread>(config_.threads[i].options, std::move(duties));
    thread.thread->start();
    if (!thread.thread->pin_problem().empty()) {
      log_warning("thread {}: cannot be pinned to cpu {}: {}; it runs where the kernel puts it",
                  config_.threads[i].options.name, config_.threads[i].options.cpu,
                  thread.thread->pin_problem());
    }
  }
}

void Pipeline::stop() {
  if (std::exchange(stopped_, true)) return;
  for (Thread& thread : threads_) {
    if (thread.thread) thread.thread->stop();
  }
  // All threads have ended: what they owned is this thread's now.
  for (Thread& thread : threads_) {
    if (thread.feeds) thread.feeds->stop();
  }
  if (scorer_) {
    while (scorer_->work() > 0) {
    }
  }
  if (publisher_) publisher_->stop();
}

std::string Pipeline::maintain() {
  std::string problem = journal_->maintain();
  for (Thread& thread : threads_) {
    if (!thread.inputs) continue;
    std::string other = thread.inputs->maintain();
    if (problem.empty()) problem = std::move(other);
  }
  return problem;
}

void Pipeline::tell(StatusKind kind, std::string_view text) {
  (void)notices_.try_push(Notice{.at = now_stamp(), .kind = kind, .text = FixedText<160>(text)});
}

std::uint64_t Pipeline::headlines_dropped() const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t feed = 0; feed < kFeedsMax; ++feed) {
    sum += counters_.get(static_cast<FeedId>(feed), FeedCounter::HeadlinesDropped);
  }
  return sum;
}

std::uint64_t Pipeline::scorer_rounds() const noexcept {
  for (const Thread& thread : threads_) {
    if (thread.scorer) return thread.thread->rounds();
  }
  return 0;
}

}  // namespace tariff
