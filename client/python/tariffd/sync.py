"""The plain client: blocking, one thread per subscription."""

import socket
import time
from typing import Iterator, Optional, Sequence

from .messages import AnyMessage, Stale
from .session import DEFAULT_PATH, Options, Session


class Subscription:
    """An endless iterator of messages; also a context manager. Made by `subscribe`."""

    def __init__(self, path: str, options: Options):
        self._path = path
        self._options = options
        self._session = Session(options)
        self._socket: Optional[socket.socket] = None
        self._reason = "never connected"
        self._messages = self._run()

    @property
    def next_seq(self) -> Optional[int]:
        """One more than the number of the last message that was handed out; None at first."""
        return self._session.next_seq

    def close(self) -> None:
        """Ends the iteration. From the iterating thread."""
        self._messages.close()
        self._hang_up()

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(self, *_problem) -> None:
        self.close()

    def __iter__(self) -> Iterator[AnyMessage]:
        return self

    def __next__(self) -> AnyMessage:
        return next(self._messages)

    def _run(self) -> Iterator[AnyMessage]:
        stale_at: Optional[float] = time.monotonic() + self._options.stale_after
        retry_at = 0.0
        try:
            while True:
                now = time.monotonic()
                if stale_at is not None and now >= stale_at:
                    stale_at = None
                    yield Stale(self._reason)
                    continue
                if self._socket is None and now >= retry_at and not self._connect():
                    retry_at = now + self._session.backoff()
                if self._socket is None:
                    time.sleep(max(0.0, min(retry_at, stale_at or retry_at) - now))
                    continue
                data = self._receive(None if stale_at is None else max(stale_at - now, 0.001))
                if data is None:
                    continue
                if not data:
                    self._hang_up()
                    retry_at = time.monotonic() + self._session.backoff()
                    continue
                stale_at = time.monotonic() + self._options.stale_after
                yield from self._session.feed(data)
        finally:
            self._hang_up()

    def _connect(self) -> bool:
        try:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.connect(self._path)
            self._socket.sendall(self._session.connected())
        except OSError as problem:
            self._hang_up()
            self._reason = f"cannot connect to {self._path}: {problem.strerror or problem}"
            return False
        self._reason = "connected, but nothing was heard, not even a heartbeat"
        return True

    def _receive(self, wait: Optional[float]) -> Optional[bytes]:
        """None: nothing came in time. Empty: the connection is lost."""
        try:
            self._socket.settimeout(wait)
            return self._socket.recv(65_536)
        except socket.timeout:
            return None
        except OSError as problem:
            self._reason = str(problem)
            return b""

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
            self._reason = "the daemon closed the connection"


def subscribe(path: str = DEFAULT_PATH, from_seq: Optional[int] = None,
              messages: Sequence[str] = (), instruments: Sequence[str] = (),
              min_abs_score: float = 0.0, **more) -> Subscription:
    """Messages of the daemon at the Unix socket `path`, for ever. Lost connections are resumed
    where they broke off. Raises ProtocolError if the stream cannot be trusted or was refused.

    from_seq       first number wanted: one more than the last one worked off; 0: the oldest there
                   is; None: from now on
    messages       of "event", "signal", "retract", "status"; empty: all
    instruments    empty: all
    min_abs_score  0..1; weaker signals are not sent
    format         "binary" (default, faster) or "json"
    verify         check the CRC of binary records (default True)
    stale_after    seconds of silence that are told as Stale (default 3; the daemon sends a
                   heartbeat once a second)
    reconnect_min, reconnect_max   seconds; the wait doubles from one to the other (0.02, 1)
    """
    return Subscription(path, Options(from_seq, messages, instruments, min_abs_score, **more))
