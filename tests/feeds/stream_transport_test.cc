// TCP, Unix sockets and files against peers in this process.
#include <cstddef>
#include <fstream>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/feeds/transport_fixture.h"

namespace tariff {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using UnixSocket = asio::local::stream_protocol;
using test::HostFixture;
using test::TempFolder;

constexpr std::string_view kLine = "{\"id\":\"1\",\"text\":\"50% tariff on copper\"}\n";

std::string feed(std::string_view url, std::string_view more = "") {
  return fmt::format(
      "[[feed]]\nname = \"desk\"\nprotocol = \"ndjson\"\nurl = \"{}\"\n"
      "reconnect_min_ms = 10\nreconnect_max_ms = 80\n{}\n",
      url, more);
}

/// A server on a port of its own, which the test works by hand.
struct Server {
  Server() : acceptor(io, {asio::ip::address_v4::loopback(), 0}) {}
  [[nodiscard]] std::string url() const {
    return fmt::format("tcp://127.0.0.1:{}", acceptor.local_endpoint().port());
  }
  /// The next connection of `host`, which is run until it has come.
  [[nodiscard]] tcp::socket accept(HostFixture& host) {
    tcp::socket peer(io);
    acceptor.non_blocking(true);
    EXPECT_TRUE(host.until([&] {
      boost::system::error_code error;
      return !acceptor.accept(peer, error);
    }));
    return peer;
  }

  asio::io_context io;
  tcp::acceptor acceptor;
};

struct Client {
  explicit Client(std::uint16_t port) : socket(io) {
    socket.connect({asio::ip::address_v4::loopback(), port});
  }
  void send(std::string_view bytes) {
    asio::write(socket, asio::buffer(bytes.data(), bytes.size()));
  }

  asio::io_context io;
  tcp::socket socket;
};

TEST(TcpListen, TakesALineFromWhoeverConnects) {
  HostFixture host(feed("tcp-listen://0"));
  ASSERT_TRUE(host.start().has_value());
  EXPECT_EQ(host.out.states(), "starting up") << host.out.log_text();

  Client(host.listening_port()).send(kLine);
  ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 1; })) << host.out.log_text();
  EXPECT_EQ(host.out.headlines[0].text(), "50% tariff on copper");
  EXPECT_GT(host.out.headlines[0].received.wall.ns, 0);

  Client(host.listening_port()).send(R"({"id":"2","text":"no newline at the end"})");
  ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 2; })) << host.out.log_text();
  EXPECT_EQ(host.out.states(), "starting up") << "a peer that leaves is no change of state";
}

TEST(TcpListen, KeepsTheLinesOfSeveralPeersApart) {
  HostFixture host(feed("tcp-listen://127.0.0.1:0"));
  ASSERT_TRUE(host.start().has_value());
  Client first(host.listening_port());
  Client second(host.listening_port());
  first.send(R"({"id":"1","text":"fir)");
  second.send("{\"id\":\"2\",\"text\":\"second\"}\n");
  ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 1; })) << host.out.log_text();
  first.send("st\"}\r\n");
  ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 2; })) << host.out.log_text();
  EXPECT_EQ(host.out.headlines[0].text(), "second");
  EXPECT_EQ(host.out.headlines[1].text(), "first");
}

TEST(TcpListen, SaysThatThePortIsTaken) {
  Server taken;
  const auto port = taken.acceptor.local_endpoint().port();
  HostFixture host(feed(fmt::format("tcp-listen://{}", port)));
  const auto started = host.start();
  ASSERT_TRUE(started.has_error());
  EXPECT_EQ(started.error().what,
            fmt::format("feed desk: cannot listen on tcp-listen://127.0.0.1:{}: Address already in "
                        "use; choose another url, or stop whoever has it",
                        port));
  EXPECT_EQ(started.error().exit_code, 69);
}

