#include "feeds/transport/feed_session.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace tariff {
namespace {

std::int64_t to_ns(std::chrono::milliseconds time) {
  return std::chrono::nanoseconds(time).count();
}

LogLevel level_of(FeedState state) {
  switch (state) {
    case FeedState::Starting:
    case FeedState::Up:
    case FeedState::Ended:
      return LogLevel::Info;
    case FeedState::Silent:
    case FeedState::Down:
      return LogLevel::Warning;
    case FeedState::Failed:
      return LogLevel::Error;
  }
  return LogLevel::Info;
}

}  // namespace

FeedSession::FeedSession(FeedSpec spec, std::unique_ptr<Protocol> protocol, LinkMaker make_link,
                         FeedOutput& output, Counters& counters, std::uint64_t seed)
    : spec_(std::move(spec)),
      protocol_(std::move(protocol)),
      make_link_(std::move(make_link)),
      output_(output),
      counters_(counters),
      backoff_(spec_.transport.reconnect_min, spec_.transport.reconnect_max, seed) {}

FeedSession::~FeedSession() {
  stop();
}

void FeedSession::start(Stamp now) {
  output_.push(FeedStatus{.at = now,
                          .feed = spec_.id,
                          .state = FeedState::Starting,
                          .reason = decltype(FeedStatus::reason)("starting")});
  for (const std::string& warning : spec_.warnings)
    log(LogLevel::Warning, warning);
  connect(now);
}

void FeedSession::stop() noexcept {
  phase_ = Phase::Done;
  if (link_) link_->close();
  link_.reset();
}

void FeedSession::tick(Stamp now) {
  switch (phase_) {
    case Phase::Waiting:
      if (now.mono >= due_) connect(now);
      return;
    case Phase::Connecting:
      if (now.mono >= due_) {
        go_down(fmt::format("no connection to {} within {} ms", spec_.transport.endpoint.to_text(),
                            spec_.transport.connect_timeout.count()),
                false, now);
      }
      return;
    case Phase::Open: {
      const std::shared_ptr<Link> link = link_;  // its tick may end it
      link->tick(now.mono);
      if (phase_ != Phase::Open) return;
      const Verdict verdict = protocol_->on_tick(now.mono, *this);
      act(verdict, now);
      watch_silence(now);
      return;
    }
    case Phase::Done:
      return;
  }
}

void FeedSession::connect(Stamp now) {
  phase_ = Phase::Connecting;
  due_ = now.mono + to_ns(spec_.transport.connect_timeout);
  told_bad_ = false;
  link_ = make_link_(*this);
  const std::shared_ptr<Link> link = link_;  // open() may end it
  link->open();
}

void FeedSession::on_open(std::string_view detail, Stamp at) {
  phase_ = Phase::Open;
  link_detail_ = detail;
  last_frame_ = at.mono;
  connected_ = true;
  ++connection_;
  counters_.add(spec_.id, FeedCounter::Connects);
  output_.raw(spec_.id, RawInputBody::Kind::Connected, connection_, at, {});
  act(protocol_->on_connected(at.mono, *this), at);
}

void FeedSession::on_frame(const Frame& frame) {
  counters_.add(spec_.id, FeedCounter::Frames);
  counters_.add(spec_.id, FeedCounter::Bytes, frame.bytes);
  last_frame_ = frame.received.mono;
  const Verdict verdict = protocol_->on_frame(frame, output_, *this);
  output_.raw(spec_.id, RawInputBody::Kind::Frame, connection_, frame.received, frame.view());
  if (verdict.redelivered != 0) {
    counters_.add(spec_.id, FeedCounter::Redelivered, verdict.redelivered);
  }
  if (state_ == FeedState::Silent) tell(FeedState::Up, "frames come again", "", frame.received);
  act(verdict, frame.received);
}

void FeedSession::on_bad_frame(std::string_view why, Stamp at) {
  act({.next = Next::BadFrame, .reason = why, .redelivered = 0}, at);
}

