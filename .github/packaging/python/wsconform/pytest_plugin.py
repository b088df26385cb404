"""Cases as test items: `pytest --wsconform ws://127.0.0.1:9001`, and the fixture `wsconform` for tests of your own.

What a run finds is told per case: `fail` fails, `tolerated` passes with a note, `skipped` and `unimplemented` are
skipped, `inconclusive` is an error. What a baseline (`--wsconform-option baseline=known.json`) knows is an expected
failure. The last item stands for the run: what was found in passing, what became of the baseline, and the end.

The run takes place when the first item is set up. With pytest-xdist the worker that comes first runs it, and the others
wait for its report.
"""

import json
import os
import re
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

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


class Baseline:
    """What the tool made of the baseline, as the report has it, and the reasons, which stand in the file."""

    def __init__(self, report: "wsconform.Report") -> None:
        """Read the file that the report names; one without reasons, such as a report, has none."""
        self.outcome: Optional[Dict[str, Any]] = report.data.get("baseline")
        self.file = str(self.outcome["file"]) if self.outcome else ""
        self._new = set(self.outcome["new"]) if self.outcome else set()
        self._entries: List[Dict[str, Any]] = []
        self._causes: Dict[str, List[str]] = {}
        if self.outcome is None:
            return
        for cause in report.data.get("causes", []):
            for case in cause["cases"]:
                self._causes.setdefault(case, []).append("%s/%s" % (cause["requirement"], cause["reasonKey"]))
        try:
            data = json.loads(Path(self.file).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if isinstance(data, dict) and isinstance(data.get("expected"), list):
            self._entries = [entry for entry in data["expected"] if isinstance(entry, dict)]

    def expects(self, case: "wsconform.Case") -> bool:
        """Whether the case breaks a requirement, and that is known."""
        return self.outcome is not None and case.verdict == "fail" and case.id not in self._new

    def is_new(self, name: str) -> bool:
        """Whether a case, or a cause that was found in passing, counts and is not known."""
        return name in self._new

    def reason(self, case: "wsconform.Case") -> str:
        """Why it is known: the reasons of the entries that mean it."""
        numbers = [str(number) for number in case.data.get("aliases", {}).values()]
        causes = self._causes.get(case.id, [])
        reasons = []
        for entry in self._entries:
            pattern = str(entry.get("pattern", ""))
            if pattern.startswith("RFC"):
                meant = any(matches(pattern if "/" in pattern else pattern + "/*", name) for name in causes)
            else:
                meant = any(matches(pattern, name) for name in [case.id, *numbers])
            reason = str(entry.get("reason", ""))
            if meant and reason and reason not in reasons:
                reasons.append(reason)
        return "; ".join(reasons) or "known (%s)" % self.file

    @property
    def problems(self) -> List[str]:
        """The entries that do not hold, a line each."""
        if self.outcome is None:
            return []
        kinds = [("worse", "worse"), ("mended", "mended"), ("unmatched", "without a match"), ("expired", "expired")]
        return [
            "%s: %s %s" % (word, remark["pattern"], remark["text"])
            for key, word in kinds
            for remark in self.outcome[key]
        ]


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern, in which a star stands for anything, means a name."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name, re.DOTALL) is not None


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
        self.item: Optional["RunItem"] = None
        self._baseline: Optional[Baseline] = None
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
        """The report; the first call makes it. Raises `Inconclusive` where there is none."""
        if self._trouble is not None:
            raise Inconclusive(self._trouble)
        if self._report is None:
            try:
                self._report = self._made()
            except wsconform.Error as error:
                self._trouble = str(error)
                raise Inconclusive(self._trouble) from None
        return self._report

    def baseline(self) -> Baseline:
        """What is expected of the server; without the option, nothing is."""
        if self._baseline is None:
            self._baseline = Baseline(self.report())
        return self._baseline

    @property
    def is_possible(self) -> bool:
        """Whether there is a report; it is made, unless that was tried."""
        if self._trouble is None:
            try:
                self.report()
            except Inconclusive:
                return False
        return self._trouble is None

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
            raise Inconclusive(text_of(self.case))

    def runtest(self) -> None:
        """Fail as the case did; what is tolerated or informational becomes a section and a property of the result."""
        self.user_properties.append(("wsconform", self.case.verdict))
        baseline = self.run.baseline()
        if baseline.expects(self.case):
            pytest.xfail(baseline.reason(self.case))
        if self.case.verdict == "fail" or baseline.is_new(self.case.id):
            raise Finding(text_of(self.case))
        if self.case.verdict != "pass":
            self.add_report_section("call", "wsconform", self.case.explanation)

    def reportinfo(self) -> Any:
        """The id as the heading."""
        return "wsconform", None, "wsconform::" + self.name


def text_of(case: "wsconform.Case") -> str:
    """What a case says of itself: the reason first, because pytest's summary shows the first line behind the id."""
    lines = [case.reason or case.title]
    if case.violated:
        lines.append("  %s" % case.violated)
    lines += ["  %s: %s" % (case.verdict, case.title)] + ["    " + line for line in case.wire]
    return "\n".join(lines)


class RunItem(CaseItem):
    """What a run found beside its cases, what became of its baseline, and whether it came to its end."""

    def setup(self) -> None:
        """A run that was cut short is an error."""
        report = self.run.report()
        if not report.is_complete:
            raise Inconclusive("the run is incomplete; " + report.data["footer"].get("reason", "see %s" % report.path))

    def runtest(self) -> None:
        """Fail for what was found in passing and is not known, and for entries of the baseline that do not hold."""
        baseline = self.run.baseline()
        lines = ["the baseline %s does not hold: %s" % (baseline.file, problem) for problem in baseline.problems]
        for each in self.run.report().passing:
            name = "%s/%s" % (each.requirement.id, each.data.get("reasonKey", ""))
            if baseline.is_new(name) or (baseline.outcome is None and each.verdict == "fail"):
                lines.append("found in passing: %s\n  %s" % (each.reason, each.requirement))
        if lines:
            raise Finding("\n".join(lines))


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
    run.item = last
    items.append(last)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Run no more than was chosen."""
    chosen = [item for item in session.items if isinstance(item, CaseItem)]
    cases = [item.name for item in chosen if not isinstance(item, RunItem)]
    if cases and len(cases) < chosen[0].run.count:
        chosen[0].run.selected = cases


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: Optional[pytest.Item]) -> Optional[bool]:
    """Where nothing can be judged, one error of the run stands for all cases, which are not tried one by one."""
    # The workers of pytest-xdist have to keep their lists of items equal.
    if not isinstance(item, CaseItem) or hasattr(item.config, "workerinput"):
        return None
    run = item.run
    if item is run.item or run.item is None or run.is_possible:
        return None
    items = item.session.items
    place = items.index(item)
    behind = items[place + 1 :]
    others = [each for each in behind if not isinstance(each, CaseItem)]
    dropped = [each for each in [item, *behind] if isinstance(each, CaseItem) and each is not run.item]
    items[place + 1 :] = others
    item.config.hook.pytest_deselected(items=dropped)
    run.item.ihook.pytest_runtest_protocol(item=run.item, nextitem=others[0] if others else None)
    return True


class Crash(NamedTuple):
    """What pytest's summary, and its JUnit file, show of a failure."""

    path: str
    lineno: int
    message: str


class Told:
    """The text of a failure, as pytest prints it."""

    def __init__(self, text: str) -> None:
        """Take a text whose first line is the reason."""
        self.text = text
        self.reprcrash = Crash("wsconform", 0, text.split("\n", 1)[0])

    def __str__(self) -> str:
        return self.text

    def toterminal(self, writer: Any) -> None:
        """Print it."""
        writer.line(self.text)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    """What a case says of itself, without a traceback, whether it failed or is an error."""
    outcome: Any = yield
    if isinstance(item, CaseItem) and call.excinfo and isinstance(call.excinfo.value, (Finding, Inconclusive)):
        outcome.get_result().longrepr = Told(str(call.excinfo.value))


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
