"""What the Python echo servers have in common: their options, the announcement, the end by SIGTERM."""

import argparse
import asyncio
import os
import signal
import ssl
from importlib.metadata import version

HOST = os.environ.get("WSCONFORM_SERVER_HOST", "127.0.0.1")


def main(package, start):
    """Parse the options, `await start(port)` or `start(port, ssl=…)`, announce the port it returns, and wait for SIGTERM.

    With `--unix` it is `start(None, path=…)`, which returns nothing. The variable `WSCONFORM_SERVER_HOST` names another
    address of this machine to listen at. `package` is the distribution that is under test; `--version` prints which
    version of it that is.
    """
    parser = argparse.ArgumentParser(description=f"WebSocket echo server on {package}.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0, the default, takes a free one")
    parser.add_argument("--unix", metavar="PATH", help="listen on a Unix socket instead (websockets alone)")
    parser.add_argument("--version", action="version", version=f"{package} {version(package)}")
    parser.add_argument("--tls-cert", metavar="FILE", help="speak TLS with this certificate")
    parser.add_argument("--tls-key", metavar="FILE", help="the certificate's private key")
    options = parser.parse_args()
    more = {}
    if options.tls_cert:
        more["ssl"] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        more["ssl"].load_cert_chain(options.tls_cert, options.tls_key)

    async def serve():
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            # Nothing here is worth a graceful end, and waiting for open connections would delay every run.
            loop.add_signal_handler(number, os._exit, 0)
        if options.unix:
            await start(None, path=options.unix, **more)
            print(f"listening {options.unix}", flush=True)
        else:
            print(f"listening {HOST}:{await start(options.port, **more)}", flush=True)
        await asyncio.Event().wait()

    asyncio.run(serve())
