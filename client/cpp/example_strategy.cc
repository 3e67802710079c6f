// client/cpp/example_strategy.cc - A strategy in outline: example_strategy SOCKET [FROM_SEQ]. It
// prints what a real one would do. docs/howto/write-a-strategy.md tells why.
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "tariffd/client.h"

using namespace tariff::client;

void say(const auto&... parts) {
  (std::cout << ... << parts) << std::endl;
}

int main(int argc, char** argv) {
  Options options{.messages = {"signal", "retract", "status"}, .min_abs_score = 0.3};
  if (argc > 1) options.socket_path = argv[1];
  if (argc > 2) options.from_seq = std::stoull(argv[2]);
  Client client(options);
  std::uint32_t session = 0;
  const on act{[](const Signal& s) {
                 const char* side = s.direction > 0 ? " buy " : " sell ";
                 say(s.seq, s.replaces() ? " move " : side, s.instrument.view(), ' ', s.score);
               },
               [](const Retract& r) { say(r.seq, " undo ", r.supersedes_seq); },
               [](const Status& s) { say(s.seq, ' ', name_of(s.kind, tariff::kStatusKindNames)); },
               [](const Gap& g) { say("reconcile ", g.from_seq, "..", g.to_seq); },
               [](const Stale&) { say("stale: stop quoting"); },
               [&](const Heartbeat& h) {
                 if (session != 0 && h.session != session) say("daemon restarted: reconcile");
                 session = h.session;
               },
               [](const Failed& f) { std::cerr << f.reason << '\n', std::exit(1); },
               [](const Event&) {}};
  for (;;) {
    const auto message = client.next(std::chrono::seconds(1));
    if (message) std::visit(act, *message);
  }
}
