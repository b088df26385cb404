"""Autobahn's `wstest` as the oracle: running it, reading its reports, showing its wire log."""

import json
import re
import socket
import subprocess
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from peers import PEERS, START_SECONDS, Missing, Trouble, emptied, environment, last_line

OPCODES = {0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}
LINES_SHOWN = 40
WIDTH_SHOWN = 140


@dataclass(frozen=True)
class Chapters:
    """A part of Autobahn's cases: patterns, how many cases they are, how long the oracle may take, usual runs."""

    patterns: tuple[str, ...]
    count: int
    seconds: int
    runs: int


CHAPTERS = {
    "basic": Chapters(("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*"), 301, 1800, 3),
    # A thousand messages a case: the oracle takes about twenty minutes.
    "compression": Chapters(("12.*", "13.*"), 216, 7200, 1),
}


@dataclass(frozen=True)
class Result:
    """What a run says about one case."""

    behavior: str
    closing: str
    code: int | None
    wire: tuple[str, ...] | Path

    @property
    def outcome(self):
        """Both verdicts as one word, the way verdict files have them."""
        return f"{self.behavior}/{self.closing}"

    def lines(self):
        """The wire log in readable form."""
        if isinstance(self.wire, Path):
            return wire_lines(json.loads(self.wire.read_text())["wirelog"])
        return list(self.wire)


def case_order(case):
    """Sort key of a case number: 9.1.2 before 10.1.1."""
    return [int(part) for part in case.split(".")]


def program():
    """The path of wstest."""
    path = PEERS / "wstest/bin/wstest"
    if not (PEERS / "installed/wstest").exists():
        raise Missing("wstest is not installed; run Tests/Interop/setup wstest, or compare with --recorded")
    return path


def version():
    """The version of the installed oracle."""
    pins = (PEERS / "installed/wstest").read_text()
    return "autobahntestsuite " + re.search(r"^autobahntestsuite==(.+)$", pins, re.MULTILINE)[1]


def run(url, out, chapters=CHAPTERS["basic"]):
    """Let wstest test the server at `url` once; returns its result for each case."""
    emptied(out)
    servers = {"servers": [{"agent": "peer", "url": url}]}
    (out / "spec.json").write_text(json.dumps(specification(out, chapters) | servers))
    with open(out / "log", "wb") as log:
        ended = subprocess.run(
            [program(), "-m", "fuzzingclient", "-s", out / "spec.json"],
            env=environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            timeout=chapters.seconds,
        )
    return judged(out, chapters, f"exit {ended.returncode}", ended.returncode == 0)


def run_client(client, out, chapters=CHAPTERS["basic"]):
    """Let wstest test a client once, which runs all cases by itself; returns the result for each case."""
    with serving([program()], out, chapters) as address, open(out / "client.log", "wb") as log:
        ended = subprocess.run(
            client.command("--all", f"ws://{address}", "--agent", "peer"),
            env=environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            timeout=chapters.seconds,
        )
    said = last_line((out / "client.log").read_text(errors="replace"))
    return judged(out, chapters, f"the client's exit {ended.returncode}, {said}", ended.returncode == 0)


def specification(out, chapters):
    """What both modes are told."""
    return {"outdir": str(out / "reports"), "cases": list(chapters.patterns), "exclude-cases": [], "exclude-agent-cases": {}}


@contextmanager
def serving(fuzzer, out, chapters=CHAPTERS["basic"]):
    """Run a fuzzing server, wstest's or one that takes the same options, on a free port; yields its address."""
    emptied(out)
    address = f"127.0.0.1:{free_port()}"
    (out / "spec.json").write_text(json.dumps(specification(out, chapters) | {"url": f"ws://{address}"}))
    with open(out / "log", "wb") as log:
        process = subprocess.Popen(
            [*fuzzer, "-m", "fuzzingserver", "-s", out / "spec.json"],
            env=environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        await_listener(address, process, out / "log")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port():
    """A port that nobody listens on at this moment: these programs cannot be told to take a free one."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_listener(address, process, log):
    """Return as soon as somebody listens there; what came of the program otherwise is trouble."""
    host, port = address.split(":")
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.05)
    raise Trouble(f"nobody listens on {address}: {last_line(log.read_text(errors='replace'))}")


def judged(out, chapters, how, is_well):
    """The results of a run, which are those of all cases or trouble."""
    results = read(out / "reports") if (out / "reports/index.json").exists() else {}
    if not is_well or len(results) != chapters.count:
        said = last_line((out / "log").read_text(errors="replace"))
        raise Trouble(f"wstest judged {len(results)} of {chapters.count} cases, {how}: {said}")
    return results


def read(folder):
    """Read the reports of one run."""
    (cases,) = json.loads((folder / "index.json").read_text()).values()
    return {
        case: Result(row["behavior"], row["behaviorClose"], row["remoteCloseCode"], folder / row["reportfile"])
        for case, row in cases.items()
    }


def wire_lines(rows):
    """Autobahn's wire log, one readable line a row; `>` is what the oracle sent, `<` what it received."""
    lines = [row_line(row)[:WIDTH_SHOWN] for row in rows]
    if len(lines) > LINES_SHOWN:
        half = LINES_SHOWN // 2
        lines[half:-half] = [f"… {len(lines) - 2 * half} more …"]
    return lines


def row_line(row):
    kind, *rest = row
    if kind in ("TO", "RO"):
        (length, octets), mark = rest[0], ">" if kind == "TO" else "<"
        return f"{mark} octets {length}: {octets}"
    if kind == "TF":
        (length, text), opcode, fin, rsv, _, repeated, chop, sync = rest
        notes = [f"repeated to {repeated}"] * (repeated is not None)
        notes += [f"in pieces of {chop}"] * (chop is not None)
        notes += ["sync"] * bool(sync)
        return " ".join([frame_line(">", length, text, opcode, fin, rsv), *notes])
    if kind == "RF":
        (length, text), opcode, fin, rsv, masked, _ = rest
        return frame_line("<", length, text, opcode, fin, rsv) + " masked" * bool(masked)
    words = {"CT": "wait", "CTE": "wait over", "KL": "will fail the connection after", "KLE": "fails the connection"}
    words |= {"TI": "will close after", "TIE": "closes", "WLM": "log"}
    return " ".join([words.get(kind, kind), *(str(value) for value in rest if value is not None)])


def frame_line(mark, length, text, opcode, fin, rsv):
    flags = ("" if fin else " FIN=0") + (f" RSV={rsv}" if rsv else "")
    return f"{mark} {OPCODES.get(opcode, f'opcode {opcode}')}{flags} {length}: {text!r}"
