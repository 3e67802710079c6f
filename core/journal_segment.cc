#include "core/journal_segment.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <sysexits.h>

#include "core/fd.h"

namespace tariff {
namespace {

constexpr std::string_view kUnfinished = ".new";

std::byte* map_file(int fd, std::size_t bytes, JournalSegment::Access access) noexcept {
  const int protection =
      access == JournalSegment::Access::Write ? PROT_READ | PROT_WRITE : PROT_READ;
  void* map = ::mmap(nullptr, bytes, protection, MAP_SHARED, fd, 0);
  return map == MAP_FAILED ? nullptr : static_cast<std::byte*>(map);
}

/// The header of an open file, if it is a segment of that number, and what is left of the file.
struct SegmentStart {
  SegmentHeader header;
  std::uint64_t bytes_left = 0;
};

std::optional<SegmentStart> read_start(int fd, std::uint64_t number) noexcept {
  SegmentStart start;
  SegmentHeader& header = start.header;
  struct stat info {};
  if (::pread(fd, &header, sizeof header, 0) != static_cast<ssize_t>(sizeof header) ||
      ::fstat(fd, &info) != 0) {
    return std::nullopt;
  }
  const SegmentHeader good;
  const bool fits = header.magic == good.magic && header.version == good.version &&
                    header.number == number && header.segment_bytes > sizeof header &&
                    header.segment_bytes % kRecordAlignBytes == 0;
  start.bytes_left =
      static_cast<std::uint64_t>(info.st_size) / kRecordAlignBytes * kRecordAlignBytes;
  return fits ? std::optional(start) : std::nullopt;
}

/// A new name in a directory survives a power cut only once the directory is synced.
void sync_directory(const std::string& directory) noexcept {
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() >= 0) ::fsync(fd.get());
}

}  // namespace

Error journal_error(const std::string& what, const std::string& path, int problem) {
  const char* advice = "see the system's log";
  int code = EX_IOERR;
  switch (problem) {
    case EACCES:
    case EPERM:
    case EROFS:
      advice = "give the daemon's user read and write rights there";
      code = EX_NOPERM;
      break;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      advice = "free space, or lower segment_mib or segments_max";
      code = EX_CANTCREAT;
      break;
    case ENOENT:
    case ENOTDIR:
      advice = "make the directory, or correct the path";
      code = EX_CANTCREAT;
      break;
    default:
      break;
  }
  return {fmt::format("journal: cannot {} {}: {}; {}", what, path,
                      std::generic_category().message(problem), advice),
          code};
}

std::string segment_path(const std::string& directory, std::uint64_t number) {
  return fmt::format("{}/{:012}{}", directory, number, kSegmentSuffix);
}

std::vector<std::uint64_t> list_segments(const std::string& directory) {
  std::vector<std::uint64_t> numbers;
  std::error_code problem;
  for (std::filesystem::directory_iterator it(directory, problem), end; !problem && it != end;
       it.increment(problem)) {
    const std::string name = it->path().filename().string();
    if (!name.ends_with(kSegmentSuffix)) continue;
    const char* last = name.data() + name.size() - kSegmentSuffix.size();
    std::uint64_t number = 0;
    const auto [parsed, error] = std::from_chars(name.data(), last, number);
    if (error == std::errc{} && parsed == last) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::optional<SegmentInfo> look_at_segment(const std::string& directory, std::uint64_t number) {
  const Fd fd(::open(segment_path(directory, number).c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return std::nullopt;
  const auto start = read_start(fd.get(), number);
  if (!start) return std::nullopt;
  const SegmentHeader& header = start->header;
  return SegmentInfo{.number = number,
                     .first_seq = header.first_seq,
                     .end_seq = header.end_seq,
                     .session = header.session,
                     .bytes_made = header.segment_bytes,
                     .bytes_left = start->bytes_left};
}

Result<std::uint64_t> segment_file_bytes(const std::string& directory, std::uint64_t number) {
  const std::string path = segment_path(directory, number);
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (fd.get() < 0 || ::fstat(fd.get(), &info) != 0) return journal_error("open", path, errno);
  return static_cast<std::uint64_t>(info.st_size);
}

std::size_t record_length(std::uint64_t word, std::size_t room) noexcept {
  const auto parts = std::bit_cast<RecordWord>(word);
  const bool shaped = parts.magic == kRecordMagic && parts.version == kRecordVersion &&
                      parts.length_bytes >= sizeof(RecordHeader) &&
                      parts.length_bytes % kRecordAlignBytes == 0 && parts.length_bytes <= room;
  return shaped ? parts.length_bytes : 0;
}

Result<std::unique_ptr<JournalSegment>> JournalSegment::create(const std::string& directory,
                                                               std::uint64_t number,
                                                               std::size_t bytes,
                                                               std::uint32_t session) {
  const std::string path = segment_path(directory, number);
  const std::string unfinished = path + std::string(kUnfinished);
  Fd fd(::open(unfinished.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (fd.get() < 0) return journal_error("make", unfinished, errno);

  const auto failed = [&](const char* what, int problem) {
    ::unlink(unfinished.c_str());
    return journal_error(what, unfinished, problem);
  };
  int problem = 0;
  do {
    problem = ::posix_fallocate(fd.get(), 0, static_cast<off_t>(bytes));
  } while (problem == EINTR);
  if (problem != 0) return failed("reserve the space of", problem);
  SegmentHeader header;
  header.session = session;
  header.number = number;
  header.segment_bytes = bytes;
  if (::pwrite(fd.get(), &header, sizeof header, 0) != static_cast<ssize_t>(sizeof header)) {
    return failed("write", errno);
  }
  std::byte* map = map_file(fd.get(), bytes, Access::Write);
  if (map == nullptr) return failed("map", errno);
  std::unique_ptr<JournalSegment> segment(new JournalSegment(fd.release(), map, bytes, number));
  if (::rename(unfinished.c_str(), path.c_str()) != 0) return failed("rename", errno);
  sync_directory(directory);
  return segment;
}

Result<std::unique_ptr<JournalSegment>> JournalSegment::open(const std::string& directory,
                                                             std::uint64_t number, Access access) {
  const std::string path = segment_path(directory, number);
  Fd fd(::open(path.c_str(), (access == Access::Write ? O_RDWR : O_RDONLY) | O_CLOEXEC));
  if (fd.get() < 0) return journal_error("open", path, errno);
  const auto start = read_start(fd.get(), number);
  if (!start) {
    return Error{fmt::format("journal: {} is not a whole segment; move it away", path), EX_IOERR};
  }
  std::byte* map = map_file(fd.get(), start->bytes_left, access);
  if (map == nullptr) return journal_error("map", path, errno);
  return std::unique_ptr<JournalSegment>(
      new JournalSegment(fd.release(), map, start->bytes_left, number));
}

JournalSegment::~JournalSegment() {
  ::munmap(map_, bytes_);
  ::close(fd_);
}

void JournalSegment::populate(std::size_t position, std::size_t bytes) noexcept {
#ifdef MADV_POPULATE_WRITE
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t first = position / page * page;
  const std::size_t last = std::min(position + bytes, bytes_);
  if (first < last) ::madvise(map_ + first, last - first, MADV_POPULATE_WRITE);
#else
  (void)position;
  (void)bytes;
#endif
}

}  // namespace tariff
