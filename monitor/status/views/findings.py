"""The findings about an agency as the page shows them: what changed, which sum does not hold, what contradicts what.

May touch nothing.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crawler.model import CellState
from crawler.reports import templates
from crawler.store.tables import Finding
from monitor.alerts.findings import law_day, local_day
from monitor.alerts.lines import Line
from monitor.alerts.revisions import about_revision
from monitor.status.views.form import show_number, show_place, spot
from monitor.wording import Language


@dataclass(frozen=True, slots=True)
class SideOfCell:
    """A cell as one reading has it. `number` only in state NUMBER; `spot`: its place as the query of an archived view."""

    state: CellState
    number: str
    raw: str
    place: str
    spot: str = ""


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell with both of its sides; `in_doubt`: the reader had doubts at this place.

    `effect`: mended, broke (a sum of the form), other; empty of a finding that knows none.
    """

    code: str
    label: str
    unit: str
    before: SideOfCell
    after: SideOfCell
    in_doubt: bool
    effect: str


@dataclass(frozen=True, slots=True)
class Term:
    """A cell of a sum. `sign`: 1 or -1; `year`: of its report, where two are added up."""

    label: str
    cell: SideOfCell
    sign: int
    year: int | None


@dataclass(frozen=True, slots=True)
class SideOfSum:
    """One side of an identity: its total and the cells it is made of."""

    total: str
    cells: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A number in a sentence; `matter` is a key of crawler.reports.narrative.keys."""

    matter: str
    number: str
    about: bool
    sentence: str
    place: str


@dataclass(frozen=True, slots=True)
class Joint:
    """What should join two years' reports: `rule` is a wording key below `carry_over`."""

    rule: str
    year: int
    earlier_year: int
    earlier_url: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Another report that this one is nearly the same as. `same`: a wording key below `copied`; `share` in per cent."""

    same: str
    agency_id: str
    agency: str
    year: int
    url: str
    share: int
    numbers: int
    more: int


@dataclass(frozen=True, slots=True)
class Backdating:
    """A stated day of publication, the look after it that did not find the report, and when it was first seen.

    `without`, `present`: the captures that prove it.
    """

    stated_on: dt.date
    absent_at: dt.datetime
    first_seen: dt.datetime
    column: str
    column_url: str
    without: tuple[int, ...]
    present: int


@dataclass(frozen=True, slots=True)
class LocalMiss:
    """A supervising office's day that was missed: the finding as the check made it, for monitor.alerts.findings."""

    details: Mapping[str, Any]

    def seen(self, language: Language) -> str:
        """What was seen against that day."""
        return local_day(self.details, language)

    def law(self, language: Language) -> str:
        """That the law's day is another one, and how that stood."""
        return law_day(self.details["law"], language)

    def citation(self, language: Language) -> str:
        return str(self.details["citation"][language])


