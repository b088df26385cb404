"""Echo client on `aiohttp`."""

import aiohttp
import driving


async def converse(url, turn):
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, max_msg_size=0, protocols=turn.subprotocols) as socket,
    ):
        if turn.greeting is not None:
            await socket.send_str(turn.greeting)
        if turn.close is not None:
            await socket.close(code=turn.close["code"], message=turn.close["reason"].encode())
        async for message in socket:
            if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                answer = turn.answer(message.data)
                if isinstance(answer, str):
                    await socket.send_str(answer)
                elif answer is not None:
                    await socket.send_bytes(answer)


driving.main("aiohttp", converse)
