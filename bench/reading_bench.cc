// bench/reading_bench.cc - The stages of reading one headline, with the shipped tables. Fold and
// Match together are what any keyword search pays; Read is the whole of understanding.
#include <array>
#include <memory>
#include <string_view>

#include <benchmark/benchmark.h>

#include "bench/reading_stages.h"
#include "signals/reading/reader.h"

namespace {

using namespace tariff;

constexpr std::string_view kHundred =
    "Trump says US to impose an additional 100% tariff on Chinese goods from Nov. 1 in rare earth "
    "dispute";
static_assert(kHundred.size() == 100);

/// A mixed hour: news, commentary and what has nothing to do with trade.
constexpr std::array<std::string_view, 12> kMixed{
    "China tightens rare earth export controls, adds five elements to its list",
    "*BESSENT: CHINA TARIFFS WOULD NOT START BEFORE NOV. 1",
    "Stocks drift as investors wait for bank earnings and a late jobs report",
    "Brazil gets 50% US tariff from Aug. 1, letter shows",
    "Trump pauses reciprocal tariffs for 90 days, lifts China rate to 125%",
    "Chipmaker beats quarterly estimates on demand for data centres",
    "Appeals court lets Trump's tariffs stand while case goes on",
    "Storm closes airports along the coast, thousands stranded",
    "EU vows countermeasures if US goes ahead with 30% tariff",
    "Carmaker cuts outlook, sees tariff hit of up to $5 billion",
    "Sheinbaum rules out retaliatory tariffs, says talks with Washington go on",
    "Central bank holds rates, sees inflation near target next year"};

constexpr std::array<std::string_view, 3> kChinese{
    "商务部、海关总署：自2025年11月8日起对锂电池和人造石墨负极材料相关物项实施出口管制",
    "国务院关税税则委员会：对原产于美国的进口商品加征关税税率由84%提高至125%",
    "海关总署：前5个月我国货物贸易进出口总值同比增长2.5%"};

/// Feeds one text again and again, or several in turn.
template <class Work>
void run(benchmark::State& state, std::span<const std::string_view> texts, Work work) {
  std::size_t i = 0;
  for (auto _ : state) {
    work(texts[i]);
    i = i + 1 == texts.size() ? 0 : i + 1;
  }
}

void fold(benchmark::State& state, std::span<const std::string_view> texts) {
  const auto folded = std::make_unique<FoldedText>();
  run(state, texts, [&](std::string_view text) {
    folded->assign(text);
    benchmark::DoNotOptimize(folded->view());
  });
}

void match(benchmark::State& state, std::span<const std::string_view> texts) {
  bench::Matcher matcher;
  run(state, texts, [&](std::string_view text) { benchmark::DoNotOptimize(matcher.match(text)); });
}

void read(benchmark::State& state, std::span<const std::string_view> texts) {
  Reader reader;
  Reading reading;
  const WallNs published{1'760'000'000'000'000'000};
  run(state, texts, [&](std::string_view text) {
    reader.read(bench::shipped_tables(), text, published, reading);
    benchmark::DoNotOptimize(reading);
  });
}

void BM_Fold(benchmark::State& state) {
  fold(state, std::span(&kHundred, 1));
}
BENCHMARK(BM_Fold);

void BM_Match(benchmark::State& state) {
  match(state, std::span(&kHundred, 1));
}
BENCHMARK(BM_Match);

void BM_Match_Mixed(benchmark::State& state) {
  match(state, kMixed);
}
BENCHMARK(BM_Match_Mixed);

void BM_Read(benchmark::State& state) {
  read(state, std::span(&kHundred, 1));
}
BENCHMARK(BM_Read);

void BM_Read_Mixed(benchmark::State& state) {
  read(state, kMixed);
}
BENCHMARK(BM_Read_Mixed);

void BM_Read_Chinese(benchmark::State& state) {
  read(state, kChinese);
}
BENCHMARK(BM_Read_Chinese);

}  // namespace
