// core/journal.cc - The writing side while it runs; core/journal_recovery.cc is its start.
#include "core/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "core/check.h"
#include "core/clock.h"
#include "core/journal_segment.h"
#include "core/record_check.h"

namespace tariff {
namespace {

/// How far ahead of the writer pages are made writable. A thousand events; 64 page faults' worth.
constexpr std::size_t kPopulateBytes = 256U << 10U;

void keep_first(std::string& problem, std::string text) {
  if (problem.empty()) problem = std::move(text);
}

}  // namespace

JournalWriter::JournalWriter(const JournalOptions& options) : options_(options) {}

JournalWriter::~JournalWriter() {
  std::string ignored;
  if (writing_ != nullptr && options_.sync_every_ms > 0) sync_segment(*writing_, ignored);
  delete writing_;
  delete next_.load();
  for (JournalSegment* segment = retired_.load(); segment != nullptr;) {
    const std::unique_ptr<JournalSegment> done(segment);
    segment = done->next_retired;
  }
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

std::span<std::byte> JournalWriter::begin(std::size_t bytes) noexcept {
  const std::size_t padded = record_padded(bytes);
  if (bytes < sizeof(RecordHeader) || padded > options_.record_bytes_max) return {};
  if (begun_bytes_ > 0) {  // the last one was given up: leave nothing of it behind
    std::memset(writing_->at(position_), 0, begun_bytes_);
    begun_bytes_ = 0;
  }
  if (position_ + padded > writing_->size() && !roll()) return {};
  begun_bytes_ = padded;
  return {writing_->at(position_), bytes};
}

std::uint64_t JournalWriter::commit(RecordHeader header, std::size_t bytes) noexcept {
  const std::size_t padded = record_padded(bytes);
  TARIFF_CHECK(bytes >= sizeof header && padded <= begun_bytes_);
  std::byte* const record = writing_->at(position_);
  // Everything behind the last record stays zero, so that no leftover passes for the next one.
  std::memset(record + bytes, 0, begun_bytes_ - bytes);

  const std::uint64_t seq = last_seq_.load(std::memory_order_relaxed) + 1;
  header.word.magic = kRecordMagic;
  header.word.version = kRecordVersion;
  header.word.length_bytes = static_cast<std::uint32_t>(padded);
  header.session = session_;
  header.seq = seq;
  header.crc32c = record_crc32c(header, {record + sizeof header, padded - sizeof header});
  const auto image = std::as_bytes(std::span(&header, 1));
  std::memcpy(record + sizeof(RecordWord), image.data() + sizeof(RecordWord),
              sizeof header - sizeof(RecordWord));
  writing_->set_word(position_, std::bit_cast<std::uint64_t>(header.word));

  position_ += padded;
  begun_bytes_ = 0;
  end_bytes_.store(position_, std::memory_order_relaxed);
  last_seq_.store(seq, std::memory_order_release);
  return seq;
}

bool JournalWriter::roll() noexcept {
  JournalSegment* fresh = next_.exchange(nullptr, std::memory_order_acquire);
  if (fresh == nullptr && !make_failed_) fresh = make_late();
  if (fresh == nullptr) return false;
  make_failed_ = false;
  const std::uint64_t seq = last_seq_.load(std::memory_order_relaxed) + 1;
  writing_->seal(seq);
  fresh->set_first_seq(seq);

  JournalSegment* const done = writing_;
  writing_ = fresh;
  position_ = sizeof(SegmentHeader);
  current_.store(fresh, std::memory_order_release);
  done->next_retired = retired_.load(std::memory_order_relaxed);
  while (!retired_.compare_exchange_weak(done->next_retired, done, std::memory_order_release)) {
  }
  return true;
}

/// Correctness before speed: maintenance was late, so this thread pays for the file. After a
/// failure it is left to maintenance, or a full disk would cost system calls at every record.
JournalSegment* JournalWriter::make_late() noexcept {
  while (making_.test_and_set(std::memory_order_acquire))
    making_.wait(true);
  JournalSegment* segment = next_.exchange(nullptr, std::memory_order_acquire);
  if (segment == nullptr) {
    made_late_.store(made_late_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    auto made = make_segment();
    if (made) segment = made->release();
    make_failed_ = !made;
  }
  making_.clear(std::memory_order_release);
  making_.notify_one();
  return segment;
}

/// The number is counted here rather than taken from the current segment: while the writer goes
/// over to a new one, that is still the old one.
Result<std::unique_ptr<JournalSegment>> JournalWriter::make_segment() {
  auto made =
      JournalSegment::create(options_.directory, next_number_, options_.segment_bytes, session_);
  if (made) ++next_number_;
  return made;
}

std::string JournalWriter::maintain() {
  std::string problem = std::exchange(found_at_start_, {});
  prepare(problem);
  const std::uint64_t last = last_seq();
  if (last != populated_seq_) {
    // Pages that a sync has cleaned fault again at the next store, so this is repeated; the
    // position may be old by a few records, which costs nothing.
    populated_seq_ = last;
    JournalSegment& segment = *current_.load(std::memory_order_acquire);
    segment.populate(end_bytes_.load(std::memory_order_relaxed), kPopulateBytes);
  }
  sync(problem);
  apply_retention(problem);
  return problem;
}

void JournalWriter::prepare(std::string& problem) {
  if (next_.load(std::memory_order_relaxed) != nullptr) return;
  if (making_.test_and_set(std::memory_order_acquire)) return;  // the writer is at it
  if (next_.load(std::memory_order_relaxed) == nullptr) {
    auto made = make_segment();
    if (made) {
      (*made)->populate(0, options_.segment_bytes);
      next_.store(made->release(), std::memory_order_release);
    } else {
      keep_first(problem, made.error().what);
    }
  }
  making_.clear(std::memory_order_release);
  making_.notify_one();
}

void JournalWriter::sync(std::string& problem) {
  const bool by_us = options_.sync_every_ms > 0;
  // Oldest last in the list; the order does not matter, all of them are complete.
  for (JournalSegment* segment = retired_.exchange(nullptr, std::memory_order_acquire);
       segment != nullptr;) {
    const std::unique_ptr<JournalSegment> done(segment);
    segment = done->next_retired;
    if (by_us) sync_segment(*done, problem);
  }
  const MonoNs now = now_mono();
  const std::uint64_t last = last_seq();
  if (!by_us || last == synced_seq_ || now - synced_at_ < options_.sync_every_ms * kNsPerMs) {
    return;
  }
  synced_at_ = now;
  synced_seq_ = last;
  sync_segment(*current_.load(std::memory_order_acquire), problem);
}

/// The first failure is final for the file: the kernel has dropped the pages' dirty marks, and a
/// second call could report a success that is none.
void JournalWriter::sync_segment(JournalSegment& segment, std::string& problem) {
  if (segment.sync_failed || ::fdatasync(segment.fd()) == 0) return;
  segment.sync_failed = true;
  keep_first(problem,
             journal_error("sync", segment_path(options_.directory, segment.number()), errno).what);
}

void JournalWriter::apply_retention(std::string& problem) {
  const std::uint64_t current = current_.load(std::memory_order_acquire)->number();
  while (numbers_.empty() || numbers_.back() < current)
    numbers_.push_back(numbers_.empty() ? current : numbers_.back() + 1);
  while (numbers_.size() > std::max<std::size_t>(options_.segments_max, 1)) {
    const std::string path = segment_path(options_.directory, numbers_.front());
    numbers_.pop_front();
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
      keep_first(problem, journal_error("delete", path, errno).what);
    }
  }
}

}  // namespace tariff