TEST(TcpListen, JournalsWhatArrivedAfterItsEvents) {
  HostFixture host(feed("tcp-listen://0"));
  ASSERT_TRUE(host.start().has_value());
  Client(host.listening_port()).send(std::string(kLine) + "garbage\r\n");
  ASSERT_TRUE(host.until([&] { return host.out.raws.size() == 3; })) << host.out.log_text();
  EXPECT_EQ(host.out.raws[0].kind, RawInputBody::Kind::Connected);
  EXPECT_EQ(host.out.raws[1].kind, RawInputBody::Kind::Frame);
  EXPECT_EQ(host.out.raws[1].bytes + "\n", kLine);
  EXPECT_EQ(host.out.raws[1].headlines_before, 1U);
  EXPECT_EQ(host.out.raws[1].received.mono, host.out.headlines[0].received.mono);
  EXPECT_EQ(host.out.raws[1].connection, 1U);
  EXPECT_EQ(host.out.raws[2].bytes, "garbage");
}

TEST(TcpListen, DropsALineThatIsTooLongAndTellsItOnce) {
  HostFixture host(feed("tcp-listen://0", "frame_bytes_max = 1024"));
  ASSERT_TRUE(host.start().has_value());
  const std::string huge(300'000, 'x');
  Client client(host.listening_port());
  client.send(huge + "\n" + huge + "\n" + std::string(kLine));
  ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 1; })) << host.out.log_text();
  EXPECT_EQ(host.count(FeedCounter::BadFrames), 2U);
  EXPECT_EQ(host.count(FeedCounter::Frames), 1U);
  EXPECT_EQ(host.count(FeedCounter::Bytes), kLine.size() - 1);
  EXPECT_EQ(host.out.lines.size(), 2U) << host.out.log_text();
  EXPECT_TRUE(host.out.has_line("feed desk: a line is longer than 1024 bytes"));
}

TEST(TcpConnect, ReadsFromAServerAndComesBackWhenItDiesInTheMiddleOfALine) {
  Server server;
  HostFixture host(feed(server.url()));
  ASSERT_TRUE(host.start().has_value());
  {
    tcp::socket peer = server.accept(host);
    asio::write(peer, asio::buffer(std::string(kLine) + R"({"id":"2","te)"));
    ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 1; })) << host.out.log_text();
  }
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Down); })) << host.out.log_text();
  EXPECT_EQ(host.count(FeedCounter::BadFrames), 1U) << "half a line is no headline";
  tcp::socket peer = server.accept(host);
  asio::write(peer, asio::buffer(std::string_view("{\"id\":\"3\",\"text\":\"back\"}\n")));
  ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 2; })) << host.out.log_text();
  EXPECT_EQ(host.out.headlines[1].text(), "back");
  EXPECT_EQ(host.out.states(), "starting up down up");
  EXPECT_EQ(host.count(FeedCounter::Connects), 2U);
  EXPECT_EQ(host.out.raws.back().connection, 2U);
}

TEST(TcpConnect, TellsARefusalOnceAndConnectsWhenTheServerComes) {
  std::uint16_t port = 0;
  {
    const Server gone;
    port = gone.acceptor.local_endpoint().port();
  }
  HostFixture host(feed(fmt::format("tcp://127.0.0.1:{}", port)));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Down); }));
  const std::string text = host.out.log_text();
  EXPECT_TRUE(host.out.has_line(
      fmt::format("feed desk: down: cannot connect to tcp://127.0.0.1:{}: Connection refused; "
                  "retrying in ",
                  port)))
      << text;
  asio::io_context io;
  tcp::acceptor late(io, {asio::ip::address_v4::loopback(), port});
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Up); })) << host.out.log_text();
  EXPECT_EQ(host.out.states(), "starting down up");
  EXPECT_EQ(host.out.lines.size(), 2U) << "no line per attempt: " << host.out.log_text();
}

TEST(TcpConnect, TellsSilenceOnceAndTheFirstFrameAfterIt) {
  Server server;
  HostFixture host(feed(server.url(), "silent_after_ms = 30"));
  ASSERT_TRUE(host.start().has_value());
  tcp::socket peer = server.accept(host);
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Silent); })) << host.out.log_text();
  asio::write(peer, asio::buffer(kLine));
  ASSERT_TRUE(host.until([&] { return host.out.statuses.back().state == FeedState::Up; }));
  EXPECT_EQ(host.out.states(), "starting up silent up");
}

