#include "feeds/tape/alpaca_messages.h"

#include <cmath>

namespace tariff::tape {
namespace {

constexpr double kWholeMax = 9'007'199'254'740'992.0;  // 2^53: a double holds each one below

// "T" is the first key of every object: the provider's Go client insists on it in msgpack.

void write_news(FrameWriter& out, const TapeNews& news) {
  out.begin(11);
  out.text("T", "n");
  out.integer("id", news.id);
  out.text("headline", news.headline);
  out.text("summary", news.summary);
  out.text("author", news.author);
  out.time("created_at", news.created);
  out.time("updated_at", news.updated);
  out.text("url", news.url);
  out.text("content", news.content);
  out.texts("symbols", news.symbols);
  out.text("source", news.source);
}

/// Sizes of stocks are whole numbers on the wire, those of crypto are not.
void write_stock_size(FrameWriter& out, std::string_view key, double size) {
  if (size <= kWholeMax && std::trunc(size) == size) {
    out.integer(key, static_cast<std::int64_t>(size));
  } else {
    out.number(key, size);
  }
}

void write_stock_quote(FrameWriter& out, const TapeQuote& quote, WallNs at) {
  static const std::vector<std::string> regular_two_sided{"R"};
  out.begin(11);
  out.text("T", "q");
  out.text("S", quote.symbol.view());
  out.text("bx", {&quote.bid_exchange, 1});
  out.number("bp", quote.bid);
  write_stock_size(out, "bs", quote.bid_size);
  out.text("ax", {&quote.ask_exchange, 1});
  out.number("ap", quote.ask);
  write_stock_size(out, "as", quote.ask_size);
  out.texts("c", regular_two_sided);
  out.text("z", {&quote.tape, 1});
  out.time("t", at);
}

void write_crypto_quote(FrameWriter& out, const TapeQuote& quote, WallNs at) {
  out.begin(7);
  out.text("T", "q");
  out.text("S", quote.symbol.view());
  out.number("bp", quote.bid);
  out.number("bs", quote.bid_size);
  out.number("ap", quote.ask);
  out.number("as", quote.ask_size);
  out.time("t", at);
}

}  // namespace

std::string_view to_text(AlpacaError error) noexcept {
  switch (error) {
    case AlpacaError::InvalidSyntax:
      return "invalid syntax";
    case AlpacaError::NotAuthenticated:
      return "not authenticated";
    case AlpacaError::AuthFailed:
      return "auth failed";
    case AlpacaError::AlreadyAuthenticated:
      return "already authenticated";
    case AlpacaError::AuthTimeout:
      return "auth timeout";
    case AlpacaError::SymbolLimitExceeded:
      return "symbol limit exceeded";
    case AlpacaError::ConnectionLimitExceeded:
      return "connection limit exceeded";
    case AlpacaError::SlowClient:
      return "slow client";
    case AlpacaError::InvalidSubscribeAction:
      return "invalid subscribe action for this feed";
  }
  return "internal error";
}

void write_success(FrameWriter& out, std::string_view message) {
  out.begin(2);
  out.text("T", "success");
  out.text("msg", message);
}

void write_error(FrameWriter& out, AlpacaError error) {
  out.begin(3);
  out.text("T", "error");
  out.integer("code", static_cast<std::int64_t>(error));
  out.text("msg", to_text(error));
}

void write_subscription(FrameWriter& out, const std::vector<Channel>& channels) {
  out.begin(channels.size() + 1);
  out.text("T", "subscription");
  for (const Channel& channel : channels)
    out.texts(channel.name, channel.symbols);
}

void write_item(FrameWriter& out, const TapeItem& item) {
  if (const TapeNews* news = item.news()) {
    write_news(out, *news);
  } else if (const TapeQuote* quote = item.quote()) {
    quote->is_crypto() ? write_crypto_quote(out, *quote, item.at)
                       : write_stock_quote(out, *quote, item.at);
  }
}

}  // namespace tariff::tape
