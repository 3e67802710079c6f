// tests/client/publisher_main.cc - The daemon's journal and publisher without the rest: appends
// records up to a number, at a rate, and serves them. To be killed and started again on the same
// journal. Ends when its standard input is closed, or after two minutes.

#include <poll.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>

#include "core/clock.h"
#include "core/counters.h"
#include "core/journal.h"
#include "core/record.h"
#include "signals/publish/publisher.h"

namespace {

using namespace tariff;

constexpr std::int64_t kLifeNs = 120 * kNsPerSecond;
constexpr std::uint64_t kEventEvery = 17;  // sixteen signals follow each event

/// A record whose event id is its own number, so that a receiver sees what it should be.
bool append(JournalWriter& journal, std::uint64_t seq) {
  RecordHeader header;
  header.received_ns = now_wall().ns;
  if (seq % kEventEvery == 1) {
    constexpr std::string_view kText = "An event of a test, told in a few words";
    EventBody body;
    body.event_id = seq;
    body.revision = 1;
    body.facts_offset = sizeof header + sizeof body;
    body.facts_count = 1;
    body.text_offset = static_cast<std::uint16_t>(body.facts_offset + sizeof(Facts));
    body.text_bytes = kText.size();
    const std::size_t bytes = record_padded(body.text_offset + kText.size());
    const auto space = journal.begin(bytes);
    if (space.empty()) return false;
    const Facts facts;
    std::memcpy(space.data() + sizeof header, &body, sizeof body);
    std::memcpy(space.data() + body.facts_offset, &facts, sizeof facts);
    std::memcpy(space.data() + body.text_offset, kText.data(), kText.size());
    header.word.type = RecordType::Event;
    return journal.commit(header, bytes) == seq;
  }
  SignalBody body;
  body.event_id = seq;
  body.direction = 1;
  body.score = 0.5F;
  body.instrument.assign("FXI");
  const std::size_t bytes = sizeof header + sizeof body;
  const auto space = journal.begin(bytes);
  if (space.empty()) return false;
  std::memcpy(space.data() + sizeof header, &body, sizeof body);
  header.word.type = RecordType::Signal;
  return journal.commit(header, bytes) == seq;
}

bool input_closed() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return ::poll(&input, 1, 0) != 0;
}

/// Appends what is due and publishes, until the end. Returns false if the journal refused a record.
bool serve(JournalWriter& journal, Publisher& publisher, boost::asio::io_context& context,
           std::uint64_t last_seq, std::int64_t per_second) {
  const MonoNs began = now_mono();
  const std::uint64_t first = journal.last_seq();
  MonoNs maintained = began;
  for (MonoNs now = began; now - began < kLifeNs; now = now_mono()) {
    const auto due = first + static_cast<std::uint64_t>((now - began) * per_second / kNsPerSecond);
    std::size_t done = 0;
    for (; journal.last_seq() < std::min(due, last_seq); ++done) {
      if (!append(journal, journal.last_seq() + 1)) return false;
    }
    done += publisher.work();
    done += context.poll();
    if (now - maintained > 20 * kNsPerMs) {
      maintained = now;
      if (const std::string problem = journal.maintain(); !problem.empty())
        std::fprintf(stderr, "%s\n", problem.c_str());
      if (input_closed()) break;
    }
    if (done == 0) std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  publisher.stop();
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: publisher_main JOURNAL SOCKET LAST_SEQ PER_SECOND\n");
    return 64;
  }
  auto journal = tariff::JournalWriter::open(
      {.directory = argv[1], .segment_bytes = 4U << 20U, .segments_max = 64});
  if (!journal) return std::fprintf(stderr, "%s\n", journal.error().what.c_str()), 74;
  boost::asio::io_context context;
  Counters counters;
  PublisherOptions options;
  options.journal_directory = argv[1];
  options.socket_path = argv[2];
  auto publisher = Publisher::open(context, options, counters, [] { return std::string("{}"); });
  if (!publisher) return std::fprintf(stderr, "%s\n", publisher.error().what.c_str()), 74;
  const bool served = serve(**journal, **publisher, context, std::strtoull(argv[3], nullptr, 10),
                            std::strtoll(argv[4], nullptr, 10));
  return served ? 0 : 74;
}
