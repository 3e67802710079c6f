#include "daemon/feed_output.h"

#include <cstring>
#include <utility>

#include "daemon/log.h"

namespace tariff {

FeedOutputs::FeedOutputs(Handoff<Event>& events, Handoff<Quote>& quotes, JournalWriter* inputs,
                         std::vector<FixedText<16>> feed_names, Counters& counters)
    : events_(events),
      quotes_(quotes),
      inputs_(inputs),
      feed_names_(std::move(feed_names)),
      counters_(counters) {}

// PATH 3/7: into the hand-off; if it is full, the headline is dropped and counted.
void FeedOutputs::push(const Headline& headline) noexcept {
  const bool kept = events_.try_push(headline);
  counters_.add(headline.feed, kept ? FeedCounter::Headlines : FeedCounter::HeadlinesDropped);
}

void FeedOutputs::push(const Quote& quote) noexcept {
  const bool kept = quotes_.try_push(quote);
  counters_.add(quote.feed, kept ? FeedCounter::Quotes : FeedCounter::QuotesDropped);
}

void FeedOutputs::push(const FeedStatus& status) noexcept {
  if (!events_.try_push(status)) {
    log_warning("a change of state of a feed was not published: the hand-off is full");
  }
}

void FeedOutputs::raw(FeedId feed, RawInputBody::Kind kind, std::uint32_t connection,
                      Stamp received, std::string_view bytes) noexcept {
  if (inputs_ == nullptr) return;
  constexpr std::size_t kDataOffset = sizeof(RecordHeader) + sizeof(RawInputBody);
  const std::size_t length = kDataOffset + bytes.size();
  const std::size_t padded = record_padded(length);
  const std::span<std::byte> space = inputs_->begin(padded);
  if (space.empty()) {
    refused(feed, received);
    return;
  }
  RawInputBody body;
  body.received_mono_ns = received.mono.ns;
  body.feed = feed_names_[static_cast<std::size_t>(feed)];
  body.connection = connection;
  body.data_bytes = static_cast<std::uint32_t>(bytes.size());
  body.data_offset = static_cast<std::uint16_t>(kDataOffset);
  body.kind = kind;
  std::memcpy(space.data() + sizeof(RecordHeader), &body, sizeof body);
  if (!bytes.empty()) std::memcpy(space.data() + kDataOffset, bytes.data(), bytes.size());
  std::memset(space.data() + length, 0, padded - length);
  RecordHeader header;
  header.word.type = RecordType::RawInput;
  header.received_ns = received.wall.ns;
  inputs_->commit(header, padded);
  refusal_told_ = false;
}

void FeedOutputs::refused(FeedId feed, Stamp at) noexcept {
  counters_.add(feed, FeedCounter::NotJournalled);
  if (refusal_told_) return;
  refusal_told_ = true;
  constexpr std::string_view kText =
      "the journal of inputs cannot take a frame (disk full, or frame too long); signals go on";
  log_line(LogLevel::Warning, kText);
  (void)events_.try_push(
      Notice{.at = at, .kind = StatusKind::JournalFull, .text = FixedText<160>(kText)});
}

void FeedOutputs::log(LogLevel level, std::string_view line) noexcept {
  log_line(level, line);
}

}  // namespace tariff
