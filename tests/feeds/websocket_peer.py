"""A WebSocket server that is none of ours (python3-websockets), for websocket_transport_test.cc.

The path of the url says how it behaves. Prints "PORT n" and serves until standard input ends.
With --cert and --key it speaks TLS.
"""
import argparse
import asyncio
import http
import json
import ssl
import sys

import websockets
from websockets.legacy.server import WebSocketServerProtocol

NEWS = {"T": "n", "id": 1, "headline": "50% tariff on copper", "symbols": [], "source": "benzinga"}


def news(identifier, headline):
    return json.dumps([{**NEWS, "id": identifier, "headline": headline}])


class Peer(WebSocketServerProtocol):
    """Refuses some paths with an HTTP status, and is deaf to pings on /deaf."""

    async def process_request(self, path, headers):
        if path == "/unauthorized":
            return http.HTTPStatus.UNAUTHORIZED, [], b"no"
        if path == "/busy":
            return http.HTTPStatus.TOO_MANY_REQUESTS, [], b"slower"
        if path == "/down":
            return http.HTTPStatus.BAD_GATEWAY, [], b"down"
        if path == "/header" and headers.get("APCA-API-SECRET-KEY") != "the-secret":
            return http.HTTPStatus.UNAUTHORIZED, [], b"no"
        return None

    async def pong(self, data=b""):
        if self.path != "/deaf":
            await super().pong(data)


async def expect(ws, wanted):
    got = json.loads(await ws.recv())
    if got != wanted:
        await ws.close(1008, f"expected {wanted}")
        raise ValueError(got)


async def session(ws):
    await ws.send('[{"T":"success","msg":"connected"}]')
    if ws.path != "/header":
        await expect(ws, {"action": "auth", "key": "the-key", "secret": "the-secret"})
    await ws.send('[{"T":"success","msg":"authenticated"}]')
    await expect(ws, {"action": "subscribe", "news": ["*"]})
    await ws.send('[{"T":"subscription","news":["*"]}]')


async def serve(ws):
    if ws.path == "/at-once":  # closes before a word
        return
    await session(ws)
    if ws.path in ("/news", "/header"):
        deflate = any(e.name == "permessage-deflate" for e in ws.extensions)
        await ws.send(news(1, "deflated" if deflate else "plain"))
        await (await ws.ping())
        await ws.send(news(2, "answered a ping"))
    elif ws.path == "/fragments":
        text = news(1, "in fragments")
        await ws.send([text[:10], text[10:30], text[30:]])
    elif ws.path == "/large":
        await ws.send(json.dumps([{**NEWS, "content": "c" * (15 << 20), "headline": "behind it"}]))
    elif ws.path == "/bomb":  # 17 MiB that are 17 KiB on the wire
        await ws.send(json.dumps([{**NEWS, "content": "c" * (17 << 20)}]))
    elif ws.path == "/too-large":  # the header of an uncompressed frame of 17 MiB, and its start
        ws.transport.write(b"\x81\x7f" + (17 << 20).to_bytes(8, "big") + b"x" * 65536)
    elif ws.path == "/mid-frame":
        await ws.send(news(1, "before it died"))
        ws.transport.write(b"\x81\x7e\x10\x00" + b'[{"T":"n","id":2,')
        ws.transport.abort()
        return
    elif ws.path == "/goodbye":
        await ws.close(1001, "maintenance")
        return
    async for _ in ws:
        pass
    print("CLOSED", ws.close_code, flush=True)


async def handle(ws, *_):
    try:
        await serve(ws)
    except (websockets.ConnectionClosed, ValueError, BrokenPipeError):
        pass  # the test is over


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("--cert")
    options.add_argument("--key")
    args = options.parse_args()
    tls = None
    if args.cert:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(args.cert, args.key)
    async with websockets.serve(handle, "127.0.0.1", 0, ssl=tls, create_protocol=Peer) as server:
        print("PORT", server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
