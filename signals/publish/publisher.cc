#include "signals/publish/publisher.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <thread>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <fmt/format.h>

#include "core/clock.h"
#include "signals/publish/connection_message.h"
#include "signals/publish/json_lines.h"
#include "signals/publish/listen_socket.h"
#include "signals/publish/record_batch.h"
#include "signals/publish/subscriber.h"

namespace tariff {
namespace {

using boost::asio::local::stream_protocol;
using boost::system::error_code;
using SubscriberPtr = std::shared_ptr<Subscriber>;
using State = Subscriber::State;

constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();
/// How often hold times, heartbeats and a stopped accept are looked at.
constexpr std::int64_t kTickNs = 10 * kNsPerMs;
/// Batches that one subscriber is served from the journal before it is somebody else's turn.
constexpr int kCatchUpBatches = 4;
/// When the process has no descriptors left, accepting rests so long.
constexpr std::int64_t kAcceptRestNs = 100 * kNsPerMs;

std::string json_of(std::span<const std::byte> record) {
  std::string line(kJsonLineBytesMax, '\0');
  line.resize(write_json_line(record, line));
  return line;
}

std::string encoded(std::span<const std::byte> record, Encoding encoding) {
  if (encoding == Encoding::Json) return json_of(record);
  return {reinterpret_cast<const char*>(record.data()), record.size()};
}

}  // namespace

class Publisher::Impl {
 public:
  Impl(boost::asio::io_context& context, PublisherOptions options, Counters& counters,
       std::function<std::string()> status_line)
      : options_(std::move(options)),
        counters_(counters),
        status_line_(std::move(status_line)),
        acceptor_(context) {}
  ~Impl() {
    for (const SubscriberPtr& s : subscribers_)
      s->close();
    close_acceptor();
  }

  [[nodiscard]] Result<void> open();
  std::size_t work() noexcept;
  void stop() noexcept;
  [[nodiscard]] std::size_t open_count() const noexcept { return subscribers_.size(); }

 private:
  // Connections.
  void accept();
  void admit(stream_protocol::socket socket);
  void close_acceptor() noexcept;
  void read(const SubscriberPtr& s);
  void on_input(const SubscriberPtr& s, std::string_view bytes);
  void on_input_end(const SubscriberPtr& s);
  void on_request(const SubscriberPtr& s, std::string_view line);
  void refuse(const SubscriberPtr& s, std::string_view why);

  // Sending.
  void start(const SubscriberPtr& s);
  void catch_up(const SubscriberPtr& s);
  void deliver(const SubscriberPtr& s, RecordBatch& batch);
  void after_send(const SubscriberPtr& s);
  void wait_until_writable(const SubscriberPtr& s);
  void tick(MonoNs now);
  void send_heartbeats();
  [[nodiscard]] bool serve_those_behind();
  [[nodiscard]] bool everyone_served() const noexcept;

  PublisherOptions options_;
  Counters& counters_;
  std::function<std::string()> status_line_;
  std::vector<unsigned> users_;
  stream_protocol::acceptor acceptor_;
  bool unlink_at_end_ = false;
  bool accepting_ = false;
  MonoNs accept_rests_until_;
  MonoNs ticked_at_;
  MonoNs heartbeat_at_;

