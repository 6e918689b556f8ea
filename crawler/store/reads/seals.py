"""Reads the chain of hashes and the rows that it covers. May touch: the tables seal, capture, look, for reading."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from crawler.seals import FIELDS, GENESIS, Kind, Link, Sealable, sealable
from crawler.store.reads.batches import batches
from crawler.store.tables import Capture, Look, Seal

TABLES: dict[Kind, type[Capture] | type[Look]] = {"capture": Capture, "look": Look}
AT_ONCE = 1000  # links that are held together


@dataclass(frozen=True, slots=True)
class NumberedLink:
    """A link and its number in the chain, counted from 1 in the order of the ids."""

    number: int
    id: int
    link: Link


def head(session: Session) -> Link | None:
    """The newest link; None where nothing is sealed."""
    row = session.scalar(select(Seal).order_by(Seal.id.desc()).limit(1))
    return None if row is None else _link(row)


def head_hash(session: Session) -> str:
    """The hash that the next link follows."""
    newest = head(session)
    return GENESIS if newest is None else newest.hash


def count(session: Session) -> int:
    """How many links the chain has."""
    return session.scalar(select(func.count()).select_from(Seal)) or 0


def unsealed_count(session: Session) -> int:
    """How many captures and looks are not sealed yet."""
    found = 0
    for kind, table in TABLES.items():
        rows = select(func.count()).select_from(table).outerjoin(Seal, _of(kind)).where(Seal.id.is_(None))
        found += session.scalar(rows) or 0
    return found


def sealed_until(session: Session, kind: Kind) -> int:
    """The greatest id of a row of this kind that a link covers; 0 where there is none."""
    return session.scalar(select(func.max(Seal.row_id)).where(Seal.kind == kind)) or 0


def unsealed(session: Session, kind: Kind, limit: int, after: int = 0) -> list[Sealable]:
    """The rows of a kind that no link covers yet, by id, beyond the id `after`."""
    table = TABLES[kind]
    columns = [getattr(table, name) for name in FIELDS[kind]]
    rows = (
        select(*columns)
        .select_from(table)
        .outerjoin(Seal, _of(kind))
        .where(Seal.id.is_(None), table.id > after)
        .order_by(table.id)
        .limit(limit)
    )
    return [sealable(kind, dict(row)) for row in session.execute(rows).mappings()]


def chain(session: Session, first: int = 1, last: int | None = None) -> Iterator[list[NumberedLink]]:
    """The links in their order, in portions; from number `first` to `last`, or to the end."""
    after, number = _id_before(session, first), first
    while last is None or number <= last:
        limit = AT_ONCE if last is None else min(AT_ONCE, last - number + 1)
        rows = list(session.scalars(select(Seal).where(Seal.id > after).order_by(Seal.id).limit(limit)))
        if not rows:
            return
        yield [NumberedLink(number + place, row.id, _link(row)) for place, row in enumerate(rows)]
        after, number = rows[-1].id, number + len(rows)
        session.expunge_all()


def rows_of(session: Session, wanted: Collection[tuple[Kind, int]]) -> dict[tuple[Kind, int], Sealable]:
    """The rows as they stand in the store; one that is gone is not in the answer."""
    found: dict[tuple[Kind, int], Sealable] = {}
    for kind, table in TABLES.items():
        columns = [getattr(table, name) for name in FIELDS[kind]]
        for batch in batches([id_ for of, id_ in wanted if of == kind]):
            for row in session.execute(select(*columns).where(table.id.in_(batch))).mappings():
                found[kind, row["id"]] = sealable(kind, dict(row))
    return found


def links_of(session: Session, wanted: Collection[tuple[Kind, int]]) -> list[NumberedLink]:
    """The links of some rows, in the order of the chain; a row that is not sealed has none."""
    found: list[Seal] = []
    for kind in TABLES:
        for batch in batches([id_ for of, id_ in wanted if of == kind]):
            found += session.scalars(select(Seal).where(Seal.kind == kind, Seal.row_id.in_(batch)))
    found.sort(key=lambda row: row.id)
    return [NumberedLink(_number(session, row.id), row.id, _link(row)) for row in found]


def id_of(session: Session, hash_: str) -> int | None:
    """The id of the link with this hash; None where the chain has none."""
    return session.scalar(select(Seal.id).where(Seal.hash == hash_))


def _of(kind: Kind) -> ColumnElement[bool]:
    return (Seal.kind == kind) & (Seal.row_id == TABLES[kind].id)


def _number(session: Session, id_: int) -> int:
    return session.scalar(select(func.count()).select_from(Seal).where(Seal.id <= id_)) or 0


def _id_before(session: Session, number: int) -> int:
    """The id after which the link of this number comes."""
    if number <= 1:
        return 0
    return session.scalar(select(Seal.id).order_by(Seal.id).offset(number - 2).limit(1)) or 0


def _link(row: Seal) -> Link:
    kind: Kind = "capture" if row.kind == "capture" else "look"
    return Link(kind, row.row_id, row.previous, row.hash, row.sealed_at)
