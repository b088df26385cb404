"""wsconform serving its page, for whatever opens it."""

import re
import subprocess
import time
from contextlib import contextmanager

from peers import START_SECONDS, Trouble, environment, last_line


@contextmanager
def listening(program, folder, *options):
    """Run `wsconform client --listen` on a free port with its report in `folder`, and end it on the way out.

    Yields its address. What it prints goes to `log` in that folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            [program, "client", "--listen", "127.0.0.1:0", "--out", folder / "report", *options],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment(),
        )
    try:
        yield announced(process, folder / "log")
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def announced(process, log):
    """Wait for the line with the address."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"ws://(127\.0\.0\.1:\d+)", log.read_text(errors="replace"))
        if found:
            return found[1]
        time.sleep(0.05)
    raise Trouble(f"wsconform does not listen: {last_line(log.read_text(errors='replace'))}")
