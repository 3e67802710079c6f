"""Prints how many signals a second the Python client decodes. No test."""

import json
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "client" / "python")]

import encode  # noqa: E402
from tariffd.session import Options, Session  # noqa: E402

COUNT = 20_000
CHUNK_BYTES = 65_536


def json_line(seq):
    golden = json.loads((HERE.parent / "golden" / "signal.json").read_text())
    return json.dumps({**golden, "seq": seq}, separators=(",", ":")).encode() + b"\n"


def per_second(options, wire):
    best = 0.0
    for _ in range(3):
        session = Session(options)
        began = time.perf_counter()
        received = sum(1 for at in range(0, len(wire), CHUNK_BYTES)
                       for _ in session.feed(wire[at:at + CHUNK_BYTES]))
        assert received == COUNT
        best = max(best, received / (time.perf_counter() - began))
    return best


if __name__ == "__main__":
    records = b"".join(encode.signal(seq) for seq in range(1, COUNT + 1))
    lines = b"".join(json_line(seq) for seq in range(1, COUNT + 1))
    for name, options, wire in (("binary", Options(), records),
                                ("binary, verify=False", Options(verify=False), records),
                                ("json", Options(format="json"), lines)):
        print(f"{name:22} {per_second(options, wire):10,.0f} messages/s")
