// What is left of a journal after a crash, a power cut or a bad disk, and what becomes of it.
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/journal.h"
#include "core/journal_segment.h"
#include "tests/core/journal_testing.h"

namespace tariff {
namespace {

using test::append;
using test::flaw;
using test::must_open;
using test::must_read;
using test::small_journal;
using test::TempDirectory;
using Status = JournalReader::Status;

std::vector<char> load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
void store(const std::string& path, const std::vector<char>& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Changes one byte of a file in place, as those who have it mapped see it.
void overwrite(const std::string& path, std::size_t at, char byte) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

/// A closed journal of `records` in one segment; where each record begins, and where the last ends.
std::vector<std::size_t> write_segment(const TempDirectory& directory, std::uint64_t records) {
  const auto writer = must_open(small_journal(directory));
  std::vector<std::size_t> begins{sizeof(SegmentHeader)};
  for (std::uint64_t seq = 1; seq <= records; ++seq) {
    EXPECT_EQ(append(*writer), seq);
    begins.push_back(begins.back() +
                     record_padded(sizeof(RecordHeader) + test::body_bytes_of(seq)));
  }
  return begins;
}

/// Every record that `reader` gives is the one that was written; the last number, and the gaps.
std::uint64_t read_all(JournalReader& reader, std::uint64_t* lost = nullptr) {
  std::uint64_t last = 0;
  while (true) {
    const auto read = reader.next();
    if (read.status == Status::None) return last;
    if (read.status == Status::Record) {
      const std::uint64_t seq = record_header(read.record).seq;
      EXPECT_EQ(flaw(read.record, seq), "");
      EXPECT_TRUE(last == 0 || seq == last + 1) << seq << " after " << last;
      last = seq;
      continue;
    }
    if (lost == nullptr || read.gap_to == 0) {
      ADD_FAILURE() << "lost " << read.gap_from << ".." << read.gap_to;
      return last;
    }
    *lost += read.gap_to - read.gap_from + 1;
    last = read.gap_to;
    if (read.status == Status::Broken) reader.seek(read.gap_to + 1);
  }
}

TEST(JournalRecovery, ATailTornAtAnyLengthIsDroppedAndItsNumberUsedAgain) {
  const TempDirectory directory;
  const auto begins = write_segment(directory, 4);
  const std::string path = segment_path(directory.path(), 1);
  const std::vector<char> whole = load(path);
  const std::size_t end = begins[3] + sizeof(RecordHeader) + test::body_bytes_of(4);
  for (std::size_t cut = begins[3]; cut < end; ++cut) {
    if (whole[cut] == 0) continue;  // nothing is lost by a cut before a zero
    std::vector<char> torn = whole;
    std::fill(torn.begin() + static_cast<std::ptrdiff_t>(cut), torn.end(), '\0');
    store(path, torn);
    const auto writer = must_open(small_journal(directory));
    ASSERT_EQ(writer->last_seq(), 3U) << "cut at " << cut;
    ASSERT_EQ(append(*writer), 4U);
    ASSERT_EQ(read_all(*must_read(directory.path())), 4U) << "cut at " << cut;
    ASSERT_EQ(writer->maintain(), "");
  }
}

TEST(JournalRecovery, WhatAnUncommittedRecordLeftIsErased) {
  const TempDirectory directory;
  const auto begins = write_segment(directory, 3);
  const std::string path = segment_path(directory.path(), 1);
  std::vector<char> bytes = load(path);
  for (std::size_t i = begins[3] + 8; i < begins[3] + 3'000; ++i)
    bytes[i] = 'x';  // a body, but no first word
  store(path, bytes);
  const auto writer = must_open(small_journal(directory));
  EXPECT_EQ(writer->last_seq(), 3U);
  const auto space = writer->begin(2'000);
  EXPECT_TRUE(
      std::all_of(space.begin(), space.end(), [](std::byte b) { return b == std::byte{}; }));
}

TEST(JournalRecovery, EveryFlippedBitIsDetectedByReaders) {
  const TempDirectory directory;
  const auto begins = write_segment(directory, 4);
  const std::string path = segment_path(directory.path(), 1);
  const std::vector<char> whole = load(path);
  for (std::size_t at = begins[1]; at < begins[2]; ++at) {
    std::vector<char> flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    store(path, flipped);
    const auto reader = must_read(directory.path());
    ASSERT_EQ(reader->next().status, Status::Record);
    const auto read = reader->next();
    ASSERT_EQ(read.status, Status::Broken) << "byte " << at - begins[1];
    EXPECT_EQ(read.gap_from, 2U);
    EXPECT_EQ(reader->next().status, Status::Broken) << "stays where it is";
  }
}

TEST(JournalRecovery, DamageBeforeOtherRecordsIsToldAndItsNumbersAreNotUsedAgain) {
  for (const bool zeroed : {false, true}) {  // a flipped bit, and a page that was never written
    const TempDirectory directory;
    const auto begins = write_segment(directory, 10);
    const std::string path = segment_path(directory.path(), 1);
    std::vector<char> bytes = load(path);
    for (std::size_t at = begins[4]; at < begins[6]; ++at)
      bytes[at] = zeroed ? '\0' : static_cast<char>(bytes[at] ^ 4);
    store(path, bytes);
    const auto writer = must_open(small_journal(directory));
    EXPECT_EQ(writer->last_seq(), 10U);
    EXPECT_EQ(writer->maintain(), "journal: " + path + " is damaged: records 5 to 10 are lost");
    EXPECT_EQ(writer->maintain(), "") << "told once";
    EXPECT_EQ(append(*writer), 11U);
    std::uint64_t lost = 0;
    EXPECT_EQ(read_all(*must_read(directory.path()), &lost), 11U);
    EXPECT_EQ(lost, 6U);
  }
}

TEST(JournalRecovery, ACrashAnywhereInARollOverIsRepaired) {
  const TempDirectory directory;
  {
    const auto writer = must_open(small_journal(directory));
    for (int i = 0; i < 100; ++i)
      ASSERT_NE(append(*writer), 0U);
  }
  const auto numbers = list_segments(directory.path());
  ASSERT_GE(numbers.size(), 3U);
  {  // sealed, and the next one not yet in use
    auto segment =
        JournalSegment::open(directory.path(), numbers.back(), JournalSegment::Access::Write);
    ASSERT_TRUE(segment);
    (*segment)->seal(101);
    ASSERT_TRUE(JournalSegment::create(directory.path(), numbers.back() + 1, 16'384, 1));
  }
  {  // and, by a power cut, an older one without its seal
    auto segment =
        JournalSegment::open(directory.path(), numbers[0], JournalSegment::Access::Write);
    ASSERT_TRUE(segment);
    (*segment)->seal(0);
  }
  const auto writer = must_open(small_journal(directory));
  EXPECT_EQ(append(*writer), 101U);
  EXPECT_EQ(writer->maintain(), "");
  EXPECT_EQ(read_all(*must_read(directory.path())), 101U);
}

TEST(JournalRecovery, ASegmentThatIsGoneOrCutShortIsTold) {
  for (const bool gone : {true, false}) {
    const TempDirectory directory;
    auto options = small_journal(directory);
    options.segments_max = 100;
    {
      const auto writer = must_open(options);
      for (int i = 0; i < 150; ++i)
        ASSERT_NE(append(*writer), 0U);
    }
    const std::string path = segment_path(directory.path(), 2);
    gone ? ::unlink(path.c_str()) : ::truncate(path.c_str(), 1'000);
    const auto writer = must_open(options);
    EXPECT_EQ(writer->last_seq(), 150U);
    const std::string problem = writer->maintain();
    EXPECT_NE(problem.find(gone ? "are missing in" : "is not a whole segment"), std::string::npos)
        << problem;
    std::uint64_t lost = 0;
    EXPECT_EQ(read_all(*must_read(directory.path()), &lost), 150U);
    EXPECT_GT(lost, 0U);
  }
}

TEST(JournalRecovery, ADamagedNumberInAHeaderThatIsInUseDeletesNothing) {
  const TempDirectory directory;
  const auto writer = must_open(small_journal(directory));
  for (int i = 0; i < 60; ++i)
    ASSERT_NE(append(*writer), 0U);
  const auto numbers = list_segments(directory.path());
  ASSERT_EQ(numbers.size(), 2U);
  overwrite(segment_path(directory.path(), 2), 16 + 2, '\x10');  // 2 becomes 1,048,578
  EXPECT_EQ(writer->maintain(), "");                             // makes the third
  EXPECT_EQ(list_segments(directory.path()), (std::vector<std::uint64_t>{1, 2, 3}));
  for (int i = 0; i < 60; ++i)
    ASSERT_NE(append(*writer), 0U);
  EXPECT_EQ(writer->maintain(), "");
  EXPECT_EQ(list_segments(directory.path()).front(), 1U) << "four are kept";
}

TEST(JournalRecovery, KilledAtRandomPointsItLosesNothingAndDoublesNoNumber) {
  const TempDirectory directory;
  auto options = small_journal(directory);
  options.segments_max = 1'000;
  // Shared with the child: the last number that `commit` returned to it.
  auto* const committed =
      new (::mmap(nullptr, 4'096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
          std::atomic<std::uint64_t>(0);
  std::mt19937 random(20'251'010);
  for (int round = 0; round < 25; ++round) {
    const std::uint64_t target = committed->load() + 1 + random() % 400;
    const ::pid_t child = ::fork();
    if (child == 0) {
      auto opened = JournalWriter::open(options);
      if (!opened) ::_exit(1);
      for (std::uint64_t n = 0;; ++n) {
        const std::uint64_t seq = append(**opened);
        if (seq == 0) ::_exit(2);
        committed->store(seq);
        if (n % 8 == 0 && !(*opened)->maintain().empty()) ::_exit(3);
      }
    }
    int status = 0;
    while (committed->load() < target)
      ASSERT_EQ(::waitpid(child, &status, WNOHANG), 0) << "the child ended: " << status;
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));

    const auto writer = must_open(options);
    ASSERT_EQ(writer->maintain(), "");
    const std::uint64_t told = committed->load();
    ASSERT_GE(writer->last_seq(), told) << "a committed record is lost";
    ASSERT_LE(writer->last_seq(), told + 1);  // killed between commit and telling
    committed->store(writer->last_seq());
  }
  const auto reader = must_read(directory.path());
  EXPECT_EQ(read_all(*reader), committed->load());
  ::munmap(committed, 4'096);
}

TEST(JournalRecovery, TwoProcessesReadEveryRecordWhileOneWrites) {
  constexpr std::uint64_t kRecords = 20'000;
  const TempDirectory directory;
  auto options = small_journal(directory);
  options.segment_bytes = 256U << 10U;
  options.segments_max = 1'000;
  { const auto writer = must_open(options); }  // so that there is something to open
  std::vector<::pid_t> readers;
  for (int i = 0; i < 2; ++i) {
    readers.push_back(::fork());
    if (readers.back() != 0) continue;
    const auto reader = must_read(directory.path());
    for (std::uint64_t seq = 1; seq <= kRecords;) {
      const auto read = reader->next();
      if (read.status == Status::None) {
        std::this_thread::yield();
        continue;
      }
      if (read.status != Status::Record || !flaw(read.record, seq).empty()) ::_exit(1);
      ++seq;
    }
    ::_exit(0);
  }
  {
    const auto writer = must_open(options);
    std::atomic<bool> done{false};
    std::thread maintenance([&] {
      while (!done.load()) {
        EXPECT_EQ(writer->maintain(), "");
        std::this_thread::yield();
      }
    });
    for (std::uint64_t i = 0; i < kRecords; ++i)
      EXPECT_NE(append(*writer), 0U);
    done.store(true);
    maintenance.join();
  }
  for (const ::pid_t reader : readers) {
    int status = 0;
    ASSERT_EQ(::waitpid(reader, &status, 0), reader);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
}

}  // namespace
}  // namespace tariff
