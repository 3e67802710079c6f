/* client/c/example_strategy.c - A strategy in outline: example_strategy SOCKET [FROM_SEQ]. It prints
 * what a real one would do. docs/howto/write-a-strategy.md tells why. */
#include <stdio.h>
#include <stdlib.h>

#include "tariffd.h"

int main(int argc, char** argv) {
  const char* messages[] = {"signal", "retract", "status"};
  tariffd_options options = TARIFFD_OPTIONS_INIT;
  options.messages = messages;
  options.messages_count = 3;
  options.min_abs_score = 0.3;
  if (argc > 1) options.socket_path = argv[1];
  if (argc > 2) options.from_seq = atoll(argv[2]);
  tariffd_client* client = tariffd_open(&options);
  unsigned session = 0;
  setvbuf(stdout, NULL, _IOLBF, 0);
  while (client != NULL) {
    const tariffd_message* m = tariffd_next(client, 1000);
    if (m == NULL) continue;
    const unsigned long long seq = m->seq;
    if (m->signal) {
      const char* side = m->signal->replaces ? "move" : m->signal->direction > 0 ? "buy" : "sell";
      printf("%llu %s %s %.2f\n", seq, side, m->signal->instrument, m->signal->score);
    }
    if (m->retract)
      printf("%llu undo %llu\n", seq, (unsigned long long)m->retract->supersedes_seq);
    if (m->status) printf("%llu %s\n", seq, m->status->kind);
    if (m->type == TARIFFD_GAP)
      printf("reconcile %llu..%llu\n", (unsigned long long)m->from_seq, (unsigned long long)m->to_seq);
    if (m->type == TARIFFD_STALE) puts("stale: stop quoting");
    if (m->type == TARIFFD_HEARTBEAT && session != 0 && m->session != session)
      puts("daemon restarted: reconcile");
    if (m->type == TARIFFD_HEARTBEAT) session = m->session;
    if (m->type == TARIFFD_FAILED) return fprintf(stderr, "%s\n", m->reason), 1;
  }
  return 1;
}
