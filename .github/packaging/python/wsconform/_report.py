"""A report as values: `report.json`, read."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

from wsconform._errors import RunError

SCHEMA = "wsconform-report/2"

# What counts as a finding by itself.
BROKEN = "fail"


@dataclass(frozen=True)
class Requirement:
    """A sentence of a specification: its id, source, section, level, and its words in the tool's table."""

    id: str
    source: str
    section: str
    level: str
    sentence: str

    def __str__(self) -> str:
        return "%s §%s %s: %s" % (self.source, self.section, self.level, self.sentence)


@dataclass(frozen=True)
class Case:
    """A case and its verdict.

    `verdict` is pass, tolerated, informational, fail, unimplemented, skipped or inconclusive. `violated` is the
    requirement that the verdict cites, `wire` are the readable lines, and `data` is all that the report says.
    """

    id: str
    title: str
    verdict: str
    reason: str
    requirements: Tuple[Requirement, ...]
    violated: Optional[Requirement]
    wire: Tuple[str, ...]
    transcript: Optional[Path]
    data: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def explanation(self) -> str:
        """The verdict in words: reason, citation and what went over the wire, a line each."""
        lines = ["%s  %s  %s" % (self.verdict, self.id, self.title)]
        if self.reason:
            lines.append("  " + self.reason)
        if self.violated:
            lines.append("  " + str(self.violated))
        lines += ["    " + line for line in self.wire]
        return "\n".join(lines)


@dataclass(frozen=True)
class Cause:
    """What many findings have in common: one requirement, and one reason."""

    verdict: str
    requirement: Requirement
    reason: str
    impact: str
    mend: str
    cases: Tuple[str, ...]
    example: Optional[str]
    data: Mapping[str, Any] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Passing:
    """What was found in passing, in conversations that are about something else."""

    verdict: str
    requirement: Requirement
    reason: str
    data: Mapping[str, Any] = field(repr=False, compare=False)


class Report:
    """What a run came to.

    - `cases`: the cases in the order of their ids; `report["closing/one-byte-payload"]` is one of them.
    - `causes`, `passing`: what findings have in common, and what was found beside the cases.
    - `summary`: how many cases have each verdict.
    - `exit_status`: that of the tool, None for a report that was read from a file.
    - `path`: the file; `data`: its JSON; `output`: what the tool printed.
    """

    def __init__(
        self, path: "Union[str, os.PathLike[str]]", exit_status: Optional[int] = None, output: str = ""
    ) -> None:
        """Read `report.json`, or the one in a folder; raises `RunError` where it is no report."""
        self.path = Path(path)
        if self.path.is_dir():
            self.path = self.path / "report.json"
        self.exit_status = exit_status
        self.output = output
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
        except OSError as error:
            raise RunError("%s: %s" % (self.path, error.strerror)) from error
        except ValueError as error:
            raise RunError("%s: not JSON, %s" % (self.path, error)) from error
        schema = data.get("schema") if isinstance(data, dict) else None
        if schema != SCHEMA:
            raise RunError("%s: its schema is %r instead of %s; it is of another version" % (self.path, schema, SCHEMA))
        self.data: Dict[str, Any] = data
        self._table: Dict[str, Any] = data["requirements"]
        self.cases: List[Case] = [self._case(entry) for entry in data["cases"]]
        self.causes: List[Cause] = [self._cause(entry) for entry in data.get("causes", [])]
        self.passing: List[Passing] = [
            Passing(entry["verdict"], self._requirement(entry["requirement"]), entry["reason"], entry)
            for entry in data["passive"]
        ]
        self._by_id = {case.id: case for case in self.cases}

    def __repr__(self) -> str:
        return "<wsconform.Report %s: %s>" % (self.path, self._counts())

    def __getitem__(self, case: str) -> Case:
        return self._by_id[case]

    def __contains__(self, case: object) -> bool:
        return case in self._by_id

    @property
    def verdicts(self) -> Dict[str, str]:
        """The verdict of each case by its id."""
        return {case.id: case.verdict for case in self.cases}

    @property
    def summary(self) -> Dict[str, int]:
        """How many cases have each verdict."""
        return {verdict: count for verdict, count in self.data["summary"].items() if isinstance(count, int)}

    @property
    def agent(self) -> str:
        """The name of the peer that was tested."""
        return str(self.data["peer"]["name"])

    @property
    def is_complete(self) -> bool:
        """Whether the run came to its end."""
        return bool(self.data["footer"]["complete"])

    @property
    def ok(self) -> bool:
        """Whether nothing counts: the exit status is 0, or, of a report that was read, no requirement is broken."""
        if self.exit_status is not None:
            return self.exit_status == 0
        verdicts = [case.verdict for case in self.cases] + [each.verdict for each in self.passing]
        return self.is_complete and bool(self.cases) and not {BROKEN, "inconclusive"}.intersection(verdicts)

    def findings(self, verdict: str = BROKEN) -> List[Case]:
        """The cases with a verdict."""
        return [case for case in self.cases if case.verdict == verdict]

    @property
    def explanation(self) -> str:
        """What counts, in words: each cause that breaks a requirement with an example, and the last line of the run."""
        parts = []
        for cause in self.causes:
            if cause.verdict != BROKEN:
                continue
            parts.append("%d cases: %s\n  %s" % (len(cause.cases), cause.reason, cause.requirement))
            if cause.example in self:
                parts.append(self[str(cause.example)].explanation)
        for each in self.passing:
            if each.verdict == BROKEN:
                parts.append("in passing: %s\n  %s" % (each.reason, each.requirement))
        lines = self.output.strip().splitlines()
        parts.append(lines[-1] if lines else "%s: %s" % (self.path, self._counts()))
        return "\n".join(parts)

    def _counts(self) -> str:
        return ", ".join("%d %s" % (count, verdict) for verdict, count in self.summary.items() if count)

    def _requirement(self, name: str) -> Requirement:
        entry = self._table.get(name, {})
        return Requirement(name, *(str(entry.get(key, "")) for key in ("source", "section", "level", "sentence")))

    def _case(self, entry: Mapping[str, Any]) -> Case:
        cited = [each["requirement"] for each in entry.get("findings", []) if each["verdict"] == entry["verdict"]]
        transcript = entry.get("transcript")
        return Case(
            id=entry["id"],
            title=entry["title"],
            verdict=entry["verdict"],
            reason=entry["reason"],
            requirements=tuple(self._requirement(each["id"]) for each in entry["requirements"]),
            violated=self._requirement(cited[0]) if cited else None,
            wire=tuple(line["text"] for line in entry.get("wire", [])),
            transcript=self.path.parent / transcript if transcript else None,
            data=entry,
        )

    def _cause(self, entry: Mapping[str, Any]) -> Cause:
        return Cause(
            verdict=entry["verdict"],
            requirement=self._requirement(entry["requirement"]),
            reason=entry["reason"],
            impact=entry.get("impact", ""),
            mend=entry.get("mend", ""),
            cases=tuple(entry["cases"]),
            example=entry.get("example"),
            data=entry,
        )
