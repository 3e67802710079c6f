#include "daemon/study/prices.h"

#include <algorithm>

namespace tariff::study {
namespace {

bool is_before(WallNs at, const Price& price) {
  return at < price.at;
}

}  // namespace

Prices::Prices(std::vector<Price> prices, std::int64_t bar_ns) : bar_ns_(bar_ns) {
  std::stable_sort(prices.begin(), prices.end(),
                   [](const Price& a, const Price& b) { return a.at < b.at; });
  for (const Price& price : prices) {
    if (!prices_.empty() && prices_.back().at == price.at) {
      prices_.back() = price;
      continue;
    }
    if (prices_.empty() || price.at - prices_.back().at > kPauseMaxNs) {
      sessions_.push_back({price.at, price.at});
    }
    sessions_.back().last = price.at;
    prices_.push_back(price);
  }
}

std::optional<double> Prices::reference(WallNs at) const {
  const auto next = std::upper_bound(prices_.begin(), prices_.end(), at, is_before);
  if (next == prices_.begin()) return std::nullopt;
  const Price& price = *(next - 1);
  if (at - price.at > kAgeMaxNs) return std::nullopt;
  return price.value;
}

std::optional<double> Prices::outcome(WallNs at) const {
  if (bar_ns_ == 0) return reference(at);
  const auto found = std::lower_bound(prices_.begin(), prices_.end(), at,
                                      [](const Price& price, WallNs t) { return price.at < t; });
  if (found == prices_.end() || found->at - at > kAgeMaxNs) return std::nullopt;
  return found->value;
}

std::optional<Prices::Session> Prices::session(WallNs at) const {
  const auto next = std::upper_bound(sessions_.begin(), sessions_.end(), at,
                                     [](WallNs t, const Session& s) { return t < s.first; });
  if (next == sessions_.begin()) return std::nullopt;
  const Session& session = *(next - 1);
  if (at - session.last > kAgeMaxNs) return std::nullopt;
  return session;
}

}  // namespace tariff::study
