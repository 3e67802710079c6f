// tests/client/c_client_test.cc - Every message by the C ABI, field by field, and what it does with
// options and failures.
#include <cmath>
#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "client/c/tariffd.h"
#include "tests/client/fake_server.h"
#include "tests/client/record_bytes.h"

namespace tariff {
namespace {

class CClient : public testing::Test {
 protected:
  CClient() {
    path_ = server_.path();
    options_.socket_path = path_.c_str();
    options_.stale_after_ms = 60'000;
  }
  ~CClient() override { tariffd_close(client_); }

  /// Opens the client, and has the server say `bytes`.
  void serve(const test::Bytes& bytes) {
    client_ = tariffd_open(&options_);
    ASSERT_NE(client_, nullptr);
    EXPECT_EQ(tariffd_next(client_, 0), nullptr);
    line_ = server_.accept();
    server_.send(bytes);
  }
  const tariffd_message& next() {
    static const tariffd_message kNone{};
    const auto* message = tariffd_next(client_, 10'000);
    return message == nullptr ? kNone : *message;
  }

  test::FakeServer server_;
  std::string path_;
  std::string line_;
  tariffd_options options_ = TARIFFD_OPTIONS_INIT;
  tariffd_client* client_ = nullptr;
};

TEST_F(CClient, TellsAnEventWithItsFacts) {
  Facts facts = test::some_facts();
  facts.products = 1U << static_cast<unsigned>(Product::Steel);
  serve(test::event_record(7, {.facts = {facts, Facts{}}, .text = "A headline"}));
  const auto& message = next();
  ASSERT_EQ(message.type, TARIFFD_EVENT);
  EXPECT_EQ(message.seq, 7U);
  EXPECT_EQ(message.signal, nullptr);
  const tariffd_event& event = *message.event;
  EXPECT_STREQ(event.text, "A headline");
  EXPECT_STREQ(event.net, "escalate");
  EXPECT_STREQ(event.novelty, "update");
  EXPECT_STREQ(event.source, "example");
  ASSERT_EQ(event.facts_count, 2U);
  const tariffd_fact& fact = *event.facts[0];
  EXPECT_STREQ(fact.action, "impose");
  EXPECT_STREQ(fact.rule, "impose-rate");
  ASSERT_EQ(fact.targets_count, 2U);
  EXPECT_STREQ(fact.targets[1], "MX");
  ASSERT_EQ(fact.products_count, 1U);
  EXPECT_STREQ(fact.products[0], "steel");
  EXPECT_EQ(fact.rate_pct, 25);
  EXPECT_EQ(fact.effective_yyyymmdd, 20'251'101);
  EXPECT_EQ(fact.speaker, nullptr);
  EXPECT_TRUE(std::isnan(event.facts[1]->rate_pct));
}

TEST_F(CClient, TellsWhatIsUnknownOfASignalAsNaN) {
  SignalBody bare;
  bare.direction = -1;
  serve(test::joined({test::signal_record(5), test::record_of(RecordType::Signal, 6, bare)}));
  const auto& quoted = next();
  ASSERT_EQ(quoted.type, TARIFFD_SIGNAL);
  EXPECT_STREQ(quoted.signal->instrument, "FXI");
  EXPECT_EQ(quoted.signal->bid, 39.5);
  EXPECT_EQ(quoted.signal->score, 0.75);
  const auto& unquoted = next();
  ASSERT_EQ(unquoted.type, TARIFFD_SIGNAL);
  EXPECT_EQ(unquoted.signal->direction, -1);
  EXPECT_EQ(unquoted.signal->quote_age_ns, -1);
  EXPECT_TRUE(std::isnan(unquoted.signal->bid));
  EXPECT_EQ(tariffd_next_seq(client_), 7U);
}

TEST_F(CClient, TellsRetractStatusHeartbeatAndGap) {
  RetractBody retract;
  retract.reason = RetractReason::Denied;
  retract.supersedes_seq = 3;
  StatusBody status;
  status.kind = StatusKind::Blind;
  status.text.assign("no feed is up");
  serve(test::joined({test::record_of(RecordType::Retract, 5, retract),
                      test::record_of(RecordType::Status, 6, status), test::heartbeat_record(6),
                      test::gap_record(7, 9)}));
  const auto& first = next();
  ASSERT_EQ(first.type, TARIFFD_RETRACT);
  EXPECT_STREQ(first.retract->reason, "denied");
  EXPECT_EQ(first.retract->instrument, nullptr);
  const auto& second = next();
  ASSERT_EQ(second.type, TARIFFD_STATUS);
  EXPECT_STREQ(second.status->kind, "blind");
  EXPECT_EQ(second.status->feed, nullptr);
  EXPECT_EQ(next().last_seq, 6U);
  const auto& gap = next();
  ASSERT_EQ(gap.type, TARIFFD_GAP);
  EXPECT_EQ(gap.to_seq, 9U);
}

TEST_F(CClient, AsksForWhatTheOptionsSay) {
  const char* messages[] = {"signal"};
  const char* instruments[] = {"SPY", "GLD"};
  options_.from_seq = 9;
  options_.messages = messages;
  options_.messages_count = 1;
  options_.instruments = instruments;
  options_.instruments_count = 2;
  options_.min_abs_score = 0.5;
  serve({});
  EXPECT_EQ(line_, R"({"op":"subscribe","format":"binary","from_seq":9,"messages":["signal"],)"
                   R"("instruments":["SPY","GLD"],"min_abs_score":0.5})");
  EXPECT_GE(tariffd_fd(client_), 0);
}

TEST_F(CClient, TellsARefusalEachTime) {
  serve(test::error_record("no such message"));
  for (int i = 0; i < 2; ++i) {
    const auto& message = next();
    ASSERT_EQ(message.type, TARIFFD_FAILED);
    EXPECT_STREQ(message.reason, "the daemon refused: no such message");
  }
}

TEST_F(CClient, TakesTheOptionsOfAnOlderHeader) {
  options_.struct_bytes = offsetof(tariffd_options, messages);
  options_.from_seq = 4;
  serve({});
  EXPECT_EQ(line_, R"({"op":"subscribe","format":"binary","from_seq":4})");
  tariffd_options unset{};
  EXPECT_EQ(tariffd_open(&unset), nullptr);
  EXPECT_EQ(tariffd_open(nullptr), nullptr);
}

}  // namespace
}  // namespace tariff
