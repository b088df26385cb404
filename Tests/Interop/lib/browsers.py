"""How a script of `chromium/` is run, with the Python that has playwright."""

import subprocess

from clients import BROWSER
from peers import INTEROP, PEERS, Missing, Trouble, environment, last_line

SCRIPT_SECONDS = 400


def run(script, *arguments):
    """Run a script; returns what it said and whether all of its checks hold."""
    if not (PEERS / "installed/chromium").exists():
        raise Missing("not installed; run Tests/Interop/setup chromium")
    command = [PEERS / BROWSER / "bin/python", INTEROP / "chromium" / script, *arguments]
    ended = subprocess.run(
        list(map(str, command)), env=environment(), capture_output=True, text=True, timeout=SCRIPT_SECONDS
    )
    if ended.returncode not in (0, 1) or not ended.stdout.strip():
        raise Trouble(f"{script}: {last_line(ended.stderr)}")
    return ended.stdout.rstrip(), ended.returncode == 0
