"""Our own tool: running it with Autobahn's cases and reading its report."""

import json
import subprocess

from peers import Trouble, emptied, environment, last_line
from wstest import CHAPTERS, Result

RUN_SECONDS = 1200
# 0 as expected, 1 findings, 2 inconclusive: with each of them there is a report to read.
REPORTING_EXITS = (0, 1, 2)


def command(program, url, jobs, out, chapters=CHAPTERS["basic"], effort="full"):
    """The command line for the cases that Autobahn has too, by default with Autobahn's counts."""
    return [str(program), "server", url, *options(jobs, out, chapters, effort)]


def client_command(program, client, jobs, out, chapters=CHAPTERS["basic"], effort="full"):
    """The same for a client, which loops over the cases by itself, `jobs` at a time."""
    driver = client.command("--all", "{url}", "--agent", "peer", "--jobs", str(jobs))
    return [str(program), "client", "--listen", "127.0.0.1:0", *options(jobs, out, chapters, effort), "--driver", "--", *driver]


def options(jobs, out, chapters, effort):
    """What both roles are told."""
    words = ["--profile", "autobahn", "--effort", effort, "--jobs", str(jobs), "--quiet", "--out", str(out)]
    return words + [word for pattern in chapters.patterns for word in ("--cases", pattern)]


def run(program, url, jobs, out, *settings):
    """Test the server at `url` once; returns the result for each case that has an Autobahn number."""
    return run_command(command(program, url, jobs, out / "report", *settings), out)


def run_client(program, client, jobs, out, *settings):
    """Test a client once; returns the result for each case that has an Autobahn number."""
    return run_command(client_command(program, client, jobs, out / "report", *settings), out)


def run_command(words, out):
    emptied(out)
    with open(out / "log", "wb") as log:
        ended = subprocess.run(
            words, env=environment(), stdout=log, stderr=subprocess.STDOUT, timeout=RUN_SECONDS
        )
    report = out / "report/report.json"
    if ended.returncode not in REPORTING_EXITS or not report.exists():
        said = last_line((out / "log").read_text(errors="replace"))
        raise Trouble(f"wsconform wrote no report, exit {ended.returncode}: {said}")
    return read(report)


def wire_texts(case):
    """The readable lines of a case; a build that is measured against may still write them as plain strings."""
    return tuple(line if isinstance(line, str) else line["text"] for line in case.get("wire", ()))


def read(path):
    """Read a report; one that is cut short is trouble, a case without Autobahn's verdict is only missing."""
    report = json.loads(path.read_text())
    if not report.get("footer", {}).get("complete"):
        raise Trouble("wsconform's report is incomplete")
    results = {}
    for case in report["cases"]:
        number, verdict = case.get("aliases", {}).get("autobahn"), case.get("autobahn")
        if number is None or verdict is None:
            continue
        if number in results:
            raise Trouble(f"wsconform's report has Autobahn's case {number} twice")
        results[number] = Result(
            verdict["behavior"], verdict["behaviorClose"], verdict.get("remoteCloseCode"), wire_texts(case)
        )
    return results
