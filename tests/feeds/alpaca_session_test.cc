// The session of Alpaca: greeting, login, subscription, errors, time limits.
#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "feeds/alpaca/alpaca_protocol.h"
#include "tests/feeds/feed_fixture.h"

namespace tariff {
namespace {

using Alpaca = test::Driven<alpaca::AlpacaProtocol>;

constexpr std::string_view kConnected = R"([{"T":"success","msg":"connected"}])";
constexpr std::string_view kAuthenticated = R"([{"T":"success","msg":"authenticated"}])";
constexpr std::string_view kSubscribed = R"([{"T":"subscription","news":["*"]}])";
constexpr std::string_view kLogin = R"({"action":"auth","key":"key-1","secret":"s3"})";
constexpr std::string_view kSubscribe = R"({"action":"subscribe","news":["*"]})";

alpaca::Options news_options() {
  alpaca::Options options;
  options.news = {"*"};
  options.key = "key-1";
  options.secret = "s3";
  return options;
}

std::string error(int code, std::string_view message = "said so") {
  return fmt::format(R"([{{"T":"error","code":{},"msg":"{}"}}])", code, message);
}

/// A session that waits for the answer to its login.
struct LoggingIn : Alpaca {
  explicit LoggingIn(alpaca::Options options = news_options()) : Alpaca(FeedId{3}, options) {
    EXPECT_EQ(connect().next, Next::Continue);
    EXPECT_EQ(frame(kConnected).next, Next::Continue);
  }
};

struct Subscribed : LoggingIn {
  Subscribed() {
    EXPECT_EQ(frame(kAuthenticated).next, Next::Continue);
    EXPECT_EQ(frame(kSubscribed).next, Next::Ready);
  }
};

TEST(AlpacaSession, LogsInAndSubscribesWhenAsked) {
  Alpaca alpaca(FeedId{3}, news_options());
  EXPECT_EQ(alpaca.connect().next, Next::Continue);
  EXPECT_TRUE(alpaca.outbox.sent.empty()) << "nothing before the greeting";

  EXPECT_EQ(alpaca.frame(kConnected).next, Next::Continue);
  EXPECT_EQ(alpaca.outbox.sent, (std::vector<std::string>{std::string(kLogin)}));

  EXPECT_EQ(alpaca.frame(kAuthenticated).next, Next::Continue);
  ASSERT_EQ(alpaca.outbox.sent.size(), 2U);
  EXPECT_EQ(alpaca.outbox.sent[1], kSubscribe);

  EXPECT_EQ(alpaca.frame(kSubscribed).next, Next::Ready);
  EXPECT_EQ(alpaca.frame(kSubscribed).next, Next::Continue) << "ready once";
  EXPECT_EQ(alpaca.outbox.sent.size(), 2U);
}

TEST(AlpacaSession, LogsInByHeaderWithoutAMessage) {
  alpaca::Options options = news_options();
  options.auth = alpaca::Auth::Header;
  Alpaca alpaca(FeedId{3}, options);
  std::string sent;
  for (const UpgradeHeader& header : alpaca.protocol.upgrade_headers())
    sent += header.name + "=" + header.value + ";";
  EXPECT_EQ(sent, "Content-Type=application/json;APCA-API-KEY-ID=key-1;APCA-API-SECRET-KEY=s3;");

  EXPECT_EQ(alpaca.connect().next, Next::Continue);
  EXPECT_EQ(alpaca.frame(kConnected).next, Next::Continue);
  EXPECT_TRUE(alpaca.outbox.sent.empty());
  EXPECT_EQ(alpaca.frame(kAuthenticated).next, Next::Continue);
  EXPECT_EQ(alpaca.outbox.sent, (std::vector<std::string>{std::string(kSubscribe)}));
}

TEST(AlpacaSession, KeepsSecretsOutOfHeadersWhenTheyGoByMessage) {
  const alpaca::AlpacaProtocol protocol(FeedId{3}, news_options());
  ASSERT_EQ(protocol.upgrade_headers().size(), 1U);
  EXPECT_EQ(protocol.upgrade_headers()[0].name, "Content-Type");
}

TEST(AlpacaSession, EscapesWhatItSends) {
  alpaca::Options options = news_options();
  options.secret = R"(a"b\c)";
  const LoggingIn alpaca(options);
  EXPECT_EQ(alpaca.outbox.sent.at(0), R"({"action":"auth","key":"key-1","secret":"a\"b\\c"})");
}

