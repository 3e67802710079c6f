#pragma once
// tariffd/journal.h - Walks the daemon's journal forward in shared memory, record by record. Knows
// numbers and damage, not messages. Thread: owned by one client. Cold but for `peek` and `consume`,
// which make no system call within one file.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "core/record.h"
#include "core/record_check.h"
#include "tariffd/segment.h"

namespace tariff::client::detail {

class JournalWalk {
 public:
  enum class Found : std::uint8_t {
    Record,   ///< `record()` is the next one.
    Nothing,  ///< Nothing newer yet.
    Gap,      ///< The numbers from gap_from() to due() - 1 are gone.
  };

  /// `from_seq`: 0 is the oldest there is; nullopt: what is committed from now on.
  JournalWalk(std::string directory, std::optional<std::uint64_t> from_seq)
      : directory_(std::move(directory)), due_(from_seq.value_or(0)), to_end_(!from_seq) {}

  /// Looks for the next record; never waits.
  [[nodiscard]] Found look() {
    for (;;) {
      if (!segment_.open()) {
        const Found found = attach();
        if (found != Found::Record) return found;
      }
      const auto bytes = segment_.record(position_);
      if (bytes.empty()) {
        const std::uint64_t end = segment_.end_seq();
        if (end == 0) return at_end();
        if (!segment_.record(position_).empty()) continue;  // committed just before the end
        if (at_ < end) return damaged(end);
        if (!advance()) return at_end();
        continue;
      }
      const bool wanted = !to_end_ && at_ >= due_;
      const std::size_t length = length_of(bytes, wanted);
      if (length == 0) return damaged(segment_.end_seq());
      record_ = bytes.first(length);
      if (wanted) return Found::Record;
      consume();
    }
  }

  /// After Record. Valid until the walk goes over to another file, which only `look` does.
  [[nodiscard]] std::span<const std::byte> record() const noexcept { return record_; }
  void consume() noexcept {
    position_ += record_.size();
    due_ = std::max(due_, ++at_);
  }

  [[nodiscard]] std::uint64_t gap_from() const noexcept { return gap_from_; }
  /// The number that comes next; 0 as long as that is not known.
  [[nodiscard]] std::uint64_t due() const noexcept { return due_; }

  /// After Nothing: the journal's last number is more than one before the one that is due.
  [[nodiscard]] bool ends_early() const noexcept { return ends_early_; }

  /// The journal says that nothing is there and the daemon that something is: look at the directory
  /// again, since the file may have been replaced.
  void forget_file() noexcept { segment_ = Segment(); }

 private:
  /// Of the record at the start of `bytes`; 0 if it is not the one that has to be there. The
  /// checksum (`check`) of what is only walked over does not matter.
  [[nodiscard]] std::size_t length_of(std::span<const std::byte> bytes, bool check) const noexcept {
    if (bytes.size() < sizeof(RecordHeader)) return 0;
    const RecordHeader header = record_header(bytes);
    const std::size_t length = header.word.length_bytes;
    const bool shaped = header.word.magic == kRecordMagic && header.seq == at_ &&
                        length >= sizeof header && length <= bytes.size() &&
                        length % kRecordAlignBytes == 0;
    if (!shaped) return 0;
    const auto body = bytes.subspan(sizeof header, length - sizeof header);
    return check && header.crc32c != record_crc32c(header, body) ? 0 : length;
  }

  /// Maps the file that is due. Record: it is mapped.
  Found attach() {
    Segment found = find_segment(directory_, to_end_ ? UINT64_MAX : due_);
    if (!found.open()) {
      // A journal that is made only now: all of it is "from now on".
      if (to_end_) due_ = 0, to_end_ = false;
      return Found::Nothing;
    }
    const std::uint64_t end = found.end_seq();
    if (!to_end_ && end != 0 && end <= due_) {  // the next is not begun yet
      ends_early_ = end < due_;
      return Found::Nothing;
    }
    segment_ = std::move(found);
    position_ = sizeof(SegmentHeader);
    at_ = segment_.first_seq();
    if (to_end_ || at_ <= due_) return Found::Record;
    if (due_ != 0) return gap_up_to(at_);
    due_ = at_;
    return Found::Record;
  }

  /// From a file that has ended to the next one. False: it is not there yet.
  bool advance() {
    Segment next = Segment::open(directory_, segment_.number() + 1);
    if (next.open() && next.first_seq() == at_) {
      segment_ = std::move(next);
      position_ = sizeof(SegmentHeader);
      return true;
    }
    if (next.open() && next.first_seq() == 0) return false;
    // Deleted, damaged, or not made because the disk is full.
    const auto numbers = segment_numbers(directory_);
    if (numbers.empty() || numbers.back() <= segment_.number()) return false;
    segment_ = Segment();
    return true;
  }

  Found at_end() noexcept {
    if (to_end_) due_ = at_, to_end_ = false;
    ends_early_ = at_ < due_;
    return Found::Nothing;
  }

  /// The rest of a file is lost, once it is known how far that goes.
  Found damaged(std::uint64_t end) {
    if (end == 0) return Found::Nothing;
    segment_ = Segment();
    if (to_end_) due_ = end, to_end_ = false;
    return end <= due_ ? Found::Nothing : gap_up_to(end);
  }

  Found gap_up_to(std::uint64_t next) noexcept {
    gap_from_ = due_;
    due_ = next;
    return Found::Gap;
  }

  std::string directory_;
  Segment segment_;
  std::size_t position_ = 0;
  std::uint64_t at_ = 0;  // number of the record that is or will be at position_
  std::uint64_t due_;     // the next one to hand out; those before it are walked over
  bool to_end_;           // walk over all there is, and begin there
  bool ends_early_ = false;
  std::uint64_t gap_from_ = 0;
  std::span<const std::byte> record_;
};

}  // namespace tariff::client::detail
