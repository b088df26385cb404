"""Echo client on `websocket-client`, which blocks and so has a thread for each conversation."""

import asyncio

import driving
import websocket


async def converse(url, turn):
    await asyncio.to_thread(converse_blocking, url, turn)


def converse_blocking(url, turn):
    socket = websocket.create_connection(url, subprotocols=turn.subprotocols or None)
    status = websocket.STATUS_NORMAL
    try:
        if turn.greeting is not None:
            is_text = isinstance(turn.greeting, str)
            socket.send(turn.greeting, websocket.ABNF.OPCODE_TEXT if is_text else websocket.ABNF.OPCODE_BINARY)
        if turn.close is not None:
            socket.close(turn.close.get("code") or status, turn.close["reason"].encode())
            return
        while True:
            opcode, octets = socket.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                # The package has answered it.
                socket.shutdown()
                return
            answer = turn.answer(octets)
            if answer is not None:
                socket.send(answer, opcode)
    except websocket.WebSocketPayloadException:
        status = websocket.STATUS_INVALID_PAYLOAD
        raise
    except websocket.WebSocketProtocolException:
        status = websocket.STATUS_PROTOCOL_ERROR
        raise
    finally:
        # The package reports what is wrong and leaves it to its user to say so to the other side.
        socket.close(status)


driving.main("websocket-client", converse)
