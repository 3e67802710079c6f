"""Binary records to messages, checked; specified to the byte in docs/formats/signal-binary.md."""

import datetime
import math
import struct
from typing import Optional, Tuple

from .crc32c import crc32c
from .messages import (Event, Facts, Gap, Heartbeat, Message, ProtocolError, Retract, Signal,
                       Status)

ACTIONS = "threaten impose delay ease talks deal breakdown block uphold".split()
MEASURES = ("tariff export_control import_ban sanction investment port_fee quota subsidy probe "
            "general").split()
PRODUCTS = ("steel aluminum copper autos auto_parts trucks semiconductors electronics pharma "
            "lumber furniture agriculture soybeans energy rare_earths magnets critical_minerals "
            "solar batteries evs aircraft ships machinery textiles movies alcohol dairy seafood "
            "fentanyl software low_value_parcels gold other").split()
NETS = "none escalate deescalate mixed".split()
ATTRIBUTIONS = "unknown decider official sources outsider".split()
NOVELTIES = "new confirmation repeat update".split()
REASONS = "corrected withdrawn denied source_deleted superseded".split()
MARKS = ((4, "stale"), (8, "clamped"), (16, "test"), (32, "embargo"), (64, "repeat"),
         (128, "waiting"))
KINDS = "feed blind sighted reloaded reload_failed started stopping journal_full journal_well".split()
STATES = "starting up silent down failed ended".split()

MAGIC = 0x4654
VERSION = 1
RECORD_BYTES_MAX = 8_192
NEWER_RECORD_BYTES_MAX = 32_768  # of a newer version

# magic, version, type, length_bytes | crc32c, session, seq, source_ns, received_ns, latency_ns
_WORD = struct.Struct("<HBBI")
_HEADER = struct.Struct("<HBBIIIQqqq")
# event_id, revision, net, novelty, origins, flags, confidence, trust, updated_ns, feed, source,
# item_id, facts_offset, facts_stride, facts_count, text_offset, text_bytes
_EVENT = struct.Struct("<QIBBBBffq16s32s40sHHHHH6x")
# action, measure, flags, attribution, effective, rate, confidence, products, actors, targets,
# speaker, rule
_FACTS = struct.Struct("<BBBBiffQ32sB3x64sB3x4s36s")
# event_id, revision, direction, flags, instrument, exposure, score, confidence, bid, ask, mid, spread,
# quote_age_ns, moves
_SIGNAL = struct.Struct("<QIbB2x16s32sffddddqfff4x")
# event_id, revision, reason, supersedes_seq, instrument, mid_then, mid_now
_RETRACT = struct.Struct("<QIB3xQ16sdd")
_STATUS = struct.Struct("<BB6x16s160s")
_HEARTBEAT = struct.Struct("<Q")
_GAP = struct.Struct("<QQ")
_ERROR = struct.Struct("<256s")


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "replace")


def _name(index, names):
    return names[index] if index < len(names) else "?"


def _number(value) -> Optional[float]:
    return None if math.isnan(value) else value


