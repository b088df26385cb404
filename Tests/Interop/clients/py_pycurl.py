"""Echo client on libcurl, by `pycurl`: its WebSocket frames one after the other, which blocks and so has a thread each."""

import asyncio
import os
import select

import driving
import pycurl

# The most octets that are taken at once.
PIECE = 65_536
MESSAGES = pycurl.WS_TEXT | pycurl.WS_BINARY
PROTOCOL_ERROR, INVALID_PAYLOAD = 1002, 1007


async def converse(url, turn):
    await asyncio.to_thread(converse_blocking, url, turn)


def converse_blocking(url, turn):
    curl = pycurl.Curl()
    curl.setopt(pycurl.URL, url)
    curl.setopt(pycurl.CONNECT_ONLY, 2)
    if turn.subprotocols:
        curl.setopt(pycurl.HTTPHEADER, ["Sec-WebSocket-Protocol: " + ", ".join(turn.subprotocols)])
    # The library, unlike the program, reads no variable for its authorities.
    if authorities := os.environ.get("SSL_CERT_FILE"):
        curl.setopt(pycurl.CAINFO, authorities)
    try:
        curl.perform()
        # Whatever it is now, what the other side sends is waited for with the socket.
        socket = curl.getinfo(pycurl.ACTIVESOCKET)
        if turn.greeting is not None:
            send(curl, socket, turn.greeting, pycurl.WS_TEXT if isinstance(turn.greeting, str) else pycurl.WS_BINARY)
        if turn.close is not None:
            curl.ws_close(turn.close.get("code"), turn.close["reason"] or None)
        try:
            echo(curl, socket, turn)
        except pycurl.error:
            # The package reports what is wrong and leaves it to its user to say so to the other side.
            curl.ws_close(PROTOCOL_ERROR)
            raise
        except UnicodeDecodeError:
            curl.ws_close(INVALID_PAYLOAD)
            raise
    finally:
        curl.close()


def echo(curl, socket, turn):
    """Answer message after message until the connection ends; the package leaves joining fragments to its user."""
    message = bytearray()
    while True:
        octets, frame = receive(curl, socket)
        if frame.flags & pycurl.WS_CLOSE:
            if turn.close is None:
                answer_close(curl, octets)
            return
        kind = frame.flags & MESSAGES
        if not kind:
            continue
        message += octets
        if frame.bytesleft > 0 or frame.flags & pycurl.WS_CONT:
            continue
        answer = turn.answer(message.decode() if kind == pycurl.WS_TEXT else bytes(message))
        message.clear()
        if answer is not None and turn.close is None:
            send(curl, socket, answer, kind)


def answer_close(curl, octets):
    """Answer a Close frame, which the package leaves to its user, with its code."""
    octets[2:].decode()
    try:
        curl.ws_close(int.from_bytes(octets[:2]) if octets else None)
    except ValueError:
        curl.ws_close(PROTOCOL_ERROR)


def receive(curl, socket):
    while True:
        try:
            return curl.ws_recv(PIECE)
        except BlockingIOError:
            select.select([socket], [], [])


def send(curl, socket, message, kind):
    """Send one frame, in as many turns as the socket needs."""
    octets = message.encode() if isinstance(message, str) else message
    sent = 0
    while True:
        try:
            sent += curl.ws_send(octets[sent:], kind)
        except BlockingIOError:
            select.select([], [socket], [])
            continue
        if sent >= len(octets):
            return


driving.main("pycurl", converse)
