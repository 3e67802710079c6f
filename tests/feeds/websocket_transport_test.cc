// ws:// against an independent server: python3-websockets.
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/feeds/python_peer.h"
#include "tests/feeds/transport_fixture.h"

namespace tariff {
namespace {

using test::HostFixture;
using test::PythonPeer;
using test::TempFolder;

class WebSocket : public testing::Test {
 protected:
  static void SetUpTestSuite() { peer_ = new PythonPeer; }
  static void TearDownTestSuite() { delete peer_; }

  void SetUp() override {
    ASSERT_NE(peer_->port(), 0) << "needs /usr/bin/python3 with python3-websockets";
    test::write_file(folder_ / "key", "the-key\n");
    test::write_file(folder_ / "secret", "the-secret\n");
  }

  [[nodiscard]] std::string feed(std::string_view path, std::string_view more = "") const {
    return fmt::format(
        "[[feed]]\nname = \"alpaca\"\nprotocol = \"alpaca\"\nurl = \"ws://127.0.0.1:{}{}\"\n"
        "news = \"*\"\nkey_file = \"{}\"\nsecret_file = \"{}\"\n"
        "reconnect_min_ms = 10\nreconnect_max_ms = 80\n{}\n",
        peer_->port(), path, folder_ / "key", folder_ / "secret", more);
  }
  [[nodiscard]] static std::string address() {
    return fmt::format("ws://127.0.0.1:{}", peer_->port());
  }

  static PythonPeer* peer_;
  TempFolder folder_;
};
PythonPeer* WebSocket::peer_ = nullptr;

TEST_F(WebSocket, ReadsNewsDeflatedAndAnswersPings) {
  HostFixture host(feed("/news"));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 2; })) << host.out.log_text();
  EXPECT_EQ(host.out.headlines[0].text(), "deflated");
  EXPECT_EQ(host.out.headlines[1].text(), "answered a ping");
  EXPECT_EQ(host.out.states(), "starting up");
  EXPECT_TRUE(host.out.has_line(fmt::format(
      "feed alpaca: up: connected to {}/news, subscribed to 1 news and 0 quote channels",
      address())))
      << host.out.log_text();
  EXPECT_FALSE(host.out.has_line("the-secret"));
}

TEST_F(WebSocket, LogsInByHeader) {
  HostFixture host(feed("/header", "auth = \"header\""));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 2; })) << host.out.log_text();
}

TEST_F(WebSocket, JoinsFragments) {
  HostFixture host(feed("/fragments"));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 1; })) << host.out.log_text();
  EXPECT_EQ(host.out.headlines[0].text(), "in fragments");
  EXPECT_EQ(host.out.raws.back().headlines_before, 1U);
}

TEST_F(WebSocket, ReadsAMessageOfFifteenMegabytes) {
  HostFixture host(feed("/large"));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 1; })) << host.out.log_text();
  EXPECT_EQ(host.out.headlines[0].text(), "behind it");
}

TEST_F(WebSocket, GivesUpAConnectionThatSendsMoreThanSixteenMegabytes) {
  for (const std::string_view path : {"/bomb", "/too-large"}) {
    HostFixture host(feed(path));
    ASSERT_TRUE(host.start().has_value());
    ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Down); })) << host.out.log_text();
    EXPECT_TRUE(host.out.has_line("sent a message of more than 16777216 bytes"))
        << path << ": " << host.out.log_text();
    EXPECT_TRUE(host.out.headlines.empty());
  }
}

TEST_F(WebSocket, ComesBackWhenTheServerDiesInTheMiddleOfAFrame) {
  HostFixture host(feed("/mid-frame"));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.count(FeedCounter::Connects) == 3; }))
      << host.out.log_text();
  EXPECT_TRUE(host.out.states().starts_with("starting up down up down")) << host.out.states();
  EXPECT_EQ(host.out.headlines.size(), 1U) << "delivered again after each reconnect, taken once";
  EXPECT_GE(host.count(FeedCounter::Redelivered), 1U);
}

