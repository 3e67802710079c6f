"""JSON lines to messages; specified key by key in docs/formats/signal-json.md."""

import datetime
import json
from typing import Optional, Tuple

from .messages import (Event, Facts, Gap, Heartbeat, Message, ProtocolError, Retract, Signal,
                       Status)

LINE_BYTES_MAX = 65_536


def _head(o):
    return o["seq"], o["session"], o["source_ns"], o["received_ns"], o["latency_ns"]


def _float(number) -> Optional[float]:
    return None if number is None else float(number)  # 25 is written without a point


def _facts(o) -> Facts:
    effective = o["effective"]
    return Facts(o["action"], o["measure"], o["denied"], o["retaliation"], tuple(o["actor"]),
                 tuple(o["targets"]), tuple(o["products"]), _float(o["rate_pct"]),
                 None if effective is None else datetime.date.fromisoformat(effective),
                 float(o["confidence"]), o["attribution"], o["speaker"], o["rule"])


def _event(o) -> Event:
    return Event(*_head(o), int(o["id"]), o["revision"], o["feed"], o["source"], float(o["trust"]),
                 o["item_id"], o["text"], o["net"], o["novelty"], o["origins"],
                 float(o["confidence"]), o["updated_ns"], o["truncated"], o["unscored"],
                 tuple(_facts(each) for each in o["events"]), tuple(o.get("marks", ())))


def _signal(o) -> Signal:
    bid, ask, mid, spread = map(_float, (o["bid"], o["ask"], o["mid"], o["spread"]))
    moves = map(_float, (o["move_1s_bps"], o["move_5s_bps"], o["move_60s_bps"]))
    return Signal(*_head(o), int(o["event_id"]), o["revision"], o["instrument"], o["direction"],
                  float(o["score"]), float(o["confidence"]), o["exposure"], bid, ask, mid, spread,
                  o["quote_age_ns"], *moves, o.get("replaces", False))


def _retract(o) -> Retract:
    return Retract(*_head(o), int(o["event_id"]), o["revision"], o["reason"], o["supersedes_seq"],
                   o["instrument"], _float(o["mid_then"]), _float(o["mid_now"]))


def _status(o) -> Status:
    return Status(*_head(o), o["kind"], o["state"], o["feed"], o["text"])


def _heartbeat(o) -> Heartbeat:
    return Heartbeat(*_head(o), o["last_seq"])


def _gap(o) -> Gap:
    return Gap(*_head(o), o["from_seq"], o["to_seq"])


def _error(o):
    raise ProtocolError(f"the daemon refused: {o['text']}")


_READERS = {
    "event": _event,
    "signal": _signal,
    "retract": _retract,
    "status": _status,
    "heartbeat": _heartbeat,
    "gap": _gap,
    "error": _error,
}


class Decoder:
    """Cuts a stream into lines; as binary.Decoder."""

    def decode(self, buffer, at: int) -> Tuple[Optional[Message], int]:
        end = buffer.find(b"\n", at)
        if end < 0:
            if len(buffer) - at > LINE_BYTES_MAX:
                raise ProtocolError(f"a line is longer than {LINE_BYTES_MAX} bytes")
            return None, at
        try:
            o = json.loads(buffer[at:end])
            read = _READERS.get(o["type"])
            return (read(o) if read else Message(*_head(o))), end + 1
        except (ValueError, KeyError, TypeError, RecursionError) as problem:
            shown = bytes(buffer[at:min(end, at + 80)]).decode("utf-8", "replace")
            raise ProtocolError(f"not a message ({problem!r}): {shown!r}") from None
