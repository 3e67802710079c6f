#include "feeds/tape/frame_writer.h"

#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "feeds/tape/alpaca_messages.h"
#include "feeds/tape/rfc3339.h"
#include "feeds/time_text.h"

namespace tariff::tape {
namespace {

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    text += two;
  }
  return text;
}

TapeItem quote_item(std::string_view symbol) {
  return {.at = parse_rfc3339("2021-02-22T15:51:45.335689322Z"),
          .what = TapeQuote{.symbol = Symbol(symbol),
                            .bid = 87.66,
                            .ask = 87.67,
                            .bid_size = 1,
                            .ask_size = 1,
                            .bid_exchange = 'U',
                            .ask_exchange = 'X'}};
}

TapeItem news_item() {
  auto news = std::make_unique<TapeNews>();
  news->id = 24918784;
  news->headline = "Tab\there, \"quoted\" \\ and Šefčovič";
  news->source = "wire";
  news->symbols = {"SPY", "FXI"};
  news->created = parse_rfc3339("2025-10-10T20:50:04.377Z");
  news->updated = parse_rfc3339("2025-10-10T20:57:12Z");
  return {.at = news->created, .what = std::move(news)};
}

std::string frame_of(Codec codec, const TapeItem& item) {
  FrameWriter writer(codec);
  write_item(writer, item);
  return writer.take();
}

// The bytes were made by npm @msgpack/msgpack and read by npm @alpacahq/alpaca-trade-api 4.0.2.
TEST(FrameWriter, WritesAQuoteInMsgpackToTheByteAsTheProvidersClientReadsIt) {
  EXPECT_EQ(hex(frame_of(Codec::Msgpack, quote_item("AMD"))),
            "918ba154a171a153a3414d44a26278a155a26270cb4055ea3d70a3d70aa2627301a26178a158a26170cb"
            "4055eae147ae147ba2617301a16391a152a17aa143a174d7ff5008d9a86033d311");
}

TEST(FrameWriter, WritesAQuoteInJson) {
  EXPECT_EQ(frame_of(Codec::Json, quote_item("AMD")),
            R"([{"T":"q","S":"AMD","bx":"U","bp":87.66,"bs":1,"ax":"X","ap":87.67,"as":1,)"
            R"("c":["R"],"z":"C","t":"2021-02-22T15:51:45.335689322Z"}])");
}

TEST(FrameWriter, WritesACryptoQuoteWithoutExchanges) {
  EXPECT_EQ(frame_of(Codec::Json, quote_item("BTC/USD")),
            R"([{"T":"q","S":"BTC/USD","bp":87.66,"bs":1,"ap":87.67,"as":1,)"
            R"("t":"2021-02-22T15:51:45.335689322Z"}])");
}

TEST(FrameWriter, WritesNewsInJsonAndEscapesIt) {
  EXPECT_EQ(
      frame_of(Codec::Json, news_item()),
      R"([{"T":"n","id":24918784,"headline":"Tab\u0009here, \u0022quoted\u0022 \u005c and Šefčovič",)"
      R"("summary":"","author":"","created_at":"2025-10-10T20:50:04.377Z",)"
      R"("updated_at":"2025-10-10T20:57:12Z","url":"","content":"",)"
      R"("symbols":["SPY","FXI"],"source":"wire"}])");
}

TEST(FrameWriter, PutsTheTypeFirstInEveryMsgpackMap) {
  for (const TapeItem& item : {quote_item("AMD"), quote_item("BTC/USD"), news_item()}) {
    const std::string frame = frame_of(Codec::Msgpack, item);
    EXPECT_EQ(frame.substr(2, 2), "\xa1T") << hex(frame);
  }
}

TEST(FrameWriter, CountsTheObjectsOfAFrame) {
  const auto head = [](std::size_t objects) {
    FrameWriter writer(Codec::Msgpack);
    for (std::size_t i = 0; i < objects; ++i)
      write_success(writer, "x");
    EXPECT_EQ(writer.objects(), objects);
    const std::string frame = hex(writer.take());
    return frame.substr(0, frame.find("82a154"));  // up to the first object: a map of 2, "T"
  };
  EXPECT_EQ(head(1), "91");
  EXPECT_EQ(head(15), "9f");
  EXPECT_EQ(head(16), "dc0010");
  EXPECT_EQ(head(70'000), "dd00011170");
}

TEST(FrameWriter, TakesTheShortestMsgpackFormOfEachSize) {
  const auto integer = [](std::int64_t value) {
    FrameWriter writer(Codec::Msgpack);
    writer.begin(1);
    writer.integer("v", value);
    return hex(writer.take()).substr(8);  // after array, map and key
  };
  EXPECT_EQ(integer(0x7F), "7f");
  EXPECT_EQ(integer(0x80), "cc80");
  EXPECT_EQ(integer(0xFF), "ccff");
  EXPECT_EQ(integer(0x100), "cd0100");
  EXPECT_EQ(integer(0x1'0000), "ce00010000");
  EXPECT_EQ(integer(0x1'0000'0000), "cf0000000100000000");

  const auto text_head = [](std::size_t bytes) {
    FrameWriter writer(Codec::Msgpack);
    writer.begin(1);
    writer.text("v", std::string(bytes, 'x'));
    const std::string frame = hex(writer.take());
    return frame.substr(8, frame.size() - 8 - 2 * bytes);
  };
  EXPECT_EQ(text_head(31), "bf");
  EXPECT_EQ(text_head(32), "d920");
  EXPECT_EQ(text_head(256), "da0100");
  EXPECT_EQ(text_head(65'536), "db00010000");
}

TEST(FrameWriter, IsAsNewAfterAFrame) {
  FrameWriter writer(Codec::Json);
  write_success(writer, "connected");
  EXPECT_EQ(writer.take(), R"([{"T":"success","msg":"connected"}])");
  write_success(writer, "authenticated");
  EXPECT_EQ(writer.take(), R"([{"T":"success","msg":"authenticated"}])");
}

TEST(Rfc3339, WritesAsManyDigitsAsTheTimeHas) {
  for (const char* text : {"2025-10-10T20:50:04Z", "2025-10-10T20:50:04.3Z",
                           "2025-10-10T20:50:04.377Z", "2024-02-29T00:00:00.000000001Z"}) {
    EXPECT_EQ(to_rfc3339(parse_rfc3339(text)), text);
  }
  EXPECT_EQ(to_rfc3339(parse_rfc3339("2025-10-10T16:50:04-04:00")), "2025-10-10T20:50:04Z");
}

}  // namespace
}  // namespace tariff::tape
