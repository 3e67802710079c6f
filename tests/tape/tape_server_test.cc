// The tape server over loopback, with an independent client side: Beast's synchronous calls.
// Nothing here waits for a time to pass; a read that brings nothing would hang until ctest's limit.
#include "feeds/tape/tape_server.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <gtest/gtest.h>

namespace tariff {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

const std::string kAuth = R"({"action":"auth","key":"k","secret":"s"})";
const std::string kAllNews = R"({"action":"subscribe","news":["*"]})";
const std::string kAllQuotes = R"({"action":"subscribe","quotes":["*"]})";

std::string news_line(int id, std::size_t content_bytes = 0) {
  return R"({"at":"2025-10-10T20:50:04Z","type":"news","id":)" + std::to_string(id) +
         R"(,"headline":"H","source":"wire","content":")" + std::string(content_bytes, 'x') +
         "\"}\n";
}
std::string quote_line(const std::string& symbol) {
  return R"({"at":"2025-10-10T20:50:05Z","type":"quote","symbol":")" + symbol +
         R"(","bid":1.5,"ask":1.6})" + "\n";
}

/// A server on its own thread, from construction to the end of the test.
class RunningTape {
 public:
  explicit RunningTape(const std::string& lines, TapeOptions options = {})
      : file_(std::filesystem::temp_directory_path() /
              ("tape-server-test-" + std::to_string(::getpid()) + ".ndjson")) {
    std::ofstream(file_) << lines;
    options.files = {file_.string()};
    std::promise<std::uint16_t> listening;
    options.on_listening = [&](std::uint16_t port, const std::string&) {
      listening.set_value(port);
    };
    auto port = listening.get_future();
    thread_ = std::jthread([this, options](const std::stop_token& stop) {
      result_.set_value(run_tape(options, stop));
    });
    port_ = port.get();
  }
  ~RunningTape() { std::filesystem::remove(file_); }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// What run_tape returned, after it was asked to stop.
  TapeStats stop() {
    thread_.request_stop();
    return wait();
  }
  /// What run_tape returned by itself.
  TapeStats wait() {
    const auto result = result_.get_future().get();
    EXPECT_TRUE(result);
    return *result;
  }

 private:
  std::filesystem::path file_;
  std::uint16_t port_ = 0;
  std::promise<Result<TapeStats>> result_;
  std::jthread thread_;
};

class Client {
 public:
  Client(std::uint16_t port, const std::string& path, bool deflate = false) : ws_(io_) {
    // Small, so that a client that does not read is full soon.
    ws_.next_layer().open(tcp::v4());
    ws_.next_layer().set_option(asio::socket_base::receive_buffer_size(64 << 10));
    ws_.next_layer().connect({asio::ip::address_v4::loopback(), port});
    websocket::permessage_deflate options;
    options.client_enable = deflate;
    ws_.set_option(options);
    ws_.read_message_max(0);
    websocket::response_type response;
    ws_.handshake(response, "127.0.0.1", path, error_);
    extensions_ = std::string(response["Sec-WebSocket-Extensions"]);
  }

  [[nodiscard]] const error_code& error() const { return error_; }
  [[nodiscard]] const std::string& extensions() const { return extensions_; }
  [[nodiscard]] tcp::socket& socket() { return ws_.next_layer(); }

  void send(const std::string& message, bool binary = false) {
    ws_.binary(binary);
    ws_.write(asio::buffer(message), error_);
  }
  /// The next message; empty when the connection has ended (see error()).
  std::string read() {
    beast::flat_buffer buffer;
    ws_.read(buffer, error_);
    return error_ ? std::string{} : beast::buffers_to_string(buffer.data());
  }
  std::string ask(const std::string& message, bool binary = false) {
    send(message, binary);
    return read();
  }
  /// Through greeting, auth and subscription.
  Client& join(const std::string& subscription) {
    (void)read();
    (void)ask(kAuth);
    (void)ask(subscription);
    return *this;
  }

