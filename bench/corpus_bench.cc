// bench/corpus_bench.cc - How long reading takes over a file of headlines of one's own, one by one:
// TARIFF_BENCH_TEXTS names it, NDJSON as `tariffd classify` takes it. Without it, nothing runs.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <simdjson.h>

#include "bench/reading_stages.h"
#include "signals/reading/reader.h"

namespace {

using namespace tariff;
using Clock = std::chrono::steady_clock;

std::vector<std::string> texts_of(const char* path) {
  std::vector<std::string> texts;
  simdjson::ondemand::parser parser;
  simdjson::padded_string json;
  if (simdjson::padded_string::load(path).get(json) != simdjson::SUCCESS) return texts;
  simdjson::ondemand::document_stream lines;
  if (parser.iterate_many(json).get(lines) != simdjson::SUCCESS) return texts;
  for (auto line : lines) {
    std::string_view text;
    if (line["text"].get(text) == simdjson::SUCCESS) texts.emplace_back(text);
  }
  return texts;
}

/// Times `work` on each text by itself; the clock's own 20 to 30 ns are in the figures.
template <class Work>
void time_each(benchmark::State& state, Work work) {
  const std::vector<std::string> texts = texts_of(std::getenv("TARIFF_BENCH_TEXTS"));
  if (texts.empty()) {
    state.SkipWithError("TARIFF_BENCH_TEXTS names no file of headlines");
    return;
  }
  std::vector<double> us;
  us.reserve(texts.size());
  for (auto _ : state) {
    us.clear();
    for (const std::string& text : texts) {
      const auto start = Clock::now();
      work(text);
      us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    }
  }
  std::sort(us.begin(), us.end());
  const auto at = [&](double share) {
    return us[static_cast<std::size_t>(share * static_cast<double>(us.size() - 1))];
  };
  state.counters["texts"] = static_cast<double>(us.size());
  state.counters["p50_us"] = at(0.5);
  state.counters["p99_us"] = at(0.99);
  state.counters["max_us"] = us.back();
}

void BM_Corpus_Match(benchmark::State& state) {
  bench::Matcher matcher;
  time_each(state, [&](std::string_view text) { benchmark::DoNotOptimize(matcher.match(text)); });
}

void BM_Corpus_Read(benchmark::State& state) {
  const Tables& tables = bench::shipped_tables();
  Reader reader;
  Reading reading;
  time_each(state, [&](std::string_view text) {
    reader.read(tables, text, WallNs{1'760'000'000'000'000'000}, reading);
    benchmark::DoNotOptimize(reading);
  });
}

const bool kRegistered = [] {
  if (std::getenv("TARIFF_BENCH_TEXTS") == nullptr) return false;
  benchmark::RegisterBenchmark("BM_Corpus_Match", BM_Corpus_Match)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("BM_Corpus_Read", BM_Corpus_Read)->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace
