#include "feeds/transport/feed_host.h"

#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "core/clock.h"
#include "feeds/transport/feed_session.h"
#include "feeds/transport/links.h"

namespace tariff {
namespace {

constexpr int kExitUnavailable = 69;  // EX_UNAVAILABLE
/// How long stop() lets the closing handshakes take: a provider that misses ours may hold our place
/// for a minute, and refuse us after a restart.
constexpr std::chrono::milliseconds kCloseTime{200};

}  // namespace

struct FeedHost::Impl {
  Impl(std::vector<FeedSpec> specs, FeedOutput& output, Counters& counters,
       FeedHostOptions host_options)
      : options(host_options), io(1), timer(io) {
    const auto seed = static_cast<std::uint64_t>(now_wall().ns);
    for (FeedSpec& spec : specs) {
      std::unique_ptr<Protocol> protocol = make_protocol(spec);
      LinkMaker links = make_links(io, spec.transport, protocol->upgrade_headers());
      const auto id = static_cast<std::uint64_t>(spec.id);
      sessions.push_back(std::make_unique<FeedSession>(
          std::move(spec), std::move(protocol), std::move(links), output, counters, seed + id));
    }
  }

  void tick_later() {
    timer.expires_after(options.tick_every);
    timer.async_wait([this](boost::system::error_code error) {
      if (error) return;
      const Stamp now = now_stamp();
      for (const auto& session : sessions)
        session->tick(now);
      tick_later();
    });
  }

  const FeedHostOptions options;
  boost::asio::io_context io;
  boost::asio::steady_timer timer;
  std::vector<std::unique_ptr<FeedSession>> sessions;
};

FeedHost::FeedHost(std::vector<FeedSpec> specs, FeedOutput& output, Counters& counters,
                   FeedHostOptions options)
    : impl_(std::make_unique<Impl>(std::move(specs), output, counters, options)) {}

FeedHost::~FeedHost() {
  stop();
}

boost::system::result<void, Error> FeedHost::start() {
  std::string problems;
  for (const auto& session : impl_->sessions) {
    session->start(now_stamp());
    if (session->listen_problem().empty()) continue;
    problems += fmt::format("{}feed {}: {}", problems.empty() ? "" : "; ", session->name(),
                            session->listen_problem());
  }
  if (!problems.empty()) {
    return Error{.what = problems + "; choose another url, or stop whoever has it",
                 .exit_code = kExitUnavailable};
  }
  impl_->tick_later();
  return {};
}

void FeedHost::stop() noexcept {
  for (const auto& session : impl_->sessions)
    session->stop();
  impl_->timer.cancel();
  impl_->io.restart();
  impl_->io.run_for(kCloseTime);
}

boost::asio::io_context& FeedHost::context() noexcept {
  return impl_->io;
}

std::size_t FeedHost::work() noexcept {
  // One read at a time: a scorer that shares the thread empties the hand-off before the next one,
  // so that a burst waits in the socket instead of being dropped.
  return impl_->io.poll_one();
}

void FeedHost::wait(std::chrono::nanoseconds max) noexcept {
  impl_->io.run_one_for(max);
}

}  // namespace tariff
