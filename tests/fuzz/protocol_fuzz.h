#pragma once
// tests/fuzz/protocol_fuzz.h - Feeds bytes to a protocol as frames, and holds what comes out of it
// to what a scorer may rely on. A newline in the input begins the next frame.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.h"
#include "feeds/protocol.h"

namespace tariff::test {

struct CheckedEvents final : EventSink {
  void push(const Headline& headline) noexcept override {
    TARIFF_CHECK(headline.text_bytes <= Headline::kTextBytesMax);
    TARIFF_CHECK(headline.text_bytes > 0 || headline.change == ItemChange::Delete);
    TARIFF_CHECK(headline.published.ns >= 0 && headline.updated.ns >= 0);
  }
  void push(const Quote& quote) noexcept override {
    TARIFF_CHECK(!quote.symbol.empty());
    for (const double value : {quote.bid, quote.ask, quote.bid_size, quote.ask_size}) {
      TARIFF_CHECK(std::isfinite(value) && value >= 0);
    }
    TARIFF_CHECK(quote.published.ns >= 0);
  }
};

struct DroppedMessages final : Outbox {
  void send(std::string_view /*message*/) override {}
};

/// A connection's whole life. The protocol is kept from one to the next, as the daemon keeps it:
/// its buffers of megabytes, made anew for each input, would leave a hundred inputs a second.
inline void feed_protocol(Protocol& protocol, const std::uint8_t* data, std::size_t size) {
  CheckedEvents events;
  DroppedMessages outbox;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  (void)protocol.on_connected({0}, outbox);
  std::int64_t now = 0;
  while (!rest.empty()) {
    const std::string_view text = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(text.size() < rest.size() ? text.size() + 1 : text.size());
    std::vector<char> bytes(text.begin(), text.end());
    bytes.resize(text.size() + Frame::kPaddingBytes);
    const Frame frame{.data = bytes.data(), .bytes = text.size(), .received = {{now}, {now}}};
    (void)protocol.on_frame(frame, events, outbox);
    TARIFF_CHECK(frame.view() == text);
    (void)protocol.on_tick({now += kNsPerSecond}, outbox);
  }
}

}  // namespace tariff::test
