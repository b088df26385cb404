"""The echo servers that are tested, where `setup` puts what they need, and how one of them is run."""

import os
import re
import select
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

INTEROP = Path(__file__).resolve().parent.parent
ROOT = INTEROP.parent.parent
PEERS = Path(os.environ.get("WSCONFORM_PEERS_DIR") or INTEROP / ".peers").resolve()
START_SECONDS = 20


class Missing(Exception):
    """Something that has to be installed or built first."""


class Trouble(Exception):
    """The harness, or a program that it runs, did not do its part."""


@dataclass(frozen=True)
class Peer:
    """An echo server: its name here and the command that starts it."""

    name: str
    script: str

    def command(self):
        """The command without options; raises `Missing` where the peer is not installed."""
        if self.name == "nio":
            return [str(built("nio-echo-server", "WSCONFORM_NIO_ECHO_SERVER"))]
        # The frames on the streams of Node's http2 are those of ws.
        package = "node_ws" if self.name == "node_http2" else self.name
        if not (PEERS / "installed" / package).exists():
            raise Missing(f"not installed; run Tests/Interop/setup {package}")
        interpreter = PEERS / "python/bin/python" if self.script.endswith(".py") else "node"
        return [str(interpreter), str(INTEROP / "servers" / self.script)]

    def version(self):
        """The version of the package under test, as the installed package itself states it."""
        if self.name == "nio":
            return resolved_nio()
        answer = subprocess.run(
            [*self.command(), "--version"], env=environment(), capture_output=True, text=True, timeout=START_SECONDS
        )
        if answer.returncode != 0:
            raise Trouble(f"{self.name} --version: {last_line(answer.stderr)}")
        return answer.stdout.split()[-1]


ALL = {
    peer.name: peer
    for peer in (
        Peer("websockets", "py_websockets.py"),
        Peer("aiohttp", "py_aiohttp.py"),
        Peer("tornado", "py_tornado.py"),
        Peer("wsproto", "py_wsproto.py"),
        Peer("socketify", "py_socketify.py"),
        Peer("node_ws", "node_ws.js"),
        Peer("node_websocket", "node_websocket.js"),
        Peer("nio", ""),
    )
}


def environment():
    """Our environment with the unpacked Node packages in it."""
    folders = [PEERS / "node/usr/share/nodejs", *PEERS.glob("node/usr/lib/*/nodejs")]
    return os.environ | {"NODE_PATH": ":".join(map(str, folders)), "PYTHONWARNINGS": "ignore"}


def built(product, variable, given=None):
    """The path of a Swift product: given, else named by a variable, else the newest build in this checkout."""
    named = given or os.environ.get(variable)
    builds = [Path(named)] if named else [ROOT / ".build" / kind / product for kind in ("release", "debug")]
    found = [path for path in builds if os.access(path, os.X_OK)]
    if not found:
        raise Missing(f"{named or product} is not there; build it, or name it with {variable}")
    return max(found, key=lambda path: path.stat().st_mtime).resolve()


def address_of(process, log):
    """Wait for the line of wsconform that says where it listens; returns host and port."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"wss?://(127\.0\.0\.1:\d+)", log.read_text(errors="replace"))
        if found:
            return found[1]
        time.sleep(0.05)
    raise Trouble(f"wsconform does not listen: {last_line(log.read_text(errors='replace'))}")


def optimised(product, variable, given=None):
    """The path of a Swift product that is fit to be measured: given, else named by a variable, else built now."""
    if not (given or os.environ.get(variable)):
        command = ["swift", "build", "-c", "release", "--product", product]
        try:
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        except FileNotFoundError:
            raise Missing(f"swift is not there to build {product}; name a build with {variable}") from None
        if done.returncode != 0:
            raise Trouble(f"{' '.join(command)} failed: {last_line(done.stdout)}")
        given = ROOT / ".build/release" / product
    return built(product, variable, given)


def resolved_nio():
    """The SwiftNIO version that this checkout resolved to; the server itself cannot tell it."""
    named = os.environ.get("WSCONFORM_NIO_VERSION")
    if named:
        return named
    try:
        pins = (ROOT / "Package.resolved").read_text()
    except FileNotFoundError:
        raise Missing("version unknown without Package.resolved; name it with WSCONFORM_NIO_VERSION") from None
    found = re.search(r'"identity" : "swift-nio",.*?"version" : "([^"]+)"', pins, re.DOTALL)
    if not found:
        raise Missing("Package.resolved names no swift-nio")
    return found[1]


@dataclass(frozen=True)
class Server:
    """A running peer."""

    url: str
    pid: int


@contextmanager
def running(peer, work, *words):
    """Run `peer` on a free port, with more words on its command line, and end it on the way out.

    Its diagnostics go to `server.log` in the folder `work`.
    """
    work.mkdir(parents=True, exist_ok=True)
    with open(work / "server.log", "wb") as log:
        process = subprocess.Popen(
            [*peer.command(), "--port", "0", *words], env=environment(), stdout=subprocess.PIPE, stderr=log
        )
    try:
        yield Server(f"ws://{announced(process, work)}", process.pid)
        if process.poll() is not None:
            raise Trouble(f"{peer.name} ended during the run: {last_line((work / 'server.log').read_text())}")
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def announced(process, work):
    """Wait for the line `listening ADDRESS` and return the address."""
    pipe, text, deadline = process.stdout.fileno(), b"", time.monotonic() + START_SECONDS
    while b"\n" not in text:
        ready, _, _ = select.select([pipe], [], [], max(0, deadline - time.monotonic()))
        chunk = os.read(pipe, 4096) if ready else b""
        if not chunk:
            raise Trouble(f"the server does not listen: {last_line((work / 'server.log').read_text())}")
        text += chunk
    found = re.match(r"listening ([\d.]+:\d+|/\S+)\n", text.decode())
    if not found:
        raise Trouble(f"the server announced {text!r}")
    return found[1]


def emptied(folder):
    """Make `folder` anew, so that nothing of an earlier run can be taken for this one's."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def last_line(text):
    """The last line of some diagnostics, cut where it is long, or a word in their place."""
    return (text.strip().splitlines() or ["no diagnostics"])[-1][:200]
