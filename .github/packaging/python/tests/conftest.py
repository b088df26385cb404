"""What the tests of the package have in common: real servers of Tests/Interop, and the built-in one with a defect."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

import wsconform

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[4]
INTEROP = ROOT / "Tests" / "Interop"
PEERS = Path(os.environ.get("WSCONFORM_PEERS_DIR") or INTEROP / ".peers").resolve()

# Breaks a requirement at once; nothing waits for what never comes.
DEFECT = "accepts-invalid-close-code"


def command_of(peer, folder):
    """The command of a real server or client; what is not installed fails with what to do."""
    if not (PEERS / "installed" / peer).exists():
        pytest.fail("%s is not installed; run Tests/Interop/setup %s" % (peer, peer))
    script = INTEROP / folder / ("node_ws.js" if peer == "node_ws" else "py_%s.py" % peer)
    return ["node" if script.suffix == ".js" else str(PEERS / "python/bin/python"), str(script)]


@pytest.fixture(autouse=True)
def peers_environment(monkeypatch):
    """Where Node finds the packages of the peers; nothing of a job that the tests may run in."""
    folders = [PEERS / "node/usr/share/nodejs", *PEERS.glob("node/usr/lib/*/nodejs")]
    monkeypatch.setenv("NODE_PATH", ":".join(map(str, folders)))
    for name in ("GITHUB_ACTIONS", "WSCONFORM_BINARY", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def listening(command):
    """Run a server, and yield the address in the line that it prints once it listens."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        line = process.stdout.readline()
        words = [word for word in line.replace("ws://", " ").replace("/", " ").split() if word.startswith("127.0.0.1:")]
        assert words, "%s does not listen: %r" % (command, line)
        yield "ws://" + words[0].rstrip(",;.")
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@pytest.fixture(params=["node_ws", "websockets"])
def real_server(request, peers_environment):
    """The address of a real server."""
    with listening(command_of(request.param, "servers") + ["--port", "0"]) as url:
        yield url


@pytest.fixture
def broken_server(peers_environment):
    """The address of the built-in server with a defect."""
    with listening([wsconform.executable(), "echo", "--port", "0", "--defect", DEFECT]) as url:
        yield url


@pytest.fixture
def python():
    """The interpreter of the virtualenv that the wheel is installed in."""
    return sys.executable
