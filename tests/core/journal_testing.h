#pragma once
// tests/core/journal_testing.h - A journal in a directory of its own, and records that say what
// they should contain, so that a reader can check every byte.

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/journal.h"
#include "core/record.h"
#include "core/record_check.h"

namespace tariff::test {

class TempDirectory {
 public:
  TempDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tariff-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

/// Small segments, no syncing: many roll-overs in little time.
inline JournalOptions small_journal(const TempDirectory& directory) {
  return {.directory = directory.path(),
          .segment_bytes = 16'384,
          .segments_max = 4,
          .record_bytes_max = 8'192,
          .sync_every_ms = 0};
}

inline std::unique_ptr<JournalWriter> must_open(const JournalOptions& options) {
  auto opened = JournalWriter::open(options);
  if (!opened) throw std::runtime_error(opened.error().what);
  return std::move(*opened);
}
inline std::unique_ptr<JournalReader> must_read(const std::string& directory) {
  auto opened = JournalReader::open(directory);
  if (!opened) throw std::runtime_error(opened.error().what);
  return std::move(*opened);
}

/// Body length of the record numbered `seq`: 8 to 707 bytes, not all multiples of eight.
inline std::size_t body_bytes_of(std::uint64_t seq) {
  return 8 + (seq * 7'919) % 700;
}

/// Appends a record whose body depends on its number alone. Returns the number; 0 if refused.
inline std::uint64_t append(JournalWriter& writer) noexcept {
  const std::uint64_t seq = writer.last_seq() + 1;
  const std::size_t bytes = sizeof(RecordHeader) + body_bytes_of(seq);
  const std::span<std::byte> space = writer.begin(bytes);
  if (space.empty()) return 0;
  for (std::size_t i = sizeof(RecordHeader); i < bytes; ++i)
    space[i] = static_cast<std::byte>(seq * 31 + i);
  RecordHeader header;
  header.word.type = RecordType::Status;
  header.source_ns = static_cast<std::int64_t>(seq);
  return writer.commit(header, bytes);
}

/// Empty if `record` is what append() wrote as number `seq`, else what is wrong.
inline std::string flaw(std::span<const std::byte> record, std::uint64_t seq) {
  const std::size_t bytes = sizeof(RecordHeader) + body_bytes_of(seq);
  if (record.size() != record_padded(bytes)) return "length of " + std::to_string(seq);
  if (!record_intact(record)) return "checksum of " + std::to_string(seq);
  if (record_header(record).seq != seq) return "number of " + std::to_string(seq);
  for (std::size_t i = sizeof(RecordHeader); i < bytes; ++i) {
    if (record[i] != static_cast<std::byte>(seq * 31 + i)) return "body of " + std::to_string(seq);
  }
  return "";
}

/// Writes into a file in place, as those who have it mapped see it.
inline void overwrite(const std::string& path, std::size_t at, std::string_view bytes) {
  std::fstream(path, std::ios::binary | std::ios::in | std::ios::out)
      .seekp(static_cast<std::streamoff>(at))
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace tariff::test
