// tests/client/receiver.cc - receiver socket|memory SOCKET FILE LAST_SEQ: writes the number of each
// record it receives to a file, eight bytes each, and goes on behind the last one there when it is
// started again. The journal is beside the socket.

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tariffd/client.h"
#include "tariffd/shared_memory.h"

namespace {

using namespace tariff::client;

/// 0 if the file is empty. What a killed receiver wrote in part is cut off.
std::uint64_t last_number(int file) {
  const off_t end = ::lseek(file, 0, SEEK_END) / 8 * 8;
  std::uint64_t last = 0;
  if (::ftruncate(file, end) != 0) std::abort();
  if (end > 0 && ::pread(file, &last, sizeof last, end - 8) != sizeof last) std::abort();
  ::lseek(file, end, SEEK_SET);
  return last;
}

/// 0 when all up to `until` have come.
int receive(auto& client, int file, std::uint64_t last, std::uint64_t until) {
  while (last < until) {
    const auto message = client.next(std::chrono::seconds(1));
    if (!message) continue;
    const int problem =
        std::visit(on{[&](const Failed& failed) {
                        std::fprintf(stderr, "failed: %.*s\n",
                                     static_cast<int>(failed.reason.size()), failed.reason.data());
                        return 1;
                      },
                      [](const Gap&) { return 2; }, [](const Stale&) { return 0; },
                      [](const Heartbeat&) { return 0; }, [](const Retract&) { return 3; },
                      [](const Status&) { return 3; },
                      [&](const auto& told) {
                        last = told.seq;
                        const bool sound = told.event_id == told.seq;
                        return sound && ::write(file, &last, 8) == 8 ? 0 : 4;
                      }},
                   *message);
    if (problem != 0) return problem;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 64;
  ::alarm(120);
  const int file = ::open(argv[3], O_RDWR | O_CREAT, 0600);
  const std::uint64_t until = std::strtoull(argv[4], nullptr, 10);
  const std::uint64_t last = last_number(file);
  Options options;
  options.socket_path = argv[2];
  options.from_seq = last + 1;
  if (std::string_view(argv[1]) == "memory") {
    const std::string folder = options.socket_path.substr(0, options.socket_path.rfind('/'));
    SharedMemoryClient client(
        options, {.journal_directory = folder + "/journal", .nap = std::chrono::microseconds(200)});
    return receive(client, file, last, until);
  }
  Client client(options);
  return receive(client, file, last, until);
}
