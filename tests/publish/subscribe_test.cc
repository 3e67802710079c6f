#include "signals/publish/subscribe.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/publish/publish_testing.h"

namespace tariff {
namespace {

Request accepted(std::string_view line) {
  auto request = parse_request(line);
  EXPECT_TRUE(request) << request.error().what;
  return request ? std::move(*request) : Request{};
}
std::string refused(std::string_view line) {
  const auto request = parse_request(line);
  EXPECT_FALSE(request) << line;
  return request ? "" : request.error().what;
}

TEST(Subscribe, OnlyOpIsNeeded) {
  const Request request = accepted(R"({"op":"subscribe"})");
  EXPECT_EQ(request.op, Request::Op::Subscribe);
  EXPECT_EQ(request.encoding, Encoding::Json);
  EXPECT_FALSE(request.from_seq);
  EXPECT_TRUE(request.filter.passes_all());
  EXPECT_EQ(accepted(R"({"op":"status"})").op, Request::Op::Status);
}

TEST(Subscribe, ReadsEveryKeyInAnyOrder) {
  const Request request = accepted(
      R"( {"min_abs_score":0.25,"instruments":["SPY","BTC/USD"],"messages":["signal","retract"],)"
      R"("from_seq":18446744073709551615,"format":"binary","op":"subscribe"} )");
  EXPECT_EQ(request.encoding, Encoding::Binary);
  EXPECT_EQ(request.from_seq, 18'446'744'073'709'551'615U);
  ASSERT_EQ(request.filter.instruments.size(), 2U);
  EXPECT_EQ(request.filter.instruments[1].view(), "BTC/USD");
  EXPECT_EQ(request.filter.min_abs_score, 0.25);
  EXPECT_FALSE(request.filter.passes(test::sample_event("x")));
  EXPECT_FALSE(request.filter.passes(test::sample_status()));
}

TEST(Subscribe, EachMistakeHasItsOwnSentence) {
  const std::string object = R"(the request is not one JSON object such as {"op":"subscribe"})";
  EXPECT_EQ(refused(""), object);
  EXPECT_EQ(refused("subscribe"), object);
  EXPECT_EQ(refused("[]"), object);
  EXPECT_EQ(refused(R"({"op":"subscribe"} {})"), object);
  EXPECT_EQ(refused("{\"op\":\"\xFF\"}"), object);
  EXPECT_EQ(refused("{}"), R"(op is missing; it is "subscribe" or "status")");
  EXPECT_EQ(refused(R"({"op":"unsubscribe"})"), R"(op is not "subscribe" or "status")");
  EXPECT_EQ(refused(R"({"op":1})"), R"(op is not "subscribe" or "status")");
  EXPECT_EQ(refused(R"({"op":"subscribe","fromseq":1})"), "'fromseq' is not a key of a request");
  EXPECT_EQ(refused(R"({"op":"subscribe","op":"status"})"), "'op' is given twice");
  EXPECT_EQ(refused(R"({"op":"status","format":"json"})"), R"("status" takes no other key)");
  EXPECT_EQ(refused(R"({"op":"subscribe","format":"xml"})"), R"(format is not "json" or "binary")");
  for (const std::string value : {"-1", "1.5", "\"1\"", "null"}) {
    EXPECT_EQ(refused(R"({"op":"subscribe","from_seq":)" + value + "}"),
              "from_seq is not a whole number, 0 or above");
  }
  EXPECT_EQ(refused(R"({"op":"subscribe","from_seq":18446744073709551616})"), object);
  EXPECT_EQ(refused(R"({"op":"subscribe","messages":"signal"})"),
            "messages is not a list of strings");
  EXPECT_EQ(refused(R"({"op":"subscribe","messages":[]})"),
            "messages is empty; leave it out to get all");
  EXPECT_EQ(refused(R"({"op":"subscribe","messages":["signals"]})"),
            "messages holds 'signals', which is not event, signal, retract or status");
  EXPECT_EQ(refused(R"({"op":"subscribe","instruments":["A",2]})"),
            "instruments is not a list of strings");
  EXPECT_EQ(refused(R"({"op":"subscribe","instruments":["12345678901234567"]})"),
            "instruments holds '12345678901234567', which has not 1 to 16 bytes");
  EXPECT_EQ(refused(R"({"op":"subscribe","min_abs_score":1.01})"),
            "min_abs_score is not a number from 0 to 1");
  EXPECT_EQ(refused(std::string(4'097, ' ')), "the request is longer than 4096 bytes");
}

TEST(Subscribe, ALineCutAtAnyLengthIsRefused) {
  const std::string line =
      R"({"op":"subscribe","format":"binary","from_seq":12,"messages":["signal"],"instruments":["A"],"min_abs_score":0.5})";
  for (std::size_t bytes = 0; bytes < line.size(); ++bytes)
    EXPECT_FALSE(parse_request(std::string_view(line).substr(0, bytes))) << bytes;
  EXPECT_TRUE(parse_request(line));
}

TEST(Subscribe, AFilterKeepsWhatTheConnectionNeeds) {
  const Filter filter = accepted(R"({"op":"subscribe","messages":["event"]})").filter;
  EXPECT_TRUE(filter.passes(test::sample_event("x")));
  EXPECT_FALSE(filter.passes(test::sample_signal()));
  EXPECT_TRUE(filter.passes(test::sample_gap()));
  EXPECT_TRUE(filter.passes(test::sample_heartbeat()));
  EXPECT_TRUE(filter.passes(test::sample_error()));
}

TEST(Subscribe, InstrumentsApplyToSignalsAndRetractsThatNameOne) {
  const Filter filter = accepted(R"({"op":"subscribe","instruments":["SPY"]})").filter;
  EXPECT_FALSE(filter.passes(test::sample_signal()));   // FXI
  EXPECT_FALSE(filter.passes(test::sample_retract()));  // FXI
  EXPECT_TRUE(filter.passes(test::make_record(RecordType::Retract, 1, RetractBody{})))
      << "the event itself is taken back: that concerns everyone";
  EXPECT_TRUE(filter.passes(test::sample_event("x")));
  EXPECT_TRUE(filter.passes(test::sample_status()));
}

}  // namespace
}  // namespace tariff
