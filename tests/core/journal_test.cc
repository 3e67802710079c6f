#include "core/journal.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <vector>

#include <gtest/gtest.h>
#include <sysexits.h>

#include "core/journal_segment.h"
#include "tests/core/journal_testing.h"
#include "tests/support/hot_path_guard.h"

namespace tariff {
namespace {

using test::append;
using test::flaw;
using test::must_open;
using test::must_read;
using test::small_journal;
using test::TempDirectory;
using Status = JournalReader::Status;

void append_many(JournalWriter& writer, int records) {
  for (int i = 0; i < records; ++i) {
    ASSERT_NE(append(writer), 0U);
    if (i % 8 == 0) {
      ASSERT_EQ(writer.maintain(), "");
    }
  }
}

/// Reads records first..last, and expects nothing behind them.
void expect_records(JournalReader& reader, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t seq = first; seq <= last; ++seq) {
    const auto read = reader.next();
    ASSERT_EQ(read.status, Status::Record) << "at " << seq;
    ASSERT_EQ(flaw(read.record, seq), "");
  }
  EXPECT_EQ(reader.next().status, Status::None);
}

TEST(Journal, AReaderGetsEveryRecordAcrossSegments) {
  const TempDirectory directory;
  auto options = small_journal(directory);
  options.segments_max = 100;
  const auto writer = must_open(options);
  append_many(*writer, 500);
  EXPECT_EQ(writer->last_seq(), 500U);
  EXPECT_GT(list_segments(directory.path()).size(), 5U);
  const auto reader = must_read(directory.path());
  expect_records(*reader, 1, 500);
  append_many(*writer, 100);
  expect_records(*reader, 501, 600);
}

TEST(Journal, ARecordIsInvisibleUntilItIsCommitted) {
  const TempDirectory directory;
  const auto writer = must_open(small_journal(directory));
  const auto reader = must_read(directory.path());
  const auto space = writer->begin(100);
  ASSERT_EQ(space.size(), 100U);
  std::fill(space.begin() + sizeof(RecordHeader), space.end(), std::byte{0xFF});
  EXPECT_EQ(reader->next().status, Status::None);
  EXPECT_EQ(writer->commit(RecordHeader{}, 100), 1U);
  EXPECT_EQ(reader->next().status, Status::Record);
}

TEST(Journal, WhatAnAbandonedRecordLeftIsNotTakenForOne) {
  const TempDirectory directory;
  const auto writer = must_open(small_journal(directory));
  const auto abandoned = writer->begin(4'000);
  RecordWord fake{.length_bytes = 48};
  for (std::size_t at = sizeof(RecordHeader); at + 8 <= abandoned.size(); at += 8)
    std::memcpy(&abandoned[at], &fake, sizeof fake);
  const auto shortened = writer->begin(4'000);
  for (std::size_t at = sizeof(RecordHeader); at + 8 <= shortened.size(); at += 8)
    std::memcpy(&shortened[at], &fake, sizeof fake);
  writer->commit(RecordHeader{}, 101);  // much shorter than begun
  const auto reader = must_read(directory.path());
  const auto read = reader->next();
  ASSERT_EQ(read.status, Status::Record);
  EXPECT_EQ(read.record.size(), 104U);
  EXPECT_EQ(read.record[103], std::byte{0}) << "padding";
  EXPECT_EQ(reader->next().status, Status::None);
}

TEST(Journal, RefusesARecordThatIsTooLong) {
  const TempDirectory directory;
  const auto writer = must_open(small_journal(directory));
  EXPECT_TRUE(writer->begin(8'193).empty());
  EXPECT_TRUE(writer->begin(sizeof(RecordHeader) - 1).empty());
  EXPECT_FALSE(writer->begin(8'192).empty());
}

TEST(Journal, TakesRecordsOfSixteenMebibytes) {
  const TempDirectory directory;
  constexpr std::size_t bytes = (16U << 20U) + sizeof(RecordHeader) + sizeof(RawInputBody);
  const auto writer = must_open({.directory = directory.path(),
                                 .segment_bytes = 40U << 20U,
                                 .record_bytes_max = bytes,
                                 .sync_every_ms = 0});
  for (int i = 1; i <= 3; ++i) {  // the third needs a second segment
    const auto space = writer->begin(bytes);
    ASSERT_EQ(space.size(), bytes);
    space[bytes - 1] = static_cast<std::byte>(i);
    writer->commit({.word = {.type = RecordType::RawInput}}, bytes);
  }
  const auto reader = must_read(directory.path());
  for (int i = 1; i <= 3; ++i) {
    const auto read = reader->next();
    ASSERT_EQ(read.status, Status::Record);
    EXPECT_EQ(read.record[bytes - 1], static_cast<std::byte>(i));
  }
}

TEST(Journal, SeekFindsAnyRecordInBothDirections) {
  const TempDirectory directory;
  auto options = small_journal(directory);
  options.segments_max = 100;
  const auto writer = must_open(options);
  append_many(*writer, 300);
  const auto reader = must_read(directory.path());
  for (const std::uint64_t seq : {1U, 300U, 150U, 2U, 299U, 151U, 152U, 10U}) {
    reader->seek(seq);
    const auto read = reader->next();
    ASSERT_EQ(read.status, Status::Record) << seq;
    EXPECT_EQ(record_header(read.record).seq, seq);
  }
  reader->seek(310);
  EXPECT_EQ(reader->next().status, Status::None);
  append_many(*writer, 20);
  const auto read = reader->next();
  ASSERT_EQ(read.status, Status::Record);
  EXPECT_EQ(record_header(read.record).seq, 310U);
}

TEST(Journal, SeekEndGivesOnlyWhatComesAfter) {
  const TempDirectory directory;
  const auto writer = must_open(small_journal(directory));
  const auto reader = must_read(directory.path());
  EXPECT_EQ(reader->seek_end(), 0U);
  append_many(*writer, 100);
  EXPECT_EQ(reader->seek_end(), 100U);
  EXPECT_EQ(reader->next().status, Status::None);
  append_many(*writer, 50);
  expect_records(*reader, 101, 150);
  EXPECT_EQ(reader->session(), writer->session());
}

TEST(Journal, RetentionDeletesTheOldestAndReadersAreToldTheGap) {
  const TempDirectory directory;
  const auto writer = must_open(small_journal(directory));
  append_many(*writer, 10);
  const auto slow = must_read(directory.path());
  ASSERT_EQ(slow->next().status, Status::Record);
  append_many(*writer, 1'000);
  // Four in use, and one made ahead of time.
  EXPECT_EQ(list_segments(directory.path()).size(), 5U);

  // What it has mapped stays readable; then it is told exactly what is gone.
  std::uint64_t seq = 2;
  auto read = slow->next();
  for (; read.status == Status::Record; read = slow->next(), ++seq)
    ASSERT_EQ(flaw(read.record, seq), "");
  ASSERT_EQ(read.status, Status::Gap);
  EXPECT_EQ(read.gap_from, seq);
  EXPECT_GT(read.gap_to, seq);
  expect_records(*slow, read.gap_to + 1, 1'010);

  const auto late = must_read(directory.path());
  late->seek(5);
  const auto gap = late->next();
  ASSERT_EQ(gap.status, Status::Gap);
  EXPECT_EQ(gap.gap_from, 5U);
  EXPECT_EQ(gap.gap_to, read.gap_to);
  expect_records(*late, gap.gap_to + 1, 1'010);

  const auto from_oldest = must_read(directory.path());
  expect_records(*from_oldest, gap.gap_to + 1, 1'010);
}

TEST(Journal, NumbersAndSessionsGoOnAcrossRestarts) {
  const TempDirectory directory;
  auto options = small_journal(directory);
  options.segments_max = 100;
  std::set<std::uint32_t> sessions;
  for (std::uint64_t start = 1; start <= 20; ++start) {
    const auto writer = must_open(options);
    EXPECT_EQ(writer->last_seq(), (start - 1) * 15);
    EXPECT_TRUE(sessions.empty() || writer->session() > *sessions.rbegin());
    sessions.insert(writer->session());
    append_many(*writer, 15);
  }
  const auto reader = must_read(directory.path());
  expect_records(*reader, 1, 300);
}

TEST(Journal, ASecondWriterIsRefusedAndToldWhatToDo) {
  const TempDirectory directory;
  const auto writer = must_open(small_journal(directory));
  const auto second = JournalWriter::open(small_journal(directory));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().what, "journal: " + directory.path() +
                                     " is written by another process; stop that tariffd, or give "
                                     "this one a directory of its own");
  EXPECT_EQ(second.error().exit_code, EX_CANTCREAT);
}

TEST(Journal, ErrorsSayWhatWhereAndWhatToDo) {
  const TempDirectory directory;
  const auto missing = JournalWriter::open({.directory = directory.path() + "/a/b"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().what, "journal: cannot make the directory " + directory.path() +
                                      "/a/b: No such file or directory; make the directory, or "
                                      "correct the path");
  EXPECT_EQ(missing.error().exit_code, EX_CANTCREAT);

  auto too_large = small_journal(directory);
  too_large.segment_bytes = std::size_t{1} << 60U;
  const auto full = JournalWriter::open(too_large);
  ASSERT_FALSE(full);
  EXPECT_NE(full.error().what.find("cannot reserve the space of"), std::string::npos)
      << full.error().what;
  EXPECT_EQ(full.error().exit_code, EX_CANTCREAT);
  EXPECT_TRUE(list_segments(directory.path()).empty());

  auto too_small = small_journal(directory);
  too_small.segment_bytes = 8'192;
  const auto refused = JournalWriter::open(too_small);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().exit_code, EX_CONFIG);

  EXPECT_FALSE(JournalReader::open(directory.path() + "/none"));
}

TEST(Journal, WithoutMaintenanceTheWriterMakesSegmentsItselfAndCountsIt) {
  const TempDirectory directory;
  auto options = small_journal(directory);
  options.segments_max = 100;
  const auto writer = must_open(options);
  for (int i = 0; i < 200; ++i)
    ASSERT_NE(append(*writer), 0U);
  EXPECT_GT(writer->segments_made_late(), 2U);
  const auto reader = must_read(directory.path());
  expect_records(*reader, 1, 200);
}

TEST(Journal, ADirectoryThatVanishesIsARefusalAndThenAProblemOfMaintenance) {
  const TempDirectory directory;
  auto options = small_journal(directory);
  options.directory += "/journal";
  const auto writer = must_open(options);
  std::filesystem::remove_all(options.directory);
  int taken = 0;
  while (append(*writer) != 0)
    ++taken;
  EXPECT_GT(taken, 10);
  EXPECT_EQ(append(*writer), 0U);
  EXPECT_EQ(writer->segments_made_late(), 1U) << "tried once, then left to maintenance";
  EXPECT_NE(writer->maintain().find("No such file or directory"), std::string::npos);
  std::filesystem::create_directory(options.directory);
  EXPECT_EQ(writer->maintain(), "");
  EXPECT_NE(append(*writer), 0U) << "goes on once maintenance could prepare a segment";
}

TEST(Journal, AppendingNeitherAllocatesNorCallsTheKernel) {
  const TempDirectory directory;
  const auto writer = must_open(small_journal(directory));
  ASSERT_EQ(writer->maintain(), "");
  // 60 records of 350 bytes on average cross into the prepared segment.
#ifndef TARIFF_SANITIZED
  EXPECT_TRUE(test::runs_without_syscalls([&] {
    for (int i = 0; i < 60; ++i)
      (void)append(*writer);
  }));
  EXPECT_FALSE(test::runs_without_syscalls([] { (void)::getppid(); })) << "guard is asleep";
#endif
  const TempDirectory other;
  const auto counted = must_open(small_journal(other));
  ASSERT_EQ(counted->maintain(), "");
  int allocations = 0;
  {
    const test::AllocationCounter counter;
    for (int i = 0; i < 60; ++i)
      (void)append(*counted);
    allocations = counter.count();
  }
  EXPECT_EQ(allocations, 0);
  EXPECT_EQ(counted->segments_made_late(), 0U);
  EXPECT_EQ(list_segments(other.path()).size(), 2U);
}

}  // namespace
}  // namespace tariff
