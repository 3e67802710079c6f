#pragma once
// core/journal.h - Append-only memory-mapped log of records (core/record.h): the durable log, the
// resume buffer of every subscriber, and the ring that readers poll. docs/formats/journal.md.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>

#include "core/record.h"
#include "core/record_sink.h"
#include "core/result.h"
#include "core/time.h"

namespace tariff {

class JournalSegment;

struct JournalOptions {
  std::string directory;
  std::size_t segment_bytes = 16U << 20U;  ///< Size of one file; a record never spans two.
  std::size_t segments_max = 16;           ///< Oldest files beyond this are deleted.
  std::size_t record_bytes_max = kRecordBytesMax;
  /// fdatasync at most this often, off the writing thread; 0 leaves it to the kernel. A kill -9
  /// loses nothing either way; only a power cut can.
  std::int64_t sync_every_ms = 1'000;
};

/// One writing thread. `maintain` is called from another one, or from the same.
class JournalWriter final : public RecordSink {
 public:
  /// Opens or makes the journal, truncates a torn tail, and goes on numbering where it ended. A
  /// second writer on the same directory is refused. What was found damaged is told by the first
  /// `maintain`.
  [[nodiscard]] static Result<std::unique_ptr<JournalWriter>> open(const JournalOptions& options);
  ~JournalWriter() override;
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  /// Hot. Space for a record of at most `bytes`, header included and all zero; empty if it cannot
  /// be had (too long, disk full), which the caller counts. The caller leaves the header's place
  /// alone. Nothing is visible before `commit`; without one, the next `begin` gives the same space.
  [[nodiscard]] std::span<std::byte> begin(std::size_t bytes) noexcept override;
  /// Hot. Publishes the record begun last, cut to `bytes`: fills in magic, version, length,
  /// session, seq and CRC and stores the first word with release order. The caller has filled
  /// `type` and the stamps in `header`. Returns the sequence number.
  std::uint64_t commit(RecordHeader header, std::size_t bytes) noexcept override;

  /// Off the hot path, a few times a second: prepares the next segment, syncs, deletes what is over
  /// the retention. Returns the first problem since the last call, for a person; empty if all is
  /// well. A problem that lasts is told at every call.
  [[nodiscard]] std::string maintain();

  /// Any thread. 0 if none.
  [[nodiscard]] std::uint64_t last_seq() const noexcept override {
    return last_seq_.load(std::memory_order_acquire);
  }
  [[nodiscard]] std::uint32_t session() const noexcept { return session_; }  ///< Any thread.
  /// Any thread. How often the writing thread had to make a segment itself.
  [[nodiscard]] std::uint64_t segments_made_late() const noexcept {
    return made_late_.load(std::memory_order_relaxed);
  }

 private:
  explicit JournalWriter(const JournalOptions& options);

  // At start (core/journal_recovery.cc).
  [[nodiscard]] Result<void> lock();
  struct Survey;
  [[nodiscard]] Result<void> recover();
  [[nodiscard]] Result<void> survey(Survey& found);
  [[nodiscard]] Result<void> recover_last(const Survey& found);

  // Writing thread.
  [[nodiscard]] bool roll() noexcept;
  [[nodiscard]] JournalSegment* make_late() noexcept;

  /// For who has set `making_`.
  [[nodiscard]] Result<std::unique_ptr<JournalSegment>> make_segment();

  // Maintenance thread.
  void prepare(std::string& problem);
  void sync(std::string& problem);
  void sync_segment(JournalSegment& segment, std::string& problem);
  void apply_retention(std::string& problem);

  JournalOptions options_;
  int lock_fd_ = -1;
  std::uint32_t session_ = 0;

  // Written by the writing thread.
  JournalSegment* writing_ = nullptr;
  std::size_t position_ = 0;
  std::size_t begun_bytes_ = 0;  // 0: no record is begun
  bool make_failed_ = false;
  std::atomic<std::uint64_t> last_seq_{0};
  std::atomic<std::uint64_t> made_late_{0};
  std::atomic<std::size_t> end_bytes_{0};  // where the next record goes, for maintenance

  // From one thread to the other. A segment is freed only by maintenance, or at the end.
  alignas(64) std::atomic<JournalSegment*> current_{nullptr};
  std::atomic<JournalSegment*> next_{nullptr};
  std::atomic<JournalSegment*> retired_{nullptr};
  std::atomic_flag making_;
  std::uint64_t next_number_ = 1;  // of the segment to be made next; for who has set `making_`

  // Maintenance thread.
  alignas(64) std::deque<std::uint64_t> numbers_;
  std::uint64_t synced_seq_ = 0;
  std::uint64_t populated_seq_ = 0;
  MonoNs synced_at_;
  std::string found_at_start_;
};

/// One reading thread; as many readers as you like, also in other processes. Never in the writer's
/// way: it maps the files read-only, and one that is deleted stays readable until it moves on.
class JournalReader {
 public:
  enum class Status : std::uint8_t {
    Record,  ///< `record` is the next one.
    None,    ///< Nothing newer yet.
    Gap,     ///< Records gap_from..gap_to are gone; the next call goes on after them.
    /// The record gap_from failed its checks, and the reader stays where it is. If gap_to is not 0,
    /// the rest of the segment up to it is lost, and seek(gap_to + 1) goes on behind it.
    Broken,
  };
  struct Read {
    Status status = Status::None;
    std::span<const std::byte> record;  ///< Valid until the next call.
    std::uint64_t gap_from = 0;
    std::uint64_t gap_to = 0;
  };

  /// Starts at the oldest record there is.
  [[nodiscard]] static Result<std::unique_ptr<JournalReader>> open(const std::string& directory);
  ~JournalReader();
  JournalReader(const JournalReader&) = delete;
  JournalReader& operator=(const JournalReader&) = delete;

  /// The next record returned is the first with a sequence number of at least `seq`; what is
  /// already deleted of these gives a Gap first. 0: the oldest there is, without a Gap.
  void seek(std::uint64_t seq);
  /// The next record returned is the first that is committed after this call. Returns the sequence
  /// number of the one before it; 0 if there is none.
  std::uint64_t seek_end();
  [[nodiscard]] Read next();
  /// Session of the writer of the segment that is read; 0 before the first.
  [[nodiscard]] std::uint32_t session() const noexcept;

 private:
  explicit JournalReader(std::string directory);
  [[nodiscard]] bool attach(Read& read);
  [[nodiscard]] bool attach_to(std::uint64_t number);
  [[nodiscard]] bool advance();

  struct Place {
    std::size_t position = 0;
    std::uint64_t seq = 0;  // of the record that is or will be there
  };

  std::string directory_;
  std::unique_ptr<JournalSegment> segment_;
  std::size_t position_ = 0;
  std::uint64_t expected_ = 0;     // sequence number of the record at position_
  std::array<Place, 3> passed_{};  // places to go back to: two of late, and the first; newest first
  std::uint64_t wanted_ = 0;       // no record below it is returned
};

}  // namespace tariff