  std::unique_ptr<JournalReader> live_reader_;
  std::uint64_t live_next_ = 1;  // first record that live subscribers have not been sent
  RecordBatch live_batch_;
  RecordBatch catch_up_batch_;
  std::vector<SubscriberPtr> subscribers_;
  bool somebody_behind_ = false;  // and its socket is not known to be full
};

Result<void> Publisher::Impl::open() {
  auto users = find_users(options_.users);
  if (!users) return users.error();
  users_ = std::move(*users);
  auto reader = JournalReader::open(options_.journal_directory);
  if (!reader) return reader.error();
  live_reader_ = std::move(*reader);
  live_next_ = live_reader_->seek_end() + 1;

  int fd = options_.listen_fd;
  if (fd >= 0) {
    if (auto adopted = adopt_listen_socket(fd); !adopted) return adopted.error();
  } else {
    auto opened = open_listen_socket({.path = options_.socket_path,
                                      .mode = options_.socket_mode,
                                      .group = options_.socket_group});
    if (!opened) return opened.error();
    fd = *opened;
    unlink_at_end_ = true;
  }
  error_code problem;
  acceptor_.assign(stream_protocol(), fd, problem);
  if (problem) {
    return Error{fmt::format("signal socket {}: {}", options_.socket_path, problem.message())};
  }
  heartbeat_at_ = ticked_at_ = now_mono();
  accept();
  return {};
}

// ---- Connections

void Publisher::Impl::accept() {
  accepting_ = true;
  acceptor_.async_accept([this](const error_code& problem, stream_protocol::socket socket) {
    if (problem == boost::asio::error::operation_aborted) return;
    accepting_ = false;
    if (problem) {
      accept_rests_until_ = now_mono() + kAcceptRestNs;
      return;
    }
    admit(std::move(socket));
    accept();
  });
}

void Publisher::Impl::admit(stream_protocol::socket socket) {
  counters_.add(Counter::SubscribersAccepted);
  const int fd = socket.native_handle();
  if (options_.send_buffer_bytes > 0) {
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &options_.send_buffer_bytes,
                 sizeof options_.send_buffer_bytes);
  }
  auto s = std::make_shared<Subscriber>(std::move(socket), now_mono(), live_next_);
  if (!users_.empty()) {
    ucred peer{};
    socklen_t size = sizeof peer;
    const bool known = ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    if (!known || std::find(users_.begin(), users_.end(), peer.uid) == users_.end()) {
      return refuse(s,
                    fmt::format("user {} is not on the list of those who may connect", peer.uid));
    }
  }
  if (subscribers_.size() >= options_.subscribers_max) {
    return refuse(s,
                  fmt::format("all {} places for subscribers are taken", options_.subscribers_max));
  }
  subscribers_.push_back(s);
  read(s);
}

void Publisher::Impl::close_acceptor() noexcept {
  if (!acceptor_.is_open()) return;
  error_code none;
  acceptor_.close(none);
  if (unlink_at_end_) ::unlink(options_.socket_path.c_str());
}

void Publisher::Impl::read(const SubscriberPtr& s) {
  s->socket.async_wait(stream_protocol::socket::wait_read, [this, s](const error_code& problem) {
    if (problem == boost::asio::error::operation_aborted || !s->open()) return;
    std::array<char, kRequestBytesMax + 2> bytes;
    const ssize_t count =
        ::recv(s->socket.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count > 0) {
      on_input(s, {bytes.data(), static_cast<std::size_t>(count)});
      if (s->open() && s->state != State::Closing) read(s);
    } else if (count == 0) {
      on_input_end(s);
    } else if (errno == EAGAIN || errno == EINTR) {
      read(s);
    } else {
      s->close();
    }
  });
}

void Publisher::Impl::on_input(const SubscriberPtr& s, std::string_view bytes) {
  if (s->asked) return refuse(s, "one request per connection; connect again for another");
  if (s->state != State::Holding) {
    return refuse(s,
                  fmt::format("the request came after more than {} ms, when everything was already "
                              "being sent as JSON; send it at once",
                              options_.request_within.count()));
  }
  s->request.append(bytes);
  const std::size_t end = s->request.find('\n');
  if (end == std::string::npos) {
    if (s->request.size() > kRequestBytesMax) on_request(s, s->request);
    return;
  }
  if (end + 1 != s->request.size()) {
    return refuse(s, "one request per connection; connect again for another");
  }
  on_request(s, std::string_view(s->request).substr(0, end));
}