@dataclass(frozen=True, slots=True)
class Revised:
    """A change after publication: the finding as the check made it, for monitor.alerts.revisions."""

    details: Mapping[str, Any]

    @property
    def title(self) -> str:
        """A wording key: a page that shows two contents in turn is not said to have been changed."""
        return "change.kind.flapping" if self.in_turn else f"finding.{self.details['kind']}"

    @property
    def in_turn(self) -> bool:
        return "flapping" in self.details

    def lines(self, language: Language) -> tuple[Line, ...]:
        """All that a mail says of it but the cells, which stand in a table here."""
        return tuple(about_revision(self.details, language, iter(())))


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding. `cells` and the two moments for changed numbers, `left` and `right` for two sides that differ.

    `stated` for a sentence, whose number is the left side; `joint` for two years; `alike` for a copy; `backdating` for
    a date; `local` for a supervising office's day; `revised` for what was changed after publication.
    """

    key: str
    kind: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    description: str
    cells: tuple[ChangedCell, ...]
    before_at: dt.datetime | None
    after_at: dt.datetime | None
    left: SideOfSum | None
    right: SideOfSum | None
    stated: Stated | None
    joint: Joint | None
    alike: Alike | None
    backdating: Backdating | None
    local: LocalMiss | None
    revised: Revised | None
    file_url: str  # the attachment that says other numbers than the page


def shown_finding(finding: Finding) -> ShownFinding:
    """A finding from its row; what it has no details of stays empty."""
    details = finding.details.get("finding", {})
    changed, summed = finding.kind in ("changed", "attachment"), finding.kind in ("arithmetic", "carry_over")
    stated = _stated(details) if finding.kind == "narrative" and "table" in details else None
    return ShownFinding(
        key=finding.key,
        kind=finding.kind,
        opened_at=finding.opened_at,
        closed_at=finding.closed_at,
        description=details.get("description", ""),
        cells=tuple(changed_cell(cell) for cell in details.get("cells", ())) if changed else (),
        before_at=_at(details.get("before")) if changed else None,
        after_at=_at(details.get("after")) if changed else None,
        left=_sum(details["left"]) if summed and "left" in details else None,
        right=_sum(details["table" if stated else "right"]) if stated or (summed and "right" in details) else None,
        stated=stated,
        joint=_joint(details) if finding.kind == "carry_over" and "rule" in details else None,
        alike=_alike(details) if finding.kind == "copied" and "other" in details else None,
        backdating=_backdating(details) if finding.kind == "backdated" and "without" in details else None,
        local=LocalMiss(details) if finding.kind == "local_late" and "law" in details else None,
        revised=Revised(details) if finding.kind in ("changed", "revised") and "severity" in details else None,
        file_url=details.get("other", {}).get("url", "") if finding.kind == "attachment" else "",
    )


def changed_cell(cell: Mapping[str, Any]) -> ChangedCell:
    """A changed cell from JSON values, as monitor.checks.cells makes them."""
    return ChangedCell(
        code=cell["code"],
        label=templates.labels().get(cell["code"], cell["code"]),
        unit=cell.get("unit", ""),
        before=_side(cell["before"]),
        after=_side(cell["after"]),
        in_doubt=bool(cell.get("in_doubt")),
        effect=cell.get("effect", ""),
    )


def _sum(side: Mapping[str, Any]) -> SideOfSum:
    cells = tuple(
        Term(templates.labels().get(cell["code"], cell["code"]), _side(cell), cell.get("sign", 1), cell.get("year"))
        for cell in side.get("cells", ())
    )
    return SideOfSum(_number(side.get("total")), cells)


def _stated(details: Mapping[str, Any]) -> Stated:
    return Stated(
        matter=details["matter"],
        number=_number(details["number"]),
        about=details["about"],
        sentence=details["sentence"],
        place=show_place(details.get("place")),
    )


def _joint(details: Mapping[str, Any]) -> Joint:
    earlier = details["earlier"]
    return Joint(details["rule"], details["year"], earlier["year"], earlier["url"])


def _alike(details: Mapping[str, Any]) -> Alike:
    other = details["other"]
    same = "both" if details["same_text"] and details["same_figures"] else "text" if details["same_text"] else "figures"
    return Alike(
        same=same,
        agency_id=other["agency_id"],
        agency=other["agency"],
        year=other["year"],
        url=other["url"],
        share=details["share"],
        numbers=details["numbers"],
        more=details["more"],
    )


def _backdating(details: Mapping[str, Any]) -> Backdating:
    without = details["without"]
    return Backdating(
        stated_on=dt.date.fromisoformat(details["stated_on"]),
        absent_at=dt.datetime.fromisoformat(without["at"]),
        first_seen=dt.datetime.fromisoformat(details["with"]["first_seen"]),
        column=f"{without['portal_name']} · {without['column_name']}",
        column_url=without["url"],
        without=tuple(without["captures"]),
        present=details["with"]["capture"],
    )


def _side(cell: Mapping[str, Any]) -> SideOfCell:
    return SideOfCell(
        state=CellState(cell["state"]),
        number=_number(cell.get("value")),
        raw=cell.get("raw", ""),
        place=show_place(cell.get("place")),
        spot=spot(cell.get("place")),
    )


def _number(value: str | None) -> str:
    return "" if value is None else show_number(Decimal(value))


def _at(version: Mapping[str, Any] | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(version["at"]) if version and "at" in version else None
