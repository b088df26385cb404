"""Cases as test items: `pytest --wsconform ws://127.0.0.1:9001`, and the fixture `wsconform` for tests of your own.

What a run finds is told per case: `fail` fails, `tolerated` passes with a note, `skipped` and `unimplemented` are
skipped, `inconclusive` is an error. The last item stands for the run: what was found in passing, and its end.

The run takes place when the first item is set up. With pytest-xdist the worker that comes first runs it, and the others
wait for its report.
"""

import json
import os
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import pytest

import wsconform

# What a run leaves out unless a pattern asks for it.
NOT_BY_DEFAULT = {"slow", "capacity"}

RUN_ITEM = "(run)"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the command line and of the ini file."""
    group = parser.getgroup("wsconform")
    group.addoption("--wsconform", metavar="URL", help="test the WebSocket server here, with a test for each case")
    group.addoption(
        "--wsconform-option",
        metavar="NAME[=VALUE]",
        action="append",
        help="an option of wsconform server, such as cases=closing/*; may be repeated",
    )
    parser.addini("wsconform", "the address of the WebSocket server that --wsconform tests", default="")
    parser.addini("wsconform_options", "options of wsconform server, NAME or NAME=VALUE, a line each", type="linelist")


def options_of(lines: List[str]) -> Dict[str, Any]:
    """Options as the module takes them, of lines NAME=VALUE or NAME."""
    options: Dict[str, Any] = {}
    for line in lines:
        name, equals, value = line.strip().lstrip("-").partition("=")
        if not name:
            raise pytest.UsageError("--wsconform-option %r has no name; write NAME=VALUE or NAME" % line)
        options.setdefault(name.replace("-", "_"), []).append(value if equals else True)
    return options


class Finding(Exception):
    """A case that breaks a requirement; its text is the whole of the failure."""


class Inconclusive(Exception):
    """A case, or a run, of which nothing certain can be said."""


class Run:
    """The one run of a session, and its report."""

    def __init__(self, config: pytest.Config, url: str) -> None:
        """Take a run's address and options from the session's."""
        given = list(config.getini("wsconform_options")) + list(config.getoption("wsconform_option") or [])
        self.count = 0
        self.url = url
        self.options = options_of(given)
        self.folder = Path((self.options.pop("out", None) or ["wsconform-report"])[-1])
        self.selected: Optional[List[str]] = None
        self._report: Optional[wsconform.Report] = None
        self._trouble: Optional[str] = None

    def listed(self) -> List[Dict[str, Any]]:
        """The cases that this run is expected to have, as `wsconform cases list` tells them."""
        patterns = self.options.get("cases", [])
        left_out = {case["id"] for case in cases_like(self.options["exclude"])} if "exclude" in self.options else set()
        if self.options.get("compression", ["on"])[-1] == "off":
            left_out |= {case["id"] for case in cases_like(["compression/*"])}
        cases = [
            case
            for case in cases_like(patterns)
            if "server" in case["targets"]
            and case["id"] not in left_out
            and (patterns or not NOT_BY_DEFAULT.intersection(case["tags"]))
            and (not case["supervised"] or "supervise" in self.options)
            and ("autobahn" in case or "only_autobahn" not in self.options)
        ]
        self.count = len(cases)
        return cases

    def report(self) -> "wsconform.Report":
        """The report; the first call makes it. Raises `Inconclusive` where there is none, and skips after that."""
        if self._trouble is not None:
            pytest.skip("wsconform: %s" % self._trouble)
        if self._report is None:
            try:
                self._report = self._made()
            except wsconform.Error as error:
                self._trouble = str(error)
                raise Inconclusive(self._trouble) from None
        return self._report

    def _made(self) -> "wsconform.Report":
        session = os.environ.get("PYTEST_XDIST_TESTRUNUID")
        if session is None:
            return self._run()
        with only_one(session) as shared:
            if not shared.exists():
                report = self._run()
                shared.write_text(json.dumps({"path": str(report.path.resolve()), "status": report.exit_status}))
                return report
            made = json.loads(shared.read_text())
            return wsconform.Report(made["path"], made["status"])

    def _run(self) -> "wsconform.Report":
        options = dict(self.options)
        if self.selected is not None:
            options["cases"] = self.selected
        return wsconform.run_server(self.url, out=self.folder, **options)


def cases_like(patterns: List[str]) -> List[Dict[str, Any]]:
    """The catalogue, or what patterns select of it; raises pytest.UsageError with the tool's own line."""
    try:
        command = [wsconform.executable(), "cases", "list", "--json", *patterns]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except (OSError, wsconform.Error) as error:
        raise pytest.UsageError("wsconform: %s" % error) from None
    if done.returncode != 0:
        raise pytest.UsageError(done.stderr.decode(errors="replace").strip())
    listed: List[Dict[str, Any]] = json.loads(done.stdout)
    return listed


