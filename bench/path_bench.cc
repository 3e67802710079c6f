// bench/path_bench.cc - The hand-off, the exposures, and the whole path of a headline in one
// thread: from a provider's frame in memory to committed records in a real journal.
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>
#include <simdjson.h>

#include "core/clock.h"
#include "core/event.h"
#include "core/handoff.h"
#include "core/journal.h"
#include "feeds/feeds.h"
#include "signals/engine.h"

namespace tariff {
namespace {

constexpr std::string_view kText =
    "US to impose additional 100% tariff on China from Nov 1, Trump says after rare-earth curbs";

/// A news message of about 600 bytes, as the provider sends it; `id` makes each a new item.
std::string news_frame(std::uint64_t id) {
  return R"([{"T":"n","id":)" + std::to_string(id) + R"(,"headline":")" + std::string(kText) +
         R"(","summary":")" + std::string(220, 'x') +
         R"(","author":"Newsdesk","created_at":"2025-10-10T20:50:04Z",)"
         R"("updated_at":"2025-10-10T20:50:04Z","url":"https://example.com/news/1234567",)"
         R"("content":"","symbols":["SPY","FXI"],"source":"benzinga"}])";
}

class NoOutbox final : public Outbox {
 public:
  void send(std::string_view) override {}
};

class EngineSink final : public EventSink {
 public:
  explicit EngineSink(Engine& engine) : engine_(engine) {}
  void push(const Headline& headline) noexcept override {
    event_ = headline;
    engine_.on_event(event_);
  }
  void push(const Quote& quote) noexcept override { engine_.on_quote(quote); }

 private:
  Engine& engine_;
  Event event_;
};

std::unique_ptr<Desk> load() {
  ConfigErrors errors;
  return load_desk(TARIFF_SOURCE_DIR "/config", errors);
}

FeedSpec alpaca_feed() {
  FeedSpec feed;
  feed.name = "bench";
  alpaca::Options options;
  options.news = {"*"};
  feed.protocol = options;
  return feed;
}

/// Floor of the path: simdjson walks the same bytes and takes out what the protocol takes.
void BM_Path_FloorSimdjson(benchmark::State& state) {
  std::string frame = news_frame(1);
  const std::size_t bytes = frame.size();
  frame.append(simdjson::SIMDJSON_PADDING, '\0');
  simdjson::ondemand::parser parser;
  for (auto _ : state) {
    simdjson::ondemand::document document;
    if (parser.iterate(frame.data(), bytes, frame.size()).get(document))
      state.SkipWithError("json");
    for (auto element : document.get_array()) {
      std::string_view text;
      std::int64_t id = 0;
      if (element["id"].get(id) || element["headline"].get(text)) state.SkipWithError("field");
      benchmark::DoNotOptimize(id);
      benchmark::DoNotOptimize(text);
    }
  }
}
BENCHMARK(BM_Path_FloorSimdjson);

void BM_Handoff_Event(benchmark::State& state) {
  Handoff<Event> handoff(256, 1);
  Handoff<Event>::Producer producer(handoff);
  Headline headline;
  headline.set_text(kText);
  const Event in(headline);
  Event out;
  for (auto _ : state) {
    if (!producer.try_push(in) || !handoff.try_pop(out)) state.SkipWithError("refused");
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(BM_Handoff_Event);

void BM_Exposures_OneFact(benchmark::State& state) {
  const auto desk = load();
  Facts fact;
  fact.action = Action::Impose;
  fact.confidence = 0.9F;
  fact.actors.add(Place("US"));
  fact.targets.add(Place("CN"));
  std::array<ScoredInstrument, QuoteBoard::kInstrumentsMax> scored{};
  for (auto _ : state) {
    benchmark::DoNotOptimize(desk->exposures.expose({&fact, 1}, 0.8F, scored));
  }
}
BENCHMARK(BM_Exposures_OneFact);

/// Every frame is a new item; `told` says whether its facts are new (an event and its signals) or
/// known (one event record).
void run_path(benchmark::State& state, bool told) {
  const std::string directory = std::filesystem::temp_directory_path() / "tariff_bench_journal";
  std::filesystem::remove_all(directory);
  {
    JournalOptions options;
    options.directory = directory;
    options.segments_max = 4;
    auto journal = JournalWriter::open(options);
    if (!journal) return state.SkipWithError(journal.error().what.c_str());
    Counters counters;
    Engine engine(load(), {{FixedText<16>("bench"), true}}, **journal, counters,
                  // Known facts stay known; new ones are forgotten before the next headline.
                  EngineOptions{.story_window_ns = told ? kNsPerDay : -1, .stale_after_ns = 0},
                  now_mono);
    EngineSink sink(engine);
    NoOutbox outbox;
    const auto protocol = make_protocol(alpaca_feed());
    std::uint64_t id = 0;
    for (auto _ : state) {
      state.PauseTiming();
      if (id % 1'000 == 0) (void)(*journal)->maintain();
      std::string frame = news_frame(++id);
      const std::size_t bytes = frame.size();
      frame.append(Frame::kPaddingBytes, '\0');
      state.ResumeTiming();
      const Frame in{.data = frame.data(), .bytes = bytes, .received = now_stamp()};
      benchmark::DoNotOptimize(protocol->on_frame(in, sink, outbox));
    }
    state.counters["records_per_headline"] =
        static_cast<double>((*journal)->last_seq()) / static_cast<double>(id);
  }
  std::filesystem::remove_all(directory);
}

void BM_Path_FrameToEventAndSignals(benchmark::State& state) {
  run_path(state, false);
}
BENCHMARK(BM_Path_FrameToEventAndSignals);

void BM_Path_FrameToConfirmation(benchmark::State& state) {
  run_path(state, true);
}
BENCHMARK(BM_Path_FrameToConfirmation);

}  // namespace
}  // namespace tariff
