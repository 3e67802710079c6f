#pragma once
// core/journal.h - Append-only memory-mapped log of records (core/record.h): the durable log, the
// resume buffer of every subscriber, and the ring that readers poll. docs/formats/journal.md.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/record.h"
#include "core/result.h"

namespace tariff {

struct JournalOptions {
  std::string directory;
  std::size_t segment_bytes = 16U << 20U;  ///< Size of one file; a record never spans two.
  std::size_t segments_max = 16;           ///< Oldest files beyond this are deleted.
  std::size_t record_bytes_max = kRecordBytesMax;
  /// fdatasync at most this often, off the writing thread; 0 leaves it to the kernel. A kill -9
  /// loses nothing either way; only a power cut can.
  std::int64_t sync_every_ms = 1'000;
};

/// One writing thread. `maintain` is called from another one.
class JournalWriter {
 public:
  /// Opens or makes the journal, truncates a torn tail, and goes on numbering where it ended. A
  /// second writer on the same directory is refused.
  [[nodiscard]] static Result<std::unique_ptr<JournalWriter>> open(const JournalOptions& options);
  virtual ~JournalWriter() = default;

  /// Hot. Space for a record of at most `bytes`, zeroed where it matters; empty if it cannot be had
  /// (too long, disk full), which the caller counts. Nothing is visible before `commit`.
  [[nodiscard]] virtual std::span<std::byte> begin(std::size_t bytes) noexcept = 0;
  /// Hot. Publishes the record begun last: fills in magic, version, length, session, seq and CRC
  /// and stores the first word with release order. The caller has filled `type` and the stamps in
  /// `header` and the body behind it. Returns the sequence number.
  virtual std::uint64_t commit(RecordHeader header, std::size_t bytes) noexcept = 0;

  /// Off the hot path: prepares the next segment, syncs, deletes what is over the retention.
  /// Returns the first problem since the last call, for a person; empty if all is well.
  [[nodiscard]] virtual std::string maintain() = 0;

  [[nodiscard]] virtual std::uint64_t last_seq() const noexcept = 0;  ///< Any thread. 0 if none.
  [[nodiscard]] virtual std::uint32_t session() const noexcept = 0;   ///< Any thread.
};

/// One reading thread; as many readers as you like, also in other processes.
class JournalReader {
 public:
  enum class Status : std::uint8_t {
    Record,  ///< `record` is the next one.
    None,    ///< Nothing newer yet.
    Gap,     ///< Records gap_from..gap_to are gone; the next call goes on after them.
    Broken,  ///< A record failed its checks; the reader stays where it is.
  };
  struct Read {
    Status status = Status::None;
    std::span<const std::byte> record;  ///< Valid until the next call.
    std::uint64_t gap_from = 0;
    std::uint64_t gap_to = 0;
  };

  [[nodiscard]] static Result<std::unique_ptr<JournalReader>> open(const std::string& directory);
  virtual ~JournalReader() = default;

  /// The next record returned is the first with a sequence number of at least `seq`.
  virtual void seek(std::uint64_t seq) = 0;
  [[nodiscard]] virtual Read next() = 0;
};

}  // namespace tariff
