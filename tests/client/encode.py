"""Records, built byte by byte and independently of the package that is tested."""

import struct


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def seal(record):
    """`record` with the CRC that its other bytes ask for."""
    zeroed = bytes(record[:8]) + bytes(4) + bytes(record[12:])
    return zeroed[:8] + struct.pack("<I", crc32c(zeroed)) + zeroed[12:]


def record(kind, seq, body=b"", version=1, length=None):
    body += bytes(-len(body) % 8)
    length = 48 + len(body) if length is None else length
    return seal(
        struct.pack("<HBBIIIQqqq", 0x4654, version, kind, length, 0, 7, seq, 100, 200, 30) + body)


def facts(actors=(b"US",), targets=(b"CN", b"MX"), effective=20251101, rate=25.0, stride=168,
          actors_count=None):
    packed = struct.pack("<BBBBiffQ", 1, 0, 2, 1, effective, rate, 0.5, 1 << 14 | 1)
    count = len(actors) if actors_count is None else actors_count
    packed += b"".join(place.ljust(4, b"\0") for place in actors).ljust(32, b"\0")
    packed += struct.pack("<B3x", count)
    packed += b"".join(place.ljust(4, b"\0") for place in targets).ljust(64, b"\0")
    packed += struct.pack("<B3x", len(targets)) + b"US\0\0" + b"impose-rate".ljust(36, b"\0")
    return packed.ljust(stride, b"\xee")


def event(seq, all_facts=(), text=b"", stride=168, version=1, text_bytes=None):
    offset = 48 + 136
    body = struct.pack("<QIBBBBffq16s32s40sHHHHH6x", 42, 3, 1, 3, 2, 1, 0.5, 0.75, 90, b"wire",
                       b"example", b"item-1", offset, stride, len(all_facts),
                       offset + stride * len(all_facts),
                       len(text) if text_bytes is None else text_bytes)
    return record(1, seq, body + b"".join(all_facts) + text, version)


def signal(seq, score=0.75, age_ns=1_000_000, move=float("nan"), flags=0):
    return record(2, seq, struct.pack("<QIbB2x16s32sffddddqfff4x", 42, 1, 1 if score > 0 else -1,
                                      flags, b"FXI", b"cn-equity", score, 0.5, 39.5, 39.75, 39.625,
                                      0.25, age_ns, move, 1.5, -2.0))


def retract(seq, supersedes_seq, instrument=b"FXI"):
    return record(3, seq, struct.pack("<QIB3xQ16sdd", 42, 2, 2, supersedes_seq, instrument, 0.0,
                                      40.0))


def status(seq, kind=0, state=1, feed=b"wire", text=b"connected"):
    return record(4, seq, struct.pack("<BB6x16s160s", kind, state, feed, text))


def heartbeat(last_seq, session=None):
    packed = record(5, 0, struct.pack("<Q", last_seq))
    if session is None:
        return packed
    return seal(packed[:12] + struct.pack("<I", session) + packed[16:])


def gap(from_seq, to_seq):
    return record(6, 0, struct.pack("<QQ", from_seq, to_seq))


def error(text):
    return record(7, 0, struct.pack("<256s", text))
