#pragma once
// feeds/ndjson/ndjson_protocol.h - One JSON object per frame, with the places of its fields from
// the configuration: the feed for everything that has no adapter of its own.
// docs/formats/ndjson.md. Thread: the feed's. `on_frame` is hot.

#include "feeds/json_frame.h"
#include "feeds/ndjson/ndjson_options.h"
#include "feeds/ndjson/pointer_map.h"
#include "feeds/protocol.h"
#include "feeds/recent_items.h"

namespace tariff::ndjson {

struct Line;

class NdjsonProtocol final : public Protocol {
 public:
  NdjsonProtocol(FeedId feed, const Options& options);

  [[nodiscard]] Verdict on_connected(MonoNs now, Outbox& outbox) override;
  [[nodiscard]] Verdict on_frame(const Frame& frame, EventSink& sink,
                                 Outbox& outbox) noexcept override;
  [[nodiscard]] Verdict on_tick(MonoNs now, Outbox& outbox) override;

 private:
  [[nodiscard]] Verdict on_headline(const Line& line, Stamp received, EventSink& sink) noexcept;
  [[nodiscard]] Verdict on_quote(const Line& line, Stamp received, EventSink& sink) noexcept;

  const Options options_;
  const PointerMap pointers_;
  JsonFrame json_;
  RecentItems recent_;
  Headline headline_;
  Quote quote_;
};

}  // namespace tariff::ndjson
