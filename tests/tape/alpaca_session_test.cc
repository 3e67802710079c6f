#include "feeds/tape/alpaca_session.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tariff::tape {
namespace {

constexpr MonoNs kOpened{1'000};
const std::string kConnected = R"([{"T":"success","msg":"connected"}])";
const std::string kAuthenticated = R"([{"T":"success","msg":"authenticated"}])";
const std::string kAuth = R"({"action":"auth","key":"k","secret":"s"})";

std::string error(int code, const std::string& text) {
  return R"([{"T":"error","code":)" + std::to_string(code) + R"(,"msg":")" + text + R"("}])";
}

class Replies final : public Outbox {
 public:
  void send(std::string_view message) override { messages_.emplace_back(message); }
  [[nodiscard]] std::vector<std::string> take() { return std::exchange(messages_, {}); }

 private:
  std::vector<std::string> messages_;
};

/// A session with its answers; says one thing at a time.
struct Client {
  explicit Client(Endpoint endpoint, AlpacaAccess& access, const AlpacaHeaders& headers = {})
      : session(endpoint, headers, access) {
    session.on_open(kOpened, replies);
  }
  std::vector<std::string> says(const std::string& message, std::uint64_t position = 0) {
    (void)session.on_message(message, position, replies);
    return replies.take();
  }
  /// Past the authentication.
  Client& in() {
    (void)says(kAuth);
    return *this;
  }

  Replies replies;
  AlpacaSession session;
};

using Messages = std::vector<std::string>;

Tape small_tape() {
  Tape tape;
  const auto news = [&](std::int64_t id, std::vector<std::string> symbols) {
    auto item = std::make_unique<TapeNews>();
    item->id = id;
    item->symbols = std::move(symbols);
    tape.push_back({.at = WallNs{kNsPerSecond}, .what = std::move(item)});
  };
  const auto quote = [&](std::string_view symbol) {
    tape.push_back({.at = WallNs{kNsPerSecond}, .what = TapeQuote{.symbol = Symbol(symbol)}});
  };
  news(1, {});
  quote("SPY");
  quote("QQQ");
  news(2, {"SPY", "FXI"});
  quote("BTC/USD");
  return tape;
}

/// Which items a frame holds, in order: news by id, quotes by symbol.
std::string items_of(const std::string& frame) {
  std::string items;
  for (const auto& [text, name] :
       std::vector<std::pair<std::string, std::string>>{{R"({"T":"n","id":1,)", "n1 "},
                                                        {R"({"T":"n","id":2,)", "n2 "},
                                                        {R"("S":"SPY")", "SPY "},
                                                        {R"("S":"QQQ")", "QQQ "},
                                                        {R"("S":"BTC/USD")", "BTC "}}) {
    if (frame.find(text) != std::string::npos) items += name;
  }
  return items;
}

TEST(AlpacaSession, GreetsAndLetsInByMessage) {
  AlpacaAccess access;
  Client client(Endpoint::News, access);
  EXPECT_EQ(client.replies.take(), Messages{kConnected});
  EXPECT_EQ(client.says(kAuth), Messages{kAuthenticated});
}

TEST(AlpacaSession, LetsInByHeaderOfEachKind) {
  AlpacaAccess access{.key = "key", .secret = "pass:word"};
  Client by_pair(Endpoint::News, access, {.key_id = "key", .secret = "pass:word"});
  EXPECT_EQ(by_pair.replies.take(), (Messages{kConnected, kAuthenticated}));
  Client by_basic(Endpoint::News, access, {.authorization = "Basic a2V5OnBhc3M6d29yZA=="});
  EXPECT_EQ(by_basic.replies.take(), (Messages{kConnected, kAuthenticated}));

  AlpacaAccess anybody;
  Client by_token(Endpoint::News, anybody, {.authorization = "Bearer token"});
  EXPECT_EQ(by_token.replies.take(), (Messages{kConnected, kAuthenticated}));
}

TEST(AlpacaSession, Says402ToWrongCredentialsByMessageAndByHeader) {
  AlpacaAccess access{.key = "key", .secret = "secret"};
  const Messages refused{kConnected, error(402, "auth failed")};
  Client by_pair(Endpoint::News, access, {.key_id = "key", .secret = "wrong"});
  EXPECT_EQ(by_pair.replies.take(), refused);
  Client by_basic(Endpoint::News, access, {.authorization = "Basic ???"});
  EXPECT_EQ(by_basic.replies.take(), refused);
  Client by_message(Endpoint::News, access);
  (void)by_message.replies.take();
  EXPECT_EQ(by_message.says(kAuth), Messages{error(402, "auth failed")});
  EXPECT_EQ(by_message.says(R"({"action":"auth","key":"key","secret":"secret"})"),
            Messages{kAuthenticated});
}

TEST(AlpacaSession, Says402ToEmptyCredentialsEvenWhereAnyAreGood) {
  AlpacaAccess access;
  Client client(Endpoint::News, access);
  (void)client.replies.take();
  EXPECT_EQ(client.says(R"({"action":"auth","key":"","secret":"s"})"),
            Messages{error(402, "auth failed")});
}

TEST(AlpacaSession, Says400ToWhatIsNoRequest) {
  AlpacaAccess access;
  Client client(Endpoint::News, access);
  (void)client.replies.take();
  for (const char* text :
       {"", "hello", "[]", R"({"action":"dance"})", R"({"action":"auth"})", R"({"news":["*"]})"})
    EXPECT_EQ(client.says(text), Messages{error(400, "invalid syntax")}) << text;
  client.in();
  for (const char* text :
       {R"({"action":"subscribe","news":["A B"]})", R"({"action":"subscribe","news":[""]})",
        R"({"action":"subscribe","gossip":["*"]})"})
    EXPECT_EQ(client.says(text), Messages{error(400, "invalid syntax")}) << text;
  EXPECT_FALSE(client.session.subscribed());
}

TEST(AlpacaSession, Says401ToASubscriptionBeforeAuth) {
  AlpacaAccess access;
  Client client(Endpoint::News, access);
  (void)client.replies.take();
  EXPECT_EQ(client.says(R"({"action":"subscribe","news":["*"]})"),
            Messages{error(401, "not authenticated")});
  EXPECT_FALSE(client.session.subscribed());
}

TEST(AlpacaSession, Says403ToASecondAuth) {
  AlpacaAccess access;
  Client client(Endpoint::News, access);
  EXPECT_EQ(client.in().says(kAuth), Messages{error(403, "already authenticated")});
}

TEST(AlpacaSession, Says404AndEndsAfterTenSecondsWithoutAuth) {
  AlpacaAccess access;
  Client client(Endpoint::News, access);
  (void)client.replies.take();
  client.session.on_tick(kOpened + (10 * kNsPerSecond - 1), client.replies);
  EXPECT_EQ(client.replies.take(), Messages{});
  client.session.on_tick(kOpened + 10 * kNsPerSecond, client.replies);
  EXPECT_EQ(client.replies.take(), Messages{error(404, "auth timeout")});
  EXPECT_TRUE(client.session.ended());
  client.session.on_tick(kOpened + 11 * kNsPerSecond, client.replies);
  EXPECT_EQ(client.says(kAuth), Messages{}) << "an ended session says nothing more";
}

TEST(AlpacaSession, HasNoTimeoutOnceAuthenticated) {
  AlpacaAccess access;
  Client client(Endpoint::News, access);
  client.in().session.on_tick(kOpened + kNsPerDay, client.replies);
  EXPECT_FALSE(client.session.ended());
}

TEST(AlpacaSession, Says405AboveTheSymbolLimitAndChangesNothing) {
  AlpacaAccess access{.symbols_max = 2};
  Client client(Endpoint::Stocks, access);
  (void)client.in().says(R"({"action":"subscribe","quotes":["SPY"]})");
  const Messages refused{error(405, "symbol limit exceeded")};
  EXPECT_EQ(client.says(R"({"action":"subscribe","quotes":["QQQ","FXI"]})"), refused);
  EXPECT_EQ(client.says(R"({"action":"subscribe","quotes":["*"]})"), refused);
  EXPECT_EQ(client.session.subscriptions(), "quotes SPY");
  EXPECT_NE(client.says(R"({"action":"subscribe","trades":["QQQ","FXI"],"bars":["*"]})"), refused)
      << "trades are counted apart, bars not at all";
}

TEST(AlpacaSession, Says406AboveTheConnectionLimitUntilTheOtherIsGone) {
  AlpacaAccess access{.connections_per_key_max = 1};
  auto first = std::make_unique<Client>(Endpoint::News, access);
  first->in();
  Client second(Endpoint::News, access);
  (void)second.replies.take();
  EXPECT_EQ(second.says(kAuth), Messages{error(406, "connection limit exceeded")});
  EXPECT_EQ(second.says(R"({"action":"auth","key":"other","secret":"s"})"),
            Messages{kAuthenticated});

  Client stocks(Endpoint::Stocks, access);
  (void)stocks.replies.take();
  EXPECT_EQ(stocks.says(kAuth), Messages{kAuthenticated}) << "the limit is per endpoint";

  Client third(Endpoint::News, access);
  (void)third.replies.take();
  EXPECT_EQ(third.says(kAuth), Messages{error(406, "connection limit exceeded")});
  first.reset();
  EXPECT_EQ(third.says(kAuth), Messages{kAuthenticated}) << "retried on the same connection";
}

TEST(AlpacaSession, ForgetsAKeyWhoseLastConnectionIsGone) {
  AlpacaAccess access;
  {
    Client client(Endpoint::News, access);
    client.in();
    EXPECT_EQ(access.connections.size(), 1U);
  }
  EXPECT_TRUE(access.connections.empty());
}

TEST(AlpacaSession, Says407AndEndsForASlowClient) {
  AlpacaAccess access;
  Client client(Endpoint::News, access);
  (void)client.replies.take();
  client.session.end_slow_client(client.replies);
  EXPECT_EQ(client.replies.take(), Messages{error(407, "slow client")});
  EXPECT_TRUE(client.session.ended());
}

TEST(AlpacaSession, Says410ToAChannelOfAnotherEndpoint) {
  AlpacaAccess access;
  const Messages refused{error(410, "invalid subscribe action for this feed")};
  Client news(Endpoint::News, access);
  EXPECT_EQ(news.in().says(R"({"action":"subscribe","quotes":["SPY"]})"), refused);
  Client stocks(Endpoint::Stocks, access);
  EXPECT_EQ(stocks.in().says(R"({"action":"subscribe","news":["*"]})"), refused);
  EXPECT_EQ(stocks.says(R"({"action":"subscribe","orderbooks":["BTC/USD"]})"), refused);
  Client crypto(Endpoint::Crypto, access);
  EXPECT_EQ(crypto.in().says(R"({"action":"subscribe","lulds":["SPY"]})"), refused);
}

TEST(AlpacaSession, AnswersEachSubscriptionWithTheFullList) {
  AlpacaAccess access;
  Client news(Endpoint::News, access);
  EXPECT_EQ(news.in().says(R"({"action":"subscribe","news":["TSLA","AAPL"]})"),
            Messages{R"([{"T":"subscription","news":["AAPL","TSLA"]}])"});
  EXPECT_EQ(news.says(R"({"action":"subscribe","news":["*","AAPL"]})"),
            Messages{R"([{"T":"subscription","news":["*","AAPL","TSLA"]}])"});
  EXPECT_EQ(news.says(R"({"action":"unsubscribe","news":["*","AAPL"]})"),
            Messages{R"([{"T":"subscription","news":["TSLA"]}])"});

  Client stocks(Endpoint::Stocks, access);
  EXPECT_EQ(stocks.in().says(R"({"action":"subscribe","quotes":["SPY"],"trades":["AAPL"]})"),
            Messages{R"([{"T":"subscription","trades":["AAPL"],"quotes":["SPY"],"bars":[],)"
                     R"("updatedBars":[],"dailyBars":[],"statuses":[],"lulds":[],"imbalances":[],)"
                     R"("corrections":["AAPL"],"cancelErrors":["AAPL"]}])"});

  Client crypto(Endpoint::Crypto, access);
  EXPECT_EQ(crypto.in().says(R"({"action":"subscribe","quotes":["BTC/USD"]})"),
            Messages{R"([{"T":"subscription","trades":[],"quotes":["BTC/USD"],"bars":[],)"
                     R"("updatedBars":[],"dailyBars":[],"orderbooks":[]}])"});
}

TEST(AlpacaSession, ReportsOnlyTheSubscriptionsThatItGranted) {
  AlpacaAccess access;
  Client client(Endpoint::News, access);
  const auto grants = [&](const std::string& text) {
    return client.session.on_message(text, 0, client.replies);
  };
  EXPECT_FALSE(grants(R"({"action":"subscribe","news":["*"]})")) << "not authenticated";
  EXPECT_FALSE(grants(kAuth));
  EXPECT_TRUE(grants(R"({"action":"subscribe","news":["*"]})"));
  EXPECT_FALSE(grants(R"({"action":"subscribe","quotes":["*"]})"));
  EXPECT_TRUE(grants(R"({"action":"unsubscribe","news":["*"]})"));
}

TEST(AlpacaSession, SpeaksMsgpackBothWaysWhenTheRequestAsksForIt) {
  AlpacaAccess access;
  Client client(Endpoint::News, access, {.content_type = "Application/MsgPack"});
  EXPECT_EQ(client.session.codec(), Codec::Msgpack);
  EXPECT_EQ(client.replies.take(), Messages{"\x91\x82\xa1T\xa7success\xa3msg\xa9"
                                            "connected"});
  EXPECT_EQ(client.says("\x83\xa6"
                        "action\xa4"
                        "auth\xa3key\xa1k\xa6secret\xa1s"),
            Messages{"\x91\x82\xa1T\xa7success\xa3msg\xad"
                     "authenticated"});
  EXPECT_EQ(client.says("\x82\xa6"
                        "action\xa9subscribe\xa4news\x91\xa1*"),
            Messages{"\x91\x82\xa1T\xacsubscription\xa4news\x91\xa1*"});
  EXPECT_EQ(client.says(kAuth), Messages{"\x91\x83\xa1T\xa5"
                                         "error\xa4"
                                         "code\xcd\x01\x90\xa3msg\xaeinvalid syntax"})
      << "JSON is no msgpack";
}

TEST(AlpacaSession, PlaysToEachEndpointWhatIsItsOwnAndWasAskedFor) {
  const Tape tape = small_tape();
  AlpacaAccess access;
  const auto plays = [&](Endpoint endpoint, const std::string& lists) {
    Client client(endpoint, access);
    (void)client.in().says(R"({"action":"subscribe",)" + lists + "}");
    return items_of(client.session.next_frame(tape, tape.size()));
  };
  EXPECT_EQ(plays(Endpoint::News, R"("news":["*"])"), "n1 n2 ");
  EXPECT_EQ(plays(Endpoint::News, R"("news":["FXI"])"), "n2 ");
  EXPECT_EQ(plays(Endpoint::News, R"("news":["AAPL"])"), "");
  EXPECT_EQ(plays(Endpoint::Stocks, R"("quotes":["*"])"), "SPY QQQ ");
  EXPECT_EQ(plays(Endpoint::Stocks, R"("quotes":["QQQ","BTC/USD"])"), "QQQ ");
  EXPECT_EQ(plays(Endpoint::Stocks, R"("trades":["*"])"), "");
  EXPECT_EQ(plays(Endpoint::Crypto, R"("quotes":["*"])"), "BTC ");
}

TEST(AlpacaSession, SendsEachItemOnceAndOnlyWhatIsPlayed) {
  const Tape tape = small_tape();
  AlpacaAccess access;
  Client client(Endpoint::Stocks, access);
  (void)client.in().says(R"({"action":"subscribe","quotes":["*"]})");
  EXPECT_EQ(items_of(client.session.next_frame(tape, 1)), "");
  EXPECT_EQ(items_of(client.session.next_frame(tape, 2)), "SPY ");
  EXPECT_EQ(client.session.next_frame(tape, 2), "");
  EXPECT_EQ(items_of(client.session.next_frame(tape, 5)), "QQQ ");
  EXPECT_EQ(client.session.cursor(), 5U);
  EXPECT_EQ(client.session.items_sent(), 2U);
}

TEST(AlpacaSession, HearsFromItsSubscriptionOn) {
  const Tape tape = small_tape();
  AlpacaAccess access;
  Client client(Endpoint::News, access);
  (void)client.in().says(R"({"action":"subscribe","news":["*"]})", 1);
  EXPECT_EQ(items_of(client.session.next_frame(tape, tape.size())), "n2 ");
}

TEST(AlpacaSession, PlaysATapeInALoop) {
  const Tape tape = small_tape();
  AlpacaAccess access;
  Client client(Endpoint::News, access);
  (void)client.in().says(R"({"action":"subscribe","news":["FXI"]})");
  (void)client.session.next_frame(tape, 3 * tape.size());
  EXPECT_EQ(client.session.items_sent(), 3U);
}

TEST(AlpacaSession, BatchesWhatAClientIsBehindUpToALimit) {
  Tape tape;
  for (std::size_t i = 0; i < 2 * AlpacaSession::kFrameItemsMax + 1; ++i)
    tape.push_back({.at = WallNs{1}, .what = TapeQuote{.symbol = Symbol("SPY")}});
  AlpacaAccess access;
  Client client(Endpoint::Stocks, access);
  (void)client.in().says(R"({"action":"subscribe","quotes":["SPY"]})");
  EXPECT_EQ(client.session.items_behind(tape, tape.size()), tape.size());
  for (const std::size_t left :
       {AlpacaSession::kFrameItemsMax + 1, std::size_t{1}, std::size_t{0}}) {
    EXPECT_NE(client.session.next_frame(tape, tape.size()), "");
    EXPECT_EQ(client.session.items_behind(tape, tape.size()), left);
  }
}

TEST(AlpacaSession, EndsAFrameAtTheItemThatPassesTheByteLimit) {
  Tape tape;
  for (int i = 0; i < 3; ++i) {
    auto news = std::make_unique<TapeNews>();
    news->content.assign(AlpacaSession::kFrameBytesMax, 'x');
    tape.push_back({.at = WallNs{1}, .what = std::move(news)});
  }
  AlpacaAccess access;
  Client client(Endpoint::News, access);
  (void)client.in().says(R"({"action":"subscribe","news":["*"]})");
  (void)client.session.next_frame(tape, tape.size());
  EXPECT_EQ(client.session.items_sent(), 1U);
}

TEST(AlpacaSession, KnowsTheProvidersPaths) {
  EXPECT_EQ(endpoint_at("/v1beta1/news"), Endpoint::News);
  for (const char* path : {"/v2/iex", "/v2/sip", "/v2/delayed_sip", "/v2/test", "/v1beta1/boats",
                           "/v1beta1/overnight"})
    EXPECT_EQ(endpoint_at(path), Endpoint::Stocks) << path;
  EXPECT_EQ(endpoint_at("/v1beta3/crypto/us"), Endpoint::Crypto);
  for (const char* path : {"", "/", "/v1beta1/news/", "/v2/"})
    EXPECT_EQ(endpoint_at(path), std::nullopt) << path;
}

}  // namespace
}  // namespace tariff::tape