/// Half a goodbye: the other side sends no more, and may well go on reading.
void Publisher::Impl::on_input_end(const SubscriberPtr& s) {
  if (s->state != State::Holding) return;
  if (s->request.empty()) return start(s);
  on_request(s, s->request);
}

void Publisher::Impl::on_request(const SubscriberPtr& s, std::string_view line) {
  s->asked = true;
  auto request = parse_request(line);
  if (!request) return refuse(s, request.error().what);
  if (request->op == Request::Op::Status) return s->send_last(status_line_() + "\n"), after_send(s);
  s->encoding = request->encoding;
  s->filter = std::move(request->filter);
  if (request->from_seq) {
    if (*request->from_seq > live_next_) {
      return refuse(s, fmt::format("from_seq {} is ahead of the last message, {}: is this another "
                                   "journal?",
                                   *request->from_seq, live_next_ - 1));
    }
    s->next_seq = *request->from_seq;
  }
  start(s);
}

void Publisher::Impl::refuse(const SubscriberPtr& s, std::string_view why) {
  counters_.add(Counter::SubscribersRefused);
  const auto record = connection_message(RecordType::Error, live_reader_->session(), now_wall(),
                                         ErrorBody{FixedText<256>(why)});
  s->send_last(encoded(record, s->encoding));
  after_send(s);
}

// ---- Sending

/// The first heartbeat says that the subscription stands, and where the journal ends.
void Publisher::Impl::start(const SubscriberPtr& s) {
  s->state = State::CatchingUp;
  const auto record = connection_message(RecordType::Heartbeat, live_reader_->session(), now_wall(),
                                         HeartbeatBody{live_next_ - 1});
  s->send_message(encoded(record, s->encoding));
  after_send(s);
  catch_up(s);
}

/// Serves one subscriber from the journal, for a while, until it is up to date or its socket full.
void Publisher::Impl::catch_up(const SubscriberPtr& s) {
  for (int i = 0; i < kCatchUpBatches; ++i) {
    if (!s->open() || s->socket_full) return;
    if (!s->flush()) return after_send(s);
    if (s->state == State::Closing) return s->close();
    if (s->next_seq == live_next_) {
      s->state = State::Live;
      s->reader.reset();
      return;
    }
    if (s->reader == nullptr) {
      auto reader = JournalReader::open(options_.journal_directory);
      if (!reader) return refuse(s, reader.error().what);
      s->reader = std::move(*reader);
      s->reader->seek(s->next_seq);
    }
    if (catch_up_batch_.fill(*s->reader, s->next_seq, live_next_, now_wall()) == 0) break;
    deliver(s, catch_up_batch_);
  }
  if (s->open() && !s->socket_full) somebody_behind_ = true;
}

void Publisher::Impl::deliver(const SubscriberPtr& s, RecordBatch& batch) {
  const RecordBatch::View view = batch.view(s->encoding, s->filter);
  counters_.add(Counter::RecordsSent, s->send(view, batch.next_seq()));
  after_send(s);
}

/// A full socket makes its subscriber one that is behind.
void Publisher::Impl::after_send(const SubscriberPtr& s) {
  if (!s->open() || !s->socket_full) return;
  if (s->state == State::Live) s->state = State::CatchingUp;
  s->reader.reset();  // it may have read further than was sent
  wait_until_writable(s);
}

void Publisher::Impl::wait_until_writable(const SubscriberPtr& s) {
  s->socket.async_wait(stream_protocol::socket::wait_write, [this, s](const error_code& problem) {
    if (problem == boost::asio::error::operation_aborted || !s->open()) return;
    s->socket_full = false;
    catch_up(s);
  });
}