def _date(yyyymmdd) -> Optional[datetime.date]:
    if yyyymmdd == 0:
        return None
    try:
        return datetime.date(yyyymmdd // 10_000, yyyymmdd // 100 % 100, yyyymmdd % 100)
    except ValueError as problem:
        raise ProtocolError(f"the date {yyyymmdd} is not one: {problem}") from None


def _places(field: bytes, count: int) -> Tuple[str, ...]:
    if count * 4 > len(field):
        raise ProtocolError(f"a list of places claims {count} of at most {len(field) // 4}")
    return tuple(_text(field[at:at + 4]) for at in range(0, count * 4, 4))


def _facts(record: bytes, offset: int) -> Facts:
    (action, measure, flags, attribution, effective, rate, confidence, products, actors,
     actors_count, targets, targets_count, speaker, rule) = _FACTS.unpack_from(record, offset)
    return Facts(_name(action, ACTIONS), _name(measure, MEASURES), bool(flags & 1), bool(flags & 2),
                 _places(actors, actors_count), _places(targets, targets_count),
                 tuple(_name(bit, PRODUCTS) for bit in range(64) if products >> bit & 1),
                 _number(rate), _date(effective), confidence, _name(attribution, ATTRIBUTIONS),
                 _text(speaker) or None, _text(rule))


def _event(head, record: bytes) -> Event:
    (event_id, revision, net, novelty, origins, flags, confidence, trust, updated_ns, feed, source,
     item_id, facts_offset, stride, count, text_offset, text_bytes) = _EVENT.unpack_from(
         record, _HEADER.size)
    if (stride < _FACTS.size or facts_offset + count * stride > len(record)
            or text_offset + text_bytes > len(record)):
        raise ProtocolError("an offset or a count points out of the record")
    facts = tuple(_facts(record, facts_offset + i * stride) for i in range(count))
    text = record[text_offset:text_offset + text_bytes].decode("utf-8", "replace")
    return Event(*head, event_id, revision, _text(feed), _text(source), trust, _text(item_id), text,
                 _name(net, NETS), _name(novelty, NOVELTIES), origins, confidence, updated_ns,
                 bool(flags & 1), bool(flags & 2), facts,
                 tuple(name for bit, name in MARKS if flags & bit))


def _signal(head, record: bytes) -> Signal:
    (event_id, revision, direction, flags, instrument, exposure, score, confidence, bid, ask, mid,
     spread, age_ns, move_1s, move_5s, move_60s) = _SIGNAL.unpack_from(record, _HEADER.size)
    quote = (bid, ask, mid, spread, age_ns) if age_ns >= 0 else (None,) * 5
    return Signal(*head, event_id, revision, _text(instrument), direction, score, confidence,
                  _text(exposure), *quote, _number(move_1s), _number(move_5s), _number(move_60s),
                  bool(flags & 1))


def _retract(head, record: bytes) -> Retract:
    (event_id, revision, reason, supersedes_seq, instrument, mid_then,
     mid_now) = _RETRACT.unpack_from(record, _HEADER.size)
    return Retract(*head, event_id, revision, _name(reason, REASONS), supersedes_seq,
                   _text(instrument) or None, mid_then or None, mid_now or None)


def _status(head, record: bytes) -> Status:
    kind, state, feed, text = _STATUS.unpack_from(record, _HEADER.size)
    of_feed = kind == 0
    return Status(*head, _name(kind, KINDS), _name(state, STATES) if of_feed else None,
                  _text(feed) if of_feed else None, _text(text))


def _heartbeat(head, record: bytes) -> Heartbeat:
    return Heartbeat(*head, *_HEARTBEAT.unpack_from(record, _HEADER.size))


def _gap(head, record: bytes) -> Gap:
    return Gap(*head, *_GAP.unpack_from(record, _HEADER.size))


def _error(_head, record: bytes):
    raise ProtocolError("the daemon refused: " + _text(_ERROR.unpack_from(record, _HEADER.size)[0]))


# Type -> size of header and body, and who reads it.
_READERS = {
    1: (_HEADER.size + _EVENT.size, _event),
    2: (_HEADER.size + _SIGNAL.size, _signal),
    3: (_HEADER.size + _RETRACT.size, _retract),
    4: (_HEADER.size + _STATUS.size, _status),
    5: (_HEADER.size + _HEARTBEAT.size, _heartbeat),
    6: (_HEADER.size + _GAP.size, _gap),
    7: (_HEADER.size + _ERROR.size, _error),
}


class Decoder:
    """Cuts a stream into records. `verify`: compute the CRC of each, which takes half the time."""

    def __init__(self, verify: bool = True):
        self._verify = verify

    def decode(self, buffer, at: int) -> Tuple[Optional[Message], int]:
        """The message at `at` of `buffer`, and where the next one begins. (None, at): more bytes
        are needed. (a bare Message, ...): of a type that this version does not know."""
        if len(buffer) - at < _WORD.size:
            return None, at
        magic, version, kind, length = _WORD.unpack_from(buffer, at)
        if magic != MAGIC:
            raise ProtocolError(_not_a_record(bytes(buffer[at:at + 1_024])))
        if version == 0:
            raise ProtocolError("the version is 0")
        most = RECORD_BYTES_MAX if version == VERSION else NEWER_RECORD_BYTES_MAX
        if not _HEADER.size <= length <= most or length % 8:
            raise ProtocolError(f"the length {length} is impossible")
        end = at + length
        if len(buffer) < end:
            return None, at
        record = bytes(buffer[at:end])
        (_, _, _, _, crc, session, seq, source_ns, received_ns,
         latency_ns) = _HEADER.unpack_from(record)
        head = (seq, session, source_ns, received_ns, latency_ns)
        if self._verify and crc32c(record[:8] + b"\0\0\0\0" + record[12:]) != crc:
            raise ProtocolError("the CRC32C does not match")
        size, read = _READERS.get(kind, (0, None))
        if length < size:
            raise ProtocolError(f"the length {length} is shorter than a record of type {kind}")
        return (read(head, record) if read else Message(*head)), end


def _not_a_record(found: bytes) -> str:
    if found[:1] == b"{":  # an error in the daemon's default encoding
        return "the daemon refused: " + found.split(b"\n", 1)[0].decode("utf-8", "replace")
    return "no record begins here (wrong magic)"
