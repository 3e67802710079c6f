"""example_strategy.py for asyncio, beside something else that runs."""

import asyncio
import sys

import tariffd


async def trade(path, from_seq):
    session = None
    wanted = ("signal", "retract", "status")
    async with tariffd.aio.subscribe(path, from_seq, wanted, min_abs_score=0.3) as messages:
        async for message in messages:
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


async def main():
    path = sys.argv[1] if len(sys.argv) > 1 else tariffd.DEFAULT_PATH
    from_seq = int(sys.argv[2]) if len(sys.argv) > 2 else None
    await asyncio.gather(trade(path, from_seq))  # and your other tasks


asyncio.run(main())
