"""The text of the 通报 as blocks: headings, paragraphs, tables. Pure; how it looks is monitor.circular.letter's.

Long because it is the document, from its title to its notes, in the order in which it is read.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from config.schema import AgencyKind
from monitor.circular import phrases, tables
from monitor.circular.blocks import Block, Heading, Paragraph, Table
from monitor.circular.model import CHECKED, Basis, Circular, Group, Item
from monitor.circular.phrases import clean, word
from monitor.circular.selection import CHANGES
from monitor.wording import say, show_day, show_moment

NUMERALS = "一二三四五六七八九十"


def title(circular: Circular) -> str:
    """The whole title; it says so where an invented agency is in scope."""
    return _named(circular) + word("for_comments")


def blocks(circular: Circular) -> Iterator[Block]:
    """The whole document."""
    yield Paragraph(_named(circular), "title")
    yield Paragraph(word("for_comments"), "title")
    yield Paragraph(word("draft_mark"), "mark")
    if circular.invented:
        yield Paragraph(word("invented"), "mark")
    if circular.simulated:
        yield Paragraph(word("simulated"), "mark")
    yield Paragraph(word("addressee"), "addressee")
    yield from _opening(circular)
    yield from _figures(circular)
    yield from _missing(circular)
    yield from _late(circular)
    yield from _changed(circular)
    yield from _data(circular)
    yield from _unverified(circular)
    yield from _demands(circular)
    yield from _notes(circular)


def _opening(circular: Circular) -> Iterator[Block]:
    asked = circular.asked
    at = show_moment(asked.at, "zh")
    yield Paragraph(word("opening", region=_region(circular), total=len(circular.cases), year=asked.year, at=at))
    for basis in circular.bases:
        yield Paragraph(_basis(basis))


def _basis(basis: Basis) -> str:
    citation = clean(basis.rule.citation_zh)
    if basis.due is None:
        return word("basis.none", citation=citation, count=basis.agencies)
    key = "basis.local" if basis.is_local else "basis.law"
    return word(key, citation=citation, count=basis.agencies, due=show_day(basis.due, "zh"))


def _figures(circular: Circular) -> Iterator[Block]:
    counts = {group.value: circular.counts.get(group, 0) for group in Group}
    others = {name: counts[name] for name in ("not_due", "no_day", "exempt", "unjudged")}
    checked = {group.value: counts[group.value] for group in CHECKED}
    yield Paragraph(word("figures.owed", total=len(circular.cases), owed=circular.owed, **checked))
    yield Paragraph(word("figures.others", **others))
    if any(basis.is_local for basis in circular.bases):
        missing, late = len(circular.local_missing), len(circular.local_late)
        yield Paragraph(word("figures.local", missing=missing, late=late))
    yield Paragraph(word("figures.nobody"))
    rows = []
    for kind in AgencyKind:
        groups = [case.group for case in circular.cases if case.agency.kind is kind]
        numbers = [groups.count(group) for group in CHECKED]
        if groups:
            rows.append((say(f"agency_kind.{kind.value}", "zh"), str(sum(numbers)), *map(str, numbers)))
    headings = (word("column.kind"), word("column.owed"), *(word(f"group.{group.value}") for group in CHECKED))
    yield Table(headings, (30, *(18.0,) * 7), tuple(rows))


def _missing(circular: Circular) -> Iterator[Block]:
    yield Heading(word("heading.missing"), 1)
    if not circular.missing and not circular.local_missing:
        yield Paragraph(word("say.nothing"))
        return
    parts, at = _Parts(), circular.asked.at
    if circular.missing:
        yield parts.heading("missing_by_law", len(circular.missing))
        yield Paragraph(word("say.missing", count=len(circular.missing)))
        yield from tables.agencies(
            circular.missing,
            "missing",
            tables.Field("due", 24, lambda case: phrases.day(case.due)),
            tables.Field("days", 13, lambda case: phrases.span(phrases.days_late(case, at))),
            tables.Field("evidence", 76, tables.evidence_of_absence),
        )
    if circular.local_missing:
        yield parts.heading("missing_by_local", len(circular.local_missing))
        yield Paragraph(word("say.local_missing", count=len(circular.local_missing)))
        yield from tables.agencies(
            circular.local_missing,
            "missing",
            tables.Field("local_due", 24, tables.local_due),
            tables.Field("days", 13, lambda case: phrases.span(phrases.local_days_late(case, at))),
            tables.Field("evidence", 76, tables.evidence_of_local_lateness),
        )


def _late(circular: Circular) -> Iterator[Block]:
    yield Heading(word("heading.late"), 1)
    if not circular.late and not circular.local_late:
        yield Paragraph(word("say.nothing"))
        return
    parts, at = _Parts(), circular.asked.at
    seen = tables.Field("seen", 24, tables.first_seen)
    if circular.late:
        yield parts.heading("late_by_law", len(circular.late))
        yield Paragraph(word("say.late", count=len(circular.late)))
        yield from tables.agencies(
            circular.late,
            "late",
            tables.Field("due", 22, lambda case: phrases.day(case.due)),
            seen,
            tables.Field("days", 13, lambda case: phrases.span(phrases.days_late(case, at))),
            tables.Field("evidence", 58, tables.evidence_of_lateness),
        )
    if circular.local_late:
        yield parts.heading("late_by_local", len(circular.local_late))
        yield Paragraph(word("say.local_late", count=len(circular.local_late)))
        yield from tables.agencies(
            circular.local_late,
            "late",
            tables.Field("local_due", 22, tables.local_due),
            seen,
            tables.Field("days", 13, lambda case: phrases.span(phrases.local_days_late(case, at))),
            tables.Field("evidence", 58, tables.evidence_of_local_lateness),
        )


def _changed(circular: Circular) -> Iterator[Block]:
    yield Heading(word("heading.changed"), 1)
    if not circular.withdrawn and not circular.changed:
        yield Paragraph(word("say.nothing"))
        return
    parts = _Parts()
    if circular.withdrawn:
        yield parts.heading("withdrawn", len(circular.withdrawn))
        yield Paragraph(word("say.withdrawn", count=len(circular.withdrawn)))
        yield from tables.agencies(
            circular.withdrawn,
            "changed",
            tables.Field("seen", 26, tables.first_seen),
            tables.Field("since", 26, tables.since),
            tables.Field("evidence", 62, tables.evidence_of_report),
        )
    if circular.changed:
        yield from _kinds(circular.changed, parts, "changed")


def _data(circular: Circular) -> Iterator[Block]:
    yield Heading(word("heading.data"), 1)
    if not circular.data:
        yield Paragraph(word("say.nothing"))
        return
    yield Paragraph(word("say.data"))
    yield from _kinds(circular.data, _Parts(), "data")


def _unverified(circular: Circular) -> Iterator[Block]:
    yield Heading(word("heading.unverified"), 1)
    if not circular.unverified and not circular.unconfirmed:
        yield Paragraph(word("say.nothing"))
        return
    parts = _Parts()
    if circular.unverified:
        yield parts.heading("unknown", len(circular.unverified))
        yield Paragraph(word("say.unknown", count=len(circular.unverified)))
        yield from tables.agencies(
            circular.unverified,
            "unverified",
            tables.Field("due", 26, lambda case: phrases.day(case.due)),
            tables.Field("looked", 26, lambda case: phrases.moment(phrases.looked_at(case))),
            tables.Field("reason", 60, tables.why_not_verified),
        )
    if circular.unconfirmed:
        yield parts.titled(word("heading.unconfirmed"), len(circular.unconfirmed))
        yield Paragraph(word("say.unconfirmed", count=len(circular.unconfirmed)))
        yield from tables.items(circular.unconfirmed, "unverified")


def _demands(circular: Circular) -> Iterator[Block]:
    yield Heading(word("heading.demands"), 1)
    for number, name in enumerate(("demand_publish", "demand_correct", "demand_object")):
        yield Paragraph(word("heading.part", number=NUMERALS[number], title=word(f"say.{name}")))
    yield Paragraph(word("say.demand_open"))
    yield Paragraph(word("say.attachment", region=_region(circular), year=circular.asked.year))
    yield Paragraph(word("say.signature"), "signature")
    yield Paragraph(word("say.signed_on"), "signature")


def _notes(circular: Circular) -> Iterator[Block]:
    yield Heading(word("heading.notes"), 1, new_page=True)
    for text in notes(circular):
        yield Paragraph(text, "small")


def notes(circular: Circular) -> Iterator[str]:
    """What stands at the end of the draft and on the worksheet's last sheet: what this is and what it rests on."""
    asked, seals = circular.asked, circular.seals
    yield word("note.draft")
    yield word("note.check")
    if circular.invented:
        yield word("invented")
    if circular.simulated:
        yield word("simulated")
    at = show_moment(asked.at, "zh")
    yield word("note.moment", at=at, version=circular.version, extractor=circular.extractor)
    kinds = "、".join(say(f"agency_kind.{kind}", "zh") for kind in asked.kinds) or word("note.all")
    levels = "、".join(say(f"level.{level}", "zh") for level in asked.levels) or word("note.all")
    yield word("note.scope", region=asked.region, year=asked.year, kinds=kinds, levels=levels)
    for basis in circular.bases:
        yield word("note.rule", id=basis.rule.id, citation=clean(basis.rule.citation_zh))
    if seals is None:
        yield word("note.unsealed")
    else:
        sealed_at = show_moment(seals.sealed_at, "zh")
        yield word("note.sealed", number=seals.number, hash=seals.hash, at=sealed_at)
    yield word("note.proofs")
    yield word("note.replies")


