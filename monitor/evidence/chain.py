"""The links of a pack's rows, with what they say, and the way from the first of them to the head of the chain.

May touch: the store, for reading. The way is made of the digests of the rows between, so that whoever keeps a later head
can reach it from here without those rows.
"""

from typing import Any

from sqlalchemy.orm import Session

from crawler.seals import VERSION, digest, statement
from crawler.store.reads import seals
from monitor.days import iso_moment
from monitor.evidence.material import Material

LONGEST_WAY = 50_000  # links; beyond it only the links themselves are given
_FORM = (
    "statement = canonical JSON (RFC 8785) of {kind, row, sealed_at}; digest = SHA-256(statement); "
    "hash = SHA-256(version as one byte + previous as 32 bytes + digest as 32 bytes)"
)


def as_json(session: Session, material: Material) -> dict[str, Any]:
    """`links` by number; `unsealed`: rows of the pack that no link covers yet; `way`: see the module, None where too long."""
    links = []
    for one in material.links:
        row = material.rows.get((one.link.kind, one.link.row_id))
        if row is None:
            continue
        links.append(
            {
                "number": one.number,
                "previous": one.link.previous,
                "hash": one.link.hash,
                "statement": statement(row, one.link.sealed_at),
            }
        )
    sealed = {(one.link.kind, one.link.row_id) for one in material.links}
    newest = seals.head(session)
    length = seals.count(session)
    return {
        "version": VERSION,
        "form": _FORM,
        "head": None
        if newest is None
        else {"number": length, "hash": newest.hash, "sealed_at": iso_moment(newest.sealed_at)},
        "links": links,
        "unsealed": [
            {"kind": kind, "row": dict(row.values)}
            for (kind, id_), row in sorted(material.rows.items())
            if (kind, id_) not in sealed
        ],
        "way": _way(session, material, length) if links else None,
    }


def _way(session: Session, material: Material, length: int) -> dict[str, Any] | None:
    """{"first", "previous", "digests"}: the digests of all links from number `first` to the head."""
    first = material.links[0].number
    if length - first >= LONGEST_WAY:
        return None
    digests = []
    for portion in seals.chain(session, first, length):
        rows = seals.rows_of(session, [(one.link.kind, one.link.row_id) for one in portion])
        for one in portion:
            row = rows.get((one.link.kind, one.link.row_id))
            if row is None:
                return None  # the chain is broken here; `gongkai archive verify` says so
            digests.append(digest(row, one.link.sealed_at))
    return {"first": first, "previous": material.links[0].link.previous, "digests": digests}
