#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include <fmt/format.h>
#include <sysexits.h>

#include "core/journal.h"
#include "core/journal_segment.h"
#include "core/record_check.h"

namespace tariff {
namespace {

/// Going back by less than this is cheap: it is what a subscriber does whose socket was full.
constexpr std::uint64_t kRecordsBetweenPlaces = 64;

}  // namespace

JournalReader::JournalReader(std::string directory) : directory_(std::move(directory)) {}

JournalReader::~JournalReader() = default;

Result<std::unique_ptr<JournalReader>> JournalReader::open(const std::string& directory) {
  struct stat info {};
  if (::stat(directory.c_str(), &info) != 0) return journal_error("read", directory, errno);
  if (!S_ISDIR(info.st_mode)) return journal_error("read", directory, ENOTDIR);
  if (::access(directory.c_str(), R_OK | X_OK) != 0) {
    return journal_error("read", directory, errno);
  }
  return std::unique_ptr<JournalReader>(new JournalReader(directory));
}

void JournalReader::seek(std::uint64_t seq) {
  wanted_ = seq;
  if (segment_ == nullptr) return;
  const std::uint64_t end = segment_->end_seq();
  if (seq < passed_.back().seq || (end != 0 && seq >= end)) {
    segment_.reset();
    return;
  }
  if (seq >= expected_) return;
  const auto place = std::find_if(passed_.begin(), passed_.end(),
                                  [&](const Place& passed) { return passed.seq <= seq; });
  position_ = place->position;
  expected_ = place->seq;
}

std::uint64_t JournalReader::seek_end() {
  seek(std::numeric_limits<std::uint64_t>::max());
  (void)next();  // walks to the end, because nothing there is wanted
  wanted_ = segment_ == nullptr ? 0 : expected_;
  return segment_ == nullptr ? 0 : expected_ - 1;
}

JournalReader::Read JournalReader::next() {
  Read read;
  while (true) {
    if (segment_ == nullptr && !attach(read)) return read;
    const std::uint64_t word = segment_->word(position_);
    if (word == 0) {
      const std::uint64_t end = segment_->end_seq();
      if (end == 0) return read;
      if (segment_->word(position_) != 0) continue;  // committed just before the segment ended
      if (expected_ >= end) {
        if (!advance()) return read;
        continue;
      }
    }
    const std::size_t length = record_length(word, segment_->size() - position_);
    const std::span<const std::byte> record(segment_->at(position_), length);
    const bool wanted = expected_ >= wanted_;
    if (length == 0 || record_header(record).seq != expected_ ||
        (wanted && !record_intact(record))) {
      const std::uint64_t end = segment_->end_seq();
      read.status = Status::Broken;
      read.gap_from = expected_;
      read.gap_to = end == 0 ? 0 : end - 1;
      return read;
    }
    if (expected_ % kRecordsBetweenPlaces == 0 && expected_ > passed_[0].seq) {
      passed_[1] = passed_[0];
      passed_[0] = {position_, expected_};
    }
    position_ += length;
    ++expected_;
    if (!wanted) continue;
    wanted_ = expected_;
    read.status = Status::Record;
    read.record = record;
    return read;
  }
}

std::uint32_t JournalReader::session() const noexcept {
  return segment_ == nullptr ? 0 : segment_->session();
}

/// Finds the segment that holds `wanted_`. False if there is something to tell first.
bool JournalReader::attach(Read& read) {
  std::optional<SegmentInfo> chosen;
  std::uint64_t gap_from = 0;
  for (const std::uint64_t number : list_segments(directory_)) {
    const auto info = look_at_segment(directory_, number);
    if (!info || info->first_seq == 0) continue;
    if (chosen && info->first_seq < chosen->first_seq) continue;  // its header is damaged
    if (info->first_seq > wanted_) {
      if (!chosen || (chosen->end_seq != 0 && chosen->end_seq <= wanted_)) {
        // Nothing that is left holds `wanted_`; this is the first behind it.
        gap_from = wanted_;
        chosen = info;
      }
      break;
    }
    chosen = info;
  }
  if (!chosen) return false;
  if (gap_from != 0) {
    read.status = Status::Gap;
    read.gap_from = gap_from;
    read.gap_to = chosen->first_seq - 1;
    wanted_ = chosen->first_seq;
    return false;
  }
  return attach_to(chosen->number);
}

bool JournalReader::attach_to(std::uint64_t number) {
  auto opened = JournalSegment::open(directory_, number, JournalSegment::Access::Read);
  if (!opened) return false;  // deleted meanwhile: the next call looks again
  segment_ = std::move(*opened);
  position_ = sizeof(SegmentHeader);
  expected_ = segment_->first_seq();
  passed_.fill({position_, expected_});
  return true;
}

/// From the end of a segment to the next one. False if that is not there yet.
bool JournalReader::advance() {
  const auto info = look_at_segment(directory_, segment_->number() + 1);
  if (info && info->first_seq == expected_) return attach_to(info->number);
  if (info && info->first_seq == 0) return false;
  // Deleted, damaged, or not made because the disk is full: look at what there is.
  wanted_ = std::max(wanted_, expected_);
  const std::uint64_t number = segment_->number();
  for (const std::uint64_t other : list_segments(directory_)) {
    if (other <= number) continue;
    segment_.reset();
    return true;
  }
  return false;
}

}  // namespace tariff
