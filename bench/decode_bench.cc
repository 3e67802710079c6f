// bench/decode_bench.cc - A frame in memory -> a Headline or a Quote, beside what simdjson alone
// takes to read the same fields of the same bytes.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>
#include <simdjson.h>

#include "feeds/alpaca/alpaca_protocol.h"
#include "feeds/ndjson/ndjson_protocol.h"

namespace tariff {
namespace {

namespace ondemand = simdjson::ondemand;

/// 633 bytes: the usual size of a news message.
std::string news_frame(std::string_view id) {
  std::string frame = R"([{"T":"n","id":)" + std::string(id) +
                      R"(,"headline":"President threatens 100% tariff on all imports from China )"
                      R"(from November 1, citing rare earth export curbs","summary":")";
  const std::string rest =
      R"(","author":"Newsdesk","created_at":"2025-10-10T14:57:03Z",)"
      R"("updated_at":"2025-10-10T14:57:04Z","url":"https://example.com/news/25/10/24918784",)"
      R"("content":"","symbols":["SPY","QQQ","FXI"],"source":"benzinga"}])";
  frame.append(633 - frame.size() - rest.size(), 's');
  return frame + rest;
}

constexpr std::string_view kQuotes =
    R"([{"T":"q","S":"SPY","bx":"U","bp":670.12,"bs":1,"ax":"X","ap":670.13,"as":2,)"
    R"("t":"2025-10-10T14:57:03.3355677Z","c":["R"],"z":"C"}])";
constexpr std::string_view kLine =
    R"({"id":"24918784","text":"President threatens 100% tariff on all imports from China from )"
    R"(November 1, citing rare earth export curbs","published_at":"2025-10-10T14:57:03Z",)"
    R"("source":"benzinga","symbols":["SPY","QQQ","FXI"]})";

struct LastEvent final : EventSink {
  void push(const Headline& headline) noexcept override { benchmark::DoNotOptimize(&headline); }
  void push(const Quote& quote) noexcept override { benchmark::DoNotOptimize(&quote); }
};
struct NoOutbox final : Outbox {
  void send(std::string_view /*message*/) override {}
};

/// Frames that differ in their id only, so that none counts as delivered again.
class Frames {
 public:
  explicit Frames(const std::string& text, std::size_t id_at) {
    for (std::size_t i = 0; i < 10'000; ++i) {
      std::string frame = text;
      if (id_at != 0) frame.replace(id_at, 5, std::to_string(10'000 + i));
      bytes_ = frame.size();
      frame.append(Frame::kPaddingBytes, ' ');
      frames_.push_back(std::move(frame));
    }
  }
  [[nodiscard]] Frame next() {
    at_ = at_ + 1 == frames_.size() ? 0 : at_ + 1;
    return {.data = frames_[at_].data(), .bytes = bytes_, .received = {}};
  }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::vector<std::string> frames_;
  std::size_t bytes_ = 0;
  std::size_t at_ = 0;
};

void decode(benchmark::State& state, Protocol& protocol, Frames frames) {
  LastEvent sink;
  NoOutbox outbox;
  for (auto _ : state) {
    benchmark::DoNotOptimize(protocol.on_frame(frames.next(), sink, outbox));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(frames.bytes()));
}

Frames news() {
  const std::string frame = news_frame("24918784");
  return Frames(frame, frame.find("24918784"));
}

void BM_Decode_Alpaca_News(benchmark::State& state) {
  alpaca::AlpacaProtocol protocol(FeedId{0}, {});
  decode(state, protocol, news());
}
BENCHMARK(BM_Decode_Alpaca_News)->Name("BM_Decode_Alpaca/news");

void BM_Decode_Alpaca_Quote(benchmark::State& state) {
  alpaca::AlpacaProtocol protocol(FeedId{0}, {});
  decode(state, protocol, Frames(std::string(kQuotes), 0));
}
BENCHMARK(BM_Decode_Alpaca_Quote)->Name("BM_Decode_Alpaca/quote");

void BM_Decode_Ndjson_Headline(benchmark::State& state) {
  ndjson::NdjsonProtocol protocol(FeedId{0}, {});
  decode(state, protocol, Frames(std::string(kLine), kLine.find("24918784")));
}
BENCHMARK(BM_Decode_Ndjson_Headline)->Name("BM_Decode_Ndjson/headline");

/// The floor: the fields that we use, asked for in the order in which they come.
void BM_Decode_Simdjson_News(benchmark::State& state) {
  ondemand::parser parser;
  Frames frames = news();
  for (auto _ : state) {
    const Frame frame = frames.next();
    ondemand::document document;
    if (parser.iterate(frame.data, frame.bytes, frame.bytes + Frame::kPaddingBytes).get(document) !=
        simdjson::SUCCESS) {
      state.SkipWithError("not JSON");
      return;
    }
    for (auto element : document.get_array()) {
      std::int64_t id = 0;
      std::string_view text;
      std::string_view created;
      std::string_view updated;
      std::string_view source;
      bool good = element.find_field("id").get_int64().get(id) == simdjson::SUCCESS;
      good &= element.find_field("headline").get_string().get(text) == simdjson::SUCCESS;
      good &= element.find_field("created_at").get_string().get(created) == simdjson::SUCCESS;
      good &= element.find_field("updated_at").get_string().get(updated) == simdjson::SUCCESS;
      for (auto item : element.find_field("symbols").get_array()) {
        std::string_view symbol;
        good &= item.get_string().get(symbol) == simdjson::SUCCESS;
        benchmark::DoNotOptimize(symbol);
      }
      good &= element.find_field("source").get_string().get(source) == simdjson::SUCCESS;
      benchmark::DoNotOptimize(id);
      benchmark::DoNotOptimize(text);
      benchmark::DoNotOptimize(created);
      benchmark::DoNotOptimize(updated);
      benchmark::DoNotOptimize(source);
      if (!good) state.SkipWithError("a field is missing");
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(frames.bytes()));
}
BENCHMARK(BM_Decode_Simdjson_News)->Name("BM_Decode_Simdjson/news");

}  // namespace
}  // namespace tariff
