"""Runs of the tool, each a process of its own."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Dict, List, Optional, Sequence, Tuple, Type, Union

from wsconform._binary import executable, not_started
from wsconform._errors import RunError, UsageError
from wsconform._options import arguments_of, words_of
from wsconform._report import Report

Folder = Union[str, "os.PathLike[str]"]

# The folder of a run that is told no other, as on the command line.
FOLDER = "wsconform-report"

# A run that is interrupted writes what it has within five seconds.
LAST_SECONDS = 15

USAGE, TROUBLE = 64, 2


def run_server(
    url: Optional[str] = None, command: Optional[Sequence[str]] = None, *, out: Folder = FOLDER, **options: Any
) -> Report:
    """Test a server, as `wsconform server` does.

    `command` starts the server and is supervised; without a `url`, `wsconform.json` has to say it. The report is
    written to the folder `out`. Raises `UsageError` and `RunError` with the tool's own line where nothing was judged.
    """
    words = ["server", *arguments_of(options)]
    if url is not None:
        words.append(url)
    if command is not None:
        words += ([] if options.get("supervise") else ["--supervise"]) + ["--", *words_of(command)]
    return _run(words, Path(out))


def run_client(command: Optional[Sequence[str]] = None, *, out: Folder = FOLDER, **options: Any) -> Report:
    """Test a client, as `wsconform client` does with a command.

    `command` is started for each case, with its address for `{url}`, or once for all with `driver=True`; without one,
    `wsconform.json` has to say it. Raises as `run_server` does.
    """
    behind = [] if command is None else ["--", *words_of(command)]
    return _run(["client", *arguments_of(options), *behind], Path(out))


def serve_clients(listen: str = "127.0.0.1:0", *, out: Folder = FOLDER, **options: Any) -> "ClientServer":
    """Listen for clients under test, as `wsconform client` does without a command.

        async with wsconform.serve_clients(cases=["closing/*"]) as server:
            await drive(server.url)     # Autobahn's interface: /getCaseCount, /runCase?case=1&agent=me, /updateReports
        assert server.report.ok
    """
    return ClientServer(["client", "--listen=" + listen, *arguments_of(options)], Path(out))


class ClientServer:
    """A listening run: `url` while it runs, `report` or `reports` afterwards."""

    def __init__(self, words: List[str], out: Path) -> None:
        """Prepare a run; it begins with `async with`."""
        self._words = words
        self._out = out
        self._address: Optional[str] = None
        self._finished: Optional[List[Report]] = None

    @property
    def url(self) -> str:
        """The address of the interface that clients are pointed at; raises `RunError` before the run has begun."""
        if self._address is None:
            raise RunError("nothing listens yet; use it as `async with wsconform.serve_clients() as server:`")
        return self._address

    @property
    def reports(self) -> List[Report]:
        """The reports, one for each agent; raises `RunError` while clients are still served."""
        if self._finished is None:
            raise RunError("the report is written when the block of `async with` ends")
        return self._finished

    @property
    def report(self) -> Report:
        """The report; raises `RunError` where several agents came."""
        if len(self.reports) != 1:
            names = ", ".join(report.agent for report in self.reports)
            raise RunError("there are several agents, %s; see `reports`" % names)
        return self.reports[0]

    async def __aenter__(self) -> "ClientServer":
        """Begin to listen."""
        path = executable()
        self._before = _stamps(self._out)
        try:
            self._process = await asyncio.create_subprocess_exec(
                path,
                *self._words,
                "--out=%s" % self._out,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise not_started(error, path) from error
        self._error = asyncio.ensure_future(_text(self._process.stderr))
        try:
            self._address = await self._announced()
        except BaseException:
            await self._end()
            raise
        self._rest = asyncio.ensure_future(_text(self._process.stdout))
        return self

    async def _announced(self) -> str:
        """The address in the first line, which says where the run listens."""
        assert self._process.stdout is not None
        first = (await self._process.stdout.readline()).decode(errors="replace")
        if not first.startswith("listening on "):
            raise _trouble(await self._process.wait(), await self._error, first)
        return first[len("listening on ") :].strip()

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        """End the run and read its reports; an error of the block goes before one of the run."""
        status = await self._end()
        output, complaint = await self._rest, await self._error
        written = [path for path, stamp in _stamps(self._out).items() if self._before.get(path) != stamp]
        reports = [Report(path, status, output) for path in sorted(written)]
        self._finished = [report for report in reports if report.cases]
        if error is None and not self._finished:
            raise _trouble(status, complaint, output)

    async def _end(self) -> int:
        """Interrupt the process, and kill it if that does not end it in time; returns its exit status."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGINT)
        try:
            return await asyncio.wait_for(self._process.wait(), LAST_SECONDS)
        except asyncio.TimeoutError:
            self._process.kill()
            return await self._process.wait()


def _run(words: List[str], out: Path) -> Report:
    """Run the tool to its end, and read the report that this run wrote."""
    path = executable()
    position = words.index("--") if "--" in words else len(words)
    words[position:position] = ["--out=%s" % out]
    before = _stamps(out)
    status, output, complaint = _finish(path, words)
    if status == USAGE:
        raise UsageError(_line(complaint, output))
    file = out / "report.json"
    stamp = _stamps(out).get(file)
    if stamp is None or stamp == before.get(file):
        raise _trouble(status, complaint, output)
    report = Report(file, status, output)
    if status == TROUBLE and not report.cases:
        raise _trouble(status, complaint, output)
    return report


def _finish(path: str, words: List[str]) -> Tuple[int, str, str]:
    """Run a process to its end; returns its status, what it printed, and what it wrote to standard error."""
    try:
        process = subprocess.Popen(
            [path, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as error:
        raise not_started(error, path) from error
    try:
        output, complaint = process.communicate()
    except BaseException:
        # A process that is interrupted ends the server that it supervises; one that is killed does not.
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=LAST_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        raise
    return process.returncode, output.decode(errors="replace"), complaint.decode(errors="replace")


def _trouble(status: int, complaint: str, output: str) -> Exception:
    """The error for a run without a report, in the tool's own words."""
    if status == USAGE:
        return UsageError(_line(complaint, output))
    if status < 0:
        return RunError("wsconform was ended by signal %d before it wrote a report" % -status)
    return RunError(_line(complaint, output) or "wsconform ended with %d and wrote no report" % status)


def _line(complaint: str, output: str) -> str:
    """What is wrong in one line: what the tool says on standard error, or else the last line that was printed."""
    prefix = "wsconform: "
    said = [line[len(prefix) :] for line in complaint.splitlines() if line.startswith(prefix)]
    return "; ".join(said) or ((complaint.strip() or output.strip()).splitlines() or [""])[-1]


def _stamps(out: Path) -> Dict[Path, Tuple[int, int]]:
    """What tells a report from an earlier one, for each report in a folder: they are replaced, never changed."""
    stamps = {}
    for file in [out / "report.json", *out.glob("*/report.json")]:
        try:
            status = file.stat()
        except OSError:
            continue
        stamps[file] = (status.st_ino, status.st_mtime_ns)
    return stamps


async def _text(stream: Optional[asyncio.StreamReader]) -> str:
    """All that comes from a stream."""
    assert stream is not None
    return (await stream.read()).decode(errors="replace")
