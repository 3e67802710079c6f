"""Subscribes to a running tariffd. docs/howto/write-a-strategy.md shows how to answer each message.

    with tariffd.subscribe(from_seq=last + 1) as messages:
        for message in messages:
            ...

`tariffd.aio.subscribe` is the same for asyncio. Standard library only, Python 3.9 or newer.
"""

from . import aio
from .messages import (AnyMessage, Event, Facts, Gap, Heartbeat, Message, ProtocolError, Retract,
                       Signal, Stale, Status)
from .session import DEFAULT_PATH
from .sync import Subscription, subscribe

__all__ = [
    "AnyMessage", "DEFAULT_PATH", "Event", "Facts", "Gap", "Heartbeat", "Message", "ProtocolError",
    "Retract", "Signal", "Stale", "Status", "Subscription", "aio", "subscribe"
]
