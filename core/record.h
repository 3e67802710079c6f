#pragma once
// core/record.h - The bytes of every message: what the journal stores is what a binary subscriber
// reads. Specified to the byte, with a worked example, in docs/formats/signal-binary.md.
// Little-endian, fixed offsets; fields are only ever added at the end of a body, and a reader skips
// by `length_bytes`. Thread: any. Hot: plain data. Needs nothing but the standard library, because
// clients include it.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "core/facts.h"
#include "core/feed_status.h"
#include "core/fixed_text.h"

namespace tariff {

static_assert(std::endian::native == std::endian::little, "records are little-endian in memory");

enum class RecordType : std::uint8_t {
  Event = 1,
  Signal = 2,
  Retract = 3,
  Status = 4,
  Heartbeat = 5,  ///< To one connection, never in a journal.
  Gap = 6,        ///< To one connection, never in a journal.
  Error = 7,      ///< To one connection, which is then closed; never in a journal.
  RawInput = 16,  ///< In the journal of inputs only.
};

constexpr std::uint16_t kRecordMagic = 0x4654;  // "TF"
constexpr std::uint8_t kRecordVersion = 1;
/// Records start at multiples of this and are padded with zeros up to it.
constexpr std::size_t kRecordAlignBytes = 8;
/// An event with eight facts and the longest text stays under 4 KiB; raw inputs have their own.
constexpr std::size_t kRecordBytesMax = 8'192;

/// First eight bytes of a record. The writer stores them last, with one release store: a record
/// whose first word is zero is not there yet.
struct RecordWord {
  std::uint16_t magic = kRecordMagic;
  std::uint8_t version = kRecordVersion;
  RecordType type = RecordType::Event;
  std::uint32_t length_bytes = 0;  ///< Whole record, header and padding included.
};
static_assert(sizeof(RecordWord) == 8);

struct RecordHeader {
  RecordWord word;
  std::uint32_t crc32c = 0;      ///< Over the whole record, with these four bytes taken as zero.
  std::uint32_t session = 0;     ///< Changes, and only grows, with every start of the daemon.
  std::uint64_t seq = 0;         ///< +1 per published message, across restarts; first is 1.
  std::int64_t source_ns = 0;    ///< The source's own stamp, wall; 0 if none.
  std::int64_t received_ns = 0;  ///< Receipt at this host, wall.
  std::int64_t latency_ns = 0;   ///< Receipt to publication, monotonic.
};
static_assert(sizeof(RecordHeader) == 48);

enum class Novelty : std::uint8_t { New, Confirmation, Repeat, Update };
inline constexpr std::array<std::string_view, 4> kNoveltyNames{"new", "confirmation", "repeat",
                                                               "update"};

/// Followed by `facts_count` Facts of `facts_stride` bytes from `facts_offset` on, and by the text.
/// Offsets count from the start of the record.
struct EventBody {
  static constexpr std::uint8_t kTruncated = 1;  ///< The text was cut.
  static constexpr std::uint8_t kUnscored = 2;   ///< Matters, but too little was understood.
  static constexpr std::uint8_t kStale = 4;      ///< Older than the limit: brings no signal.
  static constexpr std::uint8_t kClamped = 8;    ///< A stamp of the source could not be true.
  static constexpr std::uint8_t kTest = 16;      ///< Marked as a test: brings no signal.
  static constexpr std::uint8_t kEmbargo = 32;   ///< Marked as embargoed: brings no signal.
  static constexpr std::uint8_t kOldNews = 64;   ///< Marked as a repeat by who sent it.
  static constexpr std::uint8_t kWaiting = 128;  ///< Signals wait for a second origin.

  std::uint64_t event_id = 0;
  std::uint32_t revision = 0;  ///< From 1 on; +1 for each further telling of the story.
  Net net = Net::None;
  Novelty novelty = Novelty::New;
  std::uint8_t origins = 1;  ///< Independent origins of the story now, at most 17.
  std::uint8_t flags = 0;
  float confidence = 0;         ///< 0..1; that of the surest fact.
  float trust = 0;              ///< 0..1; of the source, from sources.toml.
  std::int64_t updated_ns = 0;  ///< Source's stamp of this revision; 0 if none.
  FixedText<16> feed{};
  FixedText<32> source{};
  FixedText<40> item_id{};
  std::uint16_t facts_offset = 0;
  std::uint16_t facts_stride = sizeof(Facts);
  std::uint16_t facts_count = 0;
  std::uint16_t text_offset = 0;
  std::uint16_t text_bytes = 0;
  std::array<std::uint16_t, 3> reserved{};
};
static_assert(sizeof(EventBody) == 136);

struct SignalBody {
  /// Takes the place of the event's signal for this instrument: hold this, do not add to it.
  static constexpr std::uint8_t kReplaces = 1;

