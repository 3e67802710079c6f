#include "signals/publish/json_lines.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "signals/publish/json_writer.h"
#include "tests/publish/publish_testing.h"
#include "tests/support/hot_path_guard.h"

namespace tariff {
namespace {

using Bytes = std::vector<std::byte>;

std::string line_of(std::span<const std::byte> record) {
  std::string line(kJsonLineBytesMax, '\0');
  line.resize(write_json_line(record, line));
  return line;
}

std::string written(auto&& write) {
  std::string text(1'000, '\0');
  JsonWriter out(text);
  write(out);
  text.resize(out.bytes());
  return text;
}
std::string escaped(std::string_view text) {
  return written([&](JsonWriter& out) { out.string(text); });
}
std::string number(auto value) {
  return written([&](JsonWriter& out) { out.number(value); });
}

const char* const kText = "US says \"no\" to a pause: 100% on China\u2019s rare earths";

/// The worked examples of docs/formats: name of the golden files, and the record.
std::vector<std::pair<std::string, Bytes>> samples() {
  return {{"event", test::sample_event(kText)},    {"signal", test::sample_signal()},
          {"retract", test::sample_retract()},     {"status", test::sample_status()},
          {"heartbeat", test::sample_heartbeat()}, {"gap", test::sample_gap()},
          {"error", test::sample_error()}};
}

/// Compares with tests/golden/`name`; TARIFF_UPDATE_GOLDEN=1 rewrites the file instead.
void expect_golden(const std::string& name, const std::string& content) {
  const std::string path = std::string(TARIFF_SOURCE_DIR) + "/tests/golden/" + name;
  if (std::getenv("TARIFF_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << content;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(content, golden) << path << ": a change of the format? TARIFF_UPDATE_GOLDEN=1 rewrites";
}

TEST(JsonLines, BothEncodingsAreTheGoldenFiles) {
  for (const auto& [name, record] : samples()) {
    expect_golden(name + ".bin", {reinterpret_cast<const char*>(record.data()), record.size()});
    expect_golden(name + ".json", line_of(record));
  }
}

std::string load(const std::string& path) {
  std::ifstream file(std::string(TARIFF_SOURCE_DIR) + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(JsonLines, TheWorkedExamplesOfTheDocsAreTheGoldenFiles) {
  const std::string json_page = load("/docs/formats/signal-json.md");
  for (const auto& [name, record] : samples())
    EXPECT_NE(json_page.find(line_of(record)), std::string::npos) << name;
  const std::string binary_page = load("/docs/formats/signal-binary.md");
  for (const Bytes& record : {test::sample_event(kText), test::sample_signal()}) {
    for (std::size_t line = 0; line < record.size(); line += 16) {
      std::string hex = fmt::format("{:08x}:", line);
      for (std::size_t i = line; i < std::min(line + 16, record.size()); ++i)
        hex += fmt::format("{}{:02x}", i % 2 == 0 ? " " : "", std::to_integer<unsigned>(record[i]));
      EXPECT_NE(binary_page.find(hex + " "), std::string::npos) << hex;
    }
  }
}

TEST(JsonLines, EveryLineIsJsonThatReadsBackToTheSameValues) {
  simdjson::dom::parser parser;
  for (const auto& [name, record] : samples()) {
    const std::string line = line_of(record);
    ASSERT_TRUE(line.ends_with("}\n")) << line;
    const simdjson::dom::element json = parser.parse(line);
    EXPECT_EQ(std::string_view(json["type"]), name);
    EXPECT_EQ(std::uint64_t(json["seq"]), record_header(record).seq);
    EXPECT_EQ(std::int64_t(json["received_ns"]), record_header(record).received_ns);
  }
  const simdjson::dom::element signal = parser.parse(line_of(test::sample_signal()));
  EXPECT_EQ(static_cast<float>(double(signal["score"])), -0.85F);
  EXPECT_EQ(double(signal["bid"]), 38.9);
  EXPECT_TRUE(signal["move_60s_bps"].is_null());
  EXPECT_EQ(std::string_view(signal["event_id"]), "18364758544493064720");
  const simdjson::dom::element event = parser.parse(line_of(test::sample_event(kText)));
  EXPECT_EQ(std::string_view(event["text"]), kText);
}

TEST(JsonLines, ASignalWithoutAQuoteHasNulls) {
  SignalBody body = test::sample_signal_body();
  body.quote_age_ns = -1;
  const std::string line = line_of(test::make_record(RecordType::Signal, 1, body));
  EXPECT_NE(line.find(R"("bid":null,"ask":null,"mid":null,"spread":null,"quote_age_ns":null)"),
            std::string::npos)
      << line;
  body.quote_age_ns = 5;
  body.ask = 0;  // one side only
  const std::string half = line_of(test::make_record(RecordType::Signal, 1, body));
  EXPECT_NE(half.find(R"("bid":38.9,"ask":null,"mid":null,"spread":null,"quote_age_ns":5)"),
            std::string::npos)
      << half;
}

TEST(JsonLines, WhatHoldsASignalBackAndWhatItReplacesIsSaid) {
  EventBody event;
  event.flags = EventBody::kTruncated | EventBody::kStale | EventBody::kWaiting;
  event.text_offset = sizeof(RecordHeader) + sizeof(EventBody);
  const std::string told = line_of(test::make_record(RecordType::Event, 1, event));
  EXPECT_NE(told.find(R"("events":[],"marks":["stale","waiting"]})"), std::string::npos) << told;
  SignalBody signal = test::sample_signal_body();
  signal.flags = SignalBody::kReplaces;
  const std::string sent = line_of(test::make_record(RecordType::Signal, 1, signal));
  EXPECT_NE(sent.find(R"("replaces":true})"), std::string::npos) << sent;
}

TEST(JsonLines, ValuesOfANewerVersionAreShownAsUnknown) {
  StatusBody body;
  body.kind = static_cast<StatusKind>(200);
  EXPECT_NE(line_of(test::make_record(RecordType::Status, 1, body)).find(R"("kind":"?")"),
            std::string::npos);
}

TEST(JsonLines, ARecordThatLiesAboutItsInsideGivesNoLine) {
  const Bytes event = test::sample_event(kText);
  const auto with = [&](auto change) {
    EventBody body;
    std::memcpy(&body, &event[sizeof(RecordHeader)], sizeof body);
    change(body);
    Bytes changed = event;
    std::memcpy(&changed[sizeof(RecordHeader)], &body, sizeof body);
    return line_of(changed);
  };
  EXPECT_NE(with([](EventBody&) {}), "");
  EXPECT_EQ(with([](EventBody& b) { b.text_bytes = 60'000; }), "");
  EXPECT_EQ(with([](EventBody& b) { b.text_offset = 65'535; }), "");
  EXPECT_EQ(with([](EventBody& b) { b.text_offset = 10; }), "") << "would show the header as text";
  EXPECT_EQ(with([](EventBody& b) { b.facts_count = 3; }), "");
  EXPECT_EQ(with([](EventBody& b) { b.facts_stride = 8; }), "");
  EXPECT_EQ(with([](EventBody& b) { b.facts_offset = 65'000; }), "");
  EXPECT_EQ(with([](EventBody& b) { b.facts_count = 65'535; }), "");
}

TEST(JsonLines, ARecordCutAtAnyLengthGivesNoLine) {
  for (const auto& [name, record] : samples()) {
    for (std::size_t bytes = 0; bytes < record.size(); ++bytes) {
      Bytes cut(record.begin(), record.begin() + static_cast<std::ptrdiff_t>(bytes));
      EXPECT_EQ(line_of(cut), "") << name << " cut at " << bytes;
      if (bytes < sizeof(RecordWord)) continue;
      // And where the header claims that this is all of it, only what is there is read.
      const auto length = static_cast<std::uint32_t>(bytes);
      std::memcpy(&cut[4], &length, sizeof length);
      (void)line_of(cut);
    }
  }
}

TEST(JsonLines, NeverWritesPastTheBuffer) {
  const Bytes record = test::sample_event(kText);
  const std::string whole = line_of(record);
  for (std::size_t room = 0; room <= whole.size(); ++room) {
    std::vector<char> exact(room);  // ASan sees one byte more
    EXPECT_EQ(write_json_line(record, exact), room == whole.size() ? room : 0U);
  }
}

TEST(JsonLines, TheLongestRecordFitsIntoTheRoomThatIsPromised) {
  constexpr std::size_t kFacts = 40;
  Facts facts;
  facts.products = ~std::uint64_t{0};
  for (char c = 1; c < 20; ++c)
    facts.targets.add(Place(std::string(4, c)));
  for (char c = 1; c < 10; ++c)
    facts.actors.add(Place(std::string(4, c)));
  facts.rule = FixedText<36>(std::string(36, '\x01'));
  EventBody body;
  body.facts_offset = sizeof(RecordHeader) + sizeof body;
  body.facts_count = kFacts;
  std::string tail;
  for (std::size_t i = 0; i < kFacts; ++i)
    tail.append(reinterpret_cast<const char*>(&facts), sizeof facts);
  tail.append(kRecordBytesMax - body.facts_offset - tail.size(), '\x01');
  body.text_offset = body.facts_offset;  // all of it is text as well
  body.text_bytes = static_cast<std::uint16_t>(tail.size());
  const Bytes record = test::make_record(RecordType::Event, 1, body, tail);
  ASSERT_EQ(record.size(), kRecordBytesMax);
  EXPECT_GT(line_of(record).size(), kJsonLineBytesMax / 2);
}

TEST(JsonLines, NeitherAllocatesNorCallsTheKernel) {
  const Bytes record = test::sample_event(kText);
  std::string out(kJsonLineBytesMax, '\0');
  int allocations = 0;
  {
    const test::AllocationCounter counter;
    EXPECT_GT(write_json_line(record, out), 0U);
    allocations = counter.count();
  }
  EXPECT_EQ(allocations, 0);
#ifndef TARIFF_SANITIZED
  EXPECT_TRUE(test::runs_without_syscalls([&] { (void)write_json_line(record, out); }));
  EXPECT_FALSE(test::runs_without_syscalls([] { (void)::getppid(); })) << "guard is asleep";
#endif
}

TEST(JsonWriter, EscapesWhatJsonForbidsAndNothingElse) {
  EXPECT_EQ(escaped(""), R"("")");
  EXPECT_EQ(escaped("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(escaped(std::string_view("\0\n\t\r\x1F\x7F", 6)),
            "\"\\u0000\\n\\t\\u000d\\u001f\x7F\"");
  EXPECT_EQ(escaped("\u00E9\u20AC\U0001F600"), "\"\u00E9\u20AC\U0001F600\"");
}

TEST(JsonWriter, ReplacesBytesThatAreNotUtf8) {
  constexpr std::string_view kReplaced = "\"\uFFFD\"";
  for (const std::string_view one : {"\x80", "\xFF", "\xC3", "\xC0", "\xF5"})
    EXPECT_EQ(escaped(one), kReplaced);
  EXPECT_EQ(escaped("a\xE2\x82"), "\"a\uFFFD\uFFFD\"") << "cut in a character";
  EXPECT_EQ(escaped("\xC3(x"), "\"\uFFFD(x\"") << "what follows is kept";
  EXPECT_EQ(escaped("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"") << "a surrogate";
  EXPECT_EQ(escaped("\xC0\xAF"), "\"\uFFFD\uFFFD\"") << "overlong";
  EXPECT_EQ(escaped("\xF4\x90\x80\x80"), "\"\uFFFD\uFFFD\uFFFD\uFFFD\"") << "above U+10FFFF";
}

TEST(JsonWriter, AnyBytesMakeAStringThatSimdjsonReads) {
  std::mt19937 random(3);
  simdjson::dom::parser parser;
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes)
      c = static_cast<char>(random());
    const std::string json = "[" + escaped(bytes) + "]";
    simdjson::dom::element ignored;
    ASSERT_EQ(parser.parse(json).get(ignored), simdjson::SUCCESS) << json;
  }
}

TEST(JsonWriter, NumbersAreTheShortestThatReadBack) {
  EXPECT_EQ(number(0.1F), "0.1");
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(38.910000000000004), "38.910000000000004");
  EXPECT_EQ(number(-0.0), "-0");
  EXPECT_EQ(number(716462892911594307584.0), "7.164628929115943e+20") << "not a 70-bit integer";
  EXPECT_EQ(number(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(number(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(number(std::numeric_limits<float>::quiet_NaN()), "null");
}

}  // namespace
}  // namespace tariff
