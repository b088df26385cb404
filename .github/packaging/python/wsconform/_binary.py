"""Where the tool's binary is, and what to do where it cannot run."""

import errno
import os
import signal
import sys
from typing import NoReturn, Optional, Sequence, Tuple

from wsconform._errors import InstallationError

# The oldest GNU C library that binaries of releases start with; build-binary checks them against it.
MINIMUM_GLIBC = (2, 35)

MACHINES = ("x86_64", "aarch64")

# A binary to use in place of the package's own.
VARIABLE = "WSCONFORM_BINARY"

AGAIN = "install it again: pip install --force-reinstall wsconform"
ELSEWHERE = "build wsconform on this machine and name the binary in " + VARIABLE


# The version of the package and of the binary in it; build-wheel writes it here, and nothing else does.
__version__ = "0+unknown"


def executable() -> str:
    """The path of the binary; raises `InstallationError` where it is not there or may not be executed."""
    named = os.environ.get(VARIABLE)
    path = named or os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "wsconform")
    if not os.path.isfile(path):
        mend = "the variable %s names it" % VARIABLE if named else AGAIN
        raise InstallationError("the binary %s is missing; %s" % (path, mend))
    if not os.access(path, os.X_OK):
        raise InstallationError("the binary %s is not executable; chmod +x it, or %s" % (path, AGAIN))
    if not named:
        trouble = platform_trouble()
        if trouble:
            raise InstallationError(trouble)
    return path


def platform_trouble() -> Optional[str]:
    """Why the package's binary cannot run here, with what to do; None where it can."""
    system, machine = os.uname().sysname, os.uname().machine
    if system != "Linux" or machine not in MACHINES:
        return "wsconform has no binary for %s on %s; %s" % (system, machine, ELSEWHERE)
    found = glibc()
    if found is None:
        return "wsconform's binary needs the GNU C library, and this Linux has another; %s" % ELSEWHERE
    if found < MINIMUM_GLIBC:
        return "wsconform's binary needs glibc %d.%d or newer, and this is %d.%d; %s" % (
            MINIMUM_GLIBC + found + (ELSEWHERE,)
        )
    return None


def glibc() -> Optional[Tuple[int, int]]:
    """The version of the GNU C library that this Python runs with; None if it is another library."""
    try:
        name, _, number = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
        major, minor = number.split(".")[:2]
        return (int(major), int(minor)) if name == "glibc" else None
    except (AttributeError, OSError, ValueError):
        return None


def not_started(error: OSError, path: str) -> InstallationError:
    """What to say of a binary that is there and cannot be started."""
    if error.errno == errno.ENOEXEC:
        reason = "it is made for another machine than this %s" % os.uname().machine
    elif error.errno == errno.ENOENT:
        reason = "the loader that it asks for is missing, as on a Linux without glibc"
    else:
        reason = error.strerror or str(error)
    return InstallationError("the binary %s cannot be started, %s; %s" % (path, reason, ELSEWHERE))


def main(arguments: Optional[Sequence[str]] = None) -> NoReturn:
    """Become the tool: what the console script `wsconform` does."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        path = executable()
        # Python ignores these two, and a process keeps what is ignored when it becomes another program.
        for name in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(name, signal.SIG_DFL)
        try:
            os.execv(path, ["wsconform"] + words)
        except OSError as error:
            raise not_started(error, path) from error
    except InstallationError as error:
        sys.stderr.write("wsconform: %s\n" % error)
        sys.exit(2)