@contextmanager
def only_one(session: str) -> Iterator[Path]:
    """Hold the lock of a session of pytest-xdist; yields the file in which its workers share the report's place."""
    import fcntl

    shared = Path(tempfile.gettempdir()) / ("wsconform-%d-%s" % (os.getuid(), session))
    with open(str(shared) + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared


class CaseCollector(pytest.Collector):
    """The parent of the items."""

    def collect(self) -> List[pytest.Item]:
        """Nothing: `pytest_collection_modifyitems` makes the items."""
        return []


class CaseItem(pytest.Item):
    """A case as a test."""

    run: Run
    title: str

    def setup(self) -> None:
        """Find the verdict: inconclusive ones are errors, what was not tried is skipped."""
        report = self.run.report()
        if self.name not in report:
            why = ", ".join("%s (%s)" % (entry["why"], entry["option"]) for entry in report.data["leftOut"])
            pytest.skip("left out by the run" + (": " + why if why else ""))
        self.case = report[self.name]
        if self.case.verdict in ("skipped", "unimplemented"):
            pytest.skip("%s: %s" % (self.case.verdict, self.case.reason) if self.case.reason else self.case.verdict)
        if self.case.verdict not in ("pass", "informational", "tolerated", "fail"):
            raise Inconclusive(self.case.explanation)

    def runtest(self) -> None:
        """Fail as the case did; what is tolerated or informational becomes a section and a property of the result."""
        self.user_properties.append(("wsconform", self.case.verdict))
        if self.case.verdict == "fail":
            raise Finding(self.case.explanation)
        if self.case.verdict != "pass":
            self.add_report_section("call", "wsconform", self.case.explanation)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """What a case says of itself, without a traceback."""
        if isinstance(excinfo.value, (Finding, Inconclusive)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> Any:
        """The id as the heading."""
        return "wsconform", None, "wsconform::" + self.name


class RunItem(CaseItem):
    """What a run found beside its cases, and whether it came to its end."""

    def setup(self) -> None:
        """A run that was cut short is an error."""
        report = self.run.report()
        if not report.is_complete:
            raise Inconclusive("the run is incomplete; " + report.data["footer"].get("reason", "see %s" % report.path))

    def runtest(self) -> None:
        """Fail for what was found in passing."""
        broken = [each for each in self.run.report().passing if each.verdict == "fail"]
        if broken:
            lines = ["%s\n  %s" % (each.reason, each.requirement) for each in broken]
            raise Finding("found in passing:\n" + "\n".join(lines))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: List[pytest.Item]) -> None:
    """Add the items, before -k and --last-failed choose among them."""
    url = config.getoption("wsconform") or config.getini("wsconform")
    if not url:
        if config.getoption("wsconform_option"):
            raise pytest.UsageError("--wsconform-option needs --wsconform URL, the server to test")
        return
    run = Run(config, str(url))
    parent = CaseCollector.from_parent(session, name="wsconform", nodeid="wsconform")
    for case in run.listed():
        item = CaseItem.from_parent(parent, name=case["id"])
        item.run, item.title = run, case["title"]
        items.append(item)
    last = RunItem.from_parent(parent, name=RUN_ITEM)
    last.run, last.title = run, "what was found beside the cases"
    items.append(last)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Run no more than was chosen."""
    chosen = [item for item in session.items if isinstance(item, CaseItem)]
    cases = [item.name for item in chosen if not isinstance(item, RunItem)]
    if cases and len(cases) < chosen[0].run.count:
        chosen[0].run.selected = cases


class Runs:
    """What the fixture gives: the calls of the module, with a folder of the test for reports."""

    def __init__(self, folder: Path) -> None:
        """Put reports into numbered folders below one."""
        self._folder = folder
        self._count = 0

    def _next(self, options: Dict[str, Any]) -> Dict[str, Any]:
        self._count += 1
        return {"out": self._folder / ("wsconform-report-%d" % self._count), **options}

    def run_server(self, *arguments: Any, **options: Any) -> "wsconform.Report":
        """As `wsconform.run_server`."""
        return wsconform.run_server(*arguments, **self._next(options))

    def run_client(self, *arguments: Any, **options: Any) -> "wsconform.Report":
        """As `wsconform.run_client`."""
        return wsconform.run_client(*arguments, **self._next(options))

    def serve_clients(self, *arguments: Any, **options: Any) -> "wsconform.ClientServer":
        """As `wsconform.serve_clients`."""
        return wsconform.serve_clients(*arguments, **self._next(options))


@pytest.fixture(name="wsconform")
def wsconform_fixture(tmp_path: Path) -> Runs:
    """Runs of wsconform whose reports go to the test's own folder: `wsconform.run_server(url, cases=["closing/*"])`."""
    return Runs(tmp_path)
