// core/journal_recovery.cc - How a writer starts: takes the lock, finds the end of what is there,
// drops a record that was being written when the last writer ended, and goes on behind it.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <sysexits.h>

#include "core/clock.h"
#include "core/journal.h"
#include "core/journal_segment.h"
#include "core/record_check.h"

namespace tariff {
namespace {

/// The record at `position` with that number, if it is whole; its length, else 0.
std::size_t whole_record(const JournalSegment& segment, std::size_t position, std::uint64_t seq) {
  const std::size_t length = record_length(segment.word(position), segment.size() - position);
  if (length == 0) return 0;
  const std::span<const std::byte> record(segment.at(position), length);
  return record_header(record).seq == seq && record_intact(record) ? length : 0;
}

/// Highest number of a whole record behind `position`, where the record `missing` should be; 0 if
/// there is none. A power cut can lose a page and keep a later one; numbers that were given out
/// must not be given out again.
std::uint64_t last_seq_behind(const JournalSegment& segment, std::size_t position,
                              std::uint64_t missing) {
  // Bytes from the network may look like records; bounds what they can cost.
  int checksums_left = 1'000;
  std::uint64_t last = 0;
  while (position + sizeof(RecordHeader) <= segment.size() && checksums_left > 0) {
    const std::size_t length = record_length(segment.word(position), segment.size() - position);
    std::size_t step = kRecordAlignBytes;
    if (length != 0) {
      const std::span<const std::byte> record(segment.at(position), length);
      const std::uint64_t seq = record_header(record).seq;
      if (seq > std::max(missing, last) && seq - missing < segment.size() / sizeof(RecordHeader)) {
        if (record_intact(record)) {
          last = seq;
          step = length;
        } else {
          --checksums_left;
        }
      }
    }
    position += step;
  }
  return last;
}

void remove_unfinished(const std::string& directory) {
  std::error_code problem;
  for (std::filesystem::directory_iterator it(directory, problem), end; !problem && it != end;
       it.increment(problem)) {
    if (it->path().extension() == ".new") ::unlink(it->path().c_str());
  }
}

}  // namespace

Result<std::unique_ptr<JournalWriter>> JournalWriter::open(const JournalOptions& options) {
  if (options.segment_bytes % kRecordAlignBytes != 0 ||
      options.segment_bytes < sizeof(SegmentHeader) + options.record_bytes_max) {
    return Error{
        fmt::format("journal: segments of {} bytes cannot hold a record of {} bytes; raise "
                    "segment_bytes to a multiple of 8 above that",
                    options.segment_bytes, options.record_bytes_max),
        EX_CONFIG};
  }
  std::unique_ptr<JournalWriter> writer(new JournalWriter(options));
  if (auto locked = writer->lock(); !locked) return locked.error();
  if (auto recovered = writer->recover(); !recovered) return recovered.error();
  return writer;
}

Result<void> JournalWriter::lock() {
  const std::string& directory = options_.directory;
  if (::mkdir(directory.c_str(), 0750) != 0 && errno != EEXIST) {
    return journal_error("make the directory", directory, errno);
  }
  const std::string path = directory + "/writer.lock";
  lock_fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (lock_fd_ < 0) return journal_error("open", path, errno);
  if (::flock(lock_fd_, LOCK_EX | LOCK_NB) == 0) return {};
  if (errno != EWOULDBLOCK) return journal_error("lock", path, errno);
  return Error{fmt::format("journal: {} is written by another process; stop that tariffd, or give "
                           "this one a directory of its own",
                           directory),
               EX_CANTCREAT};
}

Result<void> JournalWriter::recover() {
  remove_unfinished(options_.directory);
  std::uint32_t session_before = 0;
  std::uint64_t number_last = 0;
  std::optional<SegmentInfo> last;
  for (const std::uint64_t number : list_segments(options_.directory)) {
    const auto info = look_at_segment(options_.directory, number);
    if (!info) {
      number_last = number;
      if (found_at_start_.empty()) {
        found_at_start_ = fmt::format("journal: {} is not a whole segment; its records are lost",
                                      segment_path(options_.directory, number));
      }
      continue;
    }
    session_before = std::max(session_before, info->session);
    if (info->first_seq == 0) {  // made ahead of time by the last writer, never used
      ::unlink(segment_path(options_.directory, number).c_str());
      continue;
    }
    if (last && last->end_seq == 0) {
      // A power cut lost the mark at its end; without it readers would wait there for ever.
      auto opened =
          JournalSegment::open(options_.directory, last->number, JournalSegment::Access::Write);
      if (!opened) return opened.error();
      (*opened)->seal(info->first_seq);
    } else if (last && last->end_seq != info->first_seq && found_at_start_.empty()) {
      found_at_start_ = fmt::format("journal: records {} to {} are missing in {}", last->end_seq,
                                    info->first_seq - 1, options_.directory);
    }
    number_last = number;
    numbers_.push_back(number);
    last = info;
  }
  const auto now = static_cast<std::uint32_t>(now_wall().ns / kNsPerSecond);
  session_ = std::max(session_before + 1, now);

  if (last) {
    if (auto done = recover_last(last->number); !done) return done;
  }
  next_number_ = number_last + 1;
  if (writing_ == nullptr) {
    auto made = make_segment();
    if (!made) return made.error();
    writing_ = made->release();
    writing_->set_first_seq(last_seq() + 1);
    position_ = sizeof(SegmentHeader);
    numbers_.push_back(writing_->number());
  }
  writing_->set_session(session_);
  writing_->populate(position_, 1U << 20U);
  current_.store(writing_, std::memory_order_release);
  synced_seq_ = populated_seq_ = last_seq();
  return {};
}

/// Leaves `writing_` empty if the last segment is to be left as it is.
Result<void> JournalWriter::recover_last(std::uint64_t number) {
  auto opened = JournalSegment::open(options_.directory, number, JournalSegment::Access::Write);
  if (!opened) return opened.error();
  JournalSegment& segment = **opened;
  if (segment.end_seq() != 0) {
    last_seq_ = segment.end_seq() - 1;
    return {};
  }
  find_end(segment);
  if (segment.end_seq() == 0) writing_ = opened->release();
  return {};
}

void JournalWriter::find_end(JournalSegment& segment) {
  std::uint64_t seq = segment.first_seq();
  std::size_t position = sizeof(SegmentHeader);
  while (const std::size_t length = whole_record(segment, position, seq)) {
    position += length;
    ++seq;
  }
  if (const std::uint64_t behind = last_seq_behind(segment, position, seq); behind != 0) {
    found_at_start_ = fmt::format("journal: {} is damaged: records {} to {} are lost",
                                  segment_path(options_.directory, segment.number()), seq, behind);
    segment.seal(behind + 1);
    last_seq_ = behind;
    return;
  }
  // What a record left that was never committed.
  const std::size_t room = segment.size() - position;
  std::byte* const tail = segment.at(position);
  const std::size_t bytes = std::min(room, options_.record_bytes_max);
  if (std::any_of(tail, tail + bytes, [](std::byte b) { return b != std::byte{0}; })) {
    std::memset(tail, 0, bytes);
  }
  position_ = position;
  last_seq_ = seq - 1;
}

}  // namespace tariff
