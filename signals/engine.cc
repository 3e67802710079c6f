#include "signals/engine.h"

namespace tariff {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;  // clang 14 does not deduce aggregates by itself

}  // namespace

Engine::Engine(std::unique_ptr<Desk> desk, std::vector<FeedInfo> feeds, RecordSink& journal,
               Counters& counters, EngineOptions options, NowFn now)
    : desk_(std::move(desk)),
      feeds_(std::move(feeds)),
      journal_(journal),
      counters_(counters),
      options_(options),
      now_(now),
      stories_(options.story_window_ns) {}

Engine::~Engine() {
  delete offered_.load();
  delete retired_.load();
}

void Engine::on_event(const Event& event) noexcept {
  std::visit(Overloaded{[this](const Headline& headline) { handle(headline); },
                        [this](const FeedStatus& status) { handle(status); },
                        [this](const Notice& notice) { handle(notice); }},
             event);
}

void Engine::on_quote(const Quote& quote) noexcept {
  if (desk_->board.apply(quote)) counters_.add(Counter::QuotesApplied);
}

void Engine::handle(const FeedStatus& status) noexcept {
  const auto index = static_cast<std::size_t>(status.feed);
  board_[index].state.store(status.state, std::memory_order_relaxed);
  board_[index].since_ns.store(status.at.wall.ns, std::memory_order_relaxed);
  append_status(status.at, {.kind = StatusKind::Feed,
                            .state = status.state,
                            .feed = feeds_[index].name,
                            .text = status.reason});
  const bool blind = !sighted();
  if (blind == blind_told_ || status.state == FeedState::Starting) return;
  blind_told_ = blind;
  append_status(status.at,
                {.kind = blind ? StatusKind::Blind : StatusKind::Sighted,
                 .state = status.state,
                 .text = FixedText<160>(blind ? "no headline feed is up: news will be missed"
                                              : "a headline feed is up again")});
}

void Engine::handle(const Notice& notice) noexcept {
  append_status(notice.at, {.kind = notice.kind, .text = notice.text});
}

bool Engine::sighted() const noexcept {
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    if (feeds_[i].carries_headlines &&
        board_[i].state.load(std::memory_order_relaxed) == FeedState::Up) {
      return true;
    }
  }
  return false;
}

bool Engine::offer(std::unique_ptr<Desk>& desk) noexcept {
  Desk* expected = nullptr;
  if (!offered_.compare_exchange_strong(expected, desk.get(), std::memory_order_release)) {
    return false;
  }
  desk.release();
  return true;
}

void Engine::free_retired() noexcept {
  delete retired_.exchange(nullptr, std::memory_order_acquire);
}

bool Engine::take_offer(Stamp now) noexcept {
  if (offered_.load(std::memory_order_relaxed) == nullptr) return false;
  if (retired_.load(std::memory_order_relaxed) != nullptr) return false;  // not freed yet: wait
  std::unique_ptr<Desk> desk(offered_.exchange(nullptr, std::memory_order_acquire));
  desk->board.adopt(desk_->board);
  desk_.swap(desk);
  retired_.store(desk.release(), std::memory_order_release);
  handle(Notice{.at = now,
                .kind = StatusKind::Reloaded,
                .text = FixedText<160>("new words, rules, exposures and sources are in force")});
  return true;
}

FeedState Engine::feed_state(FeedId feed) const noexcept {
  return board_[static_cast<std::size_t>(feed)].state.load(std::memory_order_relaxed);
}

WallNs Engine::feed_state_since(FeedId feed) const noexcept {
  return {board_[static_cast<std::size_t>(feed)].since_ns.load(std::memory_order_relaxed)};
}

}  // namespace tariff
