"""Many different addresses of the page of the invented country, of each kind, in a random order that follows from a seed.

May touch: the store, for reading which reports it holds wholly.
"""

import random
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from pypinyin import Style, lazy_pinyin
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.country.registry import DEPARTMENTS, FAMILIES, Office
from config.schema import AgencyKind, Level
from crawler.store.tables import Filing
from monitor.model import State
from monitor.status.filters import Filters, Sort

COUNT = 4000  # addresses of a kind at most
LIMITS = (20, 50, 100)  # items of an API page


def addresses(session: Session, offices: Sequence[Office], years: Sequence[int], seed: int) -> dict[str, list[str]]:
    """By kind. Agency and report pages are those of agencies whose reports are there with all that was read of them."""
    chance = random.Random(f"{seed} addresses")
    rows = select(Filing.agency_id, Filing.year).where(Filing.decision == "filed").distinct()
    reports = sorted((agency_id or "", year or 0) for agency_id, year in session.execute(rows))
    whole = sorted({agency_id for agency_id, _ in reports})
    found: dict[str, Iterable[str]] = {
        "overview": [_overview(chance, offices, years) for _ in range(COUNT)],
        "matrix": [_matrix(chance, offices, years) for _ in range(COUNT)],
        "agency": [f"/agency/{one}" for one in whole],
        "report": [f"/agency/{agency_id}/{year}" for agency_id, year in reports],
        "api": [_api(chance, offices, years, reports) for _ in range(COUNT)],
        "late": [f"/late{_filters(chance, offices, text=False).query(year=year)}" for year in years for _ in range(90)],
    }
    both = {kind: [*some, *_english(some)] if kind != "api" else list(some) for kind, some in found.items()}
    different = {kind: list(dict.fromkeys(some)) for kind, some in both.items()}
    return {kind: chance.sample(some, min(len(some), COUNT)) for kind, some in different.items()}


def _english(addresses: Iterable[str]) -> list[str]:
    return [f"/en{address}" for address in addresses]


def _filters(chance: random.Random, offices: Sequence[Office], *, text: bool = True) -> Filters:
    """Nothing, one or two of what may be selected by."""
    office = chance.choice(offices)
    names: dict[str, Any] = {
        "region": chance.choice((office.region_code, f"{office.region_code[:4]}00", f"{office.region_code[:2]}0000")),
        "kind": chance.choice(list(AgencyKind)),
        "level": chance.choice([level for level in Level if level is not Level.NATIONAL]),
        "family": chance.choice(FAMILIES),
        "state": chance.choice([State.LATE, State.MISSING, State.UNKNOWN, State.WITHDRAWN, State.DATE_UNSURE]),
    }
    if text:
        names["text"] = _search(chance, office)
    return Filters(**{name: names[name] for name in chance.sample(sorted(names), chance.choice((0, 1, 1, 2)))})


def _search(chance: random.Random, office: Office) -> str:
    """By a name, a part of it, its pinyin or initials, the former name, the id."""
    department = chance.choice(DEPARTMENTS)
    return chance.choice(
        (
            office.name,
            department,
            office.name[2:5],
            "".join(lazy_pinyin(department)),
            "".join(lazy_pinyin(office.name, style=Style.FIRST_LETTER)),
            office.former_name or department[:2],
            office.id,
        )
    )


def _overview(chance: random.Random, offices: Sequence[Office], years: Sequence[int]) -> str:
    return f"/{_filters(chance, offices, text=False).query(year=chance.choice(years))}"


def _matrix(chance: random.Random, offices: Sequence[Office], years: Sequence[int]) -> str:
    filters = _filters(chance, offices)
    sort = chance.choice((None, None, Sort.NAME, Sort.WORST, Sort.DAYS))
    page = 1 if filters.active else chance.randint(1, 200)
    first = chance.choice((None, None, years[len(years) // 2]))
    return f"/coverage{filters.query(sort=sort, page=page, first=first)}"


def _api(
    chance: random.Random, offices: Sequence[Office], years: Sequence[int], reports: Sequence[tuple[str, int]]
) -> str:
    office, (whole, year) = chance.choice(offices), chance.choice(reports)
    selection = dict(_filters(chance, offices).pairs())
    state = selection.pop("state", None)
    limit = {"limit": str(chance.choice(LIMITS))}
    shown = {"state": state} if state else {}
    some: tuple[tuple[str, dict[str, str]], ...] = (
        ("agencies", selection | shown | limit),
        (f"agencies/{office.id}", {}),
        ("coverage", selection | shown | {"from": str(years[-3])} | limit),
        ("coverage/totals", selection | {"year": str(chance.choice(years)), "by": "kind"}),
        ("reports", {"agency": whole}),
        ("findings", {"agency": office.id} if chance.random() < 0.5 else limit),
        ("events", {"agency": office.id} if chance.random() < 0.5 else limit),
        ("facts", {"agency": whole, "year": str(year)} | limit),
        ("versions", {"agency": whole, "year": str(year)}),
    )
    path, query = chance.choice(some)
    return f"/api/v1/{path}" + (f"?{urlencode(query)}" if query else "")
