"""The asyncio client."""

import asyncio
from typing import AsyncIterator, Optional, Sequence

from .messages import AnyMessage, Stale
from .session import DEFAULT_PATH, Options, Session


class Subscription:
    """An endless asynchronous iterator of messages; also a context manager. Made by `subscribe`."""

    def __init__(self, path: str, options: Options):
        self._path = path
        self._options = options
        self._session = Session(options)
        self._reader: Optional[asyncio.StreamReader] = None
        self._writer: Optional[asyncio.StreamWriter] = None
        self._reason = "never connected"
        self._messages = self._run()

    @property
    def next_seq(self) -> Optional[int]:
        """One more than the number of the last message that was handed out; None at first."""
        return self._session.next_seq

    async def close(self) -> None:
        """Ends the iteration. From the iterating task."""
        await self._messages.aclose()
        self._hang_up()

    async def __aenter__(self) -> "Subscription":
        return self

    async def __aexit__(self, *_problem) -> None:
        await self.close()

    def __aiter__(self) -> AsyncIterator[AnyMessage]:
        return self

    async def __anext__(self) -> AnyMessage:
        return await self._messages.__anext__()

    async def _run(self) -> AsyncIterator[AnyMessage]:
        clock = asyncio.get_running_loop().time
        stale_at: Optional[float] = clock() + self._options.stale_after
        retry_at = 0.0
        try:
            while True:
                now = clock()
                if stale_at is not None and now >= stale_at:
                    stale_at = None
                    yield Stale(self._reason)
                    continue
                if self._reader is None and now >= retry_at and not await self._connect():
                    retry_at = now + self._session.backoff()
                if self._reader is None:
                    await asyncio.sleep(max(0.0, min(retry_at, stale_at or retry_at) - now))
                    continue
                data = await self._receive(None if stale_at is None else stale_at - now)
                if data is None:
                    continue
                if not data:
                    self._hang_up()
                    retry_at = clock() + self._session.backoff()
                    continue
                stale_at = clock() + self._options.stale_after
                for message in self._session.feed(data):
                    yield message
        finally:
            self._hang_up()

    async def _connect(self) -> bool:
        try:
            self._reader, self._writer = await asyncio.open_unix_connection(self._path)
            self._writer.write(self._session.connected())
            await self._writer.drain()
        except OSError as problem:
            self._hang_up()
            self._reason = f"cannot connect to {self._path}: {problem.strerror or problem}"
            return False
        self._reason = "connected, but nothing was heard, not even a heartbeat"
        return True

    async def _receive(self, wait: Optional[float]) -> Optional[bytes]:
        """None: nothing came in time. Empty: the connection is lost."""
        try:
            return await asyncio.wait_for(self._reader.read(65_536), wait)
        except asyncio.TimeoutError:
            return None
        except OSError as problem:
            self._reason = str(problem)
            return b""

    def _hang_up(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._reason = "the daemon closed the connection"
        self._reader = self._writer = None


def subscribe(path: str = DEFAULT_PATH, from_seq: Optional[int] = None,
              messages: Sequence[str] = (), instruments: Sequence[str] = (),
              min_abs_score: float = 0.0, **more) -> Subscription:
    """As tariffd.subscribe, for `async for`."""
    return Subscription(path, Options(from_seq, messages, instruments, min_abs_score, **more))
