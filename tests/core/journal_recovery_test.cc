// What is left of a journal after a crash, a power cut or a bad disk, and what becomes of it.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/journal.h"
#include "core/journal_segment.h"
#include "tests/core/journal_read_all.h"
#include "tests/core/journal_testing.h"

namespace tariff {
namespace {

using test::append;
using test::flaw;
using test::must_open;
using test::must_read;
using test::overwrite;
using test::read_all;
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

/// A closed journal of 150 records; the numbers of its segments, and the first record in the last.
struct Journal150 {
  explicit Journal150(const TempDirectory& directory) : options(small_journal(directory)) {
    options.segments_max = 100;
    const auto writer = must_open(options);
    while (writer->last_seq() < 150)
      append(*writer);
    numbers = list_segments(directory.path());
    last_path = segment_path(directory.path(), numbers.back());
    last_first_seq = look_at_segment(directory.path(), numbers.back())->first_seq;
  }
  JournalOptions options;
  std::vector<std::uint64_t> numbers;
  std::string last_path;
  std::uint64_t last_first_seq = 0;
};
constexpr std::uint64_t kRecordsMax = 16'384 / sizeof(RecordHeader);  // of one small segment

TEST(JournalRecovery, BehindABrokenLastSegmentNumbersGoOnAfterAllThatItCanHaveHeld) {
  for (const int kind : {0, 1, 2}) {  // its magic, its number, all but a few bytes
    const TempDirectory directory;
    const Journal150 journal(directory);
    if (kind < 2) overwrite(journal.last_path, kind == 0 ? 1 : 18, "x");
    if (kind == 2) ::truncate(journal.last_path.c_str(), 10);
    const std::uint64_t last = journal.last_first_seq - 1 + kRecordsMax;
    for (const std::uint64_t appended : {last + 1, last + 2}) {  // also at the next start
      const auto writer = must_open(journal.options);
      const std::string told = writer->maintain();
      EXPECT_EQ(told.rfind("journal: " + journal.last_path + " is not a whole segment", 0), 0U);
      EXPECT_EQ(told.ends_with("the numbers go on at " + std::to_string(last + 1)),
                appended == last + 1)
          << told;
      EXPECT_EQ(append(*writer), appended);
    }
    std::uint64_t lost = 0;
    EXPECT_EQ(read_all(*must_read(directory.path()), &lost), last + 2);
    EXPECT_EQ(lost, kRecordsMax);
  }
}

TEST(JournalRecovery, NumbersGoOnWhereNoneOfSeveralBrokenSegmentsCanHaveReached) {
  for (const std::size_t whole : {0U, 1U}) {
    const TempDirectory directory;
    const Journal150 journal(directory);
    for (std::size_t i = whole; i < journal.numbers.size(); ++i)
      overwrite(segment_path(directory.path(), journal.numbers[i]), 1, "x");
    if (whole == 1) {  // by a power cut without its end mark too
      auto first = JournalSegment::open(directory.path(), 1, JournalSegment::Access::Write);
      (*first)->seal(0);
    }
    const auto writer = must_open(journal.options);
    EXPECT_GE(writer->last_seq(), (journal.numbers.size() - whole) * kRecordsMax);
    EXPECT_LE(writer->last_seq(), journal.numbers.size() * kRecordsMax);
    const std::uint64_t next = append(*writer);
    std::uint64_t lost = 0;
    const auto reader = must_read(directory.path());
    reader->seek(1);
    EXPECT_EQ(read_all(*reader, &lost), next);
    EXPECT_EQ(lost == next - 1, whole == 0);
  }
}

TEST(JournalRecovery, OfALastSegmentThatIsCutShortWhatIsLeftIsReadAndNoNumberUsedAgain) {
  const TempDirectory whole;
  const auto begins = write_segment(whole, 10);
  const std::vector<char> bytes = load(segment_path(whole.path(), 1));
  for (std::size_t cut = 0; cut < bytes.size(); cut += 331) {
    const TempDirectory directory;
    const std::string path = segment_path(directory.path(), 1);
    store(path, {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(cut)});
    const auto writer = must_open(small_journal(directory));
    ASSERT_GE(writer->last_seq(), 10U) << "cut at " << cut;
    const std::uint64_t next = writer->last_seq() + 1;
    ASSERT_LE(next, kRecordsMax + 1);
    EXPECT_TRUE(writer->maintain().ends_with(" go on at " + std::to_string(next)));
    EXPECT_EQ(append(*writer), next);
    std::uint64_t left = 0;
    while (left < 10 && begins[left + 1] <= cut)
      ++left;
    std::uint64_t lost = 0;
    const auto reader = must_read(directory.path());
    reader->seek(1);
    ASSERT_EQ(read_all(*reader, &lost), next);
    EXPECT_EQ(lost, next - 1 - left) << "cut at " << cut;
  }
}

TEST(JournalRecovery, ADamagedFirstNumberOrEndMarkLetsNoNumberBeUsedAgain) {
  for (const std::size_t field : {32U, 40U}) {
    const TempDirectory directory;
    const Journal150 journal(directory);
    overwrite(journal.last_path, field, std::string(1, '\x4') + std::string(7, '\0'));
    const auto writer = must_open(journal.options);
    EXPECT_GE(writer->last_seq(), 150U) << "at " << field;
    const std::uint64_t next = append(*writer);
    std::uint64_t lost = 0;
    EXPECT_EQ(read_all(*must_read(directory.path()), &lost), next);
  }
}

TEST(JournalRecovery, ALastSegmentThatMayNotBeReadIsARefusalThatSaysSo) {
  const TempDirectory directory;
  const Journal150 journal(directory);
  ::chmod(journal.last_path.c_str(), 0);
  const bool root = ::geteuid() == 0;  // to whom every file is open
  constexpr ::uid_t kNobody = 65'534;
  if (root) {
    ASSERT_EQ(::chown(directory.path().c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(::chown((directory.path() + "/writer.lock").c_str(), kNobody, kNobody), 0);
    for (const std::uint64_t number : journal.numbers) {
      const std::string path = segment_path(directory.path(), number);
      ASSERT_EQ(::chown(path.c_str(), kNobody, kNobody), 0);
    }
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  const auto refused = JournalWriter::open(journal.options);
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "journal: cannot open " + journal.last_path +
                                      ": Permission denied; give the daemon's user read and write "
                                      "rights there");
  EXPECT_EQ(refused.error().exit_code, 77);
  ::chmod(journal.last_path.c_str(), 0600);
  EXPECT_EQ(must_open(journal.options)->last_seq(), 150U) << "nothing was changed";
}

TEST(JournalRecovery, ADamagedNumberInAHeaderThatIsInUseDeletesNothing) {
  const TempDirectory directory;
  const auto writer = must_open(small_journal(directory));
  for (int i = 0; i < 60; ++i)
    ASSERT_NE(append(*writer), 0U);
  const auto numbers = list_segments(directory.path());
  ASSERT_EQ(numbers.size(), 2U);
  overwrite(segment_path(directory.path(), 2), 16 + 2, "\x10");  // 2 becomes 1,048,578
  EXPECT_EQ(writer->maintain(), "");                             // makes the third
  EXPECT_EQ(list_segments(directory.path()), (std::vector<std::uint64_t>{1, 2, 3}));
  for (int i = 0; i < 60; ++i)
    ASSERT_NE(append(*writer), 0U);
  EXPECT_EQ(writer->maintain(), "");
  EXPECT_EQ(list_segments(directory.path()).front(), 1U) << "four are kept";
}

}  // namespace
}  // namespace tariff