TEST(AlpacaSession, SubscribesToNewsAndQuotesInOneMessage) {
  alpaca::Options options = news_options();
  options.news = {"AAPL", "BTC/USD"};
  options.quotes = {"SPY"};
  LoggingIn alpaca(options);
  EXPECT_EQ(alpaca.frame(kAuthenticated).next, Next::Continue);
  EXPECT_EQ(alpaca.outbox.sent.at(1),
            R"({"action":"subscribe","news":["AAPL","BTC/USD"],"quotes":["SPY"]})");
}

TEST(AlpacaSession, IsNotReadyBeforeEverythingIsAcknowledged) {
  alpaca::Options options = news_options();
  options.quotes = {"SPY", "QQQ"};
  LoggingIn alpaca(options);
  EXPECT_EQ(alpaca.frame(kAuthenticated).next, Next::Continue);
  EXPECT_EQ(alpaca.frame(R"([{"T":"subscription","news":["*"],"quotes":["SPY"]}])").next,
            Next::Continue);
  const Verdict verdict = alpaca.tick(5'000);
  EXPECT_EQ(verdict.next, Next::Reconnect) << "half a subscription is blindness";
  EXPECT_EQ(verdict.reason, "no full subscription within 5000 ms");
  EXPECT_EQ(alpaca.frame(R"([{"T":"subscription","quotes":["SPY","QQQ"],"news":["*"]}])").next,
            Next::Ready);
}

TEST(AlpacaSession, TakesNewsInTheFrameOfTheAcknowledgement) {
  LoggingIn alpaca;
  EXPECT_EQ(alpaca.frame(kAuthenticated).next, Next::Continue);
  EXPECT_EQ(alpaca
                .frame(R"([{"T":"subscription","news":["*"]},)"
                       R"({"T":"n","id":1,"headline":"Levy on tin delayed"}])")
                .next,
            Next::Ready);
  ASSERT_EQ(alpaca.events.headlines.size(), 1U);
  EXPECT_EQ(alpaca.events.headlines[0].text(), "Levy on tin delayed");
}

TEST(AlpacaSession, TakesDataOutsideASession) {
  Alpaca alpaca(FeedId{3}, news_options());
  EXPECT_EQ(alpaca.frame(R"([{"T":"n","id":1,"headline":"a replay begins anywhere"}])").next,
            Next::Continue);
  EXPECT_EQ(alpaca.events.headlines.size(), 1U);
}

TEST(AlpacaSession, GivesUpAStepThatTakesTooLong) {
  Alpaca alpaca(FeedId{3}, news_options());
  (void)alpaca.connect(1'000);
  EXPECT_EQ(alpaca.tick(5'999).next, Next::Continue);
  EXPECT_EQ(alpaca.tick(6'000).next, Next::Reconnect);
  EXPECT_EQ(alpaca.tick(6'000).reason, "no greeting within 5000 ms");

  (void)alpaca.frame(kConnected, 5'000);
  EXPECT_EQ(alpaca.tick(9'999).next, Next::Continue) << "each step has its own time";
  EXPECT_EQ(alpaca.tick(10'000).reason, "no answer to the login within 5000 ms");
}

TEST(AlpacaSession, HasNoTimeLimitOnceReady) {
  Subscribed alpaca;
  EXPECT_EQ(alpaca.tick(86'400'000).next, Next::Continue);
}

struct ErrorCase {
  int code;
  Next next;
  std::string_view reason_part;
};

class AlpacaErrorCode : public testing::TestWithParam<ErrorCase> {};

TEST_P(AlpacaErrorCode, DuringTheLogin) {
  LoggingIn alpaca;
  const Verdict verdict = alpaca.frame(error(GetParam().code));
  EXPECT_EQ(verdict.next, GetParam().next);
  EXPECT_NE(verdict.reason.find(GetParam().reason_part), std::string_view::npos) << verdict.reason;
  EXPECT_NE(verdict.reason.find(fmt::format("{} 'said so'", GetParam().code)),
            std::string_view::npos)
      << verdict.reason;
}

INSTANTIATE_TEST_SUITE_P(
    Each, AlpacaErrorCode,
    testing::Values(ErrorCase{400, Next::Fatal, "misspelt"},
                    ErrorCase{401, Next::Fatal, "not logged in"},
                    ErrorCase{402, Next::Fatal, "check key_file and secret_file"},
                    ErrorCase{404, Next::Reconnect, "too late"},
                    ErrorCase{405, Next::Fatal, "more symbols than the plan allows"},
                    ErrorCase{406, Next::Retry, "login again in 500 ms, try 1 of 15"},
                    ErrorCase{407, Next::Reconnect, "too slowly"},
                    ErrorCase{409, Next::Fatal, "plan does not include"},
                    ErrorCase{410, Next::Fatal, "does not serve"},
                    ErrorCase{411, Next::Fatal, "may not read"},
                    ErrorCase{500, Next::Reconnect, "internal error"},
                    ErrorCase{599, Next::Reconnect, "not documented"}),
    [](const auto& param) { return fmt::format("Code{}", param.param.code); });

TEST(AlpacaSession, Ignores403) {
  Subscribed alpaca;
  EXPECT_EQ(alpaca.frame(error(403)).next, Next::Continue);
  EXPECT_EQ(alpaca.outbox.sent.size(), 2U);
}

TEST(AlpacaSession, Takes403ForALoginThatWorked) {
  LoggingIn alpaca;
  EXPECT_EQ(alpaca.frame(error(403)).next, Next::Continue);
  EXPECT_EQ(alpaca.outbox.sent.back(), kSubscribe);
}

TEST(AlpacaSession, RetriesOn406OnTheSameConnectionWithGrowingPauses) {
  LoggingIn alpaca;
  std::int64_t now_ms = 0;
  for (int n = 1; n <= 15; ++n) {
    EXPECT_EQ(alpaca.frame(error(406), now_ms).next, Next::Retry) << n;
    const std::int64_t pause_ms = std::min(n * 500, 5'000);
    const std::size_t sent = alpaca.outbox.sent.size();
    EXPECT_EQ(alpaca.tick(now_ms + pause_ms - 1).next, Next::Continue);
    EXPECT_EQ(alpaca.outbox.sent.size(), sent) << "too early";
    now_ms += pause_ms;
    EXPECT_EQ(alpaca.tick(now_ms).next, Next::Continue);
    EXPECT_EQ(alpaca.outbox.sent.size(), sent + 1);
    EXPECT_EQ(alpaca.outbox.sent.back(), kLogin);
  }
  EXPECT_EQ(alpaca.frame(error(406), now_ms).next, Next::ReconnectSlowly);
}

TEST(AlpacaSession, GoesOnAfterARetryThatWorked) {
  LoggingIn alpaca;
  EXPECT_EQ(alpaca.frame(error(406), 0).next, Next::Retry);
  EXPECT_EQ(alpaca.tick(500).next, Next::Continue);
  EXPECT_EQ(alpaca.frame(kAuthenticated, 510).next, Next::Continue);
  EXPECT_EQ(alpaca.frame(kSubscribed, 520).next, Next::Ready);
}

TEST(AlpacaSession, CannotRepeatALoginByHeader) {
  alpaca::Options options = news_options();
  options.auth = alpaca::Auth::Header;
  LoggingIn alpaca(options);
  EXPECT_EQ(alpaca.frame(error(406)).next, Next::ReconnectSlowly);
}

TEST(AlpacaSession, NeverTellsTheSecret) {
  for (const int code : {400, 402, 406, 500, 599}) {
    LoggingIn alpaca;
    EXPECT_EQ(alpaca.frame(error(code)).reason.find("s3"), std::string_view::npos);
  }
}

TEST(AlpacaSession, QuotesWhatTheOtherSideSaysWithoutItsControlCharacters) {
  LoggingIn alpaca;
  const Verdict verdict = alpaca.frame(error(500, R"(\u001b[31mred\n)"));
  EXPECT_EQ(verdict.reason,
            R"(the provider says 500 '\x1b[31mred\x0a': the provider had an internal error)");
}

}  // namespace
}  // namespace tariff
