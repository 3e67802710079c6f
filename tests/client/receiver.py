"""As receiver.cc: receiver.py plain|aio binary|json SOCKET FILE LAST_SEQ."""

import asyncio
import os
import signal
import struct
import sys

import tariffd


class File:
    """Numbers of the records received, eight bytes each."""

    def __init__(self, path):
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        end = os.lseek(self._fd, 0, os.SEEK_END) // 8 * 8
        os.ftruncate(self._fd, end)
        self.last = struct.unpack("<Q", os.pread(self._fd, 8, end - 8))[0] if end else 0
        os.lseek(self._fd, end, os.SEEK_SET)

    def take(self, message):
        if isinstance(message, (tariffd.Heartbeat, tariffd.Stale)):
            return
        assert isinstance(message, (tariffd.Signal, tariffd.Event)), message
        assert message.event_id == message.seq, message
        os.write(self._fd, struct.pack("<Q", message.seq))
        self.last = message.seq


def plain(path, file, until, encoding):
    with tariffd.subscribe(path, from_seq=file.last + 1, format=encoding) as messages:
        while file.last < until:
            file.take(next(messages))


async def aio(path, file, until, encoding):
    async with tariffd.aio.subscribe(path, from_seq=file.last + 1, format=encoding) as messages:
        while file.last < until:
            file.take(await messages.__anext__())


if __name__ == "__main__":
    signal.alarm(120)
    kind, encoding, path, out, last = sys.argv[1:]
    if kind == "plain":
        plain(path, File(out), int(last), encoding)
    else:
        asyncio.run(aio(path, File(out), int(last), encoding))
