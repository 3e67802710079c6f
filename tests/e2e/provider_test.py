"""tariffd on a provider's real protocol: our own tape, and a server that others wrote, over ws and over
wss with a private authority."""

import asyncio
import json
import pathlib
import re
import ssl
import subprocess
import tempfile
import threading
import unittest

import websockets

from daemon import Daemon, SOURCE, TARIFFD, THREAT, until, wait_for

TAPE = SOURCE / "config/demo/october-2025.ndjson"


def run(*command):
    subprocess.run(command, check=True, capture_output=True)


class Certificates:
    """A private authority and a certificate for 127.0.0.1, made anew."""

    def __init__(self, folder):
        self.ca, self.certificate, self.key = (f"{folder}/{n}" for n in ("ca.pem", "c.pem", "k.pem"))
        ca_key, request, extension = (f"{folder}/{n}" for n in ("ca.key", "c.csr", "ext"))
        pathlib.Path(extension).write_text("subjectAltName=IP:127.0.0.1")
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=desk authority", "-keyout", ca_key, "-out", self.ca)
        run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=tape", "-keyout",
            self.key, "-out", request)
        run("openssl", "x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", ca_key,
            "-CAcreateserial", "-days", "2", "-extfile", extension, "-out", self.certificate)


class TapeProcess:

    def __init__(self, folder, *arguments):
        self._log = pathlib.Path(folder) / "tape.log"
        with open(self._log, "w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [TARIFFD, "tape", TAPE, "--serve", "alpaca", "--speed", "max", *arguments],
                stdout=log, stderr=log)
        line = wait_for(lambda: re.search(r"(wss?://[\d.:]+)/v1beta1", self._log.read_text()), "tape")
        self.url = line[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()


class AlpacaServer(threading.Thread):
    """The provider's session as feeds.md tells it, on python3-websockets. Lives until closed."""

    def __init__(self, context=None):
        super().__init__(daemon=True)
        self._context = context
        self._loop = None
        self._ended = None
        self.heard = []
        self.port = None

    def __enter__(self):
        self.start()
        wait_for(lambda: self.port, "the server to listen")
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._ended.set)
        self.join()

    def run(self):
        asyncio.run(self._serve())

    async def _serve(self):
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        async with websockets.serve(self._session, "127.0.0.1", 0, ssl=self._context) as server:
            self.port = server.sockets[0].getsockname()[1]
            await self._ended.wait()

    async def _session(self, socket, _path):
        async def say(**message):
            await socket.send(json.dumps([message]))

        await say(T="success", msg="connected")
        self.heard.append(json.loads(await socket.recv()))
        await say(T="error", code=406, msg="connection limit exceeded")  # the old one lingers
        self.heard.append(json.loads(await socket.recv()))
        await say(T="success", msg="authenticated")
        self.heard.append(json.loads(await socket.recv()))
        await say(T="subscription", news=["*"])
        await say(T="n", id=77, headline=THREAT, summary="", author="", content="", url="",
                  created_at="2025-10-10T20:50:00Z", updated_at="2025-10-10T20:50:00Z", symbols=[],
                  source="benzinga", unknown_key={"deep": [1, 2]})
        async for _ in socket:
            pass


def feed(url, more=""):
    return f'''
[[feed]]
name = "news"
protocol = "alpaca"
url = "{url}/v1beta1/news"
news = ["*"]
key_file = "key"
secret_file = "secret"
{more}
'''


class Provider(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def start(self, feeds):
        daemon = Daemon(feeds)
        for name in ("key", "secret"):
            path = daemon.path / name
            path.write_text(f"my-{name}\n")
            path.chmod(0o600)
        self.addCleanup(lambda: daemon.__exit__())
        return daemon.__enter__()

    def the_tape_arrives(self, daemon):
        seen = until(daemon.messages(from_seq=1, messages=["event"]),
                     lambda m: m["type"] == "event" and "SOUTH KOREA" in m["text"])
        texts = [m["text"] for m in seen if m["type"] == "event"]
        self.assertTrue(any("100%" in text for text in texts), texts)

    def test_the_tape_over_ws(self):
        with TapeProcess(self.folder) as tape:
            self.assertTrue(tape.url.startswith("ws://"))
            self.the_tape_arrives(self.start(feed(tape.url)))

    def test_the_tape_over_wss_with_a_private_authority(self):
        certificates = Certificates(self.folder)
        with TapeProcess(self.folder, "--certificate", certificates.certificate, "--private-key",
                         certificates.key) as tape:
            self.assertTrue(tape.url.startswith("wss://"))
            self.the_tape_arrives(self.start(feed(tape.url, f'tls_ca_file = "{certificates.ca}"')))

    def an_independent_server_is_understood(self, context, scheme, more=""):
        with AlpacaServer(context) as server:
            daemon = self.start(feed(f"{scheme}://127.0.0.1:{server.port}", more))
            seen = until(daemon.messages(from_seq=1), lambda m: m["type"] == "event")
            self.assertEqual(seen[-1]["text"], THREAT)
            self.assertEqual(seen[-1]["item_id"], "77")
            login = {"action": "auth", "key": "my-key", "secret": "my-secret"}
            self.assertEqual(server.heard[0], login)
            self.assertEqual(server.heard[1], login, "406 is answered by the login again")
            self.assertEqual(server.heard[2]["action"], "subscribe")
            self.assertNotIn("my-secret", daemon.log())

    def test_an_independent_server_over_ws(self):
        self.an_independent_server_is_understood(None, "ws")

    def test_an_independent_server_over_wss_with_a_private_authority(self):
        certificates = Certificates(self.folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.certificate, certificates.key)
        self.an_independent_server_is_understood(context, "wss",
                                                 f'tls_ca_file = "{certificates.ca}"')

    def test_a_server_whose_authority_is_unknown_is_refused_and_said_so(self):
        certificates = Certificates(self.folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.certificate, certificates.key)
        with AlpacaServer(context) as server:
            daemon = self.start(feed(f"wss://127.0.0.1:{server.port}"))
            seen = until(daemon.messages(from_seq=1),
                         lambda m: m.get("state") == "down" and "certificate" in m["text"])
            self.assertIn("news", seen[-1]["feed"])
            self.assertEqual(server.heard, [], "no secret was sent")


if __name__ == "__main__":
    unittest.main()
