"""Makes the board from the registry and what is recorded. May touch: the store, through reads.board and reads.coverage."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from config.load import Configuration
from config.schema import Agency
from crawler.model import DateSource
from crawler.store.reads import board as reads
from crawler.store.reads import coverage
from monitor.board.board import FLAG_BITS, KINDS, LEVELS, STATE_CODES, UNJUDGED, UNWATCHED, Board
from monitor.board.folding import folded, pinyin
from monitor.board.pack import FORMAT
from monitor.board.values import ColumnSight
from monitor.days import day_of, late_span
from monitor.model import State

FIRST_YEAR = 2007  # as in config.schema.YearSpan


def build(
    session: Session, configuration: Configuration, now: dt.datetime, judged_at: dt.datetime | None = None
) -> Board:
    """The board at `now`. `judged_at`: when the states were judged; None: when the job last ended well.

    Reads every recorded state once (some minutes for a country), holds the arrays only.
    """
    agencies = sorted(configuration.agencies.values(), key=_order)
    years = _years(agencies, now)
    board = _registered(configuration, agencies, years, now)
    rows, columns = board.row_of, board.column_of
    _fill_states(session, board, rows, columns)
    for agency_id, year, kind in reads.open_kinds(session):
        if agency_id in rows and year in columns:
            board.flags[rows[agency_id], columns[year]] |= FLAG_BITS.get(kind, 0)
    board.flags[board.state == UNWATCHED] = 0
    board = replace(
        board,
        columns=_sights(session, configuration),
        simulated=bool(coverage.simulated_portals(session)),
        judged_at=judged_at or coverage.last_finished(session, "evaluate"),
    )
    return replace(board, digest=_digest(board))


def registry_digest(configuration: Configuration) -> str:
    """Changes with every agency, and with the portals in which they are looked for."""
    digest = hashlib.sha256()
    for agency in configuration.agencies.values():
        digest.update(agency.model_dump_json().encode())
    for portal in configuration.portals.values():
        digest.update(portal.model_dump_json().encode())
    return digest.hexdigest()[:32]


def _order(agency: Agency) -> tuple[str, int]:
    return agency.region_code, GOVERNMENTS_FIRST.index(agency.kind.value)


GOVERNMENTS_FIRST = ("government", "department", "township")


def _years(agencies: Iterable[Agency], now: dt.datetime) -> tuple[int, ...]:
    """The report years that are over and for which somebody is watched, oldest first."""
    spans = {span for agency in agencies for span in agency.watched_years}
    return tuple(year for year in range(FIRST_YEAR, day_of(now).year) if any(year in span for span in spans))


def _registered(
    configuration: Configuration, agencies: Sequence[Agency], years: Sequence[int], now: dt.datetime
) -> Board:
    """The board with nobody judged yet."""
    shape = len(agencies), len(years)
    portals = sorted(slug for slug, portal in configuration.portals.items() if portal.enabled)
    places = {slug: place for place, slug in enumerate(portals)}
    on = [
        sorted({places[slug] for slug, _ in configuration.columns_of(agency.id) if slug in places})
        for agency in agencies
    ]
    supervisors = sorted({agency.supervisor for agency in agencies} | {""})
    supervisor_places = {name: place for place, name in enumerate(supervisors)}
    texts, sounds = _texts(agencies)
    units = [np.frombuffer(text.encode("utf-16-le"), dtype=np.uint16) for text in texts]
    watched_by = {
        spans: [any(year in span for span in spans) for year in years]
        for spans in {agency.watched_years for agency in agencies}
    }
    watched = np.array([watched_by[agency.watched_years] for agency in agencies], dtype=np.bool_)
    return Board(
        made_at=now,
        judged_at=None,
        simulated=False,
        registry=registry_digest(configuration),
        digest="",
        years=tuple(years),
        ids=tuple(agency.id for agency in agencies),
        names=tuple(agency.name for agency in agencies),
        regions=tuple(agency.region for agency in agencies),
        supervisors=tuple(supervisors),
        portals=tuple(portals),
        families=tuple(configuration.portals[slug].family for slug in portals),
        columns=(),
        region_code=np.array([int(agency.region_code) for agency in agencies], dtype=np.int32),
        kind=np.array([KINDS.index(agency.kind) for agency in agencies], dtype=np.uint8),
        level=np.array([LEVELS.index(agency.level) for agency in agencies], dtype=np.uint8),
        supervisor=np.array([supervisor_places[agency.supervisor] for agency in agencies], dtype=np.int32),
        invented=np.array([agency.invented for agency in agencies], dtype=np.bool_),
        by_name=np.array(sorted(range(len(agencies)), key=lambda row: sounds[row]), dtype=np.int32),
        portal_starts=_starts([len(found) for found in on]),
        portal_rows=np.array([place for found in on for place in found], dtype=np.int32),
        text=np.concatenate(units) if units else np.zeros(0, dtype=np.uint16),
        text_starts=_starts([len(one) for one in units])[:-1],
        state=np.asfortranarray(np.where(watched.reshape(shape), UNJUDGED, UNWATCHED).astype(np.uint8)),
        due=np.zeros(shape, dtype=np.int32, order="F"),
        late=np.zeros((*shape, 2), dtype=np.int16, order="F"),
        seen=np.zeros(shape, dtype=np.int32, order="F"),
        absent=np.zeros(shape, dtype=np.int32, order="F"),
        stated=np.zeros(shape, dtype=np.int32, order="F"),
        flags=np.zeros(shape, dtype=np.uint32, order="F"),
    )


def _starts(lengths: Sequence[int]) -> NDArray[np.int32]:
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)


def _texts(agencies: Sequence[Agency]) -> tuple[list[str], list[tuple[str, str]]]:
    """What each is found by, and what names are sorted by. No word that is searched for holds a line break."""
    texts, sounds = [], []
    for agency in agencies:
        names = [agency.name, *agency.aliases, *(former.name for former in agency.former_names)]
        spoken = [pinyin(name) for name in names]
        parts = [*names, *(part for pair in spoken for part in pair), agency.id, agency.credit_code]
        texts.append("\n".join(folded(part) for part in dict.fromkeys(parts) if part) + "\n")
        sounds.append((spoken[0][0], agency.id))
    return texts, sounds


def _fill_states(session: Session, board: Board, rows: dict[str, int], columns: dict[int, int]) -> None:
    """What is recorded of a year that is no longer watched is not shown."""
    codes = {state.value: code for state, code in STATE_CODES.items()}
    for agency_id, year, state, due, first_seen_at, last_absent_at, stated in reads.standings(session):
        row, column = rows.get(agency_id), columns.get(year)
        if row is None or column is None or board.state[row, column] == UNWATCHED:
            continue
        place = row, column
        board.state[place] = codes[state]
        board.due[place] = due.toordinal() if due else 0
        board.seen[place] = _day(first_seen_at) if first_seen_at else 0
        board.absent[place] = _day(last_absent_at) if last_absent_at else 0
        board.stated[place] = _stated(stated) if stated else 0
        if state == State.LATE and due and first_seen_at:
            absent = dt.datetime.fromisoformat(last_absent_at) if last_absent_at else None
            board.late[place] = late_span(due, absent, dt.datetime.fromisoformat(first_seen_at))


@lru_cache(maxsize=100_000)  # many were seen on one visit
def _day(moment: str) -> int:
    return day_of(dt.datetime.fromisoformat(moment)).toordinal()


@lru_cache(maxsize=100_000)
def _stated(text: str) -> int:
    """The earliest day that the agency's own dates claim for the publication."""
    dates = json.loads(text)
    claimed = [date["value"] for date in dates if DateSource(date["source"]).claims_publication]
    return dt.date.fromisoformat(min(claimed)).toordinal() if claimed else 0


