"""What goes wrong beside findings; each error is one line, as the tool writes it."""


class Error(Exception):
    """No report came of a run."""


class UsageError(Error):
    """The tool was called in a wrong way, or the patterns select nothing (its exit status 64)."""


class RunError(Error):
    """Nothing could be judged: nobody answers, nobody came, or the report cannot be written (exit status 2)."""


class InstallationError(Error):
    """The tool is not installed as it should be, or does not run on this machine."""