 private:
  asio::io_context io_;
  websocket::stream<tcp::socket> ws_;
  error_code error_;
  std::string extensions_;
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

/// All messages until the server closes, one after the other.
std::string read_all(Client& client) {
  std::string all;
  for (std::string message = client.read(); !message.empty(); message = client.read())
    all += message;
  EXPECT_EQ(client.error(), websocket::error::closed);
  return all;
}

TEST(TapeServer, PlaysTheTapeOnceToAllWhoAreThereAndEnds) {
  RunningTape tape(news_line(1) + quote_line("SPY") + quote_line("BTC/USD"),
                   {.speed = 60, .clients_to_start = 3, .once = true});
  Client news(tape.port(), "/v1beta1/news");
  Client stocks(tape.port(), "/v2/iex?feed=x");
  Client crypto(tape.port(), "/v1beta3/crypto/us");
  news.join(kAllNews);
  stocks.join(kAllQuotes);
  crypto.join(kAllQuotes);
  EXPECT_EQ(count(read_all(news), R"("T":"n","id":1,)"), 1U);
  EXPECT_EQ(count(read_all(stocks), R"("S":"SPY")"), 1U);
  EXPECT_EQ(count(read_all(crypto), R"("S":"BTC/USD")"), 1U);
  const TapeStats stats = tape.wait();
  EXPECT_EQ(stats.news_on_tape, 1U);
  EXPECT_EQ(stats.quotes_on_tape, 2U);
  EXPECT_EQ(stats.items_sent, 3U);
  EXPECT_EQ(stats.clients, 3U);
}

TEST(TapeServer, LosesNothingAtFullSpeed) {
  std::string lines;
  constexpr std::size_t kQuotes = 30'000;
  for (std::size_t i = 0; i < kQuotes; ++i)
    lines += quote_line("SPY");
  RunningTape tape(lines, {.speed = 0, .clients_to_start = 2, .once = true});
  Client first(tape.port(), "/v2/sip");
  Client second(tape.port(), "/v2/sip", true);
  EXPECT_EQ(first.extensions(), "");
  EXPECT_NE(second.extensions().find("permessage-deflate"), std::string::npos);
  first.join(kAllQuotes);
  second.join(kAllQuotes);
  // The second reads on its own thread: at full speed the tape waits for the slowest.
  auto seen_by_second = std::async(std::launch::async, [&] { return read_all(second); });
  EXPECT_EQ(count(read_all(first), R"("T":"q")"), kQuotes);
  EXPECT_EQ(count(seen_by_second.get(), R"("T":"q")"), kQuotes);
  EXPECT_EQ(tape.wait().clients_dropped, 0U);
}

TEST(TapeServer, TellsASlowClient407AndKeepsServingTheOthers) {
  // 20 MB for a client that does not read: more than the kernel's buffers hold.
  std::string lines;
  constexpr int kItems = 20;
  for (int id = 1; id <= kItems; ++id)
    lines += news_line(id, 1'000'000);
  RunningTape tape(lines, {.clients_to_start = 2, .behind_items_max = 4});
  Client slow(tape.port(), "/v1beta1/news");
  Client quick(tape.port(), "/v1beta1/news");
  slow.join(kAllNews);
  quick.send("");  // nothing but a sign of life: both are connected before the tape starts
  EXPECT_NE(quick.read().find("connected"), std::string::npos);
  EXPECT_NE(quick.read().find("invalid syntax"), std::string::npos);
  (void)quick.ask(kAuth);
  (void)quick.ask(kAllNews);
  // Both are behind when everything is due at once, so both are told; neither stops the server.
  for (Client* client : {&slow, &quick}) {
    const std::string all = read_all(*client);
    EXPECT_NE(all.find(R"({"T":"error","code":407,"msg":"slow client"})"), std::string::npos);
    EXPECT_LT(count(all, R"("T":"n")"), kItems);
  }
  Client next(tape.port(), "/v1beta1/news");
  EXPECT_NE(next.read().find("connected"), std::string::npos);
  EXPECT_EQ(tape.stop().clients_dropped, 2U);
}

TEST(TapeServer, CutsOffAClientThatTakesNothingWhileAnotherIsServed) {
  std::string lines;
  constexpr std::size_t kItems = 20;
  for (std::size_t id = 1; id <= kItems; ++id)
    lines += news_line(static_cast<int>(id), 1'000'000);
  RunningTape tape(lines, {.speed = 1000,
                           .clients_to_start = 2,
                           .once = true,
                           .stuck_after = std::chrono::milliseconds(300)});
  Client stuck(tape.port(), "/v1beta1/news");
  Client reader(tape.port(), "/v1beta1/news");
  stuck.join(kAllNews);
  reader.join(kAllNews);
  EXPECT_EQ(count(read_all(reader), R"("T":"n")"), kItems);
  EXPECT_EQ(tape.wait().clients_dropped, 1U) << "and the server has ended without it";
}

TEST(TapeServer, OutlivesWhateverAClientSends) {
  RunningTape tape(news_line(1), {.clients_to_start = 9});
  const std::string invalid = R"([{"T":"error","code":400,"msg":"invalid syntax"}])";
  Client json(tape.port(), "/v1beta1/news");
  (void)json.read();
  EXPECT_EQ(json.ask("garbage"), invalid);
  EXPECT_EQ(json.ask(std::string("\x00\xff\x91\xc1", 4), true), invalid);
  EXPECT_EQ(json.ask(std::string(200'000, '[')), invalid);
  EXPECT_NE(json.ask(kAuth).find("authenticated"), std::string::npos);

  Client bad_text(tape.port(), "/v1beta1/news");
  (void)bad_text.read();
  EXPECT_EQ(bad_text.ask("\xff\xfe"), "") << "a text frame that is no UTF-8 ends the connection";

  Client huge(tape.port(), "/v1beta1/news");
  (void)huge.read();
  EXPECT_EQ(huge.ask(std::string(1 << 20, ' ')), "") << "so does a message above the limit";

  Client raw(tape.port(), "/v1beta1/news");
  (void)raw.read();
  asio::write(raw.socket(), asio::buffer(std::string(100, '\xff')));
  EXPECT_EQ(raw.read(), "") << "so does what is no WebSocket frame";

  asio::io_context io;
  for (const std::string& bytes :
       {std::string(100'000, 'A'), std::string("GET / HTTP/1.1\r\n\r\n"), std::string(64, '\0')}) {
    tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), tape.port()});
    error_code ec;
    asio::write(socket, asio::buffer(bytes), ec);
    std::string answer(4'096, '\0');
    while (!ec)
      socket.read_some(asio::buffer(answer), ec);
  }
  EXPECT_EQ(json.ask(kAllNews), R"([{"T":"subscription","news":["*"]}])");
  (void)tape.stop();
}

TEST(TapeServer, EndsAClientThatAsksOnWithoutReadingTheAnswers) {
  std::promise<void> ended;
  TapeOptions options{.clients_to_start = 9};
  options.on_notice = [&](std::string_view line) {
    if (line.find("left: asks on without reading the answers") != std::string_view::npos)
      ended.set_value();
  };
  RunningTape tape(news_line(1), options);
  Client client(tape.port(), "/v2/iex");
  std::string symbols;
  for (int i = 0; i < 5'000; ++i)
    symbols += (i == 0 ? "\"SYM" : ",\"SYM") + std::to_string(i) + '"';
  client.join(R"({"action":"subscribe","bars":[)" + symbols + "]}");
  // Each answer is 50 kB, and a thousand of them is more than the kernel's buffers hold.
  for (int i = 0; i < 1'000 && !client.error(); ++i)
    client.send(R"({"action":"subscribe"})");
  ended.get_future().wait();
  (void)tape.stop();
}

TEST(TapeServer, RefusesOtherPathsAndPlainRequests) {
  RunningTape tape(news_line(1));
  EXPECT_EQ(Client(tape.port(), "/v3/gossip").error(), websocket::error::upgrade_declined);
  asio::io_context io;
  tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), tape.port()});
  asio::write(socket, asio::buffer(std::string("GET /v1beta1/news HTTP/1.1\r\nHost: x\r\n\r\n")));
  beast::flat_buffer buffer;
  beast::http::response<beast::http::string_body> response;
  beast::http::read(socket, buffer, response);
  EXPECT_EQ(response.result(), beast::http::status::upgrade_required);
  (void)tape.stop();
}

TEST(TapeServer, FailsBeforeItListensAndSaysWhy) {
  const auto failure = [](TapeOptions options) {
    options.on_listening = [](std::uint16_t, const std::string&) { ADD_FAILURE() << "listens"; };
    const auto result = run_tape(options, {});
    EXPECT_FALSE(result);
    return result ? Error{} : result.error();
  };
  EXPECT_EQ(failure({}).exit_code, 64);
  EXPECT_EQ(failure({.files = {"x"}, .speed = -1}).what,
            "speed -1 is neither 0 nor between 0.001 and 1000000");
  EXPECT_EQ(failure({.files = {"x"}, .once = true, .loop = true}).what,
            "a tape plays either once or in a loop");
  EXPECT_EQ(failure({.files = {"x"}, .certificate_file = "c.pem"}).what,
            "TLS takes both a certificate and its private key");
  EXPECT_EQ(failure({.files = {"/nonexistent"}}).exit_code, 66);

  const std::string demo = std::string(TARIFF_SOURCE_DIR) + "/config/demo/october-2025.ndjson";
  EXPECT_EQ(failure({.files = {demo}, .address = "localhost"}).what,
            "'localhost' is not an address");
  const Error no_certificate = failure(
      {.files = {demo}, .certificate_file = "/nonexistent", .private_key_file = "/nonexistent"});
  EXPECT_EQ(no_certificate.exit_code, 66);
  EXPECT_EQ(no_certificate.what.find("/nonexistent: not a PEM certificate that can be read: "), 0U);

  asio::io_context io;
  const tcp::acceptor taken(io, {asio::ip::address_v4::loopback(), 0});
  const auto port = taken.local_endpoint().port();
  const Error in_use = failure({.files = {demo}, .port = port});
  EXPECT_EQ(in_use.exit_code, 69);
  EXPECT_EQ(in_use.what, "cannot listen on 127.0.0.1:" + std::to_string(port) +
                             ": Address already in use; choose another --port");
}

}  // namespace
}  // namespace tariff
