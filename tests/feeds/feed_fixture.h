#pragma once
// tests/feeds/feed_fixture.h - Drives a Protocol from texts, and keeps what comes out of it.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/protocol.h"

namespace tariff::test {

/// Keeps events. Room is made beforehand, so that keeping them does not allocate.
struct KeptEvents final : EventSink {
  KeptEvents() {
    headlines.reserve(64);
    quotes.reserve(64);
  }
  void push(const Headline& headline) noexcept override { headlines.push_back(headline); }
  void push(const Quote& quote) noexcept override { quotes.push_back(quote); }

  std::vector<Headline> headlines;
  std::vector<Quote> quotes;
};

struct KeptMessages final : Outbox {
  void send(std::string_view message) override { sent.emplace_back(message); }
  std::vector<std::string> sent;
};

/// A frame with exactly the padding it is promised, on the heap so that ASan sees a byte too much.
class OwnedFrame {
 public:
  explicit OwnedFrame(std::string_view text, Stamp received = {{1}, {2}})
      : bytes_(text.begin(), text.end()), size_(text.size()), received_(received) {
    bytes_.resize(size_ + Frame::kPaddingBytes, '#');
    bytes_.shrink_to_fit();
  }
  [[nodiscard]] Frame frame() const {
    return {.data = bytes_.data(), .bytes = size_, .received = received_};
  }

 private:
  std::vector<char> bytes_;
  std::size_t size_;
  Stamp received_;
};

/// A protocol with everything around it.
template <class P>
struct Driven {
  template <class... Args>
  explicit Driven(Args&&... args) : protocol(std::forward<Args>(args)...) {}

  Verdict connect(std::int64_t at_ms = 0) {
    return protocol.on_connected({at_ms * kNsPerMs}, outbox);
  }
  Verdict frame(std::string_view text, std::int64_t at_ms = 0) {
    const OwnedFrame owned(text, {{at_ms * kNsPerMs}, {1'760'000'000 * kNsPerSecond}});
    return protocol.on_frame(owned.frame(), events, outbox);
  }
  Verdict tick(std::int64_t at_ms) { return protocol.on_tick({at_ms * kNsPerMs}, outbox); }

  P protocol;
  KeptEvents events;
  KeptMessages outbox;
};

}  // namespace tariff::test
