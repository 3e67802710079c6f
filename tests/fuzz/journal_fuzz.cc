// tests/fuzz/journal_fuzz.cc - Any bytes in a segment: readers stay inside it and end, a writer
// recovers, and what it then appends can be read. The first byte chooses whether numbers and
// checksums are made right first, so that the content of records is reached too.
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/journal.h"
#include "core/journal_segment.h"
#include "core/record_check.h"
#include "signals/publish/json_lines.h"
#include "signals/publish/subscribe.h"
#include "tests/core/journal_testing.h"

namespace {

constexpr std::size_t kSegmentBytes = 16'384;

/// Makes consecutive records pass their checks, as far as their lengths let them.
void make_right(std::span<std::byte> bytes) {
  for (std::uint64_t seq = 1;; ++seq) {
    std::uint64_t word = 0;
    if (bytes.size() < sizeof word) return;
    std::memcpy(&word, bytes.data(), sizeof word);
    const std::size_t length = tariff::record_length(word, bytes.size());
    if (length == 0) return;
    tariff::RecordHeader header = tariff::record_header(bytes.first(length));
    header.seq = seq;
    header.crc32c =
        tariff::record_crc32c(header, bytes.subspan(sizeof header, length - sizeof header));
    std::memcpy(bytes.data(), &header, sizeof header);
    bytes = bytes.subspan(length);
  }
}

void read_to_the_end(const std::string& directory) {
  const auto reader = tariff::test::must_read(directory);
  const auto request =
      tariff::parse_request(R"({"op":"subscribe","instruments":["A"],"min_abs_score":0.1})");
  std::vector<char> line(tariff::kJsonLineBytesMax);
  for (std::uint64_t last = 0;;) {
    const auto read = reader->next();
    if (read.status != tariff::JournalReader::Status::Record) return;
    TARIFF_CHECK(tariff::record_intact(read.record));
    TARIFF_CHECK(tariff::record_header(read.record).seq == ++last);
    (void)tariff::write_json_line(read.record, line);
    (void)request->filter.passes(read.record);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tariff::test::TempDirectory directory;
  static const std::string path = tariff::segment_path(directory.path(), 1);
  if (size == 0) return 0;
  std::vector<std::byte> bytes(kSegmentBytes);
  tariff::SegmentHeader header;
  header.number = 1;
  header.segment_bytes = kSegmentBytes;
  header.first_seq = 1;
  std::memcpy(bytes.data(), &header, sizeof header);
  const auto body = std::span(bytes).subspan(sizeof header);
  std::memcpy(body.data(), data + 1, std::min(size - 1, body.size()));
  if ((data[0] & 1U) != 0) make_right(body);

  for (const std::uint64_t number : tariff::list_segments(directory.path()))
    ::unlink(tariff::segment_path(directory.path(), number).c_str());
  std::FILE* file = std::fopen(path.c_str(), "wb");
  TARIFF_CHECK(file != nullptr && std::fwrite(bytes.data(), bytes.size(), 1, file) == 1);
  std::fclose(file);

  read_to_the_end(directory.path());
  const auto writer = tariff::test::must_open(tariff::test::small_journal(directory));
  const std::uint64_t seq = tariff::test::append(*writer);
  const auto reader = tariff::test::must_read(directory.path());
  reader->seek(seq);
  TARIFF_CHECK(tariff::test::flaw(reader->next().record, seq).empty());
  return 0;
}
