#pragma once
// tariffd/segment.h - The journal's files as a reader of shared memory sees them: found, mapped
// read-only and walked (docs/formats/journal.md). Nothing here writes, locks or tells the daemon.
// Thread: owned by one client. Cold but for Segment::record; system calls only to change the file.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/record.h"
#include "core/segment_header.h"
#include "tariffd/socket.h"

namespace tariff::client::detail {

/// One mapped file. Moving it keeps the mapping where it is.
class Segment {
 public:
  Segment() = default;
  Segment(Segment&& other) noexcept { swap(other); }
  Segment& operator=(Segment&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Segment() {
    if (map_ != nullptr) ::munmap(map_, bytes_);
  }

  /// Not open: the file is gone, is no segment or may not be read; `errno` says which.
  [[nodiscard]] static Segment open(const std::string& directory, std::uint64_t number) {
    std::string name = std::to_string(number);
    name.insert(0, kSegmentDigits - std::min(kSegmentDigits, name.size()), '0');
    const std::string path = directory + '/' + name + std::string(kSegmentSuffix);
    Segment segment;
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (!fd.open() || ::fstat(fd.get(), &info) != 0) return segment;
    const auto bytes =
        static_cast<std::size_t>(info.st_size) / kRecordAlignBytes * kRecordAlignBytes;
    errno = EINVAL;
    if (bytes < sizeof(SegmentHeader)) return segment;
    void* map = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, fd.get(), 0);
    if (map == MAP_FAILED) return segment;
    segment.map_ = static_cast<std::byte*>(map);
    segment.bytes_ = bytes;
    segment.number_ = number;
    const SegmentHeader& header = segment.header();
    const SegmentHeader good;
    if (header.magic != good.magic || header.version != good.version || header.number != number) {
      errno = EINVAL;
      return {};
    }
    return segment;
  }

  [[nodiscard]] bool open() const noexcept { return map_ != nullptr; }
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  [[nodiscard]] std::uint64_t first_seq() const noexcept { return load(header().first_seq); }
  [[nodiscard]] std::uint64_t end_seq() const noexcept { return load(header().end_seq); }

  /// Everything from `position` on, if a record is committed there; else empty.
  [[nodiscard]] std::span<const std::byte> record(std::size_t position) const noexcept {
    if (position + sizeof(RecordWord) > bytes_) return {};
    if (load(*reinterpret_cast<std::uint64_t*>(map_ + position)) == 0) return {};
    return {map_ + position, bytes_ - position};
  }

 private:
  /// Another process stores these while we look. The mapping is read-only: never more than a load.
  static std::uint64_t load(std::uint64_t& word) noexcept {
    return std::atomic_ref(word).load(std::memory_order_acquire);
  }
  [[nodiscard]] SegmentHeader& header() const noexcept {
    return *reinterpret_cast<SegmentHeader*>(map_);
  }
  void swap(Segment& other) noexcept {
    std::swap(map_, other.map_);
    std::swap(bytes_, other.bytes_);
    std::swap(number_, other.number_);
  }

  std::byte* map_ = nullptr;
  std::size_t bytes_ = 0;
  std::uint64_t number_ = 0;
};

/// Numbers of the files of a journal, ascending.
[[nodiscard]] inline std::vector<std::uint64_t> segment_numbers(const std::string& directory) {
  std::vector<std::uint64_t> numbers;
  std::error_code problem;
  for (std::filesystem::directory_iterator at(directory, problem), end; !problem && at != end;
       at.increment(problem)) {
    const std::string name = at->path().filename().string();
    if (!name.ends_with(kSegmentSuffix)) continue;
    const char* last = name.data() + name.size() - kSegmentSuffix.size();
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(name.data(), last, number);
    if (parsed.ec == std::errc{} && parsed.ptr == last) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// The segment that holds `seq`, or the first behind it if that is gone. Not open: none is there.
[[nodiscard]] inline Segment find_segment(const std::string& directory, std::uint64_t seq) {
  Segment chosen;
  for (const std::uint64_t number : segment_numbers(directory)) {
    Segment next = Segment::open(directory, number);
    if (!next.open() || next.first_seq() == 0) continue;
    if (chosen.open()) {
      if (next.first_seq() < chosen.first_seq()) continue;  // its header is damaged
      const std::uint64_t end = chosen.end_seq();
      // A segment without an end that another follows was cut off: what is next tells the gap.
      if (next.first_seq() > seq && !(end != 0 && end <= seq)) break;
      if (chosen.first_seq() > seq) break;
    }
    chosen = std::move(next);
  }
  return chosen;
}

}  // namespace tariff::client::detail
