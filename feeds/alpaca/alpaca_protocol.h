#pragma once
// feeds/alpaca/alpaca_protocol.h - Alpaca's session: connected, login, subscription, then news and
// quotes. Wire and error codes: docs/formats/alpaca.md. Thread: the feed's. `on_frame` is hot.

#include <cstdint>
#include <string>
#include <vector>

#include "feeds/alpaca/alpaca_element.h"
#include "feeds/alpaca/alpaca_options.h"
#include "feeds/json_frame.h"
#include "feeds/protocol.h"
#include "feeds/recent_items.h"

namespace tariff::alpaca {

class AlpacaProtocol final : public Protocol {
 public:
  AlpacaProtocol(FeedId feed, Options options);

  [[nodiscard]] std::vector<UpgradeHeader> upgrade_headers() const override;
  [[nodiscard]] Verdict on_connected(MonoNs now, Outbox& outbox) override;
  [[nodiscard]] Verdict on_frame(const Frame& frame, EventSink& sink,
                                 Outbox& outbox) noexcept override;
  [[nodiscard]] Verdict on_tick(MonoNs now, Outbox& outbox) override;

 private:
  enum class Step : std::uint8_t {
    Connecting,   ///< Waits for "connected".
    LoggingIn,    ///< Waits for "authenticated".
    Subscribing,  ///< Waits for the subscription's acknowledgement.
    Ready,
    Refused,  ///< Too many connections: logs in again at `due_`.
  };

  void on_element(const Element& element, Stamp received, EventSink& sink, Outbox& outbox);
  void on_news(const Element& element, Stamp received, EventSink& sink) noexcept;
  void on_quote(const Element& element, Stamp received, EventSink& sink) noexcept;
  void on_success(const Element& element, MonoNs now, Outbox& outbox);
  void on_subscription(const Element& element);
  void on_error(const Element& element, MonoNs now, Outbox& outbox);
  void on_connection_limit(std::string_view said, MonoNs now);
  void log_in(MonoNs now, Outbox& outbox);
  void subscribe(MonoNs now, Outbox& outbox);
  void go(Step step, MonoNs now) noexcept;
  /// Keeps the verdict that asks for most.
  void decide(Next next, std::string_view reason) noexcept;
  /// As decide, with a reason made for the occasion.
  void decide_cold(Next next, std::string reason);

  const FeedId feed_;
  const Options options_;
  JsonFrame json_;
  RecentItems recent_;
  Headline headline_;
  Quote quote_;

  Step step_ = Step::Connecting;
  MonoNs due_;       // when the step is given up, or Refused ends
  int retries_ = 0;  // logins refused with 406 on this connection
  Verdict verdict_;
  std::string reason_;  // what verdict_.reason may point to
};

}  // namespace tariff::alpaca
