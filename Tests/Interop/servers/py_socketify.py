"""Echo server on `socketify`: µWebSockets in C++, so that `suite-time` has a peer that costs little."""

import argparse
import os
import signal
from importlib.metadata import version

from socketify import App, AppListenOptions, CompressOptions

HOST = "127.0.0.1"
LIMIT = 64 * 1024 * 1024


def main():
    parser = argparse.ArgumentParser(description="WebSocket echo server on socketify.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0, the default, takes a free one")
    parser.add_argument("--version", action="version", version=f"socketify {version('socketify')}")
    options = AppListenOptions(port=parser.parse_args().port, host=HOST)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
    app = App()
    app.ws(
        "/*",
        {
            "compression": CompressOptions.SHARED_COMPRESSOR,
            "max_payload_length": LIMIT,
            "max_backpressure": 2 * LIMIT,
            "idle_timeout": 120,
            "message": lambda socket, message, opcode: socket.send(message, opcode, True),
        },
    )
    app.listen(options, lambda config: print(f"listening {HOST}:{config.port}", flush=True))
    app.run()


main()
