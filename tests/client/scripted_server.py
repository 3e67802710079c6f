"""The daemon's end of the signal socket, told in advance what to send on each connection."""

import os
import socket
import tempfile
import threading


class ScriptedServer:
    """`connections`: the bytes for each connection in turn. All but the last are closed by the
    server when they are sent; the last one stays open until the end."""

    def __init__(self, *connections):
        self._folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self._folder.name, "signals.sock")
        self.lines = []  # what the clients sent
        self._connections = connections
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.path)
        self._listener.listen(8)
        self._listener.settimeout(30)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_problem):
        self._done.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        self._folder.cleanup()

    def _serve(self):
        for i, data in enumerate(self._connections):
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            with connection:
                self.lines.append(connection.makefile().readline())
                connection.sendall(data)
                if i + 1 == len(self._connections):
                    self._done.wait(30)