std::size_t Publisher::Impl::work() noexcept {
  const MonoNs now = now_mono();
  const std::size_t records = live_batch_.fill(*live_reader_, live_next_, kNoEnd, WallNs{});
  if (records > 0) {
    live_next_ = live_batch_.next_seq();
    for (const SubscriberPtr& s : subscribers_) {
      if (s->state == State::Live) deliver(s, live_batch_);
      if (s->state == State::CatchingUp && !s->socket_full) somebody_behind_ = true;
    }
  }
  const bool more = somebody_behind_ && serve_those_behind();
  if (now - ticked_at_ >= kTickNs) {
    ticked_at_ = now;
    tick(now);
  }
  return records + (more ? 1 : 0);
}

bool Publisher::Impl::serve_those_behind() {
  somebody_behind_ = false;
  for (const SubscriberPtr& s : subscribers_) {
    if (s->state == State::CatchingUp && !s->socket_full) catch_up(s);
  }
  return somebody_behind_;
}

void Publisher::Impl::tick(MonoNs now) {
  const std::int64_t hold_ns = std::chrono::nanoseconds(options_.request_within).count();
  for (const SubscriberPtr& s : subscribers_) {
    if (s->state == State::Holding && now - s->accepted_at >= hold_ns) start(s);
    if (live_batch_.damaged() && s->state == State::Live) {
      refuse(s, fmt::format("the journal is damaged at message {}; restart tariffd", live_next_));
    }
  }
  const std::int64_t heartbeat_ns = std::chrono::nanoseconds(options_.heartbeat_every).count();
  if (now - heartbeat_at_ >= heartbeat_ns) {
    heartbeat_at_ = now;
    send_heartbeats();
  }
  const std::size_t closed =
      std::erase_if(subscribers_, [](const SubscriberPtr& s) { return !s->open(); });
  counters_.add(Counter::SubscribersClosed, closed);
  if (!accepting_ && acceptor_.is_open() && now >= accept_rests_until_) accept();
}

/// Only to those who have everything: so a heartbeat also says "nothing is missing up to here".
void Publisher::Impl::send_heartbeats() {
  const auto record = connection_message(RecordType::Heartbeat, live_reader_->session(), now_wall(),
                                         HeartbeatBody{live_next_ - 1});
  const std::string json = json_of(record);
  const std::string binary = encoded(record, Encoding::Binary);
  for (const SubscriberPtr& s : subscribers_) {
    if (s->state != State::Live) continue;
    s->send_message(s->encoding == Encoding::Json ? json : binary);
    after_send(s);
  }
}

bool Publisher::Impl::everyone_served() const noexcept {
  return std::all_of(subscribers_.begin(), subscribers_.end(), [](const SubscriberPtr& s) {
    return s->state == State::Live || s->state == State::Closed;
  });
}

void Publisher::Impl::stop() noexcept {
  close_acceptor();
  const MonoNs end = now_mono() + std::chrono::nanoseconds(options_.stop_within).count();
  for (const SubscriberPtr& s : subscribers_) {
    if (s->state == State::Holding) start(s);
  }
  while (work() > 0 || (!everyone_served() && now_mono() < end)) {
    for (const SubscriberPtr& s : subscribers_) {
      s->socket_full = false;
      if (s->state == State::CatchingUp || s->state == State::Closing) catch_up(s);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  for (const SubscriberPtr& s : subscribers_)
    s->close();
  tick(now_mono());
}

// ---- The outside

Result<std::unique_ptr<Publisher>> Publisher::open(boost::asio::io_context& context,
                                                   const PublisherOptions& options,
                                                   Counters& counters,
                                                   std::function<std::string()> status_line) {
  auto impl = std::make_unique<Impl>(context, options, counters, std::move(status_line));
  if (auto opened = impl->open(); !opened) return opened.error();
  return std::unique_ptr<Publisher>(new Publisher(std::move(impl)));
}

Publisher::Publisher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Publisher::~Publisher() = default;

std::size_t Publisher::work() noexcept {
  return impl_->work();
}
void Publisher::stop() noexcept {
  impl_->stop();
}
std::size_t Publisher::subscribers() const noexcept {
  return impl_->open_count();
}

}  // namespace tariff
