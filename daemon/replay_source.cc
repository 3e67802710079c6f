#include "daemon/replay_source.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>
#include <sysexits.h>

#include "core/journal.h"
#include "feeds/tape/tape.h"

namespace tariff {
namespace {

namespace fs = std::filesystem;

/// Nothing is sent in a replay.
class NoOutbox final : public Outbox {
 public:
  void send(std::string_view) override {}
};

/// What a protocol understood, passed on. `stamp_by_source` replaces the stamp of receipt, which a
/// file without one does not know, by the source's own.
class ForwardSink final : public EventSink {
 public:
  ForwardSink(ReplaySink& sink, bool stamp_by_source)
      : sink_(sink), stamp_by_source_(stamp_by_source) {}

  void push(const Headline& headline) noexcept override {
    ++taken_;
    Headline copy = headline;
    if (stamp_by_source_) {
      copy.received = stamp_of(headline.updated.ns != 0 ? headline.updated : headline.published);
    }
    sink_.take(copy);
  }
  void push(const Quote& quote) noexcept override {
    ++taken_;
    Quote copy = quote;
    if (stamp_by_source_) copy.received = stamp_of(quote.published);
    sink_.take(copy);
  }
  [[nodiscard]] std::size_t taken() const noexcept { return taken_; }

  static Stamp stamp_of(WallNs wall) noexcept { return {.mono = {wall.ns}, .wall = wall}; }

 private:
  ReplaySink& sink_;
  bool stamp_by_source_;
  std::size_t taken_ = 0;
};

Result<void> replay_ndjson(const std::string& path, ReplaySink& sink) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{fmt::format("{}: cannot be read", path), EX_NOINPUT};
  const auto protocol = make_protocol(replay_feed());
  ForwardSink forward(sink, true);
  NoOutbox outbox;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.empty()) continue;
    const std::size_t bytes = line.size();
    line.append(Frame::kPaddingBytes, '\0');
    const Verdict verdict =
        protocol->on_frame({.data = line.data(), .bytes = bytes, .received = {}}, forward, outbox);
    if (verdict.next == Next::BadFrame) {
      return Error{fmt::format("{}:{}: {}", path, number, verdict.reason), EX_DATAERR};
    }
  }
  return {};
}

Headline headline_of(const tape::TapeItem& item, const tape::TapeNews& news, bool seen) {
  Headline headline;
  headline.received = ForwardSink::stamp_of(item.at);
  headline.published = news.created;
  headline.updated = news.updated;
  headline.item_id = FixedText<40>(std::to_string(news.id));
  headline.source = FixedText<32>(news.source);
  headline.symbols = FixedText<64>(fmt::format("{}", fmt::join(news.symbols, ",")));
  headline.change = seen ? ItemChange::Update : ItemChange::New;
  headline.set_text(news.headline);
  return headline;
}

Result<void> replay_tape(const std::string& path, ReplaySink& sink) {
  const auto tape = tape::load_tape({path});
  if (!tape) return tape.error();
  std::unordered_set<std::int64_t> ids;
  for (const tape::TapeItem& item : *tape) {
    if (const tape::TapeNews* news = item.news()) {
      sink.take(headline_of(item, *news, !ids.insert(news->id).second));
    } else if (const tape::TapeQuote* quote = item.quote()) {
      sink.take(Quote{.received = ForwardSink::stamp_of(item.at),
                      .published = item.at,
                      .symbol = quote->symbol,
                      .bid = quote->bid,
                      .ask = quote->ask,
                      .bid_size = quote->bid_size,
                      .ask_size = quote->ask_size});
    }
  }
  return {};
}

/// One journal of inputs, at its next record.
struct Input {
  std::string directory;
  std::unique_ptr<JournalReader> reader;
  std::span<const std::byte> record;  ///< Empty at the end.
  RecordHeader header;
  RawInputBody body;

  /// False: the record is not a raw input of this version.
  bool advance() {
    for (;;) {
      const JournalReader::Read read = reader->next();
      if (read.status == JournalReader::Status::Gap) continue;
      record =
          read.status == JournalReader::Status::Record ? read.record : std::span<const std::byte>();
      if (record.empty()) return read.status == JournalReader::Status::None;
      if (record.size() < sizeof header + sizeof body) return false;
      std::memcpy(&header, record.data(), sizeof header);
      std::memcpy(&body, record.data() + sizeof header, sizeof body);
      return header.word.type == RecordType::RawInput &&
             std::size_t{body.data_offset} + body.data_bytes <= record.size();
    }
  }
};

