"""The sheets of the worksheet as columns and rows of values. Pure; rows are made one by one as they are written.

A value is a text, a number, a day, a moment (aware) or None, which stays an empty cell: never a nought.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from crawler.reports.templates import labels
from monitor.circular import draft, phrases
from monitor.circular.model import Case, Circular, Group, Item, Proof
from monitor.circular.phrases import clean, word
from monitor.circular.selection import CHANGES, findings_of
from monitor.wording import say

Value = str | int | Decimal | dt.date | dt.datetime | None
Row = tuple[Value, ...]
LONGEST_CELL = 8000  # characters; Excel takes 32,767
VERDICTS = ("holds", "fails", "open")


@dataclass(frozen=True, slots=True)
class Column:
    """`name`: below circular.column; `width` in signs of the sheet's font."""

    name: str
    width: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name`: below circular.sheet. `rows` can be asked for once. `count` of them. `reviewed`: the office fills in its
    verdict and a remark in two more columns."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    count: int
    reviewed: bool = True


def sheets(circular: Circular) -> Iterator[Sheet]:
    """All sheets in their order."""
    yield _agencies("all", circular, circular.cases, tuple(_AGENCY))
    yield _agencies("missing", circular, (*circular.missing, *circular.local_missing), _OF_MISSING)
    yield _agencies("late", circular, (*circular.late, *circular.local_late), _OF_LATE)
    yield _changes(circular)
    yield _findings("data", circular.data)
    yield _unverified(circular)
    yield _notes(circular)


# What can be said of an agency: the heading and width of the column, and its value.
_AGENCY: Mapping[str, tuple[int, Callable[[Case, Circular], Value]]] = {
    "id": (16, lambda case, _: case.agency.id),
    "name": (24, lambda case, _: clean(case.agency.name)),
    "region": (18, lambda case, _: clean(case.agency.region)),
    "region_code": (9, lambda case, _: case.agency.region_code),
    "kind": (11, lambda case, _: say(f"agency_kind.{case.agency.kind.value}", "zh")),
    "level": (7, lambda case, _: say(f"level.{case.agency.level.value}", "zh")),
    "due": (11, lambda case, _: case.due),
    "group": (12, lambda case, _: word(f"group.{case.group.value}")),
    "state": (40, lambda case, circular: phrases.state(case, circular.asked.at)),
    "days_least": (9, lambda case, circular: _days(case, circular, 0)),
    "days_most": (9, lambda case, circular: _days(case, circular, 1)),
    "basis": (20, lambda case, _: _basis(case)),
    "stated": (26, lambda case, _: phrases.stated(case) or None),
    "seen": (16, lambda case, _: _of_assessment(case, "first_seen")),
    "absent": (16, lambda case, _: _of_assessment(case, "last_absent")),
    "local_due": (11, lambda case, _: _local_due(case)),
    "local_days": (9, lambda case, circular: _local_days(case, circular)),
    "local_state": (30, lambda case, _: _local_state(case)),
    "report": (36, lambda case, _: phrases.report_url(case) or None),
    "watched": (36, lambda case, _: "\n".join(phrases.columns(case)) or None),
    "findings": (7, lambda case, _: len(findings_of(case))),
    "captures": (26, lambda case, _: _proved(_proofs(case))),
    "rule": (16, lambda case, _: case.judgement.rule.id if case.judgement.rule else None),
    "citation": (30, lambda case, _: clean(case.judgement.rule.citation_zh) if case.judgement.rule else None),
    "replies": (36, lambda case, _: _replies(case)),
}
_OF_MISSING = (
    "id", "name", "region", "due", "days_most", "local_due", "local_days", "local_state", "state", "absent", "watched",
    "captures", "replies",
)  # fmt: skip
_OF_LATE = (
    "id", "name", "region", "due", "days_least", "days_most", "local_due", "local_days", "local_state", "absent", "seen", "stated",
    "report", "captures", "replies",
)  # fmt: skip


def _agencies(name: str, circular: Circular, cases: tuple[Case, ...], chosen: tuple[str, ...]) -> Sheet:
    columns = tuple(Column(field, _AGENCY[field][0]) for field in chosen)
    rows = (tuple(_AGENCY[field][1](case, circular) for field in chosen) for case in cases)
    return Sheet(name, columns, rows, len(cases))


_CHANGE = (
    Column("name", 22), Column("found_kind", 14), Column("severity", 7), Column("cell", 32), Column("code", 22),
    Column("before", 13), Column("after", 13), Column("unit", 7), Column("change", 16), Column("before_at", 15),
    Column("after_at", 15), Column("doubt", 8), Column("matter", 36), Column("address", 30), Column("captures", 24),
    Column("replies", 30),
)  # fmt: skip


def _changes(circular: Circular) -> Sheet:
    """One row for each changed cell; one for a change without cells, and for a report that is gone."""
    count = len(circular.withdrawn) + sum(max(1, len(_cells(item))) for item in circular.changed)

    def rows() -> Iterator[Row]:
        for case in circular.withdrawn:
            yield _withdrawn(case, circular)
        for item in circular.changed:
            yield from _changed(item)

    return Sheet("changed", _CHANGE, rows(), count)


def _withdrawn(case: Case, circular: Circular) -> Row:
    assessment = case.judgement.assessment
    proofs = case.judgement.report_proofs
    return (
        clean(case.agency.name),
        say("finding.withdrawn", "zh"),
        *(None,) * 7,
        assessment.first_seen if assessment else None,
        assessment.since if assessment else None,
        None,
        phrases.state(case, circular.asked.at),
        phrases.report_url(case) or None,
        _proved(proofs),
        _replies(case),
    )


def _changed(item: Item) -> Iterator[Row]:
    details = item.found.details
    name, kind = clean(item.case.agency.name), say(f"finding.{item.found.kind}", "zh")
    times = _moment(details.get("before")), _moment(details.get("after"))
    weight = phrases.severity(item.found) or None
    said = "\n".join(phrases.replies(item.found.replies)) or None
    proofs = item.found.proofs
    rest = (phrases.address(item.found) or None, _proved(proofs), said)
    cells = _cells(item)
    if not cells:
        text = "\n".join(phrases.matter(item.found))[:LONGEST_CELL]
        yield (name, kind, weight, *(None,) * 6, *times, None, text, *rest)
    for cell in cells:
        yield (
            name,
            kind,
            weight,
            clean(labels().get(cell["code"], "")) or None,
            clean(cell["code"]),
            _side(cell["before"]),
            _side(cell["after"]),
            clean(cell.get("unit", "")) or None,
            _kind_of_change(cell),
            *times,
            word("yes" if cell.get("in_doubt") else "no"),
            None,
            *rest,
        )


_FINDING = (
    Column("name", 22), Column("found_kind", 16), Column("matter", 64), Column("address", 30), Column("opened", 15),
    Column("captures", 22), Column("key", 26), Column("replies", 30),
)  # fmt: skip


def _findings(name: str, items: tuple[Item, ...]) -> Sheet:
    return Sheet(name, _FINDING, (_finding(item) for item in items), len(items))


def _finding(item: Item) -> Row:
    found = item.found
    return (
        clean(item.case.agency.name),
        say(f"finding.{found.kind}", "zh"),
        "\n".join(phrases.matter(found))[:LONGEST_CELL],
        phrases.address(found) or None,
        found.opened_at,
        _proved(found.proofs),
        clean(found.key),
        "\n".join(phrases.replies(found.replies)) or None,
    )


_UNVERIFIED = (
    Column("name", 22), Column("group", 16), Column("due", 11), Column("reason", 48), Column("looked", 15),
    Column("report", 30), Column("watched", 36), Column("captures", 24), Column("replies", 30),
)  # fmt: skip


def _unverified(circular: Circular) -> Sheet:
    """The agencies that are counted against nobody, and below them the findings that were not confirmed."""
    count = len(circular.unverified) + len(circular.unconfirmed)

    def rows() -> Iterator[Row]:
        for case in circular.unverified:
            yield (
                clean(case.agency.name),
                word(f"group.{case.group.value}"),
                case.due,
                "\n".join((phrases.reason(case), *phrases.notes(case))),
                phrases.looked_at(case),
                phrases.report_url(case) or None,
                "\n".join(phrases.columns(case)) or None,
                _proved(_proofs(case)),
                _replies(case),
            )
        for item in circular.unconfirmed:
            found = item.found
            yield (
                clean(item.case.agency.name),
                word("heading.unconfirmed"),
                item.case.due,
                "\n".join((say(f"finding.{found.kind}", "zh"), *phrases.matter(found)))[:LONGEST_CELL],
                None,
                phrases.address(found) or None,
                None,
                _proved(found.proofs),
                "\n".join(phrases.replies(found.replies)) or None,
            )

    return Sheet("unverified", _UNVERIFIED, rows(), count)


def _notes(circular: Circular) -> Sheet:
    """What the groups mean, then what the draft's last page says."""
    legend: list[Row] = [(word(f"group.{group.value}"), word(f"about_group.{group.value}")) for group in Group]
    rows = [*legend, *((word("sheet.notes"), text) for text in draft.notes(circular))]
    return Sheet("notes", (Column("item", 24), Column("text", 110)), rows, len(rows), reviewed=False)


def _basis(case: Case) -> Value:
    basis = case.judgement.assessment.basis if case.judgement.assessment else ""
    return say(f"basis.{basis}", "zh") if basis else None


def _of_assessment(case: Case, moment: Literal["first_seen", "last_absent"]) -> dt.datetime | None:
    return getattr(case.judgement.assessment, moment) if case.judgement.assessment else None


def _days(case: Case, circular: Circular, end: int) -> Value:
    days = phrases.days_late(case, circular.asked.at)
    return None if days is None else days[end]


def _local_due(case: Case) -> Value:
    return case.local.due if case.local else None


def _local_days(case: Case, circular: Circular) -> Value:
    days = phrases.local_days_late(case, circular.asked.at)
    return None if days is None else days[1]


def _local_state(case: Case) -> Value:
    """The verdict by that day, with the notice that set it."""
    if case.local is None:
        return None
    return word(
        "local_state", state=say(f"state.{case.local.state.value}", "zh"), citation=clean(case.local.citation_zh)
    )


def _proofs(case: Case) -> tuple[Proof, ...]:
    return (*case.judgement.absence_proofs, *case.judgement.report_proofs)


def _proved(proofs: Iterable[Proof]) -> Value:
    return phrases.numbers(proofs) or None


def _replies(case: Case) -> Value:
    return "\n".join(phrases.replies(case.judgement.replies)) or None


def _cells(item: Item) -> tuple[Mapping[str, Any], ...]:
    return tuple(item.found.details.get("cells", ())) if item.found.kind in CHANGES else ()


def _side(cell: Mapping[str, Any]) -> Value:
    """The number, else what stands there, else what that means (blank, no such cell …)."""
    if cell.get("value") is not None:
        return Decimal(cell["value"])
    return clean(cell.get("raw", "")) or say(f"cell_state.{cell['state']}", "zh")


def _kind_of_change(cell: Mapping[str, Any]) -> Value:
    """In words without the numbers, which have cells of their own."""
    before, after = word("column.before"), word("column.after")
    return say(f"cell_change.{cell['change']}", "zh", before=before, after=after)


def _moment(version: Mapping[str, Any] | None) -> Value:
    return dt.datetime.fromisoformat(version["at"]) if version and version.get("at") else None
