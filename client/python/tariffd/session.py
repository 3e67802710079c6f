"""What the plain and the asyncio client share: the subscribe line, the numbering, the back-off. No
socket and no clock in it."""

import json
from dataclasses import dataclass
from typing import Iterator, Optional, Sequence

from . import binary, json_lines
from .messages import AnyMessage, Gap, Heartbeat, Message, ProtocolError

DEFAULT_PATH = "/run/tariffd/signals.sock"


@dataclass
class Options:
    """See `tariffd.subscribe`."""

    from_seq: Optional[int] = None
    messages: Sequence[str] = ()
    instruments: Sequence[str] = ()
    min_abs_score: float = 0.0
    format: str = "binary"
    verify: bool = True
    stale_after: float = 3.0
    reconnect_min: float = 0.02
    reconnect_max: float = 1.0


class Session:
    """Where one subscription stands, over all its connections."""

    def __init__(self, options: Options):
        if options.format not in ("binary", "json"):
            raise ValueError(f"format = {options.format!r} is neither 'binary' nor 'json'")
        self._options = options
        self._every = not (options.messages or options.instruments or options.min_abs_score > 0)
        self._decoder = (binary.Decoder(options.verify)
                         if options.format == "binary" else json_lines.Decoder())
        self._buffer = bytearray()
        self._next = options.from_seq or None  # 0, the oldest there is, is not yet a number
        self._began_at = options.from_seq
        self._backoff = options.reconnect_min

    @property
    def next_seq(self) -> Optional[int]:
        """What a resumed subscription would ask for; None as long as nothing is known."""
        return self._began_at if self._next is None else self._next

    def connected(self) -> bytes:
        """The line to send on a new connection. What the last one left unfinished is dropped: it
        is asked for again."""
        self._buffer.clear()
        line = {"op": "subscribe", "format": self._options.format}
        if self.next_seq is not None:
            line["from_seq"] = self.next_seq
        if self._options.messages:
            line["messages"] = list(self._options.messages)
        if self._options.instruments:
            line["instruments"] = list(self._options.instruments)
        if self._options.min_abs_score > 0:
            line["min_abs_score"] = self._options.min_abs_score
        return json.dumps(line, separators=(",", ":")).encode() + b"\n"

    def backoff(self) -> float:
        """How long to wait before the next connection, in seconds."""
        wait = self._backoff
        self._backoff = min(2 * wait, self._options.reconnect_max)
        return wait

    def feed(self, data: bytes) -> Iterator[AnyMessage]:
        """The messages that `data` completes, in order. Take all of them before the next call."""
        self._backoff = self._options.reconnect_min
        buffer = self._buffer
        buffer += data
        at = 0
        try:
            while True:
                message, end = self._decoder.decode(buffer, at)
                if message is None:
                    break
                at = end
                yield from self._place(message)
        except ProtocolError as problem:
            due = "?" if self._next is None else self._next
            raise ProtocolError(f"{problem} (number {due} was due)") from None
        del buffer[:at]

    def _place(self, message: Message) -> Iterator[AnyMessage]:
        if isinstance(message, Heartbeat):
            self._on_heartbeat(message.last_seq)
            yield message
        elif isinstance(message, Gap):
            self._next = max(self._next or 0, message.to_seq + 1)
            yield message
        elif message.seq > 0:
            yield from self._numbered(message)

    def _numbered(self, message: Message) -> Iterator[AnyMessage]:
        seq, due = message.seq, self._next
        if due is not None and seq < due:
            raise _went_back(seq)
        self._next = seq + 1
        if due is not None and seq > due and self._every:
            yield Gap(0, message.session, 0, message.received_ns, 0, due, seq - 1)
        if type(message) is not Message:  # else of a type that this version does not know
            yield message

    def _on_heartbeat(self, last_seq: int):
        # A subscription that began "now" and has seen no message yet learns its place here.
        if self.next_seq is None:
            self._began_at = last_seq + 1
        # Waiting for a number that is far ahead of the daemon's would be in vain.
        if self._next is not None and last_seq + 1 < self._next:
            raise _went_back(last_seq)


def _went_back(seq: int) -> ProtocolError:
    return ProtocolError(
        f"the numbering went back to {seq}: the daemon's journal was replaced; subscribe anew")
