// signals/publish/publisher_connections.cc - Who connects, and what they ask for.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "core/clock.h"
#include "signals/publish/connection_message.h"
#include "signals/publish/listen_socket.h"
#include "signals/publish/publisher_impl.h"

namespace tariff {
namespace {

using boost::asio::local::stream_protocol;
using boost::system::error_code;
using State = Subscriber::State;

/// When the process has no descriptors left, accepting rests so long.
constexpr std::int64_t kAcceptRestNs = 100 * kNsPerMs;

}  // namespace

Publisher::Impl::~Impl() {
  for (const SubscriberPtr& s : subscribers_)
    s->close();
  close_acceptor();
}

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
  const std::size_t open_before = open_count();
  auto s = std::make_shared<Subscriber>(std::move(socket), now_mono(), live_next_);
  subscribers_.push_back(s);
  if (!users_.empty()) {
    ucred peer{};
    socklen_t size = sizeof peer;
    const bool known = ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    if (!known || std::find(users_.begin(), users_.end(), peer.uid) == users_.end()) {
      return refuse(s,
                    fmt::format("user {} is not on the list of those who may connect", peer.uid));
    }
  }
  if (open_before >= options_.subscribers_max) {
    return refuse(s,
                  fmt::format("all {} places for subscribers are taken", options_.subscribers_max));
  }
  read(s);
}

std::size_t Publisher::Impl::open_count() const noexcept {
  const auto count = std::count_if(subscribers_.begin(), subscribers_.end(),
                                   [](const SubscriberPtr& s) { return s->open(); });
  return static_cast<std::size_t>(count);
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
  if (request->op == Request::Op::Status) {
    s->send_last(status_line_() + "\n");
    return after_send(s);
  }
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

}  // namespace tariff
