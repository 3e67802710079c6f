#include "feeds/tape/alpaca_session.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tariff::tape {
namespace {

constexpr std::size_t kSymbolBytesMax = 32;  // the longest are options, with 21

std::vector<Channel> channels_of(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::News:
      return {{"news", {}}};
    case Endpoint::Stocks:
      return {{"trades", {}},    {"quotes", {}},   {"bars", {}},  {"updatedBars", {}},
              {"dailyBars", {}}, {"statuses", {}}, {"lulds", {}}, {"imbalances", {}}};
    case Endpoint::Crypto:
      return {{"trades", {}},      {"quotes", {}},    {"bars", {}},
              {"updatedBars", {}}, {"dailyBars", {}}, {"orderbooks", {}}};
  }
  return {};
}

/// Channels that exist somewhere: on another endpoint, or only by way of "trades".
bool is_channel_elsewhere(std::string_view name) {
  constexpr std::array<std::string_view, 12> names{
      "news",     "trades", "quotes",     "bars",       "updatedBars", "dailyBars",
      "statuses", "lulds",  "imbalances", "orderbooks", "corrections", "cancelErrors"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_symbol(std::string_view text) {
  if (text == "*") return true;
  return !text.empty() && text.size() <= kSymbolBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '-' || c == '/' || c == '_';
         });
}

/// '*' sorts before all that a symbol may hold, so it is first if it is there.
bool covers(const std::vector<std::string>& sorted, std::string_view symbol) {
  if (sorted.empty()) return false;
  return sorted.front() == "*" || std::binary_search(sorted.begin(), sorted.end(), symbol);
}

void add(std::vector<std::string>& sorted, const std::string& symbol) {
  const auto place = std::lower_bound(sorted.begin(), sorted.end(), symbol);
  if (place == sorted.end() || *place != symbol) sorted.insert(place, symbol);
}

Codec codec_of(std::string_view content_type) {
  constexpr std::string_view msgpack = "application/msgpack";
  const auto type = content_type.substr(0, msgpack.size());
  const bool same = std::equal(type.begin(), type.end(), msgpack.begin(), msgpack.end(),
                               [](char a, char b) { return (a | 0x20) == (b | 0x20); });
  return same ? Codec::Msgpack : Codec::Json;
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  unsigned held = 0;
  while (!text.empty() && text.back() == '=')
    text.remove_suffix(1);
  for (const char c : text) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t digit = digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U | static_cast<unsigned>(digit)) & 0xFFFFU;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xFFU);
  }
  return out;
}

}  // namespace

std::optional<Endpoint> endpoint_at(std::string_view path) {
  constexpr std::array<std::string_view, 6> stocks{
      "/v2/iex", "/v2/sip", "/v2/delayed_sip", "/v1beta1/boats", "/v2/test", "/v1beta1/overnight"};
  if (path == "/v1beta1/news") return Endpoint::News;
  if (path == "/v1beta3/crypto/us") return Endpoint::Crypto;
  if (std::find(stocks.begin(), stocks.end(), path) != stocks.end()) return Endpoint::Stocks;
  return std::nullopt;
}

AlpacaSession::AlpacaSession(Endpoint endpoint, const AlpacaHeaders& headers, AlpacaAccess& access)
    : endpoint_(endpoint),
      codec_(codec_of(headers.content_type)),
      from_headers_(header_credentials(headers)),
      access_(access),
      channels_(channels_of(endpoint)),
      writer_(codec_) {}

AlpacaSession::~AlpacaSession() {
  if (!key_) return;
  const auto held = access_.connections.find({endpoint_, *key_});
  if (--held->second == 0) access_.connections.erase(held);
}

std::optional<AlpacaSession::Credentials> AlpacaSession::header_credentials(
    const AlpacaHeaders& headers) {
  constexpr std::string_view bearer = "Bearer ";
  constexpr std::string_view basic = "Basic ";
  const std::string_view authorization = headers.authorization;
  if (!headers.key_id.empty() || !headers.secret.empty())
    return Credentials{std::string(headers.key_id), std::string(headers.secret)};
  if (authorization.substr(0, bearer.size()) == bearer)
    return Credentials{"oauth", std::string(authorization.substr(bearer.size()))};
  if (authorization.substr(0, basic.size()) == basic) {
    const auto pair = decode_base64(authorization.substr(basic.size())).value_or("");
    const std::size_t colon = std::min(pair.find(':'), pair.size());
    return Credentials{pair.substr(0, colon), pair.substr(std::min(colon + 1, pair.size()))};
  }
  return std::nullopt;
}

bool AlpacaSession::subscribed() const noexcept {
  return std::any_of(channels_.begin(), channels_.end(), [](const Channel& channel) {
    return (channel.name == "news" || channel.name == "quotes") && !channel.symbols.empty();
  });
}

std::string AlpacaSession::subscriptions() const {
  std::string text;
  for (const Channel& channel : channels_) {
    if (channel.symbols.empty()) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", channel.name,
                        fmt::join(channel.symbols, ", "));
  }
  return text.empty() ? "nothing" : text;
}

void AlpacaSession::on_open(MonoNs now, Outbox& outbox) {
  opened_ = now;
  reply_success("connected", outbox);
  if (from_headers_) authenticate(*from_headers_, outbox);
}

