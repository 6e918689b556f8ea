"""Builds facts for the tests of judging, in few words. Report year 2023 of an invented department, due 2024-01-31."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, cast

from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG
from config.load import read_yaml
from config.schema import Agency, AgencyKind, YearSpan
from crawler.model import DateEvidence, DateSource, Fingerprint, IdentityResult, LookOutcome
from monitor.checks.assessment import assess
from monitor.days import SHANGHAI
from monitor.model import (
    AgencyFacts,
    Assessment,
    CellFact,
    ColumnFacts,
    EntryFacts,
    KinReport,
    ListChange,
    LookFact,
    PageCapture,
    ReadingFact,
)

DEADLINES = Deadlines.model_validate(read_yaml(Path(PACKAGED_CONFIG) / "deadlines.yml"))
AGENCY = Agency(
    id="shili-sw",
    name="示例市水务局",
    aliases=("示例水务",),
    region_code="990100",
    region="示例省示例市",
    kind=AgencyKind.DEPARTMENT,
    watched_years=(YearSpan(first=2007),),
    invented=True,
)
YEAR = 2023
HEALTHY = LookOutcome.HEALTHY
Change = Literal["appeared", "changed"]
Looks = Sequence[tuple[str, LookOutcome] | str]


def moment(text: str) -> dt.datetime:
    """`02-01`, `02-01 20:00` (in 2024) or a whole ISO day, in Shanghai; 20:00 where no time is given."""
    day, _, time = text.partition(" ")
    if len(day) == 5:
        day = f"2024-{day}"
    return dt.datetime.fromisoformat(f"{day}T{time or '20:00'}").replace(tzinfo=SHANGHAI)


def looks(found: Looks, first_id: int = 1) -> tuple[LookFact, ...]:
    """Looks by their moments; healthy unless an outcome is given. The capture of a healthy one's list has its id + 1000."""
    pairs = [(item, HEALTHY) if isinstance(item, str) else item for item in found]
    return tuple(
        LookFact(
            first_id + place,
            moment(at),
            moment(at),
            outcome,
            captures=(first_id + place + 1000,) if outcome is HEALTHY else (),
        )
        for place, (at, outcome) in enumerate(pairs)
    )


def column(found: Looks, key: str = "nb") -> ColumnFacts:
    return ColumnFacts("shili", "示例市人民政府", key, "政府信息公开年报", f"http://127.0.0.1/{key}/", looks(found))


def reading(
    decision: Literal["filed", "review", "not_a_report"] = "filed",
    *,
    id_: int = 1,
    extractor: str = "1",
    agency_id: str | None = AGENCY.id,
    year: int | None = YEAR,
    printed: str = "",
    candidates: tuple[str, ...] = (),
    stated: Sequence[str] = (),
    source: DateSource = DateSource.META,
    cells: dict[str, CellFact] | None = None,
    identities: tuple[IdentityResult, ...] = (),
    template: str | None = None,
    statements: tuple[Mapping[str, object], ...] = (),
    fingerprint: Fingerprint | None = None,
    issues: tuple[Mapping[str, object], ...] = (),
) -> ReadingFact:
    return ReadingFact(
        id=id_,
        extractor=extractor,
        decision=decision,
        agency_id=agency_id if decision == "filed" else None,
        year=year if decision == "filed" else None,
        printed_agency=printed,
        candidates=candidates,
        dates=tuple(DateEvidence(source, moment(day).date(), day) for day in stated),
        identities=identities,
        template=template,
        statements=statements,
        fingerprint=fingerprint,
        issues=issues,
        cells=cells or {},
    )


def entry(
    changes: Sequence[tuple[str, str]] = (),
    captures: Sequence[tuple[str, str | LookOutcome]] = (),
    readings: Mapping[str, ReadingFact | tuple[ReadingFact, ...]] | None = None,
    *,
    id_: int = 1,
    key: str = "nb",
    title: str = "示例市水务局2023年政府信息公开工作年度报告",
    list_date: str | None = None,
    import_days: Sequence[str] = (),
    left: tuple[int, int] = (0, 0),
) -> EntryFacts:
    """An entry. A capture is (moment, sha256) for a healthy page, or (moment, outcome) for another answer.

    `left`: how many others left the list with it, and how many stayed.
    """
    url = f"http://127.0.0.1/{key}/{id_}.html"
    listed = moment(list_date).date() if list_date else None
    made = readings if readings is not None else {"a": reading()}
    return EntryFacts(
        id=id_,
        portal="shili",
        column=key,
        url=url,
        changes=tuple(
            ListChange(moment(at), "gone", others_left=left[0], others_stayed=left[1])
            if kind == "gone"
            else ListChange(moment(at), cast(Change, kind), title, listed, "", "report")
            for at, kind in changes
        ),
        captures=tuple(
            PageCapture(
                id=100 * id_ + place,
                at=moment(at),
                kind="detail",
                url=url,
                outcome=content if isinstance(content, LookOutcome) else HEALTHY,
                sha256=None if isinstance(content, LookOutcome) else content,
            )
            for place, (at, content) in enumerate(captures)
        ),
        readings={sha: given if isinstance(given, tuple) else (given,) for sha, given in made.items()},
        import_days=frozenset(moment(day).date() for day in import_days),
    )


def published(at: str, *stated: str, id_: int = 1, key: str = "nb") -> EntryFacts:
    """An entry that a look at that moment listed and opened, with the days that the page states."""
    return entry([(at, "appeared")], [(at, "a")], {"a": reading(stated=stated)}, id_=id_, key=key)


def facts(
    *columns: ColumnFacts,
    entries: Sequence[EntryFacts] = (),
    agency: Agency = AGENCY,
    others: Sequence[str] = ("示例市文旅局",),
    kin: Sequence[KinReport] = (),
) -> AgencyFacts:
    return AgencyFacts(agency, columns, tuple(entries), frozenset(others), tuple(kin))


def state(known: AgencyFacts, at: str, year: int = YEAR) -> tuple[str, str]:
    """The state and its reason at that moment."""
    assessment = judged(known, at, year)
    return assessment.state.value, assessment.reason


def judged(known: AgencyFacts, at: str, year: int = YEAR) -> Assessment:
    return assess(known, year, DEADLINES, moment(at))


def of_kind(kind: AgencyKind, **values: object) -> Agency:
    return AGENCY.model_copy(update={"kind": kind, **values})
