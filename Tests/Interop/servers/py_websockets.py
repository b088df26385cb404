"""Echo server on `websockets` (asyncio). The package's limit of 4096 fragments a message stays as it ships."""

import serving
from websockets.asyncio.server import serve, unix_serve


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def start(port, ssl=None, path=None):
    if path:
        await unix_serve(echo, path, max_size=None, ssl=ssl)
        return None
    server = await serve(echo, serving.HOST, port, max_size=None, ssl=ssl)
    return server.sockets[0].getsockname()[1]


serving.main("websockets", start)
