"""Echo client on `websockets` (asyncio)."""

import driving
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed


async def converse(url, turn):
    async with connect(url, max_size=None, proxy=None, subprotocols=turn.subprotocols or None) as connection:
        try:
            if turn.greeting is not None:
                await connection.send(turn.greeting)
            if turn.close is not None:
                await connection.close(turn.close.get("code") or 1000, turn.close["reason"])
            async for message in connection:
                if (answer := turn.answer(message)) is not None:
                    await connection.send(answer)
        except ConnectionClosed:
            pass


driving.main("websockets", converse)
