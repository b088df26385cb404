"""A relay that makes a server slow: what it says comes so many seconds later, in the same pieces.

As a program, `relay.py HOST PORT SECONDS` stands before a port of this machine, on another one of the same host.
"""

import asyncio
import contextlib
import sys
import threading


class SlowRelay:
    """Listens on a port of its own, and hands everything on: to the server at once, back from it after `delay`."""

    def __init__(self, port, delay, host="127.0.0.1"):
        self.port, self.delay, self.host = port, delay, host
        self.loop = asyncio.new_event_loop()

    def __enter__(self):
        self.server = self.loop.run_until_complete(asyncio.start_server(self.accept, self.host, 0))
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        return self.server.sockets[0].getsockname()[1]

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self.close(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def close(self):
        self.server.close()
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def accept(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection(self.host, self.port)
        except OSError:
            writer.close()
            return
        # Ours are cancelled where the relay ends before they do.
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(hand_on(reader, far_writer, 0), hand_on(far_reader, writer, self.delay))
        for one in (writer, far_writer):
            one.close()
            with contextlib.suppress(OSError):
                await one.wait_closed()


async def hand_on(reader, writer, delay):
    """Hands on what comes, and its end, each piece `delay` seconds after it came."""
    loop, queue = asyncio.get_running_loop(), asyncio.Queue()

    async def write():
        while True:
            due, octets = await queue.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if octets is None:
                writer.transport.abort()
                return
            if not octets:
                writer.write_eof()
                return
            writer.write(octets)
            await writer.drain()

    task = asyncio.create_task(write())
    octets = b"-"
    while octets:
        try:
            octets = await reader.read(65_536)
        except OSError:
            octets = None
        queue.put_nowait((loop.time() + delay, octets))
    with contextlib.suppress(OSError, RuntimeError):
        await task


def main():
    host, port, delay = sys.argv[1:]
    with SlowRelay(int(port), float(delay), host) as listening:
        print(f"listening {host}:{listening}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
