"""What the Python clients have in common: their options, the turns they take, Autobahn's loop over all cases.

A client hands over its package's name and `converse(url, turn)`: open `url`, offer `turn.subprotocols`, send
`turn.greeting` if there is one, answer each message with `turn.answer(message)` unless that is None, start the closing
handshake with `turn.close` if there is one, and return when the connection has ended. Whatever it raises is the end of
that connection and no more: refusing what is wrong is what a client is for.
"""

import argparse
import asyncio
import json
import os
import sys
from importlib.metadata import version
from urllib.parse import quote


class Echo:
    """A turn that gives each message back, and does besides what the case asks for."""

    def __init__(self, subprotocols=(), action=None):
        action = action or {}
        self.subprotocols = list(subprotocols)
        octets = action.get("sendBinary")
        self.greeting = action.get("send") if octets is None else bytes.fromhex(octets)
        self.close = action.get("close")

    def answer(self, message):
        return message


class Question(Echo):
    """A turn that keeps what it is told and answers nothing."""

    told = None

    def answer(self, message):
        self.told = message


def main(package, converse, name=None):
    """Parse the options, then hold one conversation or all of them.

    `package` is the distribution that is under test; `--version` prints which version of it that is.
    """
    parser = argparse.ArgumentParser(description=f"WebSocket echo client on {package}.")
    parser.add_argument("url", help="the address of one conversation; with --all, of the control interface")
    parser.add_argument("--all", action="store_true", help="run all cases over Autobahn's control interface")
    parser.add_argument("--agent", default=name or package, help="our name in the reports (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="cases at a time (default: 1)")
    parser.add_argument("--version", action="version", version=f"{package} {version(package)}")
    options = parser.parse_args()
    work = run_all(converse, options) if options.all else run_one(converse, options.url)
    asyncio.run(work)


async def run_one(converse, url):
    """The conversation at `url`, with what the environment says of the case."""
    subprotocols = [word for word in os.environ.get("WSCONFORM_SUBPROTOCOLS", "").split(",") if word]
    action = json.loads(os.environ.get("WSCONFORM_ACTION") or "{}") or {}
    await attempt(converse, url, Echo(subprotocols, action))


async def run_all(converse, options):
    """Autobahn's loop: ask for the number of cases, run each, let the reports be written."""
    base, agent = options.url.rstrip("/"), quote(options.agent, safe="")
    count = Question()
    await converse(f"{base}/getCaseCount", count)
    cases = iter(range(1, int(count.told) + 1))

    async def work():
        for case in cases:
            await attempt(converse, f"{base}/runCase?case={case}&agent={agent}", Echo())

    await asyncio.gather(*(work() for _ in range(options.jobs)))
    await converse(f"{base}/updateReports?agent={agent}", Question())


async def attempt(converse, url, turn):
    """Hold a conversation; how it ends is for the other side to see and no failure of ours."""
    try:
        await converse(url, turn)
    except Exception as ended:
        print(f"{url}: {type(ended).__name__}: {ended}", file=sys.stderr)