Result<std::vector<Input>> open_inputs(const std::string& path) {
  std::vector<std::string> directories;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.is_directory()) directories.push_back(entry.path());
  }
  if (directories.empty()) directories.push_back(path);
  std::sort(directories.begin(), directories.end());
  std::vector<Input> inputs;
  for (const std::string& directory : directories) {
    auto reader = JournalReader::open(directory);
    if (!reader) return reader.error();
    inputs.push_back({.directory = directory,
                      .reader = std::move(*reader),
                      .record = {},
                      .header = {},
                      .body = {}});
    if (!inputs.back().advance()) {
      return Error{fmt::format("{}: is not a journal of inputs, or is damaged", directory),
                   EX_DATAERR};
    }
  }
  return inputs;
}

/// The protocols of the feeds, as they were when the frames came in.
class Protocols {
 public:
  Protocols(const std::vector<FeedSpec>& feeds, ReplaySink& sink)
      : sink_(sink), forward_(sink, false) {
    for (const FeedSpec& feed : feeds)
      feeds_.emplace(feed.name, Feed{feed.id, make_protocol(feed)});
  }

  Result<void> take(const Input& input) {
    const auto found = feeds_.find(std::string(input.body.feed.view()));
    if (found == feeds_.end()) {
      return Error{fmt::format("{}: holds frames of feed '{}', which the configuration does not "
                               "have; give the right one with --config",
                               input.directory, input.body.feed.view()),
                   EX_CONFIG};
    }
    Feed& feed = found->second;
    const Stamp at{{input.body.received_mono_ns}, {input.header.received_ns}};
    switch (input.body.kind) {
      case RawInputBody::Kind::Connected:
        tell(feed, at, feed.protocol->on_connected(at.mono, outbox_));
        break;
      case RawInputBody::Kind::Disconnected:
        sink_.take(FeedStatus{.at = at, .feed = feed.id, .state = FeedState::Down, .reason = {}});
        break;
      case RawInputBody::Kind::Frame: {
        const auto* data =
            reinterpret_cast<const char*>(input.record.data()) + input.body.data_offset;
        frame_.assign(data, input.body.data_bytes);
        frame_.append(Frame::kPaddingBytes, '\0');
        tell(feed, at,
             feed.protocol->on_frame(
                 {.data = frame_.data(), .bytes = input.body.data_bytes, .received = at}, forward_,
                 outbox_));
        break;
      }
    }
    return {};
  }

 private:
  struct Feed {
    FeedId id;
    std::unique_ptr<Protocol> protocol;
  };

  void tell(const Feed& feed, Stamp at, const Verdict& verdict) {
    if (verdict.next != Next::Ready) return;
    sink_.take(FeedStatus{.at = at, .feed = feed.id, .state = FeedState::Up, .reason = {}});
  }

  ReplaySink& sink_;
  ForwardSink forward_;
  NoOutbox outbox_;
  std::unordered_map<std::string, Feed> feeds_;
  std::string frame_;
};

Result<void> replay_inputs(const std::string& path, const std::vector<FeedSpec>& feeds,
                           ReplaySink& sink) {
  auto inputs = open_inputs(path);
  if (!inputs) return inputs.error();
  Protocols protocols(feeds, sink);
  for (;;) {
    Input* next = nullptr;
    for (Input& input : *inputs) {
      if (input.record.empty()) continue;
      if (next == nullptr || input.body.received_mono_ns < next->body.received_mono_ns)
        next = &input;
    }
    if (next == nullptr) return {};
    if (auto taken = protocols.take(*next); !taken) return taken;
    if (!next->advance()) {
      return Error{fmt::format("{}: record {} is damaged", next->directory, next->header.seq + 1),
                   EX_DATAERR};
    }
  }
}

bool is_tape(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  std::getline(file, line);
  return line.find("\"at\"") != std::string::npos;
}

}  // namespace

FeedSpec replay_feed() {
  FeedSpec feed;
  feed.name = "replay";
  feed.protocol = ndjson::Options{};
  return feed;
}

Result<void> replay_source(const std::string& path, const std::vector<FeedSpec>& feeds,
                           ReplaySink& sink) {
  std::error_code problem;
  if (!fs::exists(path, problem)) {
    return Error{fmt::format("{}: is not there", path), EX_NOINPUT};
  }
  if (fs::is_directory(path, problem)) return replay_inputs(path, feeds, sink);
  return is_tape(path) ? replay_tape(path, sink) : replay_ndjson(path, sink);
}

}  // namespace tariff
