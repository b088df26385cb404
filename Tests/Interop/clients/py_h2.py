"""Echo client over HTTP/2 on `h2`, with the frames of `wsproto`: TLS where the address is wss, else prior knowledge."""

import asyncio
import os
import ssl
from urllib.parse import urlsplit

import driving
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    WindowUpdated,
)
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes
from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Message, Ping, TextMessage
from wsproto.extensions import PerMessageDeflate
from wsproto.utilities import LocalProtocolError, RemoteProtocolError


async def converse(url, turn):
    """One WebSocket on the first stream of a connection of its own."""
    address = urlsplit(url)
    secured = None
    if address.scheme == "wss":
        secured = ssl.create_default_context(cafile=os.environ.get("WSCONFORM_CA_FILE"))
        secured.set_alpn_protocols(["h2"])
    reader, writer = await asyncio.open_connection(address.hostname, address.port, ssl=secured)
    try:
        await Conversation(address, turn, reader, writer).run()
    finally:
        writer.close()


class Conversation:
    """A stream with its WebSocket."""

    def __init__(self, address, turn, reader, writer):
        self.address, self.turn, self.reader, self.writer = address, turn, reader, writer
        self.http = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self.deflate = PerMessageDeflate()
        self.socket = None
        self.stream = None
        self.message = []
        self.queue = bytearray()
        self.is_done = False

    async def run(self):
        self.http.initiate_connection()
        await self.flush()
        while not self.is_done and (octets := await self.reader.read(65_536)):
            try:
                events = self.http.receive_data(octets)
            except ProtocolError:
                break
            finally:
                await self.flush()
            for event in events:
                self.take(event)
                await self.flush()
        self.http.close_connection()
        await self.flush()

    def take(self, event):
        if isinstance(event, RemoteSettingsChanged) and self.stream is None:
            setting = event.changed_settings.get(SettingCodes.ENABLE_CONNECT_PROTOCOL)
            if setting is None or setting.new_value != 1:
                self.is_done = True
                return
            self.ask()
        elif isinstance(event, ResponseReceived):
            self.open(dict(event.headers))
        elif isinstance(event, DataReceived):
            self.http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            self.read(event.data)
        elif isinstance(event, (StreamEnded, StreamReset, ConnectionTerminated)):
            is_going_on = isinstance(event, ConnectionTerminated) and event.error_code == ErrorCodes.NO_ERROR
            if not is_going_on:
                self.finish()
        elif isinstance(event, WindowUpdated):
            self.pump()

    def ask(self):
        path = self.address.path or "/"
        fields = [
            (":method", "CONNECT"),
            (":protocol", "websocket"),
            (":scheme", "https" if self.address.scheme == "wss" else "http"),
            (":path", f"{path}?{self.address.query}" if self.address.query else path),
            (":authority", self.address.netloc),
            ("sec-websocket-version", "13"),
            ("sec-websocket-extensions", f"permessage-deflate; {self.deflate.offer()}"),
            ("user-agent", "h2"),
        ]
        if self.turn.subprotocols:
            fields.append(("sec-websocket-protocol", ", ".join(self.turn.subprotocols)))
        self.stream = self.http.get_next_available_stream_id()
        self.http.send_headers(self.stream, fields)

    def open(self, fields):
        if not 200 <= int(fields.get(":status", "0")) <= 299:
            self.http.reset_stream(self.stream, ErrorCodes.CANCEL)
            self.is_done = True
            return
        extensions = []
        if "sec-websocket-extensions" in fields:
            self.deflate.finalize(fields["sec-websocket-extensions"])
            extensions.append(self.deflate)
        self.socket = Connection(ConnectionType.CLIENT, extensions)
        if self.turn.greeting is not None:
            self.say(self.turn.greeting)
        if self.turn.close is not None:
            self.send(CloseConnection(self.turn.close.get("code") or 1000, self.turn.close["reason"]))

    def read(self, octets):
        if self.socket is None or self.socket.state is ConnectionState.CLOSED:
            return
        try:
            self.socket.receive_data(octets)
            for event in self.socket.events():
                self.answer(event)
        except RemoteProtocolError as error:
            self.fail(error.event_hint)
        except LocalProtocolError:
            pass

    def answer(self, event):
        if isinstance(event, Message):
            self.message.append(event.data)
            if event.message_finished:
                whole = ("" if isinstance(event, TextMessage) else b"").join(self.message)
                self.message = []
                if (given := self.turn.answer(whole)) is not None:
                    self.say(given)
        elif isinstance(event, Ping):
            self.send(event.response())
        elif isinstance(event, CloseConnection):
            if self.socket.state is ConnectionState.REMOTE_CLOSING:
                self.send(event.response())
            elif self.socket.state is ConnectionState.OPEN:
                # What cannot be read is told as a Close frame for us to send.
                self.send(event)
                self.end()

    def say(self, message):
        self.send(TextMessage(message) if isinstance(message, str) else BytesMessage(bytes(message)))

    def send(self, event):
        self.queue += self.socket.send(event)
        self.pump()

    def fail(self, hint):
        if hint is not None and self.socket.state in (ConnectionState.OPEN, ConnectionState.REMOTE_CLOSING):
            self.send(hint)
        self.end()

    def pump(self):
        """Send what the windows take."""
        while self.queue and self.stream is not None:
            room = min(self.http.local_flow_control_window(self.stream), self.http.max_outbound_frame_size)
            if room <= 0:
                return
            self.http.send_data(self.stream, bytes(self.queue[:room]))
            del self.queue[:room]

    def end(self):
        """Our side of the stream ends; the server ends the other."""
        if not self.queue:
            try:
                self.http.end_stream(self.stream)
            except ProtocolError:
                pass

    def finish(self):
        self.end()
        self.is_done = True

    async def flush(self):
        self.writer.write(self.http.data_to_send())
        await self.writer.drain()


if __name__ == "__main__":
    driving.main("h2", converse)