void FeedSession::on_end(LinkEnd end, std::string_view why, Stamp at) {
  switch (end) {
    case LinkEnd::Lost:
      go_down(why, false, at);
      return;
    case LinkEnd::Busy:
      go_down(why, true, at);
      return;
    case LinkEnd::CannotListen:
      listen_problem_ = why;
      finish(FeedState::Failed, why, at);
      return;
    case LinkEnd::Denied:
      finish(FeedState::Failed, why, at);
      return;
    case LinkEnd::Finished:
      finish(FeedState::Ended, why, at);
      return;
  }
}

void FeedSession::send(std::string_view message) {
  if (link_) link_->send(message);
}

void FeedSession::act(const Verdict& verdict, Stamp at) {
  switch (verdict.next) {
    case Next::Continue:
      if (!verdict.reason.empty()) log(LogLevel::Info, verdict.reason);
      return;
    case Next::Ready:
      go_up(verdict.reason, at);
      return;
    case Next::BadFrame:
      counters_.add(spec_.id, FeedCounter::BadFrames);
      if (!std::exchange(told_bad_, true)) {
        log(LogLevel::Warning,
            fmt::format("{}; what was bad is dropped, and more of it on this connection is only "
                        "counted",
                        verdict.reason));
      }
      return;
    case Next::Retry:
      log(LogLevel::Warning, verdict.reason);
      return;
    case Next::Reconnect:
      go_down(verdict.reason, false, at);
      return;
    case Next::ReconnectSlowly:
      go_down(verdict.reason, true, at);
      return;
    case Next::Fatal:
      finish(FeedState::Failed, verdict.reason, at);
      return;
  }
}

void FeedSession::go_up(std::string_view reason, Stamp at) {
  up_since_ = at.mono;
  last_frame_ = at.mono;
  tell(FeedState::Up, reason.empty() ? link_detail_ : fmt::format("{}, {}", link_detail_, reason),
       "", at);
}

void FeedSession::go_down(std::string_view why, bool slowly, Stamp at) {
  const std::string cause(why);  // may live in the link
  drop_link(at);
  const bool was_stable =
      up_since_.ns != 0 && at.mono - up_since_ >= to_ns(spec_.transport.stable_after);
  if (was_stable) backoff_.reset();
  up_since_ = {};
  const auto wait = slowly ? backoff_.jittered(spec_.transport.reconnect_slow) : backoff_.next();
  phase_ = Phase::Waiting;
  due_ = at.mono + to_ns(wait);
  tell(FeedState::Down, cause, fmt::format("retrying in {} ms", wait.count()), at);
}

void FeedSession::finish(FeedState state, std::string_view why, Stamp at) {
  const std::string cause(why);
  drop_link(at);
  phase_ = Phase::Done;
  tell(state, cause, state == FeedState::Failed ? "stays down until restart" : "", at);
}

void FeedSession::drop_link(Stamp at) noexcept {
  if (link_) link_->close();
  link_.reset();
  if (std::exchange(connected_, false)) {
    output_.raw(spec_.id, RawInputBody::Kind::Disconnected, connection_, at, {});
  }
}

void FeedSession::watch_silence(Stamp now) {
  const auto limit = spec_.transport.silent_after;
  if (phase_ != Phase::Open || state_ != FeedState::Up || limit.count() == 0) return;
  if (now.mono - last_frame_ < to_ns(limit)) return;
  const std::string cause = fmt::format("no frame for {} ms", limit.count());
  tell(FeedState::Silent, cause,
       spec_.transport.reconnect_when_silent ? "connecting anew" : "still connected", now);
  if (spec_.transport.reconnect_when_silent) go_down(cause, false, now);
}

void FeedSession::tell(FeedState state, std::string_view cause, std::string_view remedy, Stamp at) {
  const bool changed = state != state_;
  if (!changed && cause == cause_) return;
  state_ = state;
  cause_ = cause;
  const std::string text =
      remedy.empty() ? std::string(cause) : fmt::format("{}; {}", cause, remedy);
  if (changed) {
    output_.push(FeedStatus{
        .at = at, .feed = spec_.id, .state = state, .reason = decltype(FeedStatus::reason)(text)});
  }
  log(level_of(state), fmt::format("{}: {}", to_text(state), text));
}

void FeedSession::log(LogLevel level, std::string_view text) {
  output_.log(level, fmt::format("feed {}: {}", spec_.name, text));
}

}  // namespace tariff
