"""The rows that a claim rests on: its looks with their list pages, the captures of the report, the readings, the links.

May touch: the store, for reading. Which ids count stands in the judgement and in the findings themselves: every `look`,
`looks`, `capture` and `captures` in them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from config.errors import GongkaiError
from crawler.seals import Kind, Sealable
from crawler.store.reads import evidence as reads
from crawler.store.reads import seals
from crawler.store.reads.evidence import Visited
from crawler.store.reads.judging import listing_captures
from crawler.store.reads.seals import NumberedLink
from crawler.store.tables import Capture, EntryChange, FactRow, Reading
from monitor.evidence.claim import Claim

MOST_CAPTURES = 5000  # in one pack


@dataclass(frozen=True, slots=True)
class ReadContent:
    """A reading that the claim is about. `role`: before, after, or now."""

    role: str
    reading: Reading
    facts: tuple[FactRow, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """`list_pages`: captures by look. `originals`: by the id of a capture that says "not modified" the one with the body.

    `rows`: the captures and looks as they are sealed; `links`: those of them that are sealed already.
    """

    looks: tuple[Visited, ...]
    list_pages: Mapping[int, list[int]]
    captures: tuple[Capture, ...]
    originals: Mapping[int, Capture]
    changes: tuple[EntryChange, ...]
    readings: tuple[ReadContent, ...]
    rows: Mapping[tuple[Kind, int], Sealable]
    links: tuple[NumberedLink, ...]


def material_of(session: Session, claim: Claim, *, screenshots: bool) -> Material:
    """Everything behind the claim. Raises GongkaiError where that would be too much for one file."""
    said = [claim.details, *claim.findings]
    entries = {int(id_) for id_ in claim.details.get("evidence", {}).get("entries", ())}
    changes = reads.list_changes(session, entries, claim.at)
    looks = {id_ for one in said for id_ in numbers(one, "look", "looks")}
    looks |= {change.look_id for change in changes}  # that saw it come, change or go
    named = {id_ for one in said for id_ in numbers(one, "capture", "captures")}
    visited = reads.looks(session, looks)
    list_pages = listing_captures(session, [one.look.id for one in visited], also_failed=True)
    wanted = named | {id_ for ids in list_pages.values() for id_ in ids}
    wanted |= set(reads.of_entries(session, entries, claim.at))
    captures = {capture.id: capture for capture in reads.captures(session, wanted)}
    if screenshots:
        pages = {capture.url for capture in captures.values() if capture.kind == "detail"}
        pictures = reads.captures(session, reads.screenshots(session, pages, claim.at))
        captures |= {capture.id: capture for capture in pictures}
    originals = {}
    for capture in tuple(captures.values()):
        if capture.not_modified and (original := reads.original(session, capture)) is not None:
            originals[capture.id] = captures[original.id] = original
    if len(captures) > MOST_CAPTURES:
        raise GongkaiError(f"the claim rests on {len(captures)} captures; name one finding with --finding")
    ids: list[tuple[Kind, int]] = [("capture", id_) for id_ in captures]
    ids += [("look", one.look.id) for one in visited]
    return Material(
        looks=tuple(visited),
        list_pages=list_pages,
        captures=tuple(captures[id_] for id_ in sorted(captures)),
        originals=originals,
        changes=tuple(changes),
        readings=tuple(_readings(session, claim)),
        rows=seals.rows_of(session, ids),
        links=tuple(seals.links_of(session, ids)),
    )


def numbers(value: Any, *names: str) -> Iterator[int]:
    """Every whole number that stands under one of these keys, alone or in a list, at any depth.

    Not in `parameters`: those are values for sentences, and may be counts.
    """
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "parameters":
                continue
            if key in names:
                for one in inner if isinstance(inner, list | tuple) else [inner]:
                    if isinstance(one, int) and not isinstance(one, bool):
                        yield one
            yield from numbers(inner, *names)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from numbers(inner, *names)


def _readings(session: Session, claim: Claim) -> Iterator[ReadContent]:
    """Before and after, where a finding compares two contents; else what the report's addresses hold now."""
    wanted: dict[tuple[str, str, str], None] = {}
    for finding in claim.findings:
        found = finding["details"].get("finding", {})
        for role in ("before", "after"):
            side = found.get(role)
            if isinstance(side, Mapping) and side.get("sha256"):
                wanted[role, str(side["sha256"]), str(found.get("extractor", ""))] = None
    if not wanted:
        contents = claim.details.get("evidence", {}).get("contents", ())
        wanted = {("now", str(sha256), ""): None for sha256 in contents}
    for role, sha256, extractor in wanted:
        reading = reads.reading(session, sha256, extractor)
        if reading is not None:
            yield ReadContent(role, reading, tuple(reads.facts(session, reading.id)))
