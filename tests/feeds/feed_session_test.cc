// The life of a feed in virtual time, over links that do as the test says.
#include "feeds/transport/feed_session.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/feeds/transport_fixture.h"

namespace tariff {
namespace {

Stamp at(std::int64_t ms) {
  return {{ms * kNsPerMs}, {1'760'000'000 * kNsPerSecond + ms * kNsPerMs}};
}

/// Says what the test has put in.
struct ScriptedProtocol final : Protocol {
  Verdict on_connected(MonoNs /*now*/, Outbox& outbox) override {
    outbox.send("hello");
    return connected;
  }
  Verdict on_frame(const Frame& frame, EventSink&, Outbox&) noexcept override {
    return frame.view() == "data" ? Verdict{} : verdict;
  }
  Verdict on_tick(MonoNs /*now*/, Outbox&) override { return tick; }

  Verdict connected{.next = Next::Ready, .reason = {}};
  Verdict verdict;
  Verdict tick;
};

struct ScriptedLink final : Link {
  explicit ScriptedLink(LinkListener& l) : listener(&l) {}
  void open() override { opened = true; }
  void send(std::string_view message) override { sent.emplace_back(message); }
  void close() noexcept override { closed = true; }
  void tick(MonoNs /*now*/) override {}

  LinkListener* listener;
  bool opened = false;
  bool closed = false;
  std::vector<std::string> sent;
};

class Session : public testing::Test {
 protected:
  Session() {
    FeedSpec spec;
    spec.name = "desk";
    spec.transport.endpoint = {.kind = TransportKind::Tcp, .host = "h", .port = 1, .path = {}};
    spec.transport.reconnect_min = std::chrono::milliseconds(1'000);
    spec.transport.reconnect_max = std::chrono::milliseconds(8'000);
    spec.transport.reconnect_slow = std::chrono::milliseconds(60'000);
    spec.transport.stable_after = std::chrono::milliseconds(10'000);
    spec.transport.silent_after = std::chrono::milliseconds(5'000);
    auto made = std::make_unique<ScriptedProtocol>();
    protocol = made.get();
    session = std::make_unique<FeedSession>(
        std::move(spec), std::move(made),
        [this](LinkListener& listener) {
          links.push_back(std::make_shared<ScriptedLink>(listener));
          return links.back();
        },
        out, counters, 7);
  }

  ScriptedLink& link() { return *links.back(); }
  void open(std::int64_t ms) { link().listener->on_open("connected", at(ms)); }
  void lose(std::int64_t ms) { link().listener->on_end(LinkEnd::Lost, "lost", at(ms)); }
  void frame(std::string_view text, std::int64_t ms) {
    const std::string padded = std::string(text) + std::string(Frame::kPaddingBytes, ' ');
    link().listener->on_frame({.data = padded.data(), .bytes = text.size(), .received = at(ms)});
  }
  /// Ticks until the next link is made, and returns when that is.
  std::int64_t next_attempt(std::int64_t ms) {
    const std::size_t before = links.size();
    const std::int64_t end = ms + 200'000;
    while (links.size() == before && ms < end)
      session->tick(at(ms += 10));
    return ms;
  }

  test::KeptOutput out;
  Counters counters;
  ScriptedProtocol* protocol = nullptr;
  std::vector<std::shared_ptr<ScriptedLink>> links;
  std::unique_ptr<FeedSession> session;
};

TEST_F(Session, ConnectsSendsAndComesUp) {
  session->start(at(0));
  ASSERT_EQ(links.size(), 1U);
  EXPECT_TRUE(link().opened);
  open(5);
  EXPECT_EQ(link().sent, (std::vector<std::string>{"hello"}));
  EXPECT_EQ(out.states(), "starting up");
  EXPECT_EQ(out.statuses[1].at.mono, at(5).mono);
  EXPECT_EQ(out.lines, (std::vector<std::string>{"feed desk: up: connected"}));
}

TEST_F(Session, IsNotUpBeforeTheProtocolIsReady) {
  protocol->connected = {};
  session->start(at(0));
  open(5);
  EXPECT_EQ(out.states(), "starting");
  protocol->verdict = {.next = Next::Ready, .reason = "subscribed"};
  frame("ack", 10);
  EXPECT_EQ(out.states(), "starting up");
}

TEST_F(Session, GivesUpAnAttemptThatTakesTooLong) {
  session->start(at(0));
  session->tick(at(4'999));
  EXPECT_FALSE(link().closed);
  session->tick(at(5'000));
  EXPECT_TRUE(link().closed);
  EXPECT_TRUE(out.has_line("feed desk: down: no connection to tcp://h:1 within 5000 ms; retrying"));
}

TEST_F(Session, WaitsLongerAfterEachFailureUpToALimit) {
  session->start(at(0));
  std::int64_t now = 0;
  for (const std::int64_t full : {1'000, 2'000, 4'000, 8'000, 8'000}) {
    lose(now);
    const std::int64_t next = next_attempt(now);
    EXPECT_LE(next - now, full + 10);
    EXPECT_GE(next - now, full * 3 / 4);
    now = next;
  }
  EXPECT_EQ(out.states(), "starting down");
  EXPECT_EQ(out.lines.size(), 1U);
}

TEST_F(Session, BeginsAgainAtTheShortWaitOnlyAfterAStableConnection) {
  session->start(at(0));
  std::int64_t now = 0;
  for (int i = 0; i < 4; ++i) {  // up, but never for long: two of us may evict each other
    open(now);
    lose(now + 9'999);
    now = next_attempt(now + 9'999);
  }
  open(now);
  lose(now += 9'999);
  EXPECT_GE(next_attempt(now) - now, 6'000) << "a short life does not count as success";
  now = next_attempt(now);
  open(now);
  lose(now += 10'000);
  EXPECT_LE(next_attempt(now) - now, 1'010);
}

TEST_F(Session, WaitsLongWhenTheProtocolSaysSo) {
  protocol->verdict = {.next = Next::ReconnectSlowly, .reason = "busy"};
  session->start(at(0));
  open(0);
  frame("x", 100);
  EXPECT_TRUE(link().closed);
  EXPECT_GE(next_attempt(100), 45'000);
  EXPECT_EQ(out.states(), "starting up down");
}

TEST_F(Session, StaysDownAfterAFatalVerdict) {
  protocol->verdict = {.next = Next::Fatal, .reason = "login refused"};
  session->start(at(0));
  open(0);
  frame("x", 100);
  EXPECT_TRUE(link().closed);
  (void)next_attempt(100);
  EXPECT_EQ(links.size(), 1U);
  EXPECT_EQ(out.states(), "starting up failed");
  EXPECT_EQ(out.lines.back(), "feed desk: failed: login refused; stays down until restart");
}

TEST_F(Session, DropsAConnectionThatItsProtocolGivesUpOnATick) {
  session->start(at(0));
  open(0);
  protocol->tick = {.next = Next::Reconnect, .reason = "no answer"};
  session->tick(at(250));
  EXPECT_TRUE(link().closed);
  EXPECT_EQ(out.states(), "starting up down");
}

TEST_F(Session, StaysConnectedOnARetry) {
  protocol->connected = {};
  protocol->verdict = {.next = Next::Retry, .reason = "login again in 500 ms"};
  session->start(at(0));
  open(0);
  frame("406", 10);
  EXPECT_FALSE(link().closed);
  EXPECT_EQ(out.lines.back(), "feed desk: login again in 500 ms");
}

TEST_F(Session, TellsABadFrameOncePerConnection) {
  session->start(at(0));
  for (int connection = 0; connection < 2; ++connection) {
    protocol->verdict = {.next = Next::BadFrame, .reason = "not JSON"};
    open(0);
    const std::size_t lines = out.lines.size();
    for (int i = 0; i < 5; ++i)
      frame("x", 10);
    EXPECT_EQ(out.lines.size(), lines + 1);
    lose(20);
    (void)next_attempt(20);
  }
  EXPECT_EQ(counters.get(FeedId{0}, FeedCounter::BadFrames), 10U);
  EXPECT_EQ(counters.get(FeedId{0}, FeedCounter::Frames), 10U);
}

TEST_F(Session, TellsSilenceOnceAndItsEnd) {
  session->start(at(0));
  open(0);
  frame("data", 1'000);
  session->tick(at(5'999));
  EXPECT_EQ(out.states(), "starting up");
  session->tick(at(6'000));
  session->tick(at(60'000));
  EXPECT_EQ(out.states(), "starting up silent");
  EXPECT_EQ(out.lines.back(), "feed desk: silent: no frame for 5000 ms; still connected");
  frame("data", 61'000);
  EXPECT_EQ(out.states(), "starting up silent up");
  EXPECT_EQ(out.lines.back(), "feed desk: up: frames come again");
}

TEST_F(Session, CountsWhatWasDeliveredAgain) {
  protocol->verdict = {.next = Next::Continue, .reason = {}, .redelivered = 3};
  session->start(at(0));
  open(0);
  frame("x", 10);
  EXPECT_EQ(counters.get(FeedId{0}, FeedCounter::Redelivered), 3U);
}

TEST_F(Session, JournalsConnectionsAndFramesInOrder) {
  session->start(at(0));
  open(0);
  frame("data", 10);
  lose(20);
  open(next_attempt(20));
  std::string kinds;
  for (const auto& raw : out.raws) {
    kinds += raw.kind == RawInputBody::Kind::Connected ? 'C'
             : raw.kind == RawInputBody::Kind::Frame   ? 'F'
                                                       : 'D';
    kinds += std::to_string(raw.connection);
  }
  EXPECT_EQ(kinds, "C1F1D1C2");
}

TEST_F(Session, SaysNothingMoreOnceStopped) {
  session->start(at(0));
  open(0);
  session->stop();
  EXPECT_TRUE(link().closed);
  const std::size_t lines = out.lines.size();
  session->tick(at(100'000));
  EXPECT_EQ(out.states(), "starting up");
  EXPECT_EQ(out.lines.size(), lines);
}

}  // namespace
}  // namespace tariff
