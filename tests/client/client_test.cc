// tests/client/client_test.cc - The whole client against a scripted server: order, loss, refusal.
#include "tariffd/client.h"

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "tests/client/fake_server.h"
#include "tests/client/record_bytes.h"
#include "tests/support/hot_path_guard.h"

namespace tariff::client {
namespace {

using namespace std::chrono_literals;
using test::FakeServer;
using test::joined;
using test::signal_record;

/// Long enough to never end on a busy machine; a passing test does not wait for it.
constexpr auto kPatience = 10s;

Options options_for(const FakeServer& server) {
  Options options;
  options.socket_path = server.path();
  options.reconnect_min = 1ms;
  options.stale_after = 60s;
  return options;
}

template <class Typed>
Typed expect(Client& client) {
  const auto message = client.next(kPatience);
  if (!message || !std::holds_alternative<Typed>(*message)) {
    ADD_FAILURE() << "got message kind " << (message ? static_cast<int>(message->index()) : -1);
    return {};
  }
  return std::get<Typed>(*message);
}

/// Drives the client until it has noticed the lost connection and subscribed again.
std::string next_subscription(Client& client, FakeServer& server) {
  for (int turns = 0; turns < 10'000 && !server.has_caller(); ++turns)
    EXPECT_FALSE(client.next(1ms));
  return server.accept();
}

std::string failure_of(Client& client) {
  return std::string(expect<Failed>(client).reason);
}

TEST(Client, SubscribesForBinaryAndHandsOutRecordsInOrder) {
  FakeServer server;
  Client client(options_for(server));
  EXPECT_FALSE(client.poll());
  EXPECT_EQ(server.accept(), R"({"op":"subscribe","format":"binary"})");
  server.send(joined({signal_record(5), signal_record(6)}));
  EXPECT_EQ(expect<Signal>(client).seq, 5U);
  EXPECT_EQ(expect<Signal>(client).seq, 6U);
  EXPECT_EQ(client.next_seq(), 7U);
  EXPECT_FALSE(client.poll());
}

TEST(Client, ReadsRecordsThatArriveByteByByte) {
  FakeServer server;
  Client client(options_for(server));
  EXPECT_FALSE(client.poll());
  server.accept();
  const auto bytes = joined({signal_record(1), signal_record(2)});
  int received = 0;
  for (const std::byte one : bytes) {
    server.send(test::Bytes{one});
    if (client.poll()) ++received;
  }
  EXPECT_EQ(received, 2);
}

TEST(Client, ReadsMoreThanItsBufferHolds) {
  FakeServer server;
  Client client(options_for(server));
  EXPECT_FALSE(client.poll());
  server.accept();
  // 500 records are 88 kB: more than the buffer, and less than the socket takes at once.
  std::uint64_t sent = 0;
  for (std::uint64_t expected = 1; expected <= 2'000; ++expected) {
    if (sent < expected) {
      test::Bytes bytes;
      for (int i = 0; i < 500; ++i)
        test::append(bytes, signal_record(++sent).data(), signal_record(1).size());
      server.send(bytes);
    }
    ASSERT_EQ(expect<Signal>(client).seq, expected);
  }
}

TEST(Client, ResumesAfterTheLastRecordItHandedOut) {
  FakeServer server;
  Client client(options_for(server));
  EXPECT_FALSE(client.poll());
  server.accept();
  auto torn = joined({signal_record(5), signal_record(6)});
  torn.resize(torn.size() - 10);
  server.send(torn);
  EXPECT_EQ(expect<Signal>(client).seq, 5U);
  server.hang_up();
  EXPECT_EQ(next_subscription(client, server),
            R"({"op":"subscribe","format":"binary","from_seq":6})");
  server.send(signal_record(6));
  EXPECT_EQ(expect<Signal>(client).seq, 6U);
}

TEST(Client, ComesBackWhenTheDaemonWasAwayAtStart) {
  FakeServer server;
  server.stop_listening();
  server.forget_path();
  Client client(options_for(server));
  EXPECT_FALSE(client.next(20ms));
  EXPECT_FALSE(client.connected());
  server.listen();
  EXPECT_EQ(next_subscription(client, server), R"({"op":"subscribe","format":"binary"})");
}

TEST(Client, ResumesFromTheFirstHeartbeatIfNothingElseCame) {
  FakeServer server;
  Client client(options_for(server));
  EXPECT_FALSE(client.poll());
  server.accept();
  server.send(test::heartbeat_record(40));
  EXPECT_EQ(expect<Heartbeat>(client).last_seq, 40U);
  server.hang_up();
  EXPECT_EQ(next_subscription(client, server),
            R"({"op":"subscribe","format":"binary","from_seq":41})");
}

TEST(Client, HandsOutTheDaemonsGapAndGoesOnBehindIt) {
  FakeServer server;
  auto options = options_for(server);
  options.from_seq = 1;
  Client client(options);
  EXPECT_FALSE(client.poll());
  EXPECT_EQ(server.accept(), R"({"op":"subscribe","format":"binary","from_seq":1})");
  server.send(joined({test::gap_record(1, 99), signal_record(100)}));
  EXPECT_EQ(expect<Gap>(client).to_seq, 99U);
  EXPECT_EQ(expect<Signal>(client).seq, 100U);
}

TEST(Client, TellsAJumpInTheNumbersAsAGap) {
  FakeServer server;
  Client client(options_for(server));
  EXPECT_FALSE(client.poll());
  server.accept();
  server.send(joined({signal_record(1), signal_record(4)}));
  EXPECT_EQ(expect<Signal>(client).seq, 1U);
  const auto gap = expect<Gap>(client);
  EXPECT_EQ(gap.from_seq, 2U);
  EXPECT_EQ(gap.to_seq, 3U);
  EXPECT_EQ(expect<Signal>(client).seq, 4U);
}

TEST(Client, ExpectsJumpsInAFilteredSubscription) {
  FakeServer server;
  auto options = options_for(server);
  options.messages = {"signal"};
  Client client(options);
  EXPECT_FALSE(client.poll());
  server.accept();
  server.send(joined({signal_record(1), signal_record(4)}));
  EXPECT_EQ(expect<Signal>(client).seq, 1U);
  EXPECT_EQ(expect<Signal>(client).seq, 4U);
}

TEST(Client, SkipsTypesOfANewerDaemonButCountsTheirNumbers) {
  FakeServer server;
  Client client(options_for(server));
  EXPECT_FALSE(client.poll());
  server.accept();
  const auto unknown = static_cast<RecordType>(99);
  server.send(joined({signal_record(1), test::record(unknown, 2, {}), test::record(unknown, 0, {}),
                      signal_record(3)}));
  EXPECT_EQ(expect<Signal>(client).seq, 1U);
  EXPECT_EQ(expect<Signal>(client).seq, 3U);
}

TEST(Client, RefusesANumberThatWasDeliveredBefore) {
  FakeServer server;
  Client client(options_for(server));
  EXPECT_FALSE(client.poll());
  server.accept();
  server.send(joined({signal_record(9), signal_record(9)}));
  EXPECT_EQ(expect<Signal>(client).seq, 9U);
  EXPECT_EQ(failure_of(client),
            "the numbering went back to 9 where 10 was due: the daemon's journal was replaced; "
            "subscribe anew");
}

TEST(Client, SaysSoWhenTheDaemonsNumberingEndsBeforeTheNumberAskedFor) {
  FakeServer server;
  auto options = options_for(server);
  options.from_seq = 1'001;
  Client client(options);
  EXPECT_FALSE(client.poll());
  server.accept();
  server.send(test::heartbeat_record(1'000));
  EXPECT_EQ(expect<Heartbeat>(client).last_seq, 1'000U);
  server.send(test::heartbeat_record(5));
  EXPECT_EQ(failure_of(client),
            "the numbering went back to 5 where 1001 was due: the daemon's journal was replaced; "
            "subscribe anew");
}

TEST(Client, StopsAtAMalformedStreamAndSaysWhere) {
  FakeServer server;
  Client client(options_for(server));
  EXPECT_FALSE(client.poll());
  server.accept();
  auto bytes = joined({signal_record(1), signal_record(2)});
  bytes.back() ^= std::byte{1};
  server.send(bytes);
  EXPECT_EQ(expect<Signal>(client).seq, 1U);
  const std::string reason = "malformed stream where number 2 was due: the CRC32C does not match";
  EXPECT_EQ(failure_of(client), reason);
  EXPECT_EQ(failure_of(client), reason) << "a failed client stays failed";
  EXPECT_FALSE(client.connected());
}

TEST(Client, GivesTheDaemonsReasonWhenItIsRefused) {
  FakeServer server;
  Client client(options_for(server));
  EXPECT_FALSE(client.poll());
  server.accept();
  server.send(test::error_record("messages: 'signls' is not a message"));
  EXPECT_EQ(failure_of(client), "the daemon refused: messages: 'signls' is not a message");
}

TEST(Client, GivesTheDaemonsReasonAlsoWhenItComesAsJson) {
  FakeServer server;
  Client client(options_for(server));
  EXPECT_FALSE(client.poll());
  server.accept();
  server.send(std::string("{\"type\":\"error\",\"text\":\"who are you\"}\n"));
  EXPECT_EQ(failure_of(client),
            "the daemon refused: {\"type\":\"error\",\"text\":\"who are you\"}");
}

TEST(Client, TellsASilenceOnceAndAgainAfterItWasBroken) {
  FakeServer server;
  auto options = options_for(server);
  options.stale_after = 20ms;
  Client client(options);
  EXPECT_FALSE(client.poll());
  server.accept();
  EXPECT_EQ(std::string(expect<Stale>(client).reason),
            "connected, but nothing was heard, not even a heartbeat");
  EXPECT_FALSE(client.next(60ms)) << "a silence is told once";
  server.send(test::heartbeat_record(1));
  expect<Heartbeat>(client);
  expect<Stale>(client);
}

TEST(Client, SaysWhyItCannotConnect) {
  FakeServer server;
  server.forget_path();
  auto options = options_for(server);
  options.stale_after = 20ms;
  Client client(options);
  EXPECT_EQ(std::string(expect<Stale>(client).reason),
            "cannot connect to " + server.path() + ": No such file or directory");
}

TEST(Client, KeepsOneDescriptorForEventLoopsOverReconnects) {
  FakeServer server;
  Client client(options_for(server));
  pollfd ready{client.fd(), POLLIN, 0};
  const auto wait_readable = [&ready] { return ::poll(&ready, 1, 10'000) == 1; };
  EXPECT_FALSE(client.poll());
  server.accept();
  server.send(signal_record(1));
  ASSERT_TRUE(wait_readable());
  EXPECT_TRUE(client.poll());
  EXPECT_FALSE(client.poll());
  server.hang_up();
  ASSERT_TRUE(wait_readable());
  EXPECT_FALSE(client.poll());
  ASSERT_TRUE(wait_readable()) << "the timer brings the client back";
  EXPECT_FALSE(client.poll());
  EXPECT_TRUE(client.connected());
  EXPECT_EQ(client.fd(), ready.fd);
}

TEST(Client, ReceivesWithoutAllocating) {
#ifdef TARIFF_SANITIZED
  GTEST_SKIP() << "the sanitizer owns malloc";
#endif
  FakeServer server;
  Client client(options_for(server));
  EXPECT_FALSE(client.poll());
  server.accept();
  const auto hundred = [] {
    test::Bytes bytes;
    for (std::uint64_t seq = 1; seq <= 100; ++seq)
      bytes = joined({bytes, signal_record(seq)});
    return bytes;
  }();
  server.send(hundred);
  const test::AllocationCounter allocations;
  int received = 0;
  while (received < 100 && client.next(kPatience))
    ++received;
  EXPECT_EQ(received, 100);
  EXPECT_EQ(allocations.count(), 0);
}

TEST(ClientOptions, WriteEveryWishIntoTheSubscribeLine) {
  Options options;
  options.messages = {"signal", "retract"};
  options.instruments = {"FXI", "BRK\"B\\\n"};
  options.min_abs_score = 0.25;
  EXPECT_EQ(subscribe_line(options, 17),
            R"({"op":"subscribe","format":"binary","from_seq":17,"messages":["signal","retract"],)"
            R"("instruments":["FXI","BRK\"B\\\u000a"],"min_abs_score":0.25})"
            "\n");
}

}  // namespace
}  // namespace tariff::client
