#include "signals/publish/json_lines.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/record.h"
#include "signals/publish/json_writer.h"

namespace tariff {
namespace {

using Bytes = std::span<const std::byte>;

/// A T from `bytes` at `offset`, if all of it is there.
template <class T>
std::optional<T> read_at(Bytes bytes, std::size_t offset) noexcept {
  static_assert(std::is_trivially_copyable_v<T>);
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

void digits(JsonWriter& out, std::uint64_t id) noexcept {
  out.raw("\"");
  out.number(id);
  out.raw("\"");
}

/// null for 0, which stands for "no quote" in a price.
void price(JsonWriter& out, double value) noexcept {
  if (value == 0) return out.raw("null");
  out.number(value);
}

template <std::size_t N>
void text_or_null(JsonWriter& out, const FixedText<N>& text) noexcept {
  if (text.empty()) return out.raw("null");
  out.string(text.view());
}

template <std::size_t N>
void places(JsonWriter& out, const PlaceList<N>& list) noexcept {
  out.raw("[");
  const std::size_t count = std::min<std::size_t>(list.count, N);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out.raw(",");
    out.string(list.items[i].view());
  }
  out.raw("]");
}

void products(JsonWriter& out, const Facts& facts) noexcept {
  out.raw("[");
  std::string_view separator;
  for (std::size_t i = 0; i < kProductNames.size(); ++i) {
    const auto product = static_cast<Product>(i);
    if (!facts.has(product)) continue;
    out.raw(separator);
    out.string(to_text(product));
    separator = ",";
  }
  out.raw("]");
}

void date(JsonWriter& out, std::int32_t yyyymmdd) noexcept {
  if (yyyymmdd < 1'000'01'01 || yyyymmdd > 9'999'12'31) return out.raw("null");
  std::array<char, 12> text{'"', 0, 0, 0, 0, '-', 0, 0, '-', 0, 0, '"'};
  for (const std::size_t place : {10U, 9U, 7U, 6U, 4U, 3U, 2U, 1U}) {
    text[place] = static_cast<char>('0' + yyyymmdd % 10);
    yyyymmdd /= 10;
  }
  out.raw({text.data(), text.size()});
}

void fact(JsonWriter& out, const Facts& facts) noexcept {
  out.raw(R"({"action":)");
  out.string(to_text(facts.action));
  out.raw(R"(,"measure":)");
  out.string(to_text(facts.measure));
  out.raw(R"(,"denied":)");
  out.boolean(facts.denied());
  out.raw(R"(,"retaliation":)");
  out.boolean(facts.retaliation());
  out.raw(R"(,"actor":)");
  places(out, facts.actors);
  out.raw(R"(,"targets":)");
  places(out, facts.targets);
  out.raw(R"(,"products":)");
  products(out, facts);
  out.raw(R"(,"rate_pct":)");
  out.number(facts.rate_pct);
  out.raw(R"(,"effective":)");
  date(out, facts.effective_yyyymmdd);
  out.raw(R"(,"confidence":)");
  out.number(facts.confidence);
  out.raw(R"(,"attribution":)");
  out.string(to_text(facts.attribution));
  out.raw(R"(,"speaker":)");
  text_or_null(out, facts.speaker);
  out.raw(R"(,"rule":)");
  out.string(facts.rule.view());
  out.raw("}");
}

/// Name of each flag of an event that is not a key of its own.
constexpr std::array<std::pair<std::uint8_t, std::string_view>, 6> kMarks{
    {{EventBody::kStale, "stale"},
     {EventBody::kClamped, "clamped"},
     {EventBody::kTest, "test"},
     {EventBody::kEmbargo, "embargo"},
     {EventBody::kOldNews, "repeat"},
     {EventBody::kWaiting, "waiting"}}};

void marks(JsonWriter& out, std::uint8_t flags) noexcept {
  out.raw("[");
  std::string_view separator;
  for (const auto& [bit, name] : kMarks) {
    if ((flags & bit) == 0) continue;
    out.raw(separator);
    out.string(name);
    separator = ",";
  }
  out.raw("]");
}

/// False if an offset, a stride or a length points outside the record.
bool event(JsonWriter& out, Bytes record) noexcept {
  const auto body = read_at<EventBody>(record, sizeof(RecordHeader));
  if (!body) return false;
  constexpr std::size_t body_end = sizeof(RecordHeader) + sizeof(EventBody);
  const std::size_t text_end = std::size_t{body->text_offset} + body->text_bytes;
  const std::size_t facts_end =
      body->facts_offset + std::size_t{body->facts_count} * body->facts_stride;
  if (body->text_offset < body_end || text_end > record.size()) return false;
  if (body->facts_count > 0 && (body->facts_offset < body_end || facts_end > record.size() ||
                                body->facts_stride < sizeof(Facts))) {
    return false;
  }
  out.raw(R"(,"id":)");
  digits(out, body->event_id);
  out.raw(R"(,"revision":)");
  out.number(body->revision);
  out.raw(R"(,"feed":)");
  out.string(body->feed.view());
  out.raw(R"(,"source":)");
  out.string(body->source.view());
  out.raw(R"(,"trust":)");
  out.number(body->trust);
  out.raw(R"(,"item_id":)");
  out.string(body->item_id.view());
  out.raw(R"(,"text":)");
  out.string({reinterpret_cast<const char*>(record.data()) + body->text_offset, body->text_bytes});
  out.raw(R"(,"net":)");
  out.string(to_text(body->net));
  out.raw(R"(,"novelty":)");
  out.string(name_of(body->novelty, kNoveltyNames));
  out.raw(R"(,"origins":)");
  out.number(static_cast<unsigned>(body->origins));
  out.raw(R"(,"confidence":)");
  out.number(body->confidence);
  out.raw(R"(,"updated_ns":)");
  out.number(body->updated_ns);
  out.raw(R"(,"truncated":)");
  out.boolean((body->flags & EventBody::kTruncated) != 0);
  out.raw(R"(,"unscored":)");
  out.boolean((body->flags & EventBody::kUnscored) != 0);
  out.raw(R"(,"events":[)");
  for (std::size_t i = 0; i < body->facts_count; ++i) {
    if (i > 0) out.raw(",");
    fact(out, *read_at<Facts>(record, body->facts_offset + i * body->facts_stride));
  }
  out.raw(R"(],"marks":)");
  marks(out, body->flags);
  return true;
}

bool signal(JsonWriter& out, Bytes record) noexcept {
  const auto body = read_at<SignalBody>(record, sizeof(RecordHeader));
  if (!body) return false;
  const bool quoted = body->quote_age_ns >= 0;
  const bool two_sided = quoted && body->bid != 0 && body->ask != 0;
  out.raw(R"(,"event_id":)");
  digits(out, body->event_id);
  out.raw(R"(,"revision":)");
  out.number(body->revision);
  out.raw(R"(,"instrument":)");
  out.string(body->instrument.view());
  out.raw(R"(,"direction":)");
  out.number(static_cast<int>(body->direction));
  out.raw(R"(,"score":)");
  out.number(body->score);
  out.raw(R"(,"confidence":)");
  out.number(body->confidence);
  out.raw(R"(,"exposure":)");
  out.string(body->exposure.view());
  out.raw(R"(,"bid":)");
  price(out, quoted ? body->bid : 0);
  out.raw(R"(,"ask":)");
  price(out, quoted ? body->ask : 0);
  out.raw(R"(,"mid":)");
  price(out, two_sided ? body->mid : 0);
  out.raw(R"(,"spread":)");
  two_sided ? out.number(body->spread) : out.raw("null");
  out.raw(R"(,"quote_age_ns":)");
  quoted ? out.number(body->quote_age_ns) : out.raw("null");
  out.raw(R"(,"move_1s_bps":)");
  out.number(body->move_1s_bps);
  out.raw(R"(,"move_5s_bps":)");
  out.number(body->move_5s_bps);
  out.raw(R"(,"move_60s_bps":)");
  out.number(body->move_60s_bps);
  out.raw(R"(,"replaces":)");
  out.boolean((body->flags & SignalBody::kReplaces) != 0);
  return true;
}

bool retract(JsonWriter& out, Bytes record) noexcept {
  const auto body = read_at<RetractBody>(record, sizeof(RecordHeader));
  if (!body) return false;
  out.raw(R"(,"event_id":)");
  digits(out, body->event_id);
  out.raw(R"(,"revision":)");
  out.number(body->revision);
  out.raw(R"(,"reason":)");
  out.string(name_of(body->reason, kRetractReasonNames));
  out.raw(R"(,"supersedes_seq":)");
  out.number(body->supersedes_seq);
  out.raw(R"(,"instrument":)");
  text_or_null(out, body->instrument);
  out.raw(R"(,"mid_then":)");
  price(out, body->mid_then);
  out.raw(R"(,"mid_now":)");
  price(out, body->mid_now);
  return true;
}

bool status(JsonWriter& out, Bytes record) noexcept {
  const auto body = read_at<StatusBody>(record, sizeof(RecordHeader));
  if (!body) return false;
  out.raw(R"(,"kind":)");
  out.string(name_of(body->kind, kStatusKindNames));
  out.raw(R"(,"state":)");
  body->kind == StatusKind::Feed ? out.string(to_text(body->state)) : out.raw("null");
  out.raw(R"(,"feed":)");
  text_or_null(out, body->feed);
  out.raw(R"(,"text":)");
  out.string(body->text.view());
  return true;
}

bool heartbeat(JsonWriter& out, Bytes record) noexcept {
  const auto body = read_at<HeartbeatBody>(record, sizeof(RecordHeader));
  if (!body) return false;
  out.raw(R"(,"last_seq":)");
  out.number(body->last_seq);
  return true;
}

bool gap(JsonWriter& out, Bytes record) noexcept {
  const auto body = read_at<GapBody>(record, sizeof(RecordHeader));
  if (!body) return false;
  out.raw(R"(,"from_seq":)");
  out.number(body->from_seq);
  out.raw(R"(,"to_seq":)");
  out.number(body->to_seq);
  return true;
}

bool error(JsonWriter& out, Bytes record) noexcept {
  const auto body = read_at<ErrorBody>(record, sizeof(RecordHeader));
  if (!body) return false;
  out.raw(R"(,"text":)");
  out.string(body->text.view());
  return true;
}

struct Type {
  std::string_view name;
  bool (*write)(JsonWriter& out, Bytes record) noexcept;
};

std::optional<Type> type_of(RecordType type) noexcept {
  switch (type) {
    case RecordType::Event:
      return Type{"event", event};
    case RecordType::Signal:
      return Type{"signal", signal};
    case RecordType::Retract:
      return Type{"retract", retract};
    case RecordType::Status:
      return Type{"status", status};
    case RecordType::Heartbeat:
      return Type{"heartbeat", heartbeat};
    case RecordType::Gap:
      return Type{"gap", gap};
    case RecordType::Error:
      return Type{"error", error};
    case RecordType::RawInput:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::size_t write_json_line(std::span<const std::byte> record, std::span<char> out) noexcept {
  const auto header = read_at<RecordHeader>(record, 0);
  if (!header || header->word.magic != kRecordMagic || header->word.version != kRecordVersion ||
      header->word.length_bytes != record.size()) {
    return 0;
  }
  const auto type = type_of(header->word.type);
  if (!type) return 0;
  JsonWriter json(out);
  json.raw(R"({"type":)");
  json.string(type->name);
  json.raw(R"(,"seq":)");
  json.number(header->seq);
  json.raw(R"(,"session":)");
  json.number(header->session);
  json.raw(R"(,"source_ns":)");
  json.number(header->source_ns);
  json.raw(R"(,"received_ns":)");
  json.number(header->received_ns);
  json.raw(R"(,"latency_ns":)");
  json.number(header->latency_ns);
  if (!type->write(json, record)) return 0;
  json.raw("}\n");
  return json.bytes();
}

}  // namespace tariff
