#include "daemon/study/signal_log.h"

#include <cstring>

#include "core/record.h"

namespace tariff::study {
namespace {

template <class Plain>
Plain plain_at(std::span<const std::byte> record, std::size_t offset) {
  Plain plain;
  std::memcpy(&plain, record.data() + offset, sizeof plain);
  return plain;
}

std::string action_text(const Facts& facts) {
  std::string text(kActionNames[static_cast<std::size_t>(facts.action)]);
  return facts.denied() ? "denied " + text : text;
}

/// One word where all facts of the event agree.
std::string action_of(std::span<const std::byte> record, const EventBody& body) {
  std::string action;
  for (std::size_t i = 0; i < body.facts_count; ++i) {
    const auto facts =
        plain_at<Facts>(record, body.facts_offset + i * std::size_t{body.facts_stride});
    const std::string own = action_text(facts);
    if (!action.empty() && action != own) return "several";
    action = own;
  }
  return action;
}

}  // namespace

void SignalLog::take(std::span<const std::byte> records) {
  ++headline_;
  while (!records.empty()) {
    const auto word = plain_at<RecordWord>(records, 0);
    const auto record = records.first(word.length_bytes);
    if (word.type == RecordType::Event) take_event(record);
    if (word.type == RecordType::Signal) take_signal(record);
    if (word.type == RecordType::Retract) ++retracts_;
    records = records.subspan(word.length_bytes);
  }
}

void SignalLog::take_event(std::span<const std::byte> record) {
  ++events_;
  const auto body = plain_at<EventBody>(record, sizeof(RecordHeader));
  const auto source = body.source.empty() ? body.feed.view() : body.source.view();
  Event& event = by_event_[body.event_id];
  event.source = source;
  event.action = action_of(record, body);
}

void SignalLog::take_signal(std::span<const std::byte> record) {
  const auto header = plain_at<RecordHeader>(record, 0);
  const auto body = plain_at<SignalBody>(record, sizeof header);
  Event& event = by_event_[body.event_id];
  std::int8_t& direction = event.directions[std::string(body.instrument.view())];
  const bool replaces = (body.flags & SignalBody::kReplaces) != 0;
  if (replaces && direction == body.direction) return;  // the bet is on already
  direction = body.direction;
  signals_.push_back({.headline = headline_,
                      .received = {header.received_ns},
                      .instrument = std::string(body.instrument.view()),
                      .source = event.source,
                      .action = event.action,
                      .direction = body.direction,
                      .score = static_cast<double>(body.score),
                      .confidence = static_cast<double>(body.confidence)});
}

}  // namespace tariff::study
