"""Echo server on `tornado`."""

import serving
from tornado import netutil
from tornado.httpserver import HTTPServer
from tornado.web import Application
from tornado.websocket import WebSocketClosedError, WebSocketHandler

LIMIT = 64 * 1024 * 1024


class Echo(WebSocketHandler):
    def check_origin(self, origin):
        return True

    def get_compression_options(self):
        return {}

    async def on_message(self, message):
        try:
            await self.write_message(message, binary=isinstance(message, bytes))
        except WebSocketClosedError:
            pass


async def start(port):
    sockets = netutil.bind_sockets(port, serving.HOST)
    application = Application([(r"/.*", Echo)], websocket_max_message_size=LIMIT)
    HTTPServer(application, max_buffer_size=2 * LIMIT).add_sockets(sockets)
    return sockets[0].getsockname()[1]


serving.main("tornado", start)
