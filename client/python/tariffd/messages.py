"""What a strategy receives: one class per message, and one (Stale) that the client makes itself.

Stamps are integers, nanoseconds. What is not known is None. Names of actions, measures, products
and the like are the strings of docs/formats/signal-json.md; "?" stands for one that is newer than
this client.
"""

import datetime
from dataclasses import dataclass
from typing import Optional, Tuple, Union


class ProtocolError(Exception):
    """The stream cannot be trusted, or the daemon refused the subscription."""


@dataclass
class Message:
    """What every message of the daemon carries."""

    seq: int  # +1 per published message, across restarts; 0 if it belongs to one connection
    session: int  # changes with every start of the daemon
    source_ns: int  # the source's own stamp, wall clock; 0 if none
    received_ns: int  # receipt at the daemon's host, wall clock
    latency_ns: int  # receipt to publication, monotonic


@dataclass
class Facts:
    """One thing that a headline says was done."""

    action: str
    measure: str
    denied: bool
    retaliation: bool
    actor: Tuple[str, ...]
    targets: Tuple[str, ...]
    products: Tuple[str, ...]
    rate_pct: Optional[float]
    effective: Optional[datetime.date]
    confidence: float  # 0..1
    attribution: str
    speaker: Optional[str]
    rule: str


@dataclass
class Event(Message):
    """A headline and what was understood of it."""

    event_id: int
    revision: int
    feed: str
    source: str
    trust: float  # 0..1
    item_id: str
    text: str
    net: str
    novelty: str
    origins: int
    confidence: float  # 0..1
    updated_ns: int
    truncated: bool
    unscored: bool
    facts: Tuple[Facts, ...]
    #: "clamped": a stamp of the source was not true. With "stale", "test", "embargo", "repeat" or
    #: "waiting", no signal goes out.
    marks: Tuple[str, ...] = ()


@dataclass
class Signal(Message):
    """An instrument should rise (direction 1) or fall (-1) because of an event."""

    event_id: int
    revision: int
    instrument: str
    direction: int
    score: float  # -1..1
    confidence: float  # 0..1
    exposure: str
    bid: Optional[float]
    ask: Optional[float]
    mid: Optional[float]
    spread: Optional[float]
    quote_age_ns: Optional[int]
    move_1s_bps: Optional[float]
    move_5s_bps: Optional[float]
    move_60s_bps: Optional[float]
    #: Takes the place of the event's signal for this instrument: move to it, do not add to it.
    replaces: bool = False


@dataclass
class Retract(Message):
    """A signal, or (instrument None) a whole event, is taken back."""

    event_id: int
    revision: int
    reason: str
    supersedes_seq: int
    instrument: Optional[str]
    mid_then: Optional[float]
    mid_now: Optional[float]


@dataclass
class Status(Message):
    """A feed (kind "feed") or the daemon itself changed its state."""

    kind: str
    state: Optional[str]
    feed: Optional[str]
    text: str


@dataclass
class Heartbeat(Message):
    """Once a second on every connection."""

    last_seq: int


@dataclass
class Gap(Message):
    """The messages from_seq..to_seq, both included, were missed and can no longer be had."""

    from_seq: int
    to_seq: int


@dataclass
class Stale:
    """Made by the client: nothing was heard for `stale_after` seconds. Told once per silence; the
    next message ends it. The client goes on trying to connect."""

    reason: str


AnyMessage = Union[Event, Signal, Retract, Status, Heartbeat, Gap, Stale]