TEST(TcpConnect, ReconnectsWhenSilentIfItShould) {
  Server server;
  HostFixture host(feed(server.url(), "silent_after_ms = 30\nreconnect_when_silent = true"));
  ASSERT_TRUE(host.start().has_value());
  const tcp::socket first = server.accept(host);
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Down); })) << host.out.log_text();
  ASSERT_TRUE(host.until([&] { return host.count(FeedCounter::Connects) == 2; }));
  EXPECT_TRUE(host.out.states().starts_with("starting up silent down up")) << host.out.states();
}

TEST(UnixListen, TakesLinesAndRemovesItsSocketFile) {
  const TempFolder folder;
  const std::string path = folder / "feed.sock";
  {
    HostFixture host(feed("unix-listen://" + path));
    ASSERT_TRUE(host.start().has_value()) << host.out.log_text();
    asio::io_context io;
    UnixSocket::socket peer(io);
    peer.connect({path});
    asio::write(peer, asio::buffer(kLine));
    ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 1; }));
  }
  EXPECT_FALSE(std::ifstream(path).good());
  asio::io_context io;
  UnixSocket::socket probe(io);
  boost::system::error_code error;
  probe.connect({path}, error);
  EXPECT_EQ(error, boost::system::errc::no_such_file_or_directory);
}

TEST(UnixListen, ReplacesASocketFileThatNobodyListensOnAndLeavesALiveOne) {
  const TempFolder folder;
  const std::string path = folder / "feed.sock";
  asio::io_context io;
  {
    UnixSocket::acceptor dead(io);
    dead.open();
    dead.bind({path});
  }
  HostFixture first(feed("unix-listen://" + path));
  ASSERT_TRUE(first.start().has_value()) << first.out.log_text();
  {
    HostFixture second(feed("unix-listen://" + path));
    EXPECT_TRUE(second.start().has_error());
  }
  UnixSocket::socket peer(io);
  boost::system::error_code error;
  peer.connect({path}, error);
  EXPECT_FALSE(error) << "the second one must not take the first one's file away";
}

TEST(UnixConnect, ReadsFromAServer) {
  const TempFolder folder;
  const std::string path = folder / "server.sock";
  asio::io_context io;
  UnixSocket::acceptor acceptor(io, {path});
  HostFixture host(feed("unix://" + path));
  ASSERT_TRUE(host.start().has_value());
  UnixSocket::socket peer = acceptor.accept();
  asio::write(peer, asio::buffer(kLine));
  ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 1; })) << host.out.log_text();
}

TEST(File, IsReadToItsEnd) {
  const TempFolder folder;
  test::write_file(folder / "news.ndjson",
                   std::string(kLine) + "\n\n{\"id\":\"2\",\"text\":\"last, no newline\"}");
  HostFixture host(feed("file://" + (folder / "news.ndjson")));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Ended); })) << host.out.log_text();
  EXPECT_EQ(host.out.headlines.size(), 2U);
  EXPECT_EQ(host.out.states(), "starting up ended");
  EXPECT_EQ(host.count(FeedCounter::BadFrames), 0U);
}

TEST(File, IsFollowedAsItGrows) {
  const TempFolder folder;
  const std::string path = folder / "news.ndjson";
  test::write_file(path, kLine);
  HostFixture host(feed("file://" + path, "follow = true"));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 1; }));
  std::ofstream(path, std::ios::app) << "{\"id\":\"2\",\"text\":\"appe";
  std::ofstream(path, std::ios::app) << "nded\"}\n";
  ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 2; })) << host.out.log_text();
  EXPECT_EQ(host.out.headlines[1].text(), "appended");
  EXPECT_FALSE(host.out.was(FeedState::Ended));
}

TEST(File, ThatIsMissingIsWaitedFor) {
  const TempFolder folder;
  HostFixture host(feed("file://" + (folder / "later")));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Down); }));
  EXPECT_TRUE(host.out.has_line("No such file or directory; retrying in")) << host.out.log_text();
  test::write_file(folder / "later", kLine);
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Ended); })) << host.out.log_text();
  EXPECT_EQ(host.out.headlines.size(), 1U);
}

}  // namespace
}  // namespace tariff