def _sights(session: Session, configuration: Configuration) -> tuple[ColumnSight, ...]:
    looks = {(seen.newest.portal, seen.newest.column): seen for seen in coverage.column_looks(session)}
    found = []
    for portal in configuration.portals.values():
        for column in portal.columns if portal.enabled else ():
            seen = looks.get((portal.slug, column.key))
            found.append(
                ColumnSight(
                    portal=portal.slug,
                    portal_name=portal.name,
                    family=portal.family,
                    column=column.key,
                    column_name=column.name,
                    url=column.url,
                    agencies=len(column.agencies),
                    outcome=seen.newest.outcome if seen else "",
                    reason=seen.newest.reason if seen else "",
                    looked_at=seen.newest.at if seen else None,
                    healthy_at=seen.healthy_at if seen else None,
                    since=seen.blind_since if seen else None,
                )
            )
    return tuple(found)


def _digest(board: Board) -> str:
    """Of all that is shown and of the form that it is packed in; not of the moments of judging and making."""
    digest = hashlib.sha256(f"{FORMAT}\n{board.registry}\n".encode())
    digest.update(repr((board.years, board.simulated, board.columns)).encode())
    for array in (board.state, board.due, board.late, board.seen, board.absent, board.stated, board.flags):
        digest.update(array.tobytes())
    return digest.hexdigest()[:32]
