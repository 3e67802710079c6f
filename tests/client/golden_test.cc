// tests/client/golden_test.cc - Every golden record, field by field, as its JSON twin beside it
// says.

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tariffd/decode.h"

namespace tariff::client {
namespace {

constexpr std::uint64_t kEventId = 18'364'758'544'493'064'720U;
constexpr std::int64_t kSessionNs = 1'760'129'400'000'000'000;

/// One golden file, kept so that what the message views stays valid.
struct Golden {
  explicit Golden(const std::string& name) {
    std::ifstream file(std::filesystem::path(TARIFF_SOURCE_DIR) / "tests/golden" / (name + ".bin"),
                       std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(file), {});
    decoded = decode(std::as_bytes(std::span(text)), message);
  }
  std::vector<char> text;
  Message message;
  Decoded decoded;
};

void expect_published(const RecordHeader& header, std::uint64_t seq) {
  EXPECT_EQ(header.seq, seq);
  EXPECT_EQ(header.session, 1'760'129'400U);
  EXPECT_EQ(header.source_ns, kSessionNs - 500'000'000);
  EXPECT_EQ(header.received_ns, kSessionNs - 287'654'322);
  EXPECT_EQ(header.latency_ns, 2'340);
}

void expect_of_one_connection(const RecordHeader& header) {
  EXPECT_EQ(header.seq, 0U);
  EXPECT_EQ(header.session, 1'760'129'400U);
  EXPECT_EQ(header.received_ns, kSessionNs);
}

TEST(ClientGolden, Event) {
  const Golden golden("event");
  ASSERT_EQ(golden.decoded.status, DecodeStatus::Ok);
  const auto& event = std::get<Event>(golden.message);
  expect_published(event, 41);
  EXPECT_EQ(event.event_id, kEventId);
  EXPECT_EQ(event.revision, 2U);
  EXPECT_EQ(event.feed.view(), "alpaca");
  EXPECT_EQ(event.source.view(), "wire");
  EXPECT_EQ(event.trust, 0.8F);
  EXPECT_EQ(event.item_id.view(), "n-1001");
  EXPECT_EQ(event.text, "US says \"no\" to a pause: 100% on China\u2019s rare earths");
  EXPECT_EQ(event.net, Net::Escalate);
  EXPECT_EQ(event.novelty, Novelty::Update);
  EXPECT_EQ(event.origins, 3);
  EXPECT_EQ(event.confidence, 0.93F);
  EXPECT_EQ(event.updated_ns, kSessionNs - 400'000'000);
  EXPECT_TRUE(event.truncated());
  EXPECT_FALSE(event.unscored());
  ASSERT_EQ(event.facts.size(), 1U);
}

TEST(ClientGolden, FactsOfTheEvent) {
  const Golden golden("event");
  ASSERT_EQ(golden.decoded.status, DecodeStatus::Ok);
  const Facts facts = std::get<Event>(golden.message).facts[0];
  EXPECT_EQ(facts.action, Action::Impose);
  EXPECT_EQ(facts.measure, Measure::Tariff);
  EXPECT_FALSE(facts.denied());
  EXPECT_TRUE(facts.retaliation());
  ASSERT_EQ(facts.actors.count, 1);
  EXPECT_EQ(facts.actors.items[0].view(), "US");
  ASSERT_EQ(facts.targets.count, 1);
  EXPECT_EQ(facts.targets.items[0].view(), "CN");
  EXPECT_EQ(facts.products, 1ULL << static_cast<unsigned>(Product::RareEarths) |
                                1ULL << static_cast<unsigned>(Product::Software));
  EXPECT_EQ(facts.rate_pct, 100.0F);
  EXPECT_EQ(facts.effective_yyyymmdd, 20'251'101);
  EXPECT_EQ(facts.confidence, 0.93F);
  EXPECT_EQ(facts.attribution, Attribution::Decider);
  EXPECT_EQ(facts.speaker.view(), "US");
  EXPECT_EQ(facts.rule.view(), "impose.rate_on_target");
}

TEST(ClientGolden, Signal) {
  const Golden golden("signal");
  ASSERT_EQ(golden.decoded.status, DecodeStatus::Ok);
  const auto& signal = std::get<Signal>(golden.message);
  expect_published(signal, 42);
  EXPECT_EQ(signal.event_id, kEventId);
  EXPECT_EQ(signal.revision, 2U);
  EXPECT_EQ(signal.instrument.view(), "FXI");
  EXPECT_EQ(signal.direction, -1);
  EXPECT_EQ(signal.score, -0.85F);
  EXPECT_EQ(signal.confidence, 0.93F);
  EXPECT_EQ(signal.exposure.view(), "china_equity");
  EXPECT_EQ(signal.bid, 38.9);
  EXPECT_EQ(signal.ask, 38.92);
  EXPECT_EQ(signal.mid, 38.91);
  EXPECT_EQ(signal.spread, 0.02);
  EXPECT_EQ(signal.quote_age_ns, 15'000'000);
  EXPECT_EQ(signal.move_1s_bps, -1.5F);
  EXPECT_EQ(signal.move_5s_bps, 0.0F);
  EXPECT_TRUE(std::isnan(signal.move_60s_bps));
}

TEST(ClientGolden, Retract) {
  const Golden golden("retract");
  ASSERT_EQ(golden.decoded.status, DecodeStatus::Ok);
  const auto& retract = std::get<Retract>(golden.message);
  expect_published(retract, 43);
  EXPECT_EQ(retract.event_id, 7U);
  EXPECT_EQ(retract.revision, 3U);
  EXPECT_EQ(retract.reason, RetractReason::Denied);
  EXPECT_EQ(retract.supersedes_seq, 42U);
  EXPECT_EQ(retract.instrument.view(), "FXI");
  EXPECT_EQ(retract.mid_then, 38.91);
  EXPECT_EQ(retract.mid_now, 39.2);
}

TEST(ClientGolden, Status) {
  const Golden golden("status");
  ASSERT_EQ(golden.decoded.status, DecodeStatus::Ok);
  const auto& status = std::get<Status>(golden.message);
  expect_published(status, 44);
  EXPECT_EQ(status.kind, StatusKind::Feed);
  EXPECT_EQ(status.state, FeedState::Down);
  EXPECT_EQ(status.feed.view(), "alpaca");
  EXPECT_EQ(status.text.view(), "connection reset; retrying in 250 ms");
}

TEST(ClientGolden, HeartbeatGapAndError) {
  const Golden heartbeat("heartbeat");
  ASSERT_EQ(heartbeat.decoded.status, DecodeStatus::Ok);
  expect_of_one_connection(std::get<Heartbeat>(heartbeat.message));
  EXPECT_EQ(std::get<Heartbeat>(heartbeat.message).last_seq, 44U);

  const Golden gap("gap");
  ASSERT_EQ(gap.decoded.status, DecodeStatus::Ok);
  expect_of_one_connection(std::get<Gap>(gap.message));
  EXPECT_EQ(std::get<Gap>(gap.message).from_seq, 10U);
  EXPECT_EQ(std::get<Gap>(gap.message).to_seq, 19U);

  const Golden error("error");
  EXPECT_EQ(error.decoded.status, DecodeStatus::Refused);
  expect_of_one_connection(error.decoded.header);
  EXPECT_EQ(error.decoded.error, "'fromseq' is not a key of a request");
}

}  // namespace
}  // namespace tariff::client
