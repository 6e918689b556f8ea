"""The chain of hashes over captures and looks: what one link is made of. Pure; docs/evidence.md says the same for others.

A link stands for one row. Its statement is the JSON object {"kind", "row", "sealed_at"} in the canonical form of RFC 8785
(no spaces, keys in order, UTF-8), `row` with exactly the FIELDS of its kind. Then

    digest = SHA-256(canonical statement)
    hash   = SHA-256(VERSION (one byte) ‖ hash of the link before, 32 bytes ‖ digest, 32 bytes)

and the first link comes after 32 nought bytes. With digests in between, a later head can be reached from a link without
the rows of others. Another list of fields is another VERSION.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from typing import Any, Final, Literal

Kind = Literal["capture", "look"]
VERSION: Final = 1
GENESIS: Final = "0" * 64
FIELDS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "capture": (
        "id", "run_id", "entry_id", "portal", "column", "kind", "url", "final_url", "fetched_at", "status", "outcome",
        "reason", "sha256", "size", "media_type", "headers", "request", "not_modified",
    ),
    "look": (
        "id", "run_id", "portal", "column", "at", "outcome", "reason", "status", "url", "entries", "pages",
    ),
}  # fmt: skip
_MOMENT: Final[Mapping[Kind, str]] = {"capture": "fetched_at", "look": "at"}
_SAFE = 2**53  # integers beyond it are not the same number in every JSON reader


@dataclass(frozen=True, slots=True)
class Sealable:
    """A row that can be sealed: `values` are its FIELDS as they stand in the statement."""

    kind: Kind
    id: int
    at: dt.datetime
    values: Mapping[str, Any]

    @property
    def url(self) -> str:
        return str(self.values["url"])


@dataclass(frozen=True, slots=True)
class Link:
    """One link as it is stored: see the module."""

    kind: Kind
    row_id: int
    previous: str
    hash: str
    sealed_at: dt.datetime


def sealable(kind: Kind, row: Mapping[str, Any]) -> Sealable:
    """A row of the store, its columns by name, as it is sealed."""
    values = {name: _plain(row[name]) for name in FIELDS[kind]}
    return Sealable(kind, int(row["id"]), row[_MOMENT[kind]], values)


def statement(row: Sealable, sealed_at: dt.datetime) -> dict[str, Any]:
    """What a link says."""
    return {"kind": row.kind, "row": dict(row.values), "sealed_at": _plain(sealed_at)}


def digest(row: Sealable, sealed_at: dt.datetime) -> str:
    """The SHA-256 of the statement, in hexadecimal."""
    return hashlib.sha256(canonical(statement(row, sealed_at))).hexdigest()


def link_hash(previous: str, digest_: str) -> str:
    """The hash of the link with this digest that follows the one with the hash `previous`."""
    return hashlib.sha256(bytes([VERSION]) + bytes.fromhex(previous) + bytes.fromhex(digest_)).hexdigest()


def links(rows: Iterable[Sealable], head: str, sealed_at: dt.datetime) -> Iterator[Link]:
    """The links of `rows`, in their order, after the one with the hash `head`."""
    for row in rows:
        made = link_hash(head, digest(row, sealed_at))
        yield Link(row.kind, row.id, head, made, sealed_at)
        head = made


def interleaved(captures: Iterable[Sealable], looks: Iterable[Sealable]) -> Iterator[Sealable]:
    """Both kinds, each in its own order; of the two that come next the earlier one first, a capture before a look."""
    return merge(captures, looks, key=lambda row: row.at)


def canonical(value: Any) -> bytes:
    """`value` as RFC 8785 writes it. Raises TypeError for what it leaves open or others would read differently:

    fractions, integers beyond 2^53, keys that are not ASCII (whose order would need UTF-16).
    """
    _check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _plain(value: Any) -> Any:
    """A moment in UTC with six decimals: 2024-02-05T12:00:00.000000Z; everything else as it is."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value


def _check(value: Any) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise TypeError(f"{key!r} is no key for a canonical form")
            _check(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check(inner)
    elif isinstance(value, float) or (isinstance(value, int) and abs(value) > _SAFE):
        raise TypeError(f"{value!r} has no canonical form here")
    elif not isinstance(value, str | int | None):
        raise TypeError(f"{type(value).__name__} has no canonical form here")
