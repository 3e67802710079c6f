#pragma once
// signals/publish/record_batch.h - Consecutive records of the journal, in the encodings that were
// asked for, each made at most once. What a subscriber is sent is a view into it.
// Thread: the publisher's. Hot: allocates only where it is made.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/journal.h"
#include "core/time.h"
#include "signals/publish/subscribe.h"

namespace tariff {

class RecordBatch {
 public:
  /// One record, or a gap, in the bytes of a view.
  struct Piece {
    std::size_t end_bytes = 0;  ///< Where it ends in the view; the next one begins there.
    std::uint64_t seq = 0;      ///< Where to go on reading if it could not be sent.
  };
  struct View {
    std::span<const char> bytes;
    std::span<const Piece> pieces;
  };

  RecordBatch();

  /// Takes what `reader` has, up to what fits and to the record before `end_seq`; `next_seq` is
  /// the number that it stands at. Returns how many pieces there are now.
  std::size_t fill(JournalReader& reader, std::uint64_t next_seq, std::uint64_t end_seq,
                   WallNs now) noexcept;
  /// What passes `filter`, in one run of bytes. Valid until the next call of `view` or `fill`.
  [[nodiscard]] View view(Encoding encoding, const Filter& filter) noexcept;
  /// Where to go on after all of it.
  [[nodiscard]] std::uint64_t next_seq() const noexcept { return next_seq_; }
  /// The journal is damaged at `next_seq`, and nothing behind it can be read yet.
  [[nodiscard]] bool damaged() const noexcept { return damaged_; }

 private:
  /// Bytes of a run, and where its pieces end. Fixed in size.
  struct Run {
    explicit Run(std::size_t capacity_bytes);
    void clear() noexcept;
    void end_piece(std::size_t piece_bytes, std::uint64_t seq) noexcept;
    [[nodiscard]] std::span<char> room() const noexcept;
    [[nodiscard]] View view() const noexcept;
    [[nodiscard]] std::span<const char> piece(std::size_t index) const noexcept;

    std::unique_ptr<char[]> data;
    std::size_t capacity_bytes;
    std::size_t bytes = 0;
    std::vector<Piece> pieces;
  };

  void add(std::span<const std::byte> record, std::uint64_t seq) noexcept;
  [[nodiscard]] std::span<const std::byte> record(std::size_t index) const noexcept;
  void encode_json() noexcept;
  const Run& run_of(Encoding encoding) noexcept;

  Run binary_;
  Run json_;
  Run filtered_;
  std::uint64_t next_seq_ = 0;
  bool damaged_ = false;
};

}  // namespace tariff
