#include "daemon/replay_timeline.h"

#include <algorithm>

#include <fmt/format.h>
#include <sysexits.h>

namespace tariff {
namespace {

/// Files know the wall clock only, and what a journal stamped must stand among them.
Stamp on_wall(Stamp at) {
  return {.mono = {at.wall.ns}, .wall = at.wall};
}

WallNs time_of(const Event& event) {
  if (const auto* headline = std::get_if<Headline>(&event)) return headline->received.wall;
  return std::get<FeedStatus>(event).at.wall;
}

}  // namespace

void ReplayTimeline::take(const Headline& headline) {
  if (headline.received.wall.ns == 0) {
    ++untimed_;
    return;
  }
  ++headlines_;
  Headline copy = headline;
  copy.received = on_wall(headline.received);
  events_.emplace_back(copy);
}

void ReplayTimeline::take(const Quote& quote) {
  if (quote.received.wall.ns == 0) {
    ++untimed_;
    return;
  }
  quotes_.push_back(quote);
  quotes_.back().received = on_wall(quote.received);
}

void ReplayTimeline::take(const FeedStatus& status) {
  FeedStatus copy = status;
  copy.at = on_wall(status.at);
  events_.emplace_back(copy);
}

void ReplayTimeline::take_bars(const std::string& symbol, const study::Prices& bars) {
  bars_[symbol] = bars;
}

void ReplayTimeline::play(ReplaySink& sink) {
  std::vector<Quote> quotes = quotes_;
  for (const auto& [symbol, bars] : bars_) {
    for (const study::Price& price : bars.all()) {
      quotes.push_back({.received = on_wall({.mono = {}, .wall = price.at}),
                        .published = price.at,
                        .symbol = Symbol(symbol),
                        .bid = price.value,
                        .ask = price.value});
    }
  }
  std::stable_sort(quotes.begin(), quotes.end(), [](const Quote& a, const Quote& b) {
    return a.received.wall < b.received.wall;
  });
  std::vector<std::size_t> order(events_.size());  // an event is too large to be moved about
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
    return time_of(events_[a]) < time_of(events_[b]);
  });
  auto quote = quotes.begin();
  for (const std::size_t i : order) {
    for (; quote != quotes.end() && quote->received.wall <= time_of(events_[i]); ++quote)
      sink.take(*quote);
    if (const auto* headline = std::get_if<Headline>(&events_[i])) sink.take(*headline);
    if (const auto* status = std::get_if<FeedStatus>(&events_[i])) sink.take(*status);
  }
  for (; quote != quotes.end(); ++quote)
    sink.take(*quote);
}

Result<study::PricesBySymbol> ReplayTimeline::prices() const {
  std::map<std::string, std::vector<study::Price>> quoted;
  for (const Quote& quote : quotes_) {
    if (!quote.usable()) continue;
    quoted[std::string(quote.symbol.view())].push_back({quote.received.wall, quote.mid()});
  }
  study::PricesBySymbol all = bars_;
  for (auto& [symbol, prices] : quoted) {
    if (!all.emplace(symbol, study::Prices(std::move(prices), 0)).second) {
      return Error{fmt::format("{} has both bars and quotes; replay one of them", symbol),
                   EX_DATAERR};
    }
  }
  return all;
}

}  // namespace tariff