class _Parts:
    """Numbers the parts of one section: （一）, （二） …"""

    def __init__(self) -> None:
        self._given = 0

    def heading(self, name: str, count: int) -> Heading:
        """Of agencies."""
        return self._next(word("heading.counted_offices", title=word(f"heading.{name}"), count=count))

    def titled(self, text: str, count: int) -> Heading:
        """Of findings."""
        return self._next(word("heading.counted", title=text, count=count))

    def _next(self, counted: str) -> Heading:
        number = NUMERALS[self._given] if self._given < len(NUMERALS) else str(self._given + 1)
        self._given += 1
        return Heading(word("heading.part", number=number, title=counted), 2)


def _kinds(items: Sequence[Item], parts: _Parts, sheet: str) -> Iterator[Block]:
    """The findings, each kind below a heading of its own; below that of a kind of change, what a change is."""
    ordered = sorted(items, key=lambda item: item.found.kind)  # stable: within a kind as the agencies are listed
    for kind, alike in groupby(ordered, key=lambda item: item.found.kind):
        found = list(alike)
        yield parts.titled(say(f"finding.{kind}", "zh"), len(found))
        if kind in CHANGES:
            yield Paragraph(word("say.changed", count=len(found)))
        yield from tables.items(found, sheet)


def _named(circular: Circular) -> str:
    text = word("title", region=_region(circular), year=circular.asked.year)
    return word("title_invented", title=text) if circular.invented else text


def _region(circular: Circular) -> str:
    return clean(circular.asked.region_name) or word("region_open")
