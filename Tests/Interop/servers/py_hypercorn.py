"""Echo server on `hypercorn`, which speaks HTTP/2 without TLS to whom begins with it (h2c), and HTTP/1.1 to others."""

import asyncio
import socket

import serving
from hypercorn.asyncio import serve
from hypercorn.config import Config

# The largest message of the topic limits.
LARGEST_MESSAGE = 16 << 20


async def application(scope, receive, send):
    """An ASGI application that sends each message back."""
    if scope["type"] != "websocket":
        return
    while True:
        event = await receive()
        if event["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif event["type"] == "websocket.receive":
            kind = "text" if event.get("text") is not None else "bytes"
            await send({"type": "websocket.send", kind: event[kind]})
        else:
            return


async def start(port):
    # The socket is ours, so that the port is known before hypercorn listens.
    listening = socket.create_server((serving.HOST, port))
    config = Config()
    config.bind = [f"fd://{listening.fileno()}"]
    config.accesslog = config.errorlog = None
    config.websocket_max_message_size = LARGEST_MESSAGE
    start.task = asyncio.create_task(serve(application, config, shutdown_trigger=asyncio.Event().wait))
    start.socket = listening
    return listening.getsockname()[1]


serving.main("hypercorn", start)
