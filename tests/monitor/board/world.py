"""A small invented registry with portals, and states in a store, as plain values that a board can be compared with."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from config.alerts import Alerts
from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG
from config.load import Configuration, read_yaml
from config.schema import Agency, AgencyKind, Column, FormerName, Portal, YearSpan
from crawler.store.tables import AgencyState, Finding
from monitor.days import SHANGHAI, iso_moment
from monitor.model import State

NOW = dt.datetime(2024, 6, 3, 9, tzinfo=SHANGHAI)
HOST = "127.0.0.1:8000"
DEADLINES = Deadlines.model_validate(read_yaml(PACKAGED_CONFIG / "deadlines.yml"))


def agency(
    number: int,
    name: str,
    *,
    region: str = "990121",
    kind: AgencyKind = AgencyKind.DEPARTMENT,
    supervisor: str = "",
    former: Sequence[str] = (),
    aliases: Sequence[str] = (),
    years: tuple[int, int | None] | None = (2020, None),
) -> Agency:
    return Agency(
        id=f"shili-{number}",
        name=name,
        aliases=tuple(aliases),
        former_names=tuple(FormerName(name=one) for one in former),
        region_code=region,
        region="示例省示例县",
        kind=kind,
        supervisor=supervisor,
        watched_years=() if years is None else (YearSpan(first=years[0], last=years[1]),),
        invented=True,
    )


def configuration(agencies: Sequence[Agency], portals: Mapping[str, Sequence[str]] | None = None) -> Configuration:
    """`portals`: ids of agencies by slug; families go by the slug's first letter."""
    made = {
        slug: Portal(
            slug=slug,
            name=f"示例门户{slug}",
            family="trs" if slug < "n" else "hanweb",
            hosts=(HOST,),
            delay=0,
            columns=(Column(key="nb", url=f"http://{HOST}/{slug}/", agencies=tuple(ids)),),
        )
        for slug, ids in (portals or {}).items()
        if ids
    }
    return Configuration({one.id: one for one in agencies}, made, DEADLINES, Alerts())


@dataclass(frozen=True)
class Stand:
    """How an agency stands with one year. Days; `kinds`: of open findings; `closed`: of findings that are over."""

    state: State
    due: dt.date | None = None
    seen: dt.date | None = None
    absent: dt.date | None = None
    stated: tuple[tuple[str, dt.date], ...] = ()  # source and day
    kinds: frozenset[str] = frozenset()
    closed: frozenset[str] = field(default=frozenset())


Stands = Mapping[tuple[str, int], Stand]


def moment(day: dt.date, hour: int = 23) -> dt.datetime:
    """Late in the evening in Shanghai, when it is another day nearly nowhere else but here."""
    return dt.datetime.combine(day, dt.time(hour, 30), SHANGHAI)


def record(session: Session, stands: Stands) -> None:
    """Puts the states and findings in the place of all that are there."""
    session.execute(delete(Finding))
    session.execute(delete(AgencyState))
    for (agency_id, year), one in stands.items():
        details = {
            "first_seen_at": iso_moment(moment(one.seen)) if one.seen else None,
            "last_absent_at": iso_moment(moment(one.absent, 0)) if one.absent else None,
            "stated": [
                {"source": source, "value": day.isoformat(), "raw": day.isoformat()} for source, day in one.stated
            ],
        }
        values = {"agency_id": agency_id, "year": year, "state": one.state.value, "due": one.due}
        session.execute(insert(AgencyState).values(**values, since=NOW, details=details))
        for kind, closed_at in (*((kind, None) for kind in one.kinds), *((kind, NOW) for kind in one.closed)):
            session.execute(
                insert(Finding).values(
                    key=f"{kind}:{agency_id}:{year}:{closed_at}", kind=kind, agency_id=agency_id, year=year,
                    opened_at=NOW, closed_at=closed_at, details={},
                )
            )  # fmt: skip
