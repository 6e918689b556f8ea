"""Whether the chain of hashes, the rows that it covers and the archived files still are what they were.

May touch: the store and the archive, for reading. Names the first link that is broken, and counts the others.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.orm import Session

from crawler.archive import Archive
from crawler.seals import GENESIS, Kind, Sealable, digest, link_hash
from crawler.store.reads import seals as reads
from crawler.store.reads.seals import NumberedLink
from crawler.store.session import Sessions

Progress = Callable[[int, int], None]


class Damage(StrEnum):
    """What is wrong with a link."""

    ROW_ALTERED = "row_altered"  # the row (or the link itself) does not say any more what was sealed
    ROW_MISSING = "row_missing"  # the row was deleted
    LINK_MISSING = "link_missing"  # the link before it is gone, or one was put in between
    FORKED = "forked"  # it goes on from a link that has another successor
    FILE_DAMAGED = "file_damaged"  # the archived bytes are not those that were captured
    FILE_MISSING = "file_missing"  # the archived bytes are gone
    HEAD_DIFFERS = "head_differs"  # no link has the hash that was published: the chain was rewritten or cut


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that is wrong. `number` None: of a row that is not sealed yet, or of no link at all.

    `url` and `at` are empty where the row is gone; `sha256`: of the file that is damaged or missing.
    """

    damage: Damage
    number: int | None = None
    kind: Kind | None = None
    row_id: int | None = None
    url: str = ""
    at: dt.datetime | None = None
    sealed_at: dt.datetime | None = None
    sha256: str = ""


@dataclass(slots=True)
class Verdict:
    """`links`: how many were recomputed; `head`: the hash of the newest; `files`: how many contents were read.

    `first`: the first thing that is wrong; `counts`: how many of each kind, the first one with them. `published`: the
    number of the link whose hash was given as the published head.
    """

    links: int = 0
    head: str = GENESIS
    files: int = 0
    unsealed: int = 0
    published: int | None = None
    first: Break | None = None
    counts: Counter[Damage] = field(default_factory=Counter)

    @property
    def whole(self) -> bool:
        return self.first is None


def verify(
    sessions: Sessions,
    archive: Archive | None,
    *,
    published: str = "",
    progress: Progress | None = None,
) -> Verdict:
    """Recomputes the whole chain; with `archive` also the SHA-256 of every file that a capture has.

    `published`: a head that somebody kept; the chain has to lead through it. `progress` gets links done, and all.
    """
    check = _Check(archive, published)
    with sessions() as session:
        total = reads.count(session)
        for portion in reads.chain(session):
            check.links(session, portion)
            if progress is not None:
                progress(check.verdict.links, max(total, check.verdict.links))
        check.verdict.unsealed = reads.unsealed_count(session)
        if archive is not None and check.verdict.unsealed:
            check.unsealed(session)
    check.end()
    return check.verdict


class _Check:
    """The state of one verification."""

    def __init__(self, archive: Archive | None, published: str) -> None:
        self.verdict = Verdict()
        self._archive = archive
        self._published = published
        self._read: set[bytes] = set()  # contents that were looked at: each file is read once

    def links(self, session: Session, portion: list[NumberedLink]) -> None:
        rows = reads.rows_of(session, [(one.link.kind, one.link.row_id) for one in portion])
        for one in portion:
            row = rows.get((one.link.kind, one.link.row_id))
            self._link(session, one, row)
            if row is not None:
                self._file(row, one)
            self.verdict.links = one.number
            self.verdict.head = one.link.hash

    def unsealed(self, session: Session) -> None:
        after = 0
        while rows := reads.unsealed(session, "capture", reads.AT_ONCE, after):
            for row in rows:
                self._file(row, None)
            after = rows[-1].id

    def end(self) -> None:
        if self._published == GENESIS:
            self.verdict.published = 0  # of an empty chain, which every chain goes on from
        if self._published and self.verdict.published is None:
            self._found(Damage.HEAD_DIFFERS, None, None)

    def _link(self, session: Session, one: NumberedLink, row: Sealable | None) -> None:
        link = one.link
        if link.previous != self.verdict.head:
            earlier = reads.id_of(session, link.previous)
            was = link.previous == GENESIS or (earlier is not None and earlier < one.id)
            self._found(Damage.FORKED if was else Damage.LINK_MISSING, one, row)
        if row is None:
            self._found(Damage.ROW_MISSING, one, None)
        elif link_hash(link.previous, digest(row, link.sealed_at)) != link.hash:
            self._found(Damage.ROW_ALTERED, one, row)
        elif link.hash == self._published:
            self.verdict.published = one.number

    def _file(self, row: Sealable, one: NumberedLink | None) -> None:
        sha256 = row.values.get("sha256")
        if self._archive is None or not sha256:
            return
        name = bytes.fromhex(sha256)
        if name in self._read:
            return
        self._read.add(name)
        self.verdict.files += 1
        state = self._archive.check(sha256)
        if state != "whole":
            self._found(Damage.FILE_MISSING if state == "missing" else Damage.FILE_DAMAGED, one, row, sha256)

    def _found(self, damage: Damage, one: NumberedLink | None, row: Sealable | None, sha256: str = "") -> None:
        self.verdict.counts[damage] += 1
        if self.verdict.first is not None:
            return
        link = one.link if one is not None else None
        self.verdict.first = Break(
            damage,
            number=one.number if one is not None else None,
            kind=link.kind if link is not None else (row.kind if row is not None else None),
            row_id=link.row_id if link is not None else (row.id if row is not None else None),
            url=row.url if row is not None else "",
            at=row.at if row is not None else None,
            sealed_at=link.sealed_at if link is not None else None,
            sha256=sha256,
        )
