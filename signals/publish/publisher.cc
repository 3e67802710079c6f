#include "signals/publish/publisher.h"

#include <algorithm>
#include <limits>
#include <map>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "core/clock.h"
#include "signals/publish/connection_message.h"
#include "signals/publish/json_lines.h"
#include "signals/publish/publisher_impl.h"

namespace tariff {
namespace {

using boost::asio::local::stream_protocol;
using boost::system::error_code;
using State = Subscriber::State;

constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();
/// How often hold times, heartbeats and a stopped accept are looked at.
constexpr std::int64_t kTickNs = 10 * kNsPerMs;

}  // namespace

std::string encoded(std::span<const std::byte> record, Encoding encoding) {
  switch (encoding) {
    case Encoding::Binary:
      return {reinterpret_cast<const char*>(record.data()), record.size()};
    case Encoding::Json: {
      std::string line(16 * record.size() + 256, '\0');
      line.resize(write_json_line(record, line));
      return line;
    }
  }
  return {};
}

/// The first heartbeat says that the subscription stands, and where the journal ends.
void Publisher::Impl::start(const SubscriberPtr& s) {
  s->state = State::CatchingUp;
  const auto record = connection_message(RecordType::Heartbeat, live_reader_->session(), now_wall(),
                                         HeartbeatBody{live_next_ - 1});
  s->send_message(encoded(record, s->encoding));
  after_send(s);
  catch_up(s);
}

/// Serves one subscriber from the journal: one batch, so that the others do not wait for long.
void Publisher::Impl::catch_up(const SubscriberPtr& s) {
  if (!s->open() || s->socket_full) return;
  if (!s->flush()) return after_send(s);
  if (s->state == State::Closing) return s->close();
  if (s->reader == nullptr && s->next_seq != live_next_) {
    auto reader = JournalReader::open(options_.journal_directory);
    if (!reader) return refuse(s, reader.error().what);
    s->reader = std::move(*reader);
    s->reader->seek(s->next_seq);
  }
  if (s->next_seq < live_next_) {
    if (catch_up_batch_.fill(*s->reader, s->next_seq, live_next_, now_wall()) > 0) {
      deliver(s, catch_up_batch_);
    } else if (s->next_seq == 0 && !catch_up_batch_.damaged()) {
      s->next_seq = live_next_;  // asked for the oldest record, and none is kept
    } else {
      s->held_up = true;
      if (s->held_up_at != s->next_seq) counters_.add(Counter::SubscribersHeldUp);
      s->held_up_at = s->next_seq;
    }
  }
  if (s->state == State::CatchingUp && s->next_seq == live_next_) {
    s->state = State::Live;
    s->reader.reset();
  }
  if (s->can_go_on()) somebody_behind_ = true;
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
  if (s->reader != nullptr) s->reader->seek(s->next_seq);  // it has read further than was sent
  s->socket.async_wait(stream_protocol::socket::wait_write, [this, s](const error_code& problem) {
    if (problem == boost::asio::error::operation_aborted || !s->open()) return;
    s->socket_full = false;
    somebody_behind_ = true;
  });
}

// PATH 7/7: what was committed goes to every subscriber that keeps up.
std::size_t Publisher::Impl::work() noexcept {
  const MonoNs now = now_mono();
  const std::size_t records = live_batch_.fill(*live_reader_, live_next_, kNoEnd, now_wall());
  if (records > 0) {
    live_next_ = live_batch_.next_seq();
    retry_held_up();  // a segment is sealed right before the next one's first record
    for (const SubscriberPtr& s : subscribers_) {
      if (s->state == State::Live) deliver(s, live_batch_);
    }
  }
  const bool behind = somebody_behind_;
  if (behind) serve_one_behind();
  if (now - ticked_at_ >= kTickNs) {
    ticked_at_ = now;
    tick(now);
  }
  return records + (behind ? 1 : 0);
}

/// One a round, in turn: those who are up to date wait for one batch at most.
void Publisher::Impl::serve_one_behind() {
  somebody_behind_ = false;
  for (std::size_t i = 0; i < subscribers_.size(); ++i) {
    turn_ = (turn_ + 1) % subscribers_.size();
    const SubscriberPtr& s = subscribers_[turn_];
    if (s->can_go_on()) {
      somebody_behind_ = true;  // until a round finds nobody
      return catch_up(s);
    }
  }
}

void Publisher::Impl::retry_held_up() noexcept {
  for (const SubscriberPtr& s : subscribers_) {
    somebody_behind_ = somebody_behind_ || s->held_up;
    s->held_up = false;
  }
}

void Publisher::Impl::tick(MonoNs now) {
  const std::int64_t hold_ns = std::chrono::nanoseconds(options_.request_within).count();
  for (const SubscriberPtr& s : subscribers_) {
    if (s->state == State::Holding && now - s->accepted_at >= hold_ns) start(s);
    const bool waits_for_records = s->state == State::Live || s->state == State::CatchingUp;
    if (live_batch_.damaged() && waits_for_records) {
      refuse(s, fmt::format("the journal is damaged at message {}; restart tariffd", live_next_));
    }
  }
  const std::int64_t heartbeat_ns = std::chrono::nanoseconds(options_.heartbeat_every).count();
  if (now - heartbeat_at_ >= heartbeat_ns) {
    heartbeat_at_ = now;
    retry_held_up();  // a file that could not be opened may have been the cause
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
  std::map<Encoding, std::string> messages;  // each made once, if somebody wants it
  for (const SubscriberPtr& s : subscribers_) {
    // One that does not read must not keep a deleted segment, and its disk space, in use.
    if (s->socket_full) s->reader.reset();
    if (s->state != State::Live) continue;
    const auto [message, made] = messages.try_emplace(s->encoding);
    if (made) message->second = encoded(record, s->encoding);
    s->send_message(message->second);
    after_send(s);
  }
}

bool Publisher::Impl::everyone_served() const noexcept {
  return std::all_of(subscribers_.begin(), subscribers_.end(), [](const SubscriberPtr& s) {
    return s->state == State::Live || s->state == State::Closed ||
           (s->state == State::CatchingUp && s->held_up);
  });
}

void Publisher::Impl::stop() noexcept {
  close_acceptor();
  const MonoNs end = now_mono() + std::chrono::nanoseconds(options_.stop_within).count();
  for (const SubscriberPtr& s : subscribers_) {
    if (s->state == State::Holding) start(s);
  }
  while (now_mono() < end && (work() > 0 || !everyone_served())) {
    if (somebody_behind_) continue;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for (const SubscriberPtr& s : subscribers_)
      s->socket_full = false;  // nobody runs the handlers that would say so
    somebody_behind_ = true;
  }
  for (const SubscriberPtr& s : subscribers_)
    s->close();
  tick(now_mono());
}

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
