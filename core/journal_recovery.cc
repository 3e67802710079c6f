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
#include <vector>

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

/// A header that tells of a larger file is damaged; no disk would hold a few of these.
constexpr std::uint64_t kBytesMadeMax = std::uint64_t{1} << 40U;

/// The most records that so many bytes can hold.
constexpr std::uint64_t records_max(std::uint64_t bytes) {
  return bytes / sizeof(RecordHeader);
}

struct End {
  std::size_t position = sizeof(SegmentHeader);  ///< Behind the last record that can be read.
  std::uint64_t seq = 0;                         ///< Number of what should be there.
  std::uint64_t known = 0;                       ///< One past the highest number seen.
};

End find_end(const JournalSegment& segment) {
  End end{.seq = segment.first_seq()};
  while (const std::size_t length = whole_record(segment, end.position, end.seq)) {
    end.position += length;
    ++end.seq;
  }
  const std::uint64_t behind = last_seq_behind(segment, end.position, end.seq);
  end.known = std::max({end.seq, segment.end_seq(), behind + 1});
  return end;
}

/// What a record left that was never committed.
void erase_tail(JournalSegment& segment, std::size_t position, std::size_t bytes_max) {
  std::byte* const tail = segment.at(position);
  const std::size_t bytes = std::min(segment.size() - position, bytes_max);
  if (std::any_of(tail, tail + bytes, [](std::byte b) { return b != std::byte{0}; })) {
    std::memset(tail, 0, bytes);
  }
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

struct JournalWriter::Survey {
  std::optional<SegmentInfo> last;    ///< The last one whose header is good.
  std::vector<std::uint64_t> broken;  ///< Numbers of those behind it.
  std::uint64_t bytes_max = 0;        ///< No segment was made larger, as far as can be told.
  std::uint32_t session_before = 0;

  [[nodiscard]] std::uint64_t number_before() const { return last ? last->number : 0; }
  [[nodiscard]] std::uint64_t number_last() const {
    return broken.empty() ? number_before() : broken.back();
  }
  /// The most that the segments behind `last` can have held. Those that are not there count too; a
  /// file that somebody named at random must not make the numbers overflow.
  [[nodiscard]] std::uint64_t records_lost_max() const {
    constexpr std::uint64_t kSeqMax = std::uint64_t{1} << 62U;
    const std::uint64_t each = records_max(bytes_max);
    return std::min(number_last() - number_before(), kSeqMax / each) * each;
  }
  /// Numbers only grow from file to file.
  [[nodiscard]] bool follows(const SegmentInfo& next) const {
    return !last || next.first_seq >= last->first_seq;
  }
};

Result<void> JournalWriter::recover() {
  remove_unfinished(options_.directory);
  Survey found;
  if (auto done = survey(found); !done) return done;
  const auto now = static_cast<std::uint32_t>(now_wall().ns / kNsPerSecond);
  session_ = std::max(found.session_before + 1, now);
  if (found.last) {
    if (auto done = recover_last(found); !done) return done;
  } else {
    last_seq_ = found.records_lost_max();
  }
  if (!found.broken.empty()) {
    found_at_start_ = fmt::format(
        "journal: {} is not a whole segment; its records are lost, and the numbers go on at {}",
        segment_path(options_.directory, found.broken.front()), last_seq() + 1);
  }
  next_number_ = found.number_last() + 1;
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

Result<void> JournalWriter::survey(Survey& found) {
  const std::string& directory = options_.directory;
  const auto tell = [this](std::string what) {
    if (found_at_start_.empty()) found_at_start_ = std::move(what);
  };
  found.bytes_max = options_.segment_bytes;
  for (const std::uint64_t number : list_segments(directory)) {
    const auto info = look_at_segment(directory, number);
    if (info && info->first_seq == 0) {  // made ahead of time by the last writer, never used
      ::unlink(segment_path(directory, number).c_str());
      continue;
    }
    if (info) found.bytes_max = std::max(found.bytes_max, info->bytes_left);
    if (!info || !found.follows(*info)) {
      tell(fmt::format("journal: {} is not a whole segment; its records are lost",
                       segment_path(directory, number)));
      found.broken.push_back(number);
      continue;
    }
    found.bytes_max = std::max(found.bytes_max, std::min(info->bytes_made, kBytesMadeMax));
    found.session_before = std::max(found.session_before, info->session);
    if (info->bytes_left < info->bytes_made) {
      tell(fmt::format("journal: {} is not a whole segment; it is cut short at {} of {} bytes",
                       segment_path(directory, number), info->bytes_left, info->bytes_made));
    }
    if (found.last && found.last->end_seq == 0) {
      // A power cut lost the mark at its end; without it readers would wait there for ever.
      auto opened =
          JournalSegment::open(directory, found.last->number, JournalSegment::Access::Write);
      if (!opened) return opened.error();
      (*opened)->seal(info->first_seq);
    } else if (found.last && found.last->end_seq != info->first_seq) {
      tell(fmt::format("journal: records {} to {} are missing in {}", found.last->end_seq,
                       info->first_seq - 1, directory));
    }
    numbers_.push_back(number);
    found.last = info;
    found.broken.clear();
  }
  // What they held is guessed from their size; but a file that only may not be read is no damage.
  for (const std::uint64_t number : found.broken) {
    const auto bytes = segment_file_bytes(directory, number);
    if (!bytes) return bytes.error();
    found.bytes_max = std::max(found.bytes_max, *bytes);
  }
  return {};
}

/// Leaves `writing_` empty if the last segment is to be left as it is. Numbers that may have been
/// given out are not given out again, whatever became of their records.
Result<void> JournalWriter::recover_last(const Survey& found) {
  const SegmentInfo& last = *found.last;
  auto opened =
      JournalSegment::open(options_.directory, last.number, JournalSegment::Access::Write);
  if (!opened) return opened.error();
  JournalSegment& segment = **opened;
  const End end = find_end(segment);
  const std::string path = segment_path(options_.directory, last.number);
  const bool cut = last.bytes_left < last.bytes_made;
  std::uint64_t next = end.known;
  if (last.end_seq == 0 && (cut || !found.broken.empty())) {
    const std::uint64_t bytes = cut ? found.bytes_max : last.bytes_left;
    next = std::max(next, end.seq + records_max(bytes - end.position));
  }
  next += found.records_lost_max();
  last_seq_ = next - 1;
  if (cut) {
    found_at_start_ = fmt::format(
        "journal: {} is not a whole segment; what was behind record {} is lost, and the numbers go "
        "on at {}",
        path, end.seq - 1, next);
  } else if (end.known > end.seq) {
    found_at_start_ =
        fmt::format("journal: {} is damaged: records {} to {} are lost", path, end.seq, next - 1);
  } else if (last.end_seq == 0 && found.broken.empty()) {
    erase_tail(segment, end.position, options_.record_bytes_max);
    position_ = end.position;
    writing_ = opened->release();
    return {};
  }
  if (segment.end_seq() != end.known) segment.seal(next);
  return {};
}

}  // namespace tariff
