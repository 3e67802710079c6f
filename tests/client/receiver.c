/* tests/client/receiver.c - As receiver.cc, by the C client: SOCKET FILE LAST_SEQ. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tariffd.h"

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  alarm(120);
  const int file = open(argv[2], O_RDWR | O_CREAT, 0600);
  const uint64_t until = strtoull(argv[3], NULL, 10);
  const off_t end = lseek(file, 0, SEEK_END) / 8 * 8;
  uint64_t last = 0;
  if (ftruncate(file, end) != 0) return 65;
  if (end > 0 && pread(file, &last, 8, end - 8) != 8) return 65;
  lseek(file, end, SEEK_SET);
  tariffd_options options = TARIFFD_OPTIONS_INIT;
  options.socket_path = argv[1];
  options.from_seq = (int64_t)last + 1;
  tariffd_client* client = tariffd_open(&options);
  if (client == NULL) return 66;
  while (last < until) {
    const tariffd_message* m = tariffd_next(client, 1000);
    if (m == NULL || m->type == TARIFFD_HEARTBEAT || m->type == TARIFFD_STALE) continue;
    if (m->type == TARIFFD_FAILED) return fprintf(stderr, "%s\n", m->reason), 1;
    if (m->event == NULL && m->signal == NULL) return 2;
    if ((m->event ? m->event->event_id : m->signal->event_id) != m->seq) return 3;
    last = m->seq;
    if (tariffd_next_seq(client) != last + 1 || write(file, &last, 8) != 8) return 4;
  }
  tariffd_close(client);
  return 0;
}
