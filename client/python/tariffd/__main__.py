"""python3 -m tariffd: prints messages, one a line."""

import argparse
import os
import sys

from . import DEFAULT_PATH, Heartbeat, ProtocolError, subscribe


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tariffd",
                                     description="Prints the messages of a running tariffd.")
    parser.add_argument("--socket", default=DEFAULT_PATH, help="default: %(default)s")
    parser.add_argument("--from-seq", type=int, help="first number wanted; 0: the oldest there is")
    parser.add_argument("--messages", nargs="+", default=(), metavar="TYPE",
                        help="of event, signal, retract, status; default: all")
    parser.add_argument("--instruments", nargs="+", default=(), metavar="SYMBOL")
    parser.add_argument("--min-abs-score", type=float, default=0.0, metavar="0..1")
    parser.add_argument("--format", choices=("binary", "json"), default="binary")
    parser.add_argument("--heartbeats", action="store_true", help="print these, too")
    args = parser.parse_args()
    try:
        with subscribe(args.socket, args.from_seq, args.messages, args.instruments,
                       args.min_abs_score, format=args.format) as messages:
            for message in messages:
                if args.heartbeats or not isinstance(message, Heartbeat):
                    print(message, flush=True)
    except ProtocolError as problem:
        print(f"tariffd: {problem}", file=sys.stderr)
        return os.EX_PROTOCOL
    except KeyboardInterrupt:
        return 128 + 2
    except BrokenPipeError:
        # Whoever read has had enough; keep the interpreter's own flush at exit from complaining.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
