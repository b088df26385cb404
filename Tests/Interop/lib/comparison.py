"""Agreement between the oracle and us, case by case, and the verdict files that stand in for the oracle."""

import glob
import json
import re
from dataclasses import dataclass

from peers import INTEROP, Missing
from wstest import case_order

COMMITTED = {"basic": INTEROP / "verdicts", "compression": INTEROP / "verdicts/compression"}
VERDICTS = COMMITTED


def settled(outcome):
    """An outcome without FAILED BY CLIENT, which depends on the luck of the oracle's timers."""
    return outcome.replace("/FAILED BY CLIENT", "/OK")


def outcomes(runs):
    """The distinct outcomes of each case over several runs, sorted; a run without the case says `missing`."""
    cases = sorted(set().union(*runs), key=case_order)
    return {case: sorted({run[case].outcome if case in run else "missing" for run in runs}) for case in cases}


@dataclass(frozen=True)
class Comparison:
    """How one case stands: `oracle` and `ours` are the outcomes seen, FAILED BY CLIENT counted as OK."""

    case: str
    oracle: tuple[str, ...]
    ours: tuple[str, ...]

    @property
    def is_race(self):
        """The oracle contradicts itself, so that nothing can be held against us."""
        return len(self.oracle) > 1

    @property
    def agrees(self):
        return self.oracle == self.ours


def compare(oracle, ours):
    """Compare the oracle's outcomes of each case with ours; a case that only we have is not asked for."""
    return [
        Comparison(
            case,
            tuple(sorted({settled(outcome) for outcome in seen})),
            tuple(sorted({settled(outcome) for outcome in ours.get(case, ["missing"])})),
        )
        for case, seen in sorted(oracle.items(), key=lambda item: case_order(item[0]))
    ]


def verdict_file(peer, version, chapters="basic"):
    return VERDICTS[chapters] / f"{peer}-{version}.json"


def load_verdicts(peer, version, has_any_version=False, chapters="basic"):
    """The outcomes recorded for this version of a peer, or for one that differs from it in the patch number alone.

    A peer whose version is not ours to choose may have any; the newest file stands in.
    """
    pattern = "[0-9]*" if has_any_version else f"{glob.escape(version.rpartition('.')[0])}.*"
    near = sorted(VERDICTS[chapters].glob(f"{peer}-{pattern}.json"), key=version_order)
    own = verdict_file(peer, version, chapters)
    path = own if own.exists() else (near or [None])[-1]
    if path is None:
        others = (other.stem for other in VERDICTS[chapters].glob(f"{peer}-[0-9]*.json"))
        raise Missing(f"no verdicts recorded for version {version} (recorded: {', '.join(sorted(others)) or 'none'})")
    return json.loads(path.read_text())["cases"]


def version_order(path):
    """Sort key of a verdict file: 9.10 after 9.2."""
    return [int(part) for part in re.findall(r"\d+", path.stem.rpartition("-")[2])]


def save_verdicts(peer, version, oracle, runs, chapters="basic"):
    """Add what the oracle said in these runs to the verdict file, so that a race stays visible; returns its cases.

    A file that is there already for the same versions is added to: what the oracle once gave, it can give again.
    """
    path, seen, count = verdict_file(peer, version, chapters), outcomes(runs), len(runs)
    if path.exists() and (before := json.loads(path.read_text()))["oracle"] == oracle:
        count += before["runs"]
        seen = {case: sorted({*seen[case], *before["cases"].get(case, ())}) for case in seen}
    rows = ",\n".join(f"    {json.dumps(case)}: {json.dumps(given)}" for case, given in seen.items())
    head = {"peer": peer, "version": version, "oracle": oracle, "runs": count}
    path.parent.mkdir(parents=True, exist_ok=True)
    # One case a line: a changed verdict is a changed line.
    path.write_text(json.dumps(head, indent=2)[:-2] + f',\n  "cases": {{\n{rows}\n  }}\n}}\n')
    return seen
