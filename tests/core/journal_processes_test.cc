// The journal between processes: a writer that is killed, and readers beside one that writes.
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/journal.h"
#include "tests/core/journal_read_all.h"
#include "tests/core/journal_testing.h"

namespace tariff {
namespace {

using test::append;
using test::flaw;
using test::must_open;
using test::must_read;
using test::read_all;
using test::small_journal;
using test::TempDirectory;
using Status = JournalReader::Status;

TEST(JournalProcesses, KilledAtRandomPointsItLosesNothingAndDoublesNoNumber) {
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

TEST(JournalProcesses, TwoProcessesReadEveryRecordWhileOneWrites) {
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
