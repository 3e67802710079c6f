// tests/client/shared_memory_test.cc - The reader of the journal's pages: order, resume, loss, and
// that it leaves the daemon alone.
#include "tariffd/shared_memory.h"

#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/journal.h"
#include "tests/client/fake_server.h"
#include "tests/client/record_bytes.h"
#include "tests/core/journal_testing.h"
#include "tests/support/hot_path_guard.h"

namespace tariff::client {
namespace {

using namespace std::chrono_literals;
using Seqs = std::vector<std::uint64_t>;

/// A journal with a writer, and what reads it.
class SharedMemory : public testing::Test {
 protected:
  void open_writer() { writer_ = test::must_open(test::small_journal(directory_)); }

  void write(float score = 0.75F, const char* instrument = "FXI") {
    SignalBody body;
    body.event_id = 42;
    body.direction = 1;
    body.score = score;
    body.instrument.assign(instrument);
    RecordHeader header;
    header.word.type = RecordType::Signal;
    const std::size_t bytes = sizeof header + sizeof body;
    const auto space = writer_->begin(bytes);
    ASSERT_FALSE(space.empty());
    std::memcpy(space.data() + sizeof header, &body, sizeof body);
    writer_->commit(header, bytes);
  }
  void write_many(int count) {
    for (int i = 0; i < count; ++i) {
      write();
      EXPECT_EQ(writer_->maintain(), "");
    }
  }

  SharedMemoryClient reader(Options options) {
    options.socket_path = server_.path();
    options.reconnect_min = 1ms;
    options.stale_after = 60s;
    return SharedMemoryClient(options,
                              {.journal_directory = directory_.path(), .pulse_every = 0ns});
  }

  /// Numbers of what is there; a gap is its last number, negated by the top bit.
  static Seqs read_all(SharedMemoryClient& client) {
    Seqs seqs;
    while (const auto message = client.poll()) {
      if (const auto* signal = std::get_if<Signal>(&*message)) seqs.push_back(signal->seq);
      if (const auto* gap = std::get_if<Gap>(&*message)) seqs.push_back(kLost | gap->to_seq);
      if (const auto* failed = std::get_if<Failed>(&*message)) {
        ADD_FAILURE() << failed->reason;
        break;
      }
    }
    return seqs;
  }
  static Seqs range(std::uint64_t first, std::uint64_t last) {
    Seqs seqs;
    for (; first <= last; ++first)
      seqs.push_back(first);
    return seqs;
  }

