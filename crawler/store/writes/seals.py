"""Writes the links of the chain of hashes. May touch: the table seal, which is only ever added to."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from crawler.errors import StoreError
from crawler.seals import FIELDS, Kind, Link, interleaved, links
from crawler.store.reads import seals as reads
from crawler.store.session import Sessions
from crawler.store.tables import Seal

BATCH = 2000  # rows of a kind in one transaction
TRIES = 50  # at one batch, while other processes seal as well
# Ids are given before they are committed: a row may come to be seen after one with a greater id was sealed, but not after
# so many. To look through everything after each visit would take ever longer.
COMES_LATE = 20_000


def seal_all(sessions: Sessions, at: dt.datetime, *, from_the_first: bool = False) -> int:
    """Seals every capture and look that is not sealed yet, and returns how many it sealed itself.

    It looks through those that came since the last time and COMES_LATE before; with `from_the_first` through all.

    Any number of processes may do so at once: `previous` is unique, so that of two that would go on from the same link
    one is refused, and tries again after the other. Raises StoreError when that does not end.
    """
    sealed, after = 0, dict.fromkeys(FIELDS, 0) if from_the_first else _looked_through(sessions)
    while made := _seal_in_turn(sessions, at, after):
        sealed += len(made)
        for link in made:
            after[link.kind] = max(after[link.kind], link.row_id)
    return sealed


def _looked_through(sessions: Sessions) -> dict[Kind, int]:
    """The ids up to which nothing can be unsealed any more."""
    with sessions() as session:
        return {kind: max(0, reads.sealed_until(session, kind) - COMES_LATE) for kind in FIELDS}


def seal(session: Session, at: dt.datetime, after: Mapping[Kind, int], batch: int = BATCH) -> list[Link]:
    """Adds the links of the next rows of both kinds beyond the ids `after`, and returns them."""
    captures, looks = (reads.unsealed(session, kind, batch, after[kind]) for kind in FIELDS)
    made = list(links(interleaved(captures, looks), reads.head_hash(session), at))
    if made:
        session.execute(insert(Seal), [asdict(link) for link in made])
    return made


def _seal_in_turn(sessions: Sessions, at: dt.datetime, after: Mapping[Kind, int]) -> list[Link]:
    for _ in range(TRIES):
        try:
            with sessions.begin() as session:
                return seal(session, at, after)
        except IntegrityError:
            continue  # another process has gone on from the same link
        except OperationalError as error:
            if "locked" not in str(error.orig):  # SQLite: another process has written since this one has read
                raise
    raise StoreError(f"the chain of hashes was continued by other processes in each of {TRIES} tries")
