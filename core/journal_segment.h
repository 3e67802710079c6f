#pragma once
// core/journal_segment.h - One file of the journal: how it is named, made, mapped and checked. Only
// core/journal*.cc include it. Bytes: docs/formats/journal.md.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/record.h"
#include "core/result.h"
#include "core/segment_header.h"

namespace tariff {

/// A mapped segment. Unmaps and closes at the end of its life; the file stays.
class JournalSegment {
 public:
  enum class Access : std::uint8_t { Read, Write };

  /// Makes the file with all its space reserved, so that a full disk is found here and not while a
  /// record is written. It appears under its name only when it is complete.
  [[nodiscard]] static Result<std::unique_ptr<JournalSegment>> create(const std::string& directory,
                                                                      std::uint64_t number,
                                                                      std::size_t bytes,
                                                                      std::uint32_t session);
  /// Also one that is cut short: then its size is what is left of it.
  [[nodiscard]] static Result<std::unique_ptr<JournalSegment>> open(const std::string& directory,
                                                                    std::uint64_t number,
                                                                    Access access);
  ~JournalSegment();
  JournalSegment(const JournalSegment&) = delete;
  JournalSegment& operator=(const JournalSegment&) = delete;

  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_; }
  [[nodiscard]] std::byte* at(std::size_t position) const noexcept { return map_ + position; }
  /// As in the file's name. Not read from the mapping, which may be damaged while it is in use.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }

  [[nodiscard]] std::uint32_t session() const noexcept {
    return std::atomic_ref(header().session).load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t first_seq() const noexcept {
    return std::atomic_ref(header().first_seq).load(std::memory_order_acquire);
  }
  [[nodiscard]] std::uint64_t end_seq() const noexcept {
    return std::atomic_ref(header().end_seq).load(std::memory_order_acquire);
  }
  /// First eight bytes of the record at `position`; 0 if none is committed there.
  [[nodiscard]] std::uint64_t word(std::size_t position) const noexcept {
    if (position + sizeof(RecordWord) > bytes_) return 0;
    return word_ref(position).load(std::memory_order_acquire);
  }

  // Writer only.
  void set_session(std::uint32_t session) noexcept {
    std::atomic_ref(header().session).store(session, std::memory_order_relaxed);
  }
  void set_first_seq(std::uint64_t seq) noexcept {
    std::atomic_ref(header().first_seq).store(seq, std::memory_order_release);
  }
  void seal(std::uint64_t end_seq) noexcept {
    std::atomic_ref(header().end_seq).store(end_seq, std::memory_order_release);
  }
  void set_word(std::size_t position, std::uint64_t word) noexcept {
    word_ref(position).store(word, std::memory_order_release);
  }
  /// Makes the pages of `bytes` from `position` on writable now, so that no store faults later. A
  /// kernel that cannot (before 5.14) costs a page fault per 4 KiB instead.
  void populate(std::size_t position, std::size_t bytes) noexcept;

  /// Next of the list of segments that wait for maintenance (core/journal.cc).
  JournalSegment* next_retired = nullptr;
  bool sync_failed = false;  ///< Maintenance only.

 private:
  JournalSegment(int fd, std::byte* map, std::size_t bytes, std::uint64_t number)
      : fd_(fd), map_(map), bytes_(bytes), number_(number) {}
  [[nodiscard]] SegmentHeader& header() const noexcept {
    return *reinterpret_cast<SegmentHeader*>(map_);
  }
  [[nodiscard]] std::atomic_ref<std::uint64_t> word_ref(std::size_t position) const noexcept {
    return std::atomic_ref(*reinterpret_cast<std::uint64_t*>(map_ + position));
  }

  int fd_;
  std::byte* map_;
  std::size_t bytes_;
  std::uint64_t number_;
};

/// What a look at a file told, without mapping it.
struct SegmentInfo {
  std::uint64_t number = 0;
  std::uint64_t first_seq = 0;
  std::uint64_t end_seq = 0;
  std::uint32_t session = 0;
  std::uint64_t bytes_made = 0;  ///< Size of the file when it was made.
  std::uint64_t bytes_left = 0;  ///< Its size now; smaller if it is cut short.
};

[[nodiscard]] std::string segment_path(const std::string& directory, std::uint64_t number);
/// Numbers of the files named as segments, ascending.
[[nodiscard]] std::vector<std::uint64_t> list_segments(const std::string& directory);
/// Empty if the file is gone or is no segment.
[[nodiscard]] std::optional<SegmentInfo> look_at_segment(const std::string& directory,
                                                         std::uint64_t number);

/// Size of the file, whatever is in it; fails if it may not be read.
[[nodiscard]] Result<std::uint64_t> segment_file_bytes(const std::string& directory,
                                                       std::uint64_t number);

/// Whole length if a record with this first word fits into `room` bytes and is shaped as one, else
/// 0. Its content may still be damaged.
[[nodiscard]] std::size_t record_length(std::uint64_t word, std::size_t room) noexcept;

/// One line for a person from `errno`: what, where, why, what to do; with the exit code.
[[nodiscard]] Error journal_error(const std::string& what, const std::string& path, int problem);

}  // namespace tariff
