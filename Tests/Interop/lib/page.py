"""wsconform serving its page, for whatever opens it."""

import subprocess
from contextlib import contextmanager

from peers import address_of, environment


@contextmanager
def listening(program, folder, *options, address="127.0.0.1:0"):
    """Run `wsconform client --listen` on a free port with its report in `folder`, and end it on the way out.

    Yields its address. What it prints goes to `log` in that folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            [program, "client", "--listen", address, "--out", folder / "report", *options],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment(),
        )
    try:
        yield address_of(process, folder / "log")
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
