"""Echo client on `aiohttp`."""

import aiohttp
import driving


async def converse(url, turn):
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, max_msg_size=0, protocols=turn.subprotocols) as socket,
    ):
        if turn.greeting is not None:
            await send(socket, turn.greeting)
        if turn.close is not None:
            await socket.close(code=turn.close.get("code") or 1000, message=turn.close["reason"].encode())
        async for message in socket:
            if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                answer = turn.answer(message.data)
                if answer is not None:
                    await send(socket, answer)


async def send(socket, message):
    await (socket.send_str(message) if isinstance(message, str) else socket.send_bytes(message))


driving.main("aiohttp", converse)