TEST_F(WebSocket, SaysWithWhichWordsTheServerClosed) {
  HostFixture host(feed("/goodbye"));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Down); })) << host.out.log_text();
  EXPECT_TRUE(
      host.out.has_line("/goodbye closed the connection with code 1001 'maintenance'; "
                        "retrying in"))
      << host.out.log_text();
}

TEST_F(WebSocket, WaitsLongerWhenTheServerClosesAtOnce) {
  HostFixture host(feed("/at-once"));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.count(FeedCounter::Connects) == 6; }))
      << host.out.log_text();
  EXPECT_EQ(host.out.states(), "starting down");
  EXPECT_EQ(host.out.lines.size(), 1U) << "no line per attempt: " << host.out.log_text();
  std::vector<std::int64_t> waits;
  for (std::size_t i = 1; i < host.out.raws.size(); ++i) {
    if (host.out.raws[i].kind != RawInputBody::Kind::Connected) continue;
    waits.push_back(host.out.raws[i].received.mono - host.out.raws[i - 1].received.mono);
  }
  // 10, 20, 40, 80, 80 ms, each up to a quarter shorter; the machine can only make them longer.
  ASSERT_EQ(waits.size(), 5U);
  EXPECT_GE(waits[2], 30 * kNsPerMs);
  EXPECT_GE(waits[3], 60 * kNsPerMs);
  EXPECT_GE(waits[4], 60 * kNsPerMs);
}

TEST_F(WebSocket, GivesUpAServerThatAnswersNoPing) {
  HostFixture host(feed("/deaf", "ping_every_ms = 50\npong_timeout_ms = 50"));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Down); })) << host.out.log_text();
  EXPECT_TRUE(host.out.has_line("down: no answer to a ping within 50 ms")) << host.out.log_text();
}

TEST_F(WebSocket, TellsASilentFeedWhosePingsAreAnswered) {
  HostFixture host(feed("/quiet", "ping_every_ms = 50\nsilent_after_ms = 300"));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Silent); })) << host.out.log_text();
  EXPECT_EQ(host.out.states(), "starting up silent");
}

TEST_F(WebSocket, FailsForGoodWhenTheUpgradeIsUnauthorized) {
  HostFixture host(feed("/unauthorized"));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Failed); })) << host.out.log_text();
  EXPECT_TRUE(
      host.out.has_line("/unauthorized answers HTTP 401 Unauthorized instead of a "
                        "WebSocket; stays down until restart"))
      << host.out.log_text();
}

TEST_F(WebSocket, WaitsLongWhenTheServerAsksForLess) {
  HostFixture host(feed("/busy", "reconnect_slow_ms = 60000"));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Down); })) << host.out.log_text();
  const std::string line = host.out.lines.back();
  const std::size_t wait = line.find("retrying in ");
  ASSERT_NE(wait, std::string::npos) << line;
  EXPECT_GE(std::stoi(line.substr(wait + 12)), 45'000) << line;
}

TEST_F(WebSocket, ComesBackSoonWhenTheServerHasAnErrorOfItsOwn) {
  HostFixture host(feed("/down"));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Down); })) << host.out.log_text();
  EXPECT_TRUE(host.out.has_line("HTTP 502 Bad Gateway instead of a WebSocket; retrying in"));
}

TEST_F(WebSocket, SaysGoodbyeWhenItStops) {
  PythonPeer peer;
  const std::string config = feed("/quiet");
  HostFixture host(std::string(config).replace(config.find(std::to_string(peer_->port())),
                                               std::to_string(peer_->port()).size(),
                                               std::to_string(peer.port())));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Up); })) << host.out.log_text();
  host.stop();
  EXPECT_EQ(peer.read_line(), "CLOSED 1000");
}

}  // namespace
}  // namespace tariff
