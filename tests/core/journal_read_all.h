#pragma once
// tests/core/journal_read_all.h - Reads a journal to its end and checks every record on the way.

#include <cstdint>

#include <gtest/gtest.h>

#include "core/journal.h"
#include "tests/core/journal_testing.h"

namespace tariff::test {

/// Every record that `reader` gives is the one that was written; the last number, and the gaps.
inline std::uint64_t read_all(JournalReader& reader, std::uint64_t* lost = nullptr) {
  std::uint64_t last = 0;
  while (true) {
    const auto read = reader.next();
    if (read.status == JournalReader::Status::None) return last;
    if (read.status == JournalReader::Status::Record) {
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
    if (read.status == JournalReader::Status::Broken) reader.seek(read.gap_to + 1);
  }
}

}  // namespace tariff::test
