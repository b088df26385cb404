"""A relay that makes a connection bad and loses nothing: late, without rhythm, or an octet at a time.

As a program, `relay.py HOST PORT SECONDS` stands before a port of this machine, on another one of the same host.
"""

import asyncio
import contextlib
import random
import sys
import threading

# So many octets of each direction go one by one; more of them would take minutes where cases send megabytes.
ONE_BY_ONE = 4_096
# The longest pause between two pieces of a connection without rhythm, in seconds.
PAUSE = 0.08


class Relay:
    """Listens on a port of its own, and hands everything on, in order and to its end.

    What the server says comes `delay` seconds late. With `is_uneven` each piece of both directions waits a random time,
    and is cut in two at a random place. With `by_octets` the first octets of both directions go in segments of one.
    """

    def __init__(self, port, delay=0, is_uneven=False, by_octets=False, host="127.0.0.1"):
        self.host, self.port, self.delay = host, port, delay
        self.is_uneven, self.by_octets = is_uneven, by_octets
        self.random = random.Random(1)
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
            await asyncio.gather(self.hand_on(reader, far_writer, 0), self.hand_on(far_reader, writer, self.delay))
        for one in (writer, far_writer):
            one.close()
            with contextlib.suppress(OSError):
                await one.wait_closed()

    async def hand_on(self, reader, writer, delay):
        """Hands on what comes, and its end, each piece `delay` seconds after it came."""
        loop, queue = asyncio.get_running_loop(), asyncio.Queue()

        async def write():
            written = 0
            while True:
                due, octets = await queue.get()
                await asyncio.sleep(max(0, due - loop.time()))
                if octets is None:
                    writer.transport.abort()
                    return
                if not octets:
                    writer.write_eof()
                    return
                for piece in self.pieces(octets, written):
                    if self.is_uneven:
                        await asyncio.sleep(PAUSE * self.random.random() ** 3)
                    writer.write(piece)
                    await writer.drain()
                    if self.by_octets:
                        await asyncio.sleep(0)
                written += len(octets)

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

    def pieces(self, octets, written):
        """The segments in which octets go that come behind so many others."""
        if self.by_octets and written < ONE_BY_ONE:
            single = min(len(octets), ONE_BY_ONE - written)
            return [octets[at : at + 1] for at in range(single)] + [octets[single:]] * (single < len(octets))
        if self.is_uneven and len(octets) > 1:
            cut = self.random.randrange(1, len(octets))
            return [octets[:cut], octets[cut:]]
        return [octets]


def main():
    host, port, delay = sys.argv[1:]
    with Relay(int(port), float(delay), host=host) as listening:
        print(f"listening {host}:{listening}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