  static constexpr std::uint64_t kLost = std::uint64_t{1} << 63U;
  test::TempDirectory directory_;
  test::FakeServer server_;
  std::unique_ptr<JournalWriter> writer_;
};

TEST_F(SharedMemory, HandsOutWhatIsCommittedInOrderOverManyFiles) {
  open_writer();
  auto client = reader({.from_seq = 1});
  Seqs seqs;
  for (int round = 0; round < 40; ++round) {
    write_many(10);
    for (const std::uint64_t seq : read_all(client))
      seqs.push_back(seq);
  }
  EXPECT_EQ(seqs, range(1, 400));
  EXPECT_EQ(client.next_seq(), 401U);
}

TEST_F(SharedMemory, BeginsWithWhatIsCommittedFromNowOn) {
  open_writer();
  write_many(5);
  auto client = reader({});
  EXPECT_EQ(read_all(client), Seqs{});
  EXPECT_EQ(client.next_seq(), 6U);
  write_many(2);
  EXPECT_EQ(read_all(client), range(6, 7));
}

TEST_F(SharedMemory, WaitsForAJournalThatIsNotThereYet) {
  auto client = reader({});
  EXPECT_EQ(read_all(client), Seqs{});
  open_writer();
  EXPECT_EQ(read_all(client), Seqs{});
  write_many(3);
  EXPECT_EQ(read_all(client), range(1, 3));
}

TEST_F(SharedMemory, ResumesWhereItWasToldAndGoesOnAcrossANewWriter) {
  open_writer();
  write_many(30);
  auto client = reader({.from_seq = 12});
  EXPECT_EQ(read_all(client), range(12, 30));
  writer_.reset();
  open_writer();
  write_many(3);
  EXPECT_EQ(read_all(client), range(31, 33));
  EXPECT_EQ(reader({.from_seq = 34}).poll(), std::nullopt);
}

TEST_F(SharedMemory, TellsTheGapWhenItIsBehindTheRetention) {
  open_writer();
  write_many(1'000);
  auto client = reader({.from_seq = 1});
  const Seqs seqs = read_all(client);
  ASSERT_GT(seqs.size(), 2U);
  EXPECT_NE(seqs[0] & kLost, 0U);
  EXPECT_EQ(seqs[0] & ~kLost, seqs[1] - 1);
  EXPECT_EQ(seqs.back(), 1'000U);
  auto oldest = reader({.from_seq = 0});
  EXPECT_EQ(read_all(oldest), range(seqs[1], 1'000)) << "the oldest there is: nothing is lost";
}

TEST_F(SharedMemory, TellsWhatDamageHasTaken) {
  open_writer();
  write_many(200);
  writer_.reset();
  // One byte of the body of the third record of the first file.
  const std::string file = directory_.path() + "/000000000001.tfj";
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(64 + 2 * 176 + 100);
  bytes.put('\x5A');
  bytes.close();
  auto client = reader({.from_seq = 1});
  const Seqs seqs = read_all(client);
  EXPECT_EQ(Seqs(seqs.begin(), seqs.begin() + 2), range(1, 2));
  EXPECT_NE(seqs[2] & kLost, 0U);
  EXPECT_EQ(seqs[3], (seqs[2] & ~kLost) + 1);
  EXPECT_EQ(seqs.back(), 200U);
}

TEST_F(SharedMemory, LeavesOutWhatTheOptionsDoNotWant) {
  open_writer();
  write(0.9F, "SPY");
  write(0.1F, "SPY");
  write(0.9F, "GLD");
  write(-0.9F, "SPY");
  auto client =
      reader({.from_seq = 1, .messages = {"signal"}, .instruments = {"SPY"}, .min_abs_score = 0.5});
  EXPECT_EQ(read_all(client), (Seqs{1, 4}));
  auto retracts = reader({.from_seq = 1, .messages = {"retract"}});
  EXPECT_EQ(read_all(retracts), Seqs{});
}

TEST_F(SharedMemory, HandsOutAHeartbeatOnlyAfterWhatItCounts) {
  open_writer();
  write_many(1);
  auto client = reader({.from_seq = 1});
  EXPECT_EQ(read_all(client), range(1, 1));
  EXPECT_EQ(server_.accept(), R"({"op":"subscribe","format":"binary","messages":["status"]})");
  write_many(1);
  server_.send(test::heartbeat_record(2));
  EXPECT_EQ(std::get<Signal>(client.poll().value()).seq, 2U);
  EXPECT_EQ(std::get<Heartbeat>(client.poll().value()).last_seq, 2U);
  EXPECT_TRUE(client.connected());
}

TEST_F(SharedMemory, FailsWhenTheDaemonHasAnotherJournal) {
  open_writer();
  write_many(5);
  auto client = reader({.from_seq = 1});
  EXPECT_EQ(read_all(client), range(1, 5));
  server_.accept();
  server_.send(test::heartbeat_record(3));
  EXPECT_TRUE(std::holds_alternative<Heartbeat>(client.poll().value())) << "a publisher may lag";
  writer_.reset();
  for (const auto& file : std::filesystem::directory_iterator(directory_.path()))
    std::filesystem::remove(file.path());
  open_writer();
  write_many(2);
  server_.send(test::heartbeat_record(2));
  const auto message = client.next(10s);
  ASSERT_TRUE(message && std::holds_alternative<Failed>(*message));
  EXPECT_EQ(std::get<Failed>(*message).reason,
            "the numbering went back to 2 where 6 was due: the daemon's journal was replaced; "
            "subscribe anew");
}

TEST_F(SharedMemory, FindsTheJournalThatWasMadeAnewUnderTheSameName) {
  open_writer();
  write_many(5);
  auto client = reader({.from_seq = 1});
  EXPECT_EQ(read_all(client), range(1, 5));
  server_.accept();
  // Moved to another disk and back, say: the file that is mapped is no longer the journal's.
  const std::string copy = directory_.path() + ".copy";
  writer_.reset();
  std::filesystem::copy(directory_.path(), copy, std::filesystem::copy_options::recursive);
  for (const auto& file : std::filesystem::directory_iterator(directory_.path()))
    std::filesystem::remove(file.path());
  std::filesystem::copy(copy, directory_.path(), std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(copy);
  open_writer();
  write_many(2);
  EXPECT_EQ(read_all(client), Seqs{});
  server_.send(test::heartbeat_record(7));
  (void)client.poll();
  EXPECT_EQ(read_all(client), range(6, 7));
}

TEST_F(SharedMemory, TellsASilenceOfTheDaemonThatTheJournalCannotShow) {
  open_writer();
  server_.stop_listening();
  Options options;
  options.socket_path = server_.path();
  options.stale_after = 20ms;
  SharedMemoryClient client(options, {.journal_directory = directory_.path(), .nap = 1ms});
  const auto message = client.next(10s);
  ASSERT_TRUE(message && std::holds_alternative<Stale>(*message));
}

TEST_F(SharedMemory, MapsReadOnlyAndKeepsNoFileOpen) {
  open_writer();
  write_many(1);
  writer_.reset();
  auto client = reader({.from_seq = 1});
  EXPECT_EQ(read_all(client), range(1, 1));
  std::ifstream maps("/proc/self/maps");
  int mapped = 0;
  for (std::string line; std::getline(maps, line);) {
    if (line.find(directory_.path()) == std::string::npos) continue;
    EXPECT_NE(line.find(" r--s "), std::string::npos) << line;
    ++mapped;
  }
  EXPECT_EQ(mapped, 1);
  for (const auto& fd : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const auto target = std::filesystem::read_symlink(fd.path(), gone).string();
    EXPECT_EQ(target.find(directory_.path()), std::string::npos) << target;
  }
}

TEST_F(SharedMemory, ReceivesWithoutASystemCallOrAnAllocation) {
#ifdef TARIFF_SANITIZED
  GTEST_SKIP() << "the sanitizer owns malloc and makes system calls";
#endif
  open_writer();
  write_many(20);
  Options options;
  options.socket_path = server_.path();
  options.from_seq = 1;
  SharedMemoryClient client(options, {.journal_directory = directory_.path(), .pulse_every = 1h});
  EXPECT_TRUE(client.poll()) << "the file is mapped here";
  const test::AllocationCounter allocations;
  EXPECT_TRUE(client.poll());
  EXPECT_EQ(allocations.count(), 0);
  EXPECT_TRUE(test::runs_without_syscalls([&] { (void)client.poll(); }));
}

}  // namespace
}  // namespace tariff::client
