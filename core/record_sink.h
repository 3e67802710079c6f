#pragma once
// core/record_sink.h - Where the engine appends records: the journal while running, memory in a
// replay and in tests. Thread: one writer. Hot.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "core/record.h"

namespace tariff {

class RecordSink {
 public:
  virtual ~RecordSink() = default;

  /// Space for a record of `bytes` (header and padding included); empty if it cannot be had, which
  /// the caller counts. Nothing is visible before `commit`.
  [[nodiscard]] virtual std::span<std::byte> begin(std::size_t bytes) noexcept = 0;

  /// Publishes the record begun last: fills in everything of the header but the type and the
  /// stamps, which the caller has set. The caller has written the body. Returns the sequence
  /// number.
  virtual std::uint64_t commit(RecordHeader header, std::size_t bytes) noexcept = 0;

  /// Sequence number of the last record; 0 if there is none.
  [[nodiscard]] virtual std::uint64_t last_seq() const noexcept = 0;
};

/// Keeps the records in memory, numbered from 1, with session 1, so that equal input gives equal
/// bytes. Allocates when it grows.
class MemorySink final : public RecordSink {
 public:
  [[nodiscard]] std::span<std::byte> begin(std::size_t bytes) noexcept override {
    begun_ = bytes_.size();
    bytes_.resize(begun_ + bytes);
    return std::span(bytes_).subspan(begun_);
  }
  std::uint64_t commit(RecordHeader header, std::size_t bytes) noexcept override {
    header.word.length_bytes = static_cast<std::uint32_t>(bytes);
    header.session = 1;
    header.seq = ++last_seq_;
    std::memcpy(bytes_.data() + begun_, &header, sizeof header);
    return last_seq_;
  }
  [[nodiscard]] std::uint64_t last_seq() const noexcept override { return last_seq_; }

  /// All records since the last `clear`, one behind the other.
  [[nodiscard]] std::span<const std::byte> records() const noexcept { return bytes_; }
  void clear() noexcept { bytes_.clear(); }

 private:
  std::vector<std::byte> bytes_;
  std::size_t begun_ = 0;
  std::uint64_t last_seq_ = 0;
};

}  // namespace tariff
