#include "feeds/alpaca/alpaca_protocol.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/errors.h"
#include "feeds/json_text.h"

namespace tariff::alpaca {
namespace {

namespace ondemand = simdjson::ondemand;

std::int64_t to_ns(std::chrono::milliseconds time) {
  return std::chrono::nanoseconds(time).count();
}

std::string channel_list(const std::vector<std::string>& symbols) {
  std::vector<std::string> quoted;
  quoted.reserve(symbols.size());
  for (const std::string& symbol : symbols)
    quoted.push_back(json_quoted(symbol));
  return fmt::format("[{}]", fmt::join(quoted, ","));
}

/// What the provider's error codes mean for us (docs/formats/alpaca.md, "Errors").
struct ErrorMeaning {
  int code;
  Next next;
  std::string_view advice;
};
constexpr std::array<ErrorMeaning, 11> kErrors{{
    {400, Next::Fatal, "our request was malformed, which is a bug, or a symbol is misspelt"},
    {401, Next::Fatal, "not logged in; check key_file and secret_file"},
    {402, Next::Fatal, "login refused; check key_file and secret_file"},
    {404, Next::Reconnect, "the login came too late"},
    {405, Next::Fatal, "more symbols than the plan allows; shorten `news` or `quotes`"},
    {407, Next::Reconnect, "we read too slowly"},
    {409, Next::Fatal, "the plan does not include this feed"},
    {410, Next::Fatal, "this url does not serve what `news` or `quotes` asks for"},
    {411, Next::Fatal, "the key may not read this feed"},
    {500, Next::Reconnect, "the provider had an internal error"},
    {0, Next::Reconnect, "this code is not documented"},
}};

const ErrorMeaning& meaning_of(std::int64_t code) {
  const auto found = std::find_if(kErrors.begin(), kErrors.end() - 1,
                                  [code](const ErrorMeaning& row) { return row.code == code; });
  return *found;
}

/// How much a verdict asks of the transport; the greater one of a frame counts.
int weight(Next next) noexcept {
  switch (next) {
    case Next::Continue:
      return 0;
    case Next::BadFrame:
      return 1;
    case Next::Ready:
      return 2;
    case Next::Retry:
      return 3;
    case Next::Reconnect:
      return 4;
    case Next::ReconnectSlowly:
      return 5;
    case Next::Fatal:
      return 6;
  }
  return 0;
}

}  // namespace

AlpacaProtocol::AlpacaProtocol(FeedId feed, Options options)
    : feed_(feed), options_(std::move(options)) {
  headline_.feed = feed_;
  quote_.feed = feed_;
}

std::vector<UpgradeHeader> AlpacaProtocol::upgrade_headers() const {
  std::vector<UpgradeHeader> headers{{"Content-Type", "application/json"}};
  if (options_.auth == Auth::Header) {
    headers.push_back({"APCA-API-KEY-ID", options_.key});
    headers.push_back({"APCA-API-SECRET-KEY", options_.secret});
  }
  return headers;
}

Verdict AlpacaProtocol::on_connected(MonoNs now, Outbox& /*outbox*/) {
  retries_ = 0;
  go(Step::Connecting, now);
  return {};
}

// PATH 2/7: a frame becomes headlines and quotes.
Verdict AlpacaProtocol::on_frame(const Frame& frame, EventSink& sink, Outbox& outbox) noexcept {
  verdict_ = {};
  ondemand::document document;
  ondemand::array elements;
  if (!json_.open(frame, document) || document.get_array().get(elements) != simdjson::SUCCESS) {
    decide(Next::BadFrame, "a frame is not a JSON array");
    return verdict_;
  }
  for (auto item : elements) {
    ondemand::value value;
    if (std::move(item).get(value) != simdjson::SUCCESS) {
      decide(Next::BadFrame, "a frame is broken JSON");
      return verdict_;
    }
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) {
      decide(Next::BadFrame, "an element of a frame is not an object");
      continue;
    }
    Element element;
    if (!read_element(object, element)) {
      decide(Next::BadFrame, "a frame is broken JSON");
      return verdict_;
    }
    on_element(element, frame.received, sink, outbox);
  }
  if (!JsonFrame::at_end(document)) decide(Next::BadFrame, "a frame goes on after its array");
  return verdict_;
}

Verdict AlpacaProtocol::on_tick(MonoNs now, Outbox& outbox) {
  verdict_ = {};
  if (step_ == Step::Ready || now < due_) return verdict_;
  if (step_ == Step::Refused) {
    log_in(now, outbox);
    return verdict_;
  }
  const std::string_view awaited = step_ == Step::Connecting  ? "greeting"
                                   : step_ == Step::LoggingIn ? "answer to the login"
                                                              : "full subscription";
  decide_cold(Next::Reconnect,
              fmt::format("no {} within {} ms", awaited, options_.step_timeout.count()));
  return verdict_;
}

void AlpacaProtocol::on_element(const Element& element, Stamp received, EventSink& sink,
                                Outbox& outbox) {
  std::array<char, 32> scratch;
  const auto type = json_string(element.at(Field::Type), scratch);
  if (!type) {
    decide(Next::BadFrame, "an element has no type \"T\"");
  } else if (*type == "n") {
    on_news(element, received, sink);
  } else if (*type == "q") {
    on_quote(element, received, sink);
  } else if (*type == "success") {
    on_success(element, received.mono, outbox);
  } else if (*type == "subscription") {
    on_subscription(element);
  } else if (*type == "error") {
    on_error(element, received.mono, outbox);
  }  // trades, bars, halts and what is to come are not asked for
}

