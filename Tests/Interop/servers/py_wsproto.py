"""Echo server on `wsproto`: the package speaks the protocol, asyncio streams move the bytes."""

import asyncio

import serving
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Request, TextMessage
from wsproto.extensions import PerMessageDeflate
from wsproto.utilities import RemoteProtocolError

READ_SIZE = 1 << 16
DRAIN_SECONDS = 1


async def converse(reader, writer):
    """Answer events until a Close has gone out or the peer is gone."""
    connection = WSConnection(ConnectionType.SERVER)
    parts = []
    while data := await reader.read(READ_SIZE):
        try:
            connection.receive_data(data)
        except RemoteProtocolError as error:
            if error.event_hint is not None:
                writer.write(connection.send(error.event_hint))
            return
        for event in connection.events():
            if isinstance(event, Request):
                writer.write(connection.send(AcceptConnection(extensions=[PerMessageDeflate()])))
            elif isinstance(event, Ping):
                writer.write(connection.send(event.response()))
            elif isinstance(event, CloseConnection):
                writer.write(connection.send(event.response()))
                return
            elif isinstance(event, (TextMessage, BytesMessage)):
                parts.append(event.data)
                if event.message_finished:
                    whole = type(event.data)().join(parts)
                    parts.clear()
                    writer.write(connection.send(type(event)(data=whole)))
        await writer.drain()


async def handle(reader, writer):
    try:
        await converse(reader, writer)
        # Bytes left unread at close() would turn our FIN into a RST that can overtake the Close frame.
        writer.write_eof()
        async with asyncio.timeout(DRAIN_SECONDS):
            while await reader.read(READ_SIZE):
                pass
    except (ConnectionError, TimeoutError):
        pass
    finally:
        writer.close()


async def start(port):
    server = await asyncio.start_server(handle, serving.HOST, port)
    return server.sockets[0].getsockname()[1]


serving.main("wsproto", start)
