// bench/journal_bench.cc - What a message costs between the rules and the subscriber: appending it
// to the journal, reading it there, and writing it as JSON.
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/journal.h"
#include "core/record.h"
#include "core/record_check.h"
#include "signals/publish/json_lines.h"

namespace tariff {
namespace {

/// A journal in a directory of its own, gone at the end.
class TempJournal {
 public:
  TempJournal() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tariff-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) directory_ = pattern;
    auto opened =
        JournalWriter::open({.directory = directory_, .segments_max = 2, .sync_every_ms = 0});
    if (opened) writer_ = std::move(*opened);
  }
  ~TempJournal() {
    writer_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  TempJournal(const TempJournal&) = delete;
  TempJournal& operator=(const TempJournal&) = delete;
  [[nodiscard]] JournalWriter* writer() const noexcept { return writer_.get(); }
  [[nodiscard]] const std::string& directory() const noexcept { return directory_; }

 private:
  std::string directory_;
  std::unique_ptr<JournalWriter> writer_;
};

void append(JournalWriter& writer, RecordType type, std::span<const std::byte> body) noexcept {
  const std::size_t bytes = sizeof(RecordHeader) + body.size();
  const std::span<std::byte> space = writer.begin(bytes);
  std::memcpy(space.data() + sizeof(RecordHeader), body.data(), body.size());
  writer.commit({.word = {.type = type}}, bytes);
}

std::vector<std::byte> event_body() {
  constexpr std::string_view text =
      "White House to impose additional 100% tariff on China from Nov 1, president says in a post";
  EventBody body;
  body.event_id = 0xFEDC'BA98'7654'3210;
  body.feed = FixedText<16>("alpaca");
  body.source = FixedText<32>("wire");
  body.facts_offset = sizeof(RecordHeader) + sizeof body;
  body.facts_count = 1;
  body.text_offset = static_cast<std::uint16_t>(body.facts_offset + sizeof(Facts));
  body.text_bytes = static_cast<std::uint16_t>(text.size());
  Facts facts;
  facts.rate_pct = 100;
  facts.confidence = 0.93F;
  facts.actors.add(Place("US"));
  facts.targets.add(Place("CN"));
  facts.rule = FixedText<36>("impose.rate_on_target");
  std::vector<std::byte> bytes(sizeof body + sizeof facts + text.size());
  std::memcpy(bytes.data(), &body, sizeof body);
  std::memcpy(bytes.data() + sizeof body, &facts, sizeof facts);
  std::memcpy(bytes.data() + sizeof body + sizeof facts, text.data(), text.size());
  return bytes;
}

std::vector<std::byte> signal_body() {
  SignalBody body;
  body.event_id = 0xFEDC'BA98'7654'3210;
  body.direction = -1;
  body.instrument = FixedText<16>("FXI");
  body.exposure = FixedText<32>("china_equity");
  body.score = -0.85F;
  body.confidence = 0.93F;
  body.bid = 38.9;
  body.ask = 38.92;
  body.mid = 38.91;
  body.spread = 0.02;
  body.quote_age_ns = 15'000'000;
  body.move_1s_bps = -1.5F;
  const auto bytes = std::as_bytes(std::span(&body, 1));
  return {bytes.begin(), bytes.end()};
}

void BM_Journal_Append(benchmark::State& state, RecordType type,
                       const std::vector<std::byte>& body) {
  const TempJournal journal;
  if (journal.writer() == nullptr) return state.SkipWithError("no journal");
  std::uint64_t done = 0;
  for (auto _ : state) {
    append(*journal.writer(), type, body);
    if (++done % 8'192 == 0) {  // as the maintenance thread would
      state.PauseTiming();
      benchmark::DoNotOptimize(journal.writer()->maintain());
      state.ResumeTiming();
    }
  }
  state.counters["made_late"] = static_cast<double>(journal.writer()->segments_made_late());
}
BENCHMARK_CAPTURE(BM_Journal_Append, event, RecordType::Event, event_body());
BENCHMARK_CAPTURE(BM_Journal_Append, signal, RecordType::Signal, signal_body());

void BM_Journal_AppendAndRead(benchmark::State& state) {
  const TempJournal journal;
  if (journal.writer() == nullptr) return state.SkipWithError("no journal");
  auto reader = JournalReader::open(journal.directory());
  if (!reader) return state.SkipWithError("no reader");
  const auto body = signal_body();
  std::uint64_t done = 0;
  for (auto _ : state) {
    append(*journal.writer(), RecordType::Signal, body);
    benchmark::DoNotOptimize((*reader)->next());
    if (++done % 8'192 == 0) {
      state.PauseTiming();
      benchmark::DoNotOptimize(journal.writer()->maintain());
      state.ResumeTiming();
    }
  }
}
BENCHMARK(BM_Journal_AppendAndRead);

void BM_Encode_Json(benchmark::State& state, RecordType type, const std::vector<std::byte>& body) {
  std::vector<std::byte> record(record_padded(sizeof(RecordHeader) + body.size()));
  RecordHeader header{
      .word = {.type = type, .length_bytes = static_cast<std::uint32_t>(record.size())},
      .session = 1'760'129'400,
      .seq = 123'456,
      .source_ns = 1'760'129'399'500'000'000,
      .received_ns = 1'760'129'399'712'345'678,
      .latency_ns = 2'340};
  std::memcpy(record.data(), &header, sizeof header);
  std::memcpy(record.data() + sizeof header, body.data(), body.size());
  std::string line(kJsonLineBytesMax, '\0');
  std::size_t bytes = 0;
  for (auto _ : state) {
    bytes = write_json_line(record, line);
    benchmark::DoNotOptimize(line.data());
  }
  if (bytes == 0) return state.SkipWithError("no line");
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
}
BENCHMARK_CAPTURE(BM_Encode_Json, event, RecordType::Event, event_body());
BENCHMARK_CAPTURE(BM_Encode_Json, signal, RecordType::Signal, signal_body());

}  // namespace
}  // namespace tariff
