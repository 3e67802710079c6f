#include "signals/publish/record_batch.h"

#include <cstring>

#include "signals/publish/connection_message.h"
#include "signals/publish/json_lines.h"

namespace tariff {
namespace {

/// Records that are sent with one system call at most: a headline makes about ten.
constexpr std::size_t kPiecesMax = 64;
constexpr std::size_t kBinaryBytesMax = 8 * kRecordBytesMax;
/// A line has at most 16 bytes for each of its record's, and usually four. What is never touched
/// costs no memory.
constexpr std::size_t kJsonBytesMax = kBinaryBytesMax * (kJsonLineBytesMax / kRecordBytesMax);

}  // namespace

RecordBatch::Run::Run(std::size_t capacity)
    : data(std::make_unique_for_overwrite<char[]>(capacity)), capacity_bytes(capacity) {
  pieces.reserve(kPiecesMax);
}

void RecordBatch::Run::clear() noexcept {
  bytes = 0;
  pieces.clear();
}

void RecordBatch::Run::end_piece(std::size_t piece_bytes, std::uint64_t seq) noexcept {
  bytes += piece_bytes;
  pieces.push_back({bytes, seq});
}

std::span<char> RecordBatch::Run::room() const noexcept {
  return {data.get() + bytes, capacity_bytes - bytes};
}

RecordBatch::View RecordBatch::Run::view() const noexcept {
  return {{data.get(), bytes}, pieces};
}

std::span<const char> RecordBatch::Run::piece(std::size_t index) const noexcept {
  const std::size_t begin = index == 0 ? 0 : pieces[index - 1].end_bytes;
  return {data.get() + begin, pieces[index].end_bytes - begin};
}

RecordBatch::RecordBatch()
    : binary_(kBinaryBytesMax), json_(kJsonBytesMax), filtered_(kJsonBytesMax) {}

std::size_t RecordBatch::fill(JournalReader& reader, std::uint64_t next_seq, std::uint64_t end_seq,
                              WallNs now) noexcept {
  binary_.clear();
  json_.clear();
  next_seq_ = next_seq;
  damaged_ = false;
  while (next_seq_ < end_seq && binary_.pieces.size() < kPiecesMax &&
         binary_.room().size() >= kRecordBytesMax) {
    const JournalReader::Read read = reader.next();
    if (read.status == JournalReader::Status::None) break;
    if (read.status == JournalReader::Status::Record) {
      const std::uint64_t seq = record_header(read.record).seq;
      if (read.record.size() <= kRecordBytesMax) add(read.record, seq);
      next_seq_ = seq + 1;
      continue;
    }
    if (read.gap_to == 0) {
      damaged_ = true;
      break;
    }
    // Deleted, or lost by damage: for a subscriber it is the same.
    if (read.status == JournalReader::Status::Broken) reader.seek(read.gap_to + 1);
    add(connection_message(RecordType::Gap, reader.session(), now,
                           GapBody{read.gap_from, read.gap_to}),
        read.gap_from);
    next_seq_ = read.gap_to + 1;
  }
  return binary_.pieces.size();
}

void RecordBatch::add(std::span<const std::byte> record, std::uint64_t seq) noexcept {
  std::memcpy(binary_.room().data(), record.data(), record.size());
  binary_.end_piece(record.size(), seq);
}

std::span<const std::byte> RecordBatch::record(std::size_t index) const noexcept {
  return std::as_bytes(binary_.piece(index));
}

void RecordBatch::encode_json() noexcept {
  for (std::size_t i = json_.pieces.size(); i < binary_.pieces.size(); ++i) {
    json_.end_piece(write_json_line(record(i), json_.room()), binary_.pieces[i].seq);
  }
}

const RecordBatch::Run& RecordBatch::run_of(Encoding encoding) noexcept {
  switch (encoding) {
    case Encoding::Json:
      encode_json();
      return json_;
    case Encoding::Binary:
      return binary_;
  }
  return binary_;
}

RecordBatch::View RecordBatch::view(Encoding encoding, const Filter& filter) noexcept {
  const Run& whole = run_of(encoding);
  if (filter.passes_all()) return whole.view();
  filtered_.clear();
  for (std::size_t i = 0; i < whole.pieces.size(); ++i) {
    if (!filter.passes(record(i))) continue;
    const std::span<const char> piece = whole.piece(i);
    std::memcpy(filtered_.room().data(), piece.data(), piece.size());
    filtered_.end_piece(piece.size(), whole.pieces[i].seq);
  }
  return filtered_.view();
}

}  // namespace tariff
