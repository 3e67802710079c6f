#include "signals/publish/publisher.h"

#include <sys/stat.h>

#include <string>

#include "tests/publish/publisher_testing.h"

namespace tariff {
namespace {

using test::append_record;
using test::Client;
using test::gap_of;
using test::header_of;
using test::PublisherTest;

constexpr std::string_view kBinaryFromFirst =
    "{\"op\":\"subscribe\",\"format\":\"binary\",\"from_seq\":1}\n";

/// The number in `line` behind `key`.
std::uint64_t number_in(const std::string& line, const std::string& key) {
  const auto at = line.find(key);
  return at == std::string::npos ? 0 : std::stoull(line.substr(at + key.size()));
}

TEST_F(PublisherTest, ASilentSubscriberGetsEverythingFromTheConnectionOnAsJson) {
  options.request_within = std::chrono::milliseconds{20};
  append_signal();
  serve();
  const auto client = connect();
  turn();           // accepted
  append_signal();  // within the time for a request: sent once that is over
  ASSERT_TRUE(until([&] {
    client->read();
    return !client->lines_with("\"type\":\"signal\"").empty();
  }));
  append_signal();
  ASSERT_TRUE(until([&] {
    client->read();
    return client->lines_with("\"type\":\"signal\"").size() == 2;
  }));
  const auto lines = client->lines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(number_in(lines[0], "\"last_seq\":"), 2U) << lines[0];
  EXPECT_EQ(number_in(lines[1], "\"seq\":"), 2U);
  EXPECT_EQ(number_in(lines[2], "\"seq\":"), 3U);
}

TEST_F(PublisherTest, ASubscriberWithFromSeqGetsThatAndNothingBefore) {
  options.request_within = std::chrono::hours{1};
  for (int i = 0; i < 300; ++i)
    append_signal();
  serve();
  const auto client = connect();
  turn();
  append_signal();
  turn();
  client->read();
  EXPECT_EQ(client->received, "") << "nothing before the request";
  client->say("{\"op\":\"subscribe\",\"format\":\"binary\",\"from_seq\":100}\n");
  std::vector<std::string> records;
  ASSERT_TRUE(until([&] {
    client->read();
    for (std::string& record : client->take_records())
      records.push_back(std::move(record));
    return records.size() >= 203;
  }));
  EXPECT_EQ(header_of(records[0]).word.type, RecordType::Heartbeat);
  for (std::size_t i = 1; i < records.size(); ++i) {
    ASSERT_EQ(header_of(records[i]).seq, 99 + i);
    ASSERT_TRUE(record_intact(test::as_record(records[i])));
  }
}

TEST_F(PublisherTest, BinaryAndJsonSubscribersGetTheSameRecords) {
  options.request_within = std::chrono::hours{1};
  serve();
  const auto binary = connect();
  binary->say("{\"op\":\"subscribe\",\"format\":\"binary\"}\n");
  ASSERT_TRUE(until_started(*binary));
  const auto json = connect();
  json->say("{\"op\":\"subscribe\"}\n");
  ASSERT_TRUE(until_started(*json));
  append_record(*writer, test::sample_event("A headline"));
  append_record(*writer, test::sample_signal());
  append_record(*writer, test::sample_retract());
  append_record(*writer, test::sample_status());
  ASSERT_TRUE(until([&] {
    json->read();
    return json->lines().size() == 5;
  }));
  binary->read();
  const auto records = binary->take_records();
  ASSERT_EQ(records.size(), 5U);
  EXPECT_EQ(header_of(records[1]).word.type, RecordType::Event);
  EXPECT_EQ(header_of(records[4]).word.type, RecordType::Status);
  EXPECT_NE(json->lines()[1].find("\"text\":\"A headline\""), std::string::npos);
  EXPECT_EQ(counters.get(Counter::RecordsSent), 8U);
}

TEST_F(PublisherTest, FiltersByMessageInstrumentAndScore) {
  options.request_within = std::chrono::hours{1};
  serve();
  const auto client = connect();
  client->say(
      "{\"op\":\"subscribe\",\"messages\":[\"signal\"],\"instruments\":[\"SPY\"],"
      "\"min_abs_score\":0.5}\n");
  ASSERT_TRUE(until_started(*client));
  SignalBody body = test::sample_signal_body();
  append_record(*writer, test::sample_event("no signal"));
  append_record(*writer, test::make_record(RecordType::Signal, 0, body));  // FXI
  body.instrument = FixedText<16>("SPY");
  append_record(*writer, test::make_record(RecordType::Signal, 0, body));
  body.score = -0.4F;
  append_record(*writer, test::make_record(RecordType::Signal, 0, body));
  body.score = 0.5F;
  append_record(*writer, test::make_record(RecordType::Signal, 0, body));
  ASSERT_TRUE(until([&] {
    client->read();
    return client->lines_with("\"seq\":5,").size() == 1;
  }));
  const auto lines = client->lines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(number_in(lines[1], "\"seq\":"), 3U);
  EXPECT_EQ(number_in(lines[2], "\"seq\":"), 5U);
}

TEST_F(PublisherTest, MalformedRequestsGetOneErrorLineAndAClosedSocket) {
  options.request_within = std::chrono::hours{1};
  serve();
  const std::string long_line(5'000, 'x');
  for (const std::string_view request :
       {std::string_view("hello\n"), std::string_view("\n"), std::string_view("{\n"),
        std::string_view("{\"op\":\"sub\"}\n"), std::string_view("{\"op\":\"subscribe\"}\n{}"),
        std::string_view("{\"op\":\"subscribe\",\"from_seq\":2}\n"), std::string_view(long_line)}) {
    const auto client = connect();
    client->say(request);
    ASSERT_TRUE(until_closed(*client)) << request;
    EXPECT_EQ(client->failed, "") << request;
    ASSERT_EQ(client->lines().size(), 1U) << request;
    EXPECT_EQ(client->lines_with("\"type\":\"error\"").size(), 1U) << request;
  }
  EXPECT_EQ(counters.get(Counter::SubscribersRefused), 7U);
}

TEST_F(PublisherTest, ARequestThatComesAfterTheFirstOutputIsRefused) {
  serve();
  const auto client = connect();
  ASSERT_TRUE(until_started(*client));
  client->say("{\"op\":\"subscribe\"}\n");
  ASSERT_TRUE(until_closed(*client));
  EXPECT_EQ(client->lines_with("the request came after more than 0 ms").size(), 1U)
      << client->received;
}

TEST_F(PublisherTest, ASubscriberThatEndsItsInputStillGetsItsRecords) {
  options.request_within = std::chrono::hours{1};
  serve();
  const auto client = connect();
  client->say("{\"op\":\"subscribe\",\"from_seq\":1}");  // not even a newline
  client->end_of_input();
  ASSERT_TRUE(until_started(*client));
  const auto silent = connect();
  silent->end_of_input();
  ASSERT_TRUE(until_started(*silent));
  append_signal();
  ASSERT_TRUE(until([&] {
    client->read();
    silent->read();
    return client->lines().size() == 2 && silent->lines().size() == 2;
  }));
}

TEST_F(PublisherTest, AnswersAStatusRequestAndCloses) {
  options.request_within = std::chrono::hours{1};
  serve();
  const auto client = connect();
  client->say("{\"op\":\"status\"}\n");
  ASSERT_TRUE(until_closed(*client));
  EXPECT_EQ(client->received, "{\"up\":1}\n");
}

TEST_F(PublisherTest, SendsHeartbeatsToThoseWhoHaveEverything) {
  options.heartbeat_every = std::chrono::milliseconds{20};
  serve();
  const auto client = connect();
  ASSERT_TRUE(until_started(*client));
  append_signal();
  ASSERT_TRUE(until([&] {
    client->read();
    return client->lines_with("\"type\":\"heartbeat\"").size() == 3;
  }));
  EXPECT_EQ(number_in(client->lines_with("heartbeat").back(), "\"last_seq\":"), 1U);
  EXPECT_EQ(number_in(client->lines_with("heartbeat").back(), "\"seq\":"), 0U);
}

TEST_F(PublisherTest, ASlowSubscriberSlowsNobodyAndGetsAllInTheEnd) {
  options.send_buffer_bytes = 4'096;
  options.request_within = std::chrono::hours{1};
  serve();
  const auto slow = connect();
  const auto fast = connect();
  slow->say("{\"op\":\"subscribe\"}\n");
  fast->say(kBinaryFromFirst);
  ASSERT_TRUE(until_started(*fast));
  constexpr std::uint64_t kRecords = 2'000;
  std::uint64_t fast_next = 1;
  for (std::uint64_t i = 1; i <= kRecords; ++i) {
    append_signal();
    ASSERT_TRUE(until([&] {
      fast->read();
      for (const std::string& record : fast->take_records()) {
        if (header_of(record).seq == fast_next) ++fast_next;
      }
      return fast_next == i + 1;
    }));
  }
  EXPECT_TRUE(slow->received.empty());
  ASSERT_TRUE(until([&] {
    slow->read();
    return slow->received.find("\"seq\":2000,") != std::string::npos;
  }));
  const auto lines = slow->lines_with("\"type\":\"signal\"");
  ASSERT_EQ(lines.size(), kRecords);
  for (std::uint64_t i = 0; i < kRecords; ++i)
    ASSERT_EQ(number_in(lines[i], "\"seq\":"), i + 1);
}

TEST_F(PublisherTest, WhatTheRetentionDeletedIsToldAsOneGap) {
  journal.directory = directory.path() + "/small";
  journal.segment_bytes = 16'384;
  journal.segments_max = 3;
  options.journal_directory = journal.directory;
  writer = test::must_open(journal);
  options.send_buffer_bytes = 4'096;
  options.request_within = std::chrono::hours{1};
  options.heartbeat_every = std::chrono::milliseconds{1};
  serve();
  const auto slow = connect();
  slow->say(kBinaryFromFirst);
  ASSERT_TRUE(until([&] { return publisher->subscribers() == 1; }));
  for (int i = 0; i < 3'000; ++i) {
    append_signal();
    if (i % 16 == 0) {
      ASSERT_EQ(writer->maintain(), "");
      turn();
    }
  }
  std::uint64_t next = 1;
  int gaps = 0;
  ASSERT_TRUE(until([&] {
    slow->read();
    for (const std::string& record : slow->take_records()) {
      if (header_of(record).word.type == RecordType::Gap) {
        EXPECT_EQ(gap_of(record).from_seq, next);
        next = gap_of(record).to_seq + 1;
        ++gaps;
      } else if (header_of(record).seq != 0) {
        EXPECT_EQ(header_of(record).seq, next);
        ++next;
      }
    }
    return next == 3'001 || testing::Test::HasFailure();
  }));
  EXPECT_EQ(gaps, 1);
}

TEST_F(PublisherTest, OneBehindDamageWaitsForTheSealWithoutHeartbeatsAndIsToldTheGap) {
  constexpr std::uint64_t kDamaged = 20;
  constexpr std::uint64_t kPerSegment = (16'384 - 64) / 176;
  options.request_within = std::chrono::hours{1};
  options.heartbeat_every = std::chrono::milliseconds{20};
  journal.segment_bytes = 16'384;
  for (const bool zeroed : {false, true}) {  // a byte of the body, and the whole first word
    publisher.reset();
    journal.directory = directory.path() + (zeroed ? "/zeroed" : "/flipped");
    options.journal_directory = journal.directory;
    writer = test::must_open(journal);
    while (writer->last_seq() < 50)
      append_signal();
    serve();
    test::overwrite(journal.directory + "/000000000001.tfj",
                    64 + (kDamaged - 1) * 176 + (zeroed ? 0 : 100),
                    zeroed ? std::string(8, '\0') : "\xff");
    const auto behind = connect();
    behind->say(kBinaryFromFirst);
    const auto live = connect();
    live->say("{\"op\":\"subscribe\"}\n");
    int busy = 0;
    ASSERT_TRUE(until([&] {
      live->read();
      busy += publisher->work() > 0 ? 1 : 0;
      return live->lines_with("heartbeat").size() == 4;
    }));
    EXPECT_LT(busy, 20) << "a look once a heartbeat, and what was sent";
    behind->read();
    auto records = behind->take_records();
    ASSERT_EQ(records.size(), kDamaged) << "one heartbeat, and what is whole";
    while (writer->last_seq() <= kPerSegment)
      append_signal();
    ASSERT_TRUE(until([&] {
      behind->read();
      for (std::string& record : behind->take_records())
        records.push_back(std::move(record));
      return records.size() >= kDamaged + 3;
    }));
    EXPECT_EQ(gap_of(records[kDamaged]).from_seq, kDamaged);
    EXPECT_EQ(gap_of(records[kDamaged]).to_seq, kPerSegment);
    EXPECT_EQ(header_of(records[kDamaged + 1]).seq, kPerSegment + 1);
    EXPECT_EQ(header_of(records[kDamaged + 2]).word.type, RecordType::Heartbeat);
  }
  EXPECT_EQ(counters.get(Counter::SubscribersHeldUp), 2U);
}

TEST_F(PublisherTest, TwoHundredConnectAtOnceAndEachGetsEveryRecord) {
  options.request_within = std::chrono::hours{1};
  serve();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(connect());
    clients.back()->say(kBinaryFromFirst);
  }
  ASSERT_TRUE(until([&] { return publisher->subscribers() == 200; }));
  for (int i = 0; i < 50; ++i)
    append_signal();
  for (const auto& client : clients) {
    ASSERT_TRUE(until([&] {
      client->read();
      return client->received.size() >= 64 - 8 + 50 * 176;
    }));
    const auto records = client->take_records();
    ASSERT_EQ(records.size(), 51U);
    EXPECT_EQ(header_of(records.back()).seq, 50U);
  }
  clients.clear();
  append_signal();  // they are noticed to be gone when they are written to
  EXPECT_TRUE(until([&] { return counters.get(Counter::SubscribersClosed) == 200; }));
  EXPECT_EQ(counters.get(Counter::SubscribersAccepted), 200U);
  EXPECT_EQ(publisher->subscribers(), 0U);
}

TEST_F(PublisherTest, OneMoreThanTheLimitIsToldSo) {
  options.subscribers_max = 2;
  serve();
  const auto first = connect();
  const auto second = connect();
  ASSERT_TRUE(until_started(*first) && until_started(*second));
  const auto third = connect();
  ASSERT_TRUE(until_closed(*third));
  EXPECT_EQ(third->lines_with("all 2 places for subscribers are taken").size(), 1U)
      << third->received;
  EXPECT_EQ(publisher->subscribers(), 2U);
}

TEST_F(PublisherTest, UsersWhoAreNotOnTheListAreRefused) {
  options.users = {std::to_string(::getuid() + 1)};
  serve();
  const auto client = connect();
  ASSERT_TRUE(until_closed(*client));
  EXPECT_EQ(client->lines_with("is not on the list of those who may connect").size(), 1U);
  publisher.reset();
  options.users.push_back(std::to_string(::getuid()));
  serve();
  const auto allowed = connect();
  EXPECT_TRUE(until_started(*allowed));
  EXPECT_EQ(allowed->lines_with("heartbeat").size(), 1U);
}

TEST_F(PublisherTest, TheStopSendsWhatIsCommittedAndThenCloses) {
  serve();
  const auto client = connect();
  ASSERT_TRUE(until_started(*client));
  for (int i = 0; i < 200; ++i)
    append_signal();
  publisher->stop();
  client->read();
  EXPECT_EQ(client->lines_with("\"type\":\"signal\"").size(), 200U);
  EXPECT_TRUE(client->closed);
  struct stat info {};
  EXPECT_NE(::stat(options.socket_path.c_str(), &info), 0) << "the socket file is gone";
}

TEST_F(PublisherTest, GoesOnFromTheEndOfAnOldJournal) {
  for (int i = 0; i < 10; ++i)
    append_signal();
  serve();
  const auto client = connect();
  client->say("{\"op\":\"subscribe\",\"from_seq\":0}\n");
  ASSERT_TRUE(until([&] {
    client->read();
    return client->lines().size() == 11;
  })) << client->received;
  EXPECT_EQ(number_in(client->lines()[1], "\"seq\":"), 1U);
}

}  // namespace
}  // namespace tariff