bool AlpacaSession::on_message(std::string_view bytes, std::uint64_t position, Outbox& outbox) {
  if (ended_) return false;
  const auto message = parse_client_message(codec_, bytes);
  if (message && (message->action == "subscribe" || message->action == "unsubscribe"))
    return change_subscriptions(*message, position, outbox);
  const bool is_auth = message && message->action == "auth";
  if (is_auth && key_) {
    reply_error(AlpacaError::AlreadyAuthenticated, outbox);
  } else if (is_auth && message->key && message->secret) {
    authenticate({*message->key, *message->secret}, outbox);
  } else {
    reply_error(AlpacaError::InvalidSyntax, outbox);
  }
  return false;
}

void AlpacaSession::on_tick(MonoNs now, Outbox& outbox) {
  if (key_ || ended_ || now - opened_ < kAuthTimeoutNs) return;
  reply_error(AlpacaError::AuthTimeout, outbox);
  ended_ = true;
}

void AlpacaSession::end_slow_client(Outbox& outbox) {
  reply_error(AlpacaError::SlowClient, outbox);
  ended_ = true;
}

void AlpacaSession::authenticate(const Credentials& credentials, Outbox& outbox) {
  const bool anybody = access_.key.empty();
  const bool known = anybody
                         ? !credentials.key.empty() && !credentials.secret.empty()
                         : credentials.key == access_.key && credentials.secret == access_.secret;
  if (!known) return reply_error(AlpacaError::AuthFailed, outbox);
  std::size_t& connections = access_.connections[{endpoint_, credentials.key}];
  if (access_.connections_per_key_max != 0 && connections >= access_.connections_per_key_max)
    return reply_error(AlpacaError::ConnectionLimitExceeded, outbox);
  ++connections;
  key_ = credentials.key;
  reply_success("authenticated", outbox);
}

bool AlpacaSession::change_subscriptions(const ClientMessage& message, std::uint64_t position,
                                         Outbox& outbox) {
  std::vector<Channel> changed = channels_;
  const auto error = key_ ? apply(message, changed) : AlpacaError::NotAuthenticated;
  if (error) {
    reply_error(*error, outbox);
    return false;
  }
  if (!subscribed()) cursor_ = position;
  channels_ = std::move(changed);
  reply_subscription(outbox);
  return true;
}

std::optional<AlpacaError> AlpacaSession::apply(const ClientMessage& message,
                                                std::vector<Channel>& channels) const {
  for (const ClientMessage::List& list : message.lists) {
    const auto channel = std::find_if(channels.begin(), channels.end(),
                                      [&](const Channel& each) { return each.name == list.name; });
    if (channel == channels.end())
      return is_channel_elsewhere(list.name) ? AlpacaError::InvalidSubscribeAction
                                             : AlpacaError::InvalidSyntax;
    auto& symbols = channel->symbols;
    for (const std::string& symbol : list.values) {
      if (!is_symbol(symbol)) return AlpacaError::InvalidSyntax;
      message.action == "subscribe" ? add(symbols, symbol) : void(std::erase(symbols, symbol));
    }
    const bool limited =
        access_.symbols_max != 0 && (list.name == "trades" || list.name == "quotes");
    const bool all = !symbols.empty() && symbols.front() == "*";
    if (limited && (all || symbols.size() > access_.symbols_max))
      return AlpacaError::SymbolLimitExceeded;
  }
  return std::nullopt;
}

std::string AlpacaSession::next_frame(const Tape& tape, std::uint64_t position) {
  while (cursor_ < position && writer_.objects() < kFrameItemsMax &&
         writer_.bytes() < kFrameBytesMax) {
    const TapeItem& item = tape[cursor_ % tape.size()];
    if (wants(item)) write_item(writer_, item);
    ++cursor_;
  }
  if (writer_.objects() == 0) return {};
  items_sent_ += writer_.objects();
  return writer_.take();
}

std::size_t AlpacaSession::items_behind(const Tape& tape, std::uint64_t position) const {
  std::size_t items = 0;
  for (std::uint64_t i = cursor_; i < position; ++i)
    items += wants(tape[i % tape.size()]) ? 1 : 0;
  return items;
}

bool AlpacaSession::wants(const TapeItem& item) const {
  if (const TapeNews* news = item.news()) {
    if (endpoint_ != Endpoint::News) return false;
    const auto& asked = channels_.front().symbols;
    return covers(asked, "*") ||
           std::any_of(news->symbols.begin(), news->symbols.end(),
                       [&](const std::string& symbol) { return covers(asked, symbol); });
  }
  const TapeQuote& quote = *item.quote();
  if (endpoint_ != (quote.is_crypto() ? Endpoint::Crypto : Endpoint::Stocks)) return false;
  const auto quotes = std::find_if(channels_.begin(), channels_.end(),
                                   [](const Channel& each) { return each.name == "quotes"; });
  return covers(quotes->symbols, quote.symbol.view());
}

void AlpacaSession::reply_success(std::string_view text, Outbox& outbox) {
  write_success(writer_, text);
  outbox.send(writer_.take());
}

void AlpacaSession::reply_error(AlpacaError error, Outbox& outbox) {
  write_error(writer_, error);
  outbox.send(writer_.take());
}

void AlpacaSession::reply_subscription(Outbox& outbox) {
  std::vector<Channel> told = channels_;
  if (endpoint_ == Endpoint::Stocks) {
    // Who hears trades hears what becomes of them.
    const auto trades = told.front().symbols;
    told.push_back({"corrections", trades});
    told.push_back({"cancelErrors", trades});
  }
  write_subscription(writer_, told);
  outbox.send(writer_.take());
}

}  // namespace tariff::tape
