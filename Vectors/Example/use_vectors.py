#!/usr/bin/env python3
"""Runs the frame vectors through the parsers of `websockets` and `wsproto`; differences that are known are listed below."""
import json
import sys
from pathlib import Path

from websockets.frames import Opcode
from websockets.protocol import CLIENT, OPEN, SERVER, Protocol
from wsproto.frame_protocol import FrameProtocol, ParseFailed
from wsproto.frame_protocol import Opcode as WsprotoOpcode

# Flags or comments of vectors that a parser sees otherwise, each with the reason; see Reports/findings.md.
KNOWN = {
    "websockets": {
        "UTF8": "its sans-I/O layer hands text out as octets; the layer above decodes it",
        "LeftToReceiver": "a length in a longer form than it needs, or with its top bit set, is taken",
        "close between fragments": "a Close is refused while a fragmented message is open",
    },
    "wsproto": {},
}


def websockets_verdict(vector, octets):
    parser = Protocol(SERVER if vector["sender"] == "client" else CLIENT, state=OPEN, max_size=None)
    parser.receive_data(octets)
    closed = any(frame.opcode is Opcode.CLOSE for frame in parser.events_received())
    return "invalid" if parser.parser_exc is not None and not closed else "valid"


def wsproto_verdict(vector, octets):
    parser = FrameProtocol(client=vector["sender"] == "server", extensions=[])
    parser.receive_bytes(octets)
    try:
        any(frame.opcode is WsprotoOpcode.CLOSE for frame in parser.received_frames())
    except ParseFailed:
        return "invalid"
    return "valid"


def main():
    wrong = 0
    file = json.loads((Path(__file__).parent.parent / "frames/streams.json").read_text())
    for name, verdict in (("websockets", websockets_verdict), ("wsproto", wsproto_verdict)):
        for vector in file["vectors"]:
            expected = "invalid" if vector["result"] == "invalid" else "valid"
            known = {*vector["flags"], vector["comment"]} & set(KNOWN[name])
            if verdict(vector, bytes.fromhex(vector["octets"])) != expected and not known:
                print(f"{name}: vector {vector['id']}, {vector['comment']} (sent by a {vector['sender']}): not {expected}")
                wrong += 1
        print(f"{name}: {file['count']} vectors")
    return 1 if wrong else 0


sys.exit(main())
