"""A strategy in outline: example_strategy.py SOCKET [FROM_SEQ]. It prints what a real one would do.
docs/howto/write-a-strategy.md tells why."""

import sys

import tariffd

path = sys.argv[1] if len(sys.argv) > 1 else tariffd.DEFAULT_PATH
from_seq = int(sys.argv[2]) if len(sys.argv) > 2 else None
session = None

with tariffd.subscribe(path, from_seq, messages=("signal", "retract", "status"),
                       min_abs_score=0.3) as messages:
    for message in messages:
        if isinstance(message, tariffd.Signal):
            side = "buy" if message.direction > 0 else "sell"
            side = "move" if message.replaces else side
            print(message.seq, side, message.instrument, f"{message.score:.2f}", flush=True)
        elif isinstance(message, tariffd.Retract):
            print(message.seq, "undo", message.supersedes_seq, flush=True)
        elif isinstance(message, tariffd.Status):
            print(message.seq, message.kind, flush=True)
        elif isinstance(message, tariffd.Gap):
            print(f"reconcile {message.from_seq}..{message.to_seq}", flush=True)
        elif isinstance(message, tariffd.Stale):
            print("stale: stop quoting", flush=True)
        elif isinstance(message, tariffd.Heartbeat):
            if session not in (None, message.session):
                print("daemon restarted: reconcile", flush=True)
            session = message.session