  std::uint64_t event_id = 0;
  std::uint32_t revision = 0;
  std::int8_t direction = 0;  ///< +1 the instrument should rise, -1 fall.
  std::uint8_t flags = 0;
  std::array<std::uint8_t, 2> reserved{};
  FixedText<16> instrument{};
  FixedText<32> exposure{};  ///< Id of the line in exposures.toml.
  float score = 0;           ///< -1..1; sign as `direction`.
  float confidence = 0;      ///< 0..1
  double bid = 0;            ///< Reference quote at receipt; 0 if there is none.
  double ask = 0;
  double mid = 0;
  double spread = 0;
  std::int64_t quote_age_ns = -1;  ///< At receipt of the headline; -1 if there is no quote.
  float move_1s_bps = 0;           ///< Move of mid over the second before receipt; NaN if unknown.
  float move_5s_bps = 0;
  float move_60s_bps = 0;
  float reserved_2 = 0;
};
static_assert(sizeof(SignalBody) == 128);

enum class RetractReason : std::uint8_t {
  Corrected,
  Withdrawn,
  Denied,
  SourceDeleted,
  Superseded,  ///< The story went on, and no longer moves the instrument.
};
inline constexpr std::array<std::string_view, 5> kRetractReasonNames{
    "corrected", "withdrawn", "denied", "source_deleted", "superseded"};

/// Takes back the signal for one instrument, or (empty instrument) the event itself.
struct RetractBody {
  std::uint64_t event_id = 0;
  std::uint32_t revision = 0;  ///< The revision that takes back.
  RetractReason reason = RetractReason::Corrected;
  std::array<std::uint8_t, 3> reserved{};
  std::uint64_t supersedes_seq = 0;  ///< Sequence number of the message taken back.
  FixedText<16> instrument{};
  double mid_then = 0;  ///< 0 if there was no quote.
  double mid_now = 0;
};
static_assert(sizeof(RetractBody) == 56);

enum class StatusKind : std::uint8_t {
  Feed,      ///< `state` is a FeedState of `feed`.
  Blind,     ///< No headline feed is up.
  Sighted,   ///< A headline feed is up again.
  Reloaded,  ///< New tables are in force.
  ReloadFailed,
  Started,
  Stopping,
  JournalFull,  ///< A journal cannot take records: `text` says which. That of inputs stops first.
  JournalWell,  ///< It can again.
};
inline constexpr std::array<std::string_view, 9> kStatusKindNames{
    "feed",    "blind",    "sighted",      "reloaded",    "reload_failed",
    "started", "stopping", "journal_full", "journal_well"};

struct StatusBody {
  StatusKind kind = StatusKind::Feed;
  FeedState state = FeedState::Starting;
  std::array<std::uint8_t, 6> reserved{};
  FixedText<16> feed{};  ///< Empty unless kind is Feed.
  FixedText<160> text{};
};
static_assert(sizeof(StatusBody) == 184);

struct HeartbeatBody {
  std::uint64_t last_seq = 0;
};

/// Records from..to, both included, can no longer be had.
struct GapBody {
  std::uint64_t from_seq = 0;
  std::uint64_t to_seq = 0;
};

struct ErrorBody {
  FixedText<256> text{};
};

/// One frame as a transport read it. `data_bytes` bytes follow at `data_offset` from the start of
/// the record. Only in the journal of inputs, where records may have up to 16 MiB.
struct RawInputBody {
  enum class Kind : std::uint8_t { Frame, Connected, Disconnected };
  std::int64_t received_mono_ns = 0;
  FixedText<16> feed{};
  std::uint32_t connection = 0;  ///< Counts the connections of this feed since the start.
  std::uint32_t data_bytes = 0;
  std::uint16_t data_offset = 0;
  Kind kind = Kind::Frame;
  std::array<std::uint8_t, 5> reserved{};
};
static_assert(sizeof(RawInputBody) == 40);

[[nodiscard]] constexpr std::size_t record_padded(std::size_t bytes) noexcept {
  return (bytes + kRecordAlignBytes - 1) / kRecordAlignBytes * kRecordAlignBytes;
}

}  // namespace tariff