void AlpacaProtocol::on_news(const Element& element, Stamp received, EventSink& sink) noexcept {
  std::uint64_t id = 0;
  const Reading reading = read_news(element, headline_, id);
  if (reading == Reading::Bad) {
    decide(Next::BadFrame, "a news element lacks a number `id` or a text `headline`");
    return;
  }
  if (reading == Reading::Partly) {
    decide(Next::BadFrame, "a news element has a stamp, source or symbol of the wrong kind");
  }
  const RecentItems::Seen seen = recent_.note(id, headline_.updated, headline_.text());
  if (seen == RecentItems::Seen::Again) {
    ++verdict_.redelivered;
    return;
  }
  headline_.change = seen == RecentItems::Seen::New ? ItemChange::New : ItemChange::Update;
  headline_.received = received;
  sink.push(headline_);
}

void AlpacaProtocol::on_quote(const Element& element, Stamp received, EventSink& sink) noexcept {
  const Reading reading = read_quote(element, quote_);
  if (reading == Reading::Bad) {
    decide(Next::BadFrame, "a quote element lacks a usable symbol `S` or prices `bp`, `ap`");
    return;
  }
  if (reading == Reading::Partly) {
    decide(Next::BadFrame, "a quote element has a stamp or size of the wrong kind");
  }
  quote_.received = received;
  sink.push(quote_);
}

void AlpacaProtocol::on_success(const Element& element, MonoNs now, Outbox& outbox) {
  std::array<char, 64> scratch;
  const std::string_view message = json_string(element.at(Field::Message), scratch).value_or("");
  if (message == "connected" && step_ == Step::Connecting) {
    if (options_.auth == Auth::Message) {
      log_in(now, outbox);
    } else {
      go(Step::LoggingIn, now);
    }
  } else if (message == "authenticated" && step_ != Step::Ready) {
    subscribe(now, outbox);
  }
}

void AlpacaProtocol::on_subscription(const Element& element) {
  if (step_ != Step::Subscribing) return;
  const auto covers = [](const std::vector<std::string>& asked, int granted) {
    return granted >= static_cast<int>(asked.size());
  };
  const bool news = options_.news.empty() || covers(options_.news, element.news_channels);
  const bool quotes = options_.quotes.empty() || covers(options_.quotes, element.quote_channels);
  if (!news || !quotes) return;  // the rest may follow; if not, the step's time ends
  step_ = Step::Ready;
  decide_cold(Next::Ready, fmt::format("subscribed to {} news and {} quote channels",
                                       options_.news.size(), options_.quotes.size()));
}

void AlpacaProtocol::on_error(const Element& element, MonoNs now, Outbox& outbox) {
  constexpr int kAlreadyLoggedIn = 403;
  constexpr int kConnectionLimit = 406;
  std::array<char, 256> scratch;
  const auto code = json_integer(element.at(Field::Code)).value_or(0);
  const std::string said =
      fmt::format("the provider says {} '{}'", code,
                  printable(json_string(element.at(Field::Message), scratch).value_or(""), 60));
  if (code == kAlreadyLoggedIn) {
    if (step_ == Step::LoggingIn || step_ == Step::Refused) subscribe(now, outbox);
  } else if (code == kConnectionLimit) {
    on_connection_limit(said, now);
  } else {
    const ErrorMeaning& meaning = meaning_of(code);
    decide_cold(meaning.next, fmt::format("{}: {}", said, meaning.advice));
  }
}

/// An old connection of ours may linger for some 90 s after it broke, so that the login is tried
/// again here, where it costs no new connection.
void AlpacaProtocol::on_connection_limit(std::string_view said, MonoNs now) {
  const bool can_retry = options_.auth == Auth::Message && step_ != Step::Ready;
  if (!can_retry || retries_ >= options_.retries) {
    decide_cold(Next::ReconnectSlowly, fmt::format("{}: another connection uses this key", said));
    return;
  }
  ++retries_;
  const auto delay = std::min(options_.retry_step * retries_, options_.retry_max);
  step_ = Step::Refused;
  due_ = now + to_ns(delay);
  decide_cold(Next::Retry, fmt::format("{}: login again in {} ms, try {} of {}", said,
                                       delay.count(), retries_, options_.retries));
}

void AlpacaProtocol::log_in(MonoNs now, Outbox& outbox) {
  outbox.send(fmt::format(R"({{"action":"auth","key":{},"secret":{}}})", json_quoted(options_.key),
                          json_quoted(options_.secret)));
  go(Step::LoggingIn, now);
}

void AlpacaProtocol::subscribe(MonoNs now, Outbox& outbox) {
  std::string channels;
  if (!options_.news.empty()) channels += fmt::format(",\"news\":{}", channel_list(options_.news));
  if (!options_.quotes.empty()) {
    channels += fmt::format(",\"quotes\":{}", channel_list(options_.quotes));
  }
  outbox.send(fmt::format(R"({{"action":"subscribe"{}}})", channels));
  go(Step::Subscribing, now);
}

void AlpacaProtocol::go(Step step, MonoNs now) noexcept {
  step_ = step;
  due_ = now + to_ns(options_.step_timeout);
}

void AlpacaProtocol::decide(Next next, std::string_view reason) noexcept {
  if (weight(next) <= weight(verdict_.next)) return;
  verdict_.next = next;
  verdict_.reason = reason;
}

void AlpacaProtocol::decide_cold(Next next, std::string reason) {
  if (weight(next) <= weight(verdict_.next)) return;
  reason_ = std::move(reason);
  decide(next, reason_);
}

}  // namespace tariff::alpaca
