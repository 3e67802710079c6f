// tests/client/decode_test.cc - Records to messages, and every way in which bytes are refused.
#include "tariffd/decode.h"

#include <cstring>
#include <span>
#include <string_view>

#include <gtest/gtest.h>

#include "core/record.h"
#include "tests/client/record_bytes.h"
#include "tests/support/hot_path_guard.h"

namespace tariff::client {
namespace {

using test::Bytes;

constexpr std::size_t kBodyOffset = sizeof(RecordHeader);

DecodeStatus status_of(const Bytes& bytes) {
  Message message;
  return decode(bytes, message).status;
}

/// Writes `value` at `offset` and makes the CRC fit again, so that the next check is reached.
template <class T>
Bytes with(Bytes record, std::size_t offset, T value) {
  std::memcpy(record.data() + offset, &value, sizeof value);
  test::seal(record);
  return record;
}

TEST(ClientDecode, ReadsEveryFieldOfASignal) {
  const Bytes bytes = test::signal_record(9, -0.75F);
  Message message;
  const Decoded decoded = decode(bytes, message);
  ASSERT_EQ(decoded.status, DecodeStatus::Ok);
  EXPECT_EQ(decoded.length_bytes, bytes.size());
  const auto& signal = std::get<Signal>(message);
  EXPECT_EQ(signal.seq, 9U);
  EXPECT_EQ(signal.session, 7U);
  EXPECT_EQ(signal.source_ns, 1'760'129'400'000'000'000);
  EXPECT_EQ(signal.received_ns - signal.source_ns, 250'000'000);
  EXPECT_EQ(signal.latency_ns, 1'234);
  EXPECT_EQ(signal.event_id, 42U);
  EXPECT_EQ(signal.direction, -1);
  EXPECT_EQ(signal.instrument.view(), "FXI");
  EXPECT_EQ(signal.exposure.view(), "cn-equity");
  EXPECT_EQ(signal.score, -0.75F);
  EXPECT_EQ(signal.mid, 39.625);
  EXPECT_TRUE(signal.has_quote());
}

TEST(ClientDecode, ReadsTheFactsAndTheTextOfAnEvent) {
  const Bytes bytes = test::event_record(
      1, {.facts = {test::some_facts(), test::some_facts()}, .text = "25% on all of it"});
  Message message;
  ASSERT_EQ(decode(bytes, message).status, DecodeStatus::Ok);
  const auto& event = std::get<Event>(message);
  EXPECT_EQ(event.text, "25% on all of it");
  EXPECT_EQ(event.revision, 3U);
  EXPECT_EQ(event.net, Net::Escalate);
  ASSERT_EQ(event.facts.size(), 2U);
  std::size_t seen = 0;
  for (const Facts facts : event.facts) {
    EXPECT_EQ(facts.action, Action::Impose);
    EXPECT_EQ(facts.rate_pct, 25.0F);
    EXPECT_TRUE(facts.targets.contains(Place("MX")));
    EXPECT_EQ(facts.rule.view(), "impose-rate");
    ++seen;
  }
  EXPECT_EQ(seen, 2U);
}

TEST(ClientDecode, ReadsRetractStatusHeartbeatAndGap) {
  RetractBody retract;
  retract.supersedes_seq = 5;
  retract.reason = RetractReason::Denied;
  StatusBody status;
  status.kind = StatusKind::Blind;
  Message message;
  ASSERT_EQ(decode(test::record_of(RecordType::Retract, 6, retract), message).status,
            DecodeStatus::Ok);
  EXPECT_EQ(std::get<Retract>(message).supersedes_seq, 5U);
  EXPECT_EQ(std::get<Retract>(message).reason, RetractReason::Denied);
  ASSERT_EQ(decode(test::record_of(RecordType::Status, 7, status), message).status,
            DecodeStatus::Ok);
  EXPECT_EQ(std::get<Status>(message).kind, StatusKind::Blind);
  ASSERT_EQ(decode(test::heartbeat_record(7), message).status, DecodeStatus::Ok);
  EXPECT_EQ(std::get<Heartbeat>(message).last_seq, 7U);
  ASSERT_EQ(decode(test::gap_record(3, 4), message).status, DecodeStatus::Ok);
  EXPECT_EQ(std::get<Gap>(message).to_seq, 4U);
}

TEST(ClientDecode, GivesTheTextOfAnErrorRecord) {
  const Bytes bytes = test::error_record("from_seq: not a number");
  Message message;
  const Decoded decoded = decode(bytes, message);
  EXPECT_EQ(decoded.status, DecodeStatus::Refused);
  EXPECT_EQ(decoded.error, "from_seq: not a number");
}

TEST(ClientDecode, AsksForMoreBytesAtEveryShortLength) {
  const Bytes records[] = {test::signal_record(1), test::heartbeat_record(1),
                           test::event_record(1, {.facts = {test::some_facts()}, .text = "short"})};
  for (const Bytes& bytes : records) {
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      Message message;
      EXPECT_EQ(decode(std::span(bytes).first(length), message).status, DecodeStatus::Incomplete)
          << "at " << length << " bytes";
    }
  }
}

TEST(ClientDecode, RefusesEveryFlippedBit) {
  const Bytes good = test::event_record(1, {.facts = {test::some_facts()}, .text = "text"});
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= std::byte{1} << static_cast<int>(bit % 8);
    const DecodeStatus status = status_of(bad);
    // A length that has grown asks for bytes that are not there yet.
    EXPECT_TRUE(status > DecodeStatus::Skipped ||
                (status == DecodeStatus::Incomplete && bit / 32 == 1))
        << "bit " << bit << ": " << to_text(status);
  }
}

TEST(ClientDecode, AcceptsLongerBodiesAndFactsOfANewerVersion) {
  Bytes longer = test::event_record(
      1, {.facts = {test::some_facts(), test::some_facts()}, .text = "new", .stride_bytes = 200});
  longer.resize(longer.size() + 4'096, std::byte{0xEE});
  longer =
      with(longer, offsetof(RecordWord, length_bytes), static_cast<std::uint32_t>(longer.size()));
  longer = with(longer, offsetof(RecordWord, version), std::uint8_t{2});
  Message message;
  const Decoded decoded = decode(longer, message);
  ASSERT_EQ(decoded.status, DecodeStatus::Ok);
  EXPECT_EQ(decoded.length_bytes, longer.size());
  EXPECT_EQ(std::get<Event>(message).text, "new");
  EXPECT_EQ(std::get<Event>(message).facts[1].rate_pct, 25.0F);
}

TEST(ClientDecode, SkipsATypeItDoesNotKnow) {
  const Bytes bytes = with(test::signal_record(1), offsetof(RecordWord, type), std::uint8_t{99});
  Message message;
  const Decoded decoded = decode(bytes, message);
  EXPECT_EQ(decoded.status, DecodeStatus::Skipped);
  EXPECT_EQ(decoded.length_bytes, bytes.size());
}

TEST(ClientDecode, RefusesWordsThatCannotBe) {
  const Bytes good = test::signal_record(1);
  const std::size_t length_at = offsetof(RecordWord, length_bytes);
  EXPECT_EQ(status_of(with(good, 0, std::uint16_t{0x5446})), DecodeStatus::BadMagic);
  EXPECT_EQ(status_of(with(good, offsetof(RecordWord, version), std::uint8_t{0})),
            DecodeStatus::BadVersion);
  for (const std::uint32_t length : {0U, 8U, 40U, 177U, 8'200U, 0xFFFF'FFF8U})
    EXPECT_EQ(status_of(with(good, length_at, length)), DecodeStatus::BadLength) << length;
}

TEST(ClientDecode, RefusesARecordShorterThanItsBody) {
  for (const auto type :
       {RecordType::Event, RecordType::Signal, RecordType::Retract, RecordType::Status,
        RecordType::Heartbeat, RecordType::Gap, RecordType::Error})
    EXPECT_EQ(status_of(test::record(type, 1, {})), DecodeStatus::BadLength)
        << static_cast<int>(type);
}

TEST(ClientDecode, RefusesOffsetsThatPointOutOfAnEvent) {
  const Bytes good = test::event_record(1, {.facts = {test::some_facts()}, .text = "text"});
  const std::uint16_t far = 0xFFFF;
  for (const std::size_t field :
       {offsetof(EventBody, facts_offset), offsetof(EventBody, facts_count),
        offsetof(EventBody, facts_stride), offsetof(EventBody, text_offset),
        offsetof(EventBody, text_bytes)})
    EXPECT_EQ(status_of(with(good, kBodyOffset + field, far)), DecodeStatus::BadBody) << field;
  EXPECT_EQ(status_of(with(good, kBodyOffset + offsetof(EventBody, facts_stride),
                           std::uint16_t{sizeof(Facts) - 1})),
            DecodeStatus::BadBody);
}

TEST(ClientDecode, RefusesPlaceListsThatClaimMoreThanTheyHold) {
  Facts actors = test::some_facts();
  actors.actors.count = 9;
  Facts targets = test::some_facts();
  targets.targets.count = 17;
  EXPECT_EQ(status_of(test::event_record(1, {.facts = {actors}, .text = ""})),
            DecodeStatus::BadBody);
  EXPECT_EQ(status_of(test::event_record(1, {.facts = {targets}, .text = ""})),
            DecodeStatus::BadBody);
}

TEST(ClientDecode, NeitherAllocatesNorCallsTheKernel) {
#ifdef TARIFF_SANITIZED
  GTEST_SKIP() << "the sanitizer owns malloc";
#endif
  const Bytes bytes = test::event_record(1, {.facts = {test::some_facts()}, .text = "text"});
  Message message;
  const test::AllocationCounter allocations;
  EXPECT_EQ(decode(bytes, message).status, DecodeStatus::Ok);
  EXPECT_EQ(allocations.count(), 0);
  EXPECT_TRUE(test::runs_without_syscalls([&] { (void)decode(bytes, message); }));
}

}  // namespace
}  // namespace tariff::client
