"""Decide whether a WebSocket implementation is right: the tool wsconform, and a module that calls it.

    report = wsconform.run_server("ws://127.0.0.1:9001", cases=["closing/*"])
    assert report.ok, report.explanation

Options are those of the command line, with underscores for hyphens; a list repeats one, and True is a flag.
"""

# This file is read by any Python, so that one that is too old is told so.
import sys

if sys.version_info < (3, 8):
    raise ImportError("wsconform needs Python 3.8 or newer, and this is %d.%d" % sys.version_info[:2])

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsconform._binary import __version__, executable
    from wsconform._errors import Error, InstallationError, RunError, UsageError
    from wsconform._report import Case, Cause, Passing, Report, Requirement
    from wsconform._running import ClientServer, run_client, run_server, serve_clients

# Where each name comes from. They are loaded when they are asked for, because the console script needs none of them.
_HOMES = {
    "__version__": "_binary",
    "executable": "_binary",
    "Error": "_errors",
    "InstallationError": "_errors",
    "RunError": "_errors",
    "UsageError": "_errors",
    "Case": "_report",
    "Cause": "_report",
    "Passing": "_report",
    "Report": "_report",
    "Requirement": "_report",
    "ClientServer": "_running",
    "run_client": "_running",
    "run_server": "_running",
    "serve_clients": "_running",
}

__all__ = [
    "Case",
    "Cause",
    "ClientServer",
    "Error",
    "InstallationError",
    "Passing",
    "Report",
    "Requirement",
    "RunError",
    "UsageError",
    "__version__",
    "executable",
    "run_client",
    "run_server",
    "serve_clients",
]


def __dir__() -> "list[str]":
    """All names, also those that are not loaded yet."""
    return sorted(set(globals()) | set(__all__))


def __getattr__(name: str) -> object:
    """Load what is asked for."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError("module 'wsconform' has no attribute %r" % name)
    from importlib import import_module

    value = getattr(import_module("wsconform." + home), name)
    globals()[name] = value
    return value
