"""What became of a report after its publication: every change, classed and weighed. Pure: facts and rules in, values out.

Two contents are compared only as read by one version of the reader, and only where it is known that one came after the
other. A content that came incomplete, that is unread, or that was decided to be something else is passed over
(monitor.checks.versions). A change that falls on a day of a bulk re-import is the portal's work, not the office's.

    at one address       cosmetic, text, numbers; flapping where the page goes back and forth
    a file of the page   attachment (at the same or at another address), numbers
    a new address        moved (alike, the old one is gone), numbers (a corrected report published again)
    nothing any more     withdrawn, restored (monitor.checks.withdrawals)

What is kept of each stands in `_details`; monitor.checks.revision makes findings of it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from config.changes import ChangeKind, ChangeRule, ChangeRules, Weighed
from crawler.reports.notices import in_title
from monitor.checks.case import Case
from monitor.checks.cells import has_cells, sure_cells
from monitor.checks.difference import Difference, difference
from monitor.checks.entries import MIGRATION_DAYS, left_with_the_site
from monitor.checks.successions import came_later, pooled, published_again, replaced_files, what_became_of
from monitor.checks.texts import share_alike
from monitor.checks.turns import Step, runs
from monitor.checks.versions import Revision, Version, revisions, versions
from monitor.checks.withdrawals import Withdrawal, withdrawals
from monitor.days import day_of, iso_moment
from monitor.model import Assessment, EntryFacts, PageCapture, ReadingFact, ReportChange

# A corrected report keeps most of what it said. Two publications that share less are possibly two documents, and
# nothing is said of them.
LEAST_KEPT = 0.5
MOST_ALIKE = 0.9  # of the words, for one report at two addresses: the new site may put some of its own around it


def history(case: Case, assessment: Assessment, rules: ChangeRules) -> tuple[ReportChange, ...]:
    """Every change of the case's report, oldest first; `assessment`: that of the case."""
    if not case.sightings:
        return ()
    book = _Book(case, rules)
    found = [
        *(change for made in versions(book.entries).values() for change in book.at_one_address(made)),
        *(change for entry in book.entries for change in book.of_files(entry)),
        *book.at_another_address(),
        *(change for one in withdrawals(case, assessment) for change in book.of_withdrawal(one)),
    ]
    return tuple(sorted(found, key=lambda change: (change.at, change.after_capture, change.key)))


def import_days(entries: Iterable[EntryFacts]) -> dict[str, frozenset[dt.date]]:
    """The days of bulk re-imports on the portal, by the address of each page and file."""
    days: dict[str, frozenset[dt.date]] = {}
    for entry in entries:
        for url in {capture.url for capture in entry.captures} if entry.import_days else ():
            days[url] = days.get(url, frozenset()) | entry.import_days
    return days


class _Book:
    """One case with what its changes are written down by."""

    def __init__(self, case: Case, rules: ChangeRules) -> None:
        self._case = case
        self._rules = rules
        self.entries = pooled(seen.entry for seen in case.sightings)
        self._imports = import_days(self.entries)

    def at_one_address(self, made: list[Version]) -> Iterator[ReportChange]:
        is_file = made[0].first.kind == "attachment"
        steps = [
            Step(revision, difference(revision.reading_before, revision.reading_after, is_file=is_file))
            for revision in revisions(made)
            if revision.before.last.sha256 != revision.after.first.sha256 and self._is_told(revision)
        ]
        yield from (self._change(step.revision, step.difference) for step in steps if not step.is_seen)
        for run in runs(steps):
            yield self._change(run[0].revision, run[0].difference, turns=run)
            if len(run) > 1:
                yield self._in_turn(run)

    def of_files(self, entry: EntryFacts) -> Iterator[ReportChange]:
        """A file in the place of another one. Between two files only numbers that are certain on both sides count."""
        for revision in replaced_files(entry):
            before, after = revision.reading_before, revision.reading_after
            if self._is_told(revision):
                found = difference(before, after, is_file=True, cells=sure_cells(before, after))
                if not found.cells or _keeps_enough(before, after):
                    yield self._change(revision, found, replaced=revision.before.url)

    def at_another_address(self) -> Iterator[ReportChange]:
        case = self._case
        for again in published_again(self.entries, case.facts.agency.id, case.year):
            revision, old = again.revision, again.old.entry
            before, after = revision.reading_before, revision.reading_after
            became = what_became_of(old, again.new.entry)
            found = difference(before, after, cells=sure_cells(before, after))
            if found.cells:
                is_told = self._is_told(revision) and came_later(again.new, case.facts.columns)
                if is_told and _keeps_enough(before, after):
                    yield self._change(revision, found, moved_from={"url": old.url, "became": became})
            elif became != "standing" and self._filed(revision) and _is_alike(before, after):
                yield self._moved(revision, found, old, became, again.new.first_seen)

    def of_withdrawal(self, one: Withdrawal) -> Iterator[ReportChange]:
        yield self._row(one.before, one.gone, ChangeKind.WITHDRAWN, {}, part="withdrawn", at=one.since)
        if one.back is not None:
            yield self._row(one.gone, one.back, ChangeKind.RESTORED, {}, part="restored")

    def _filed(self, revision: Revision) -> bool:
        reading = revision.reading_after
        return (reading.agency_id, reading.year) == (self._case.facts.agency.id, self._case.year)

    def _is_told(self, revision: Revision) -> bool:
        """Whether it is of this report, and nothing was moved to another system in between."""
        urls = {revision.before.url, revision.after.url}
        span = sorted((day_of(revision.before.last.at), day_of(revision.after.first.at)))
        imported = (day for url in urls for day in self._imports.get(url, ()))
        return self._filed(revision) and not any(span[0] <= day <= span[1] for day in imported)

    def _change(
        self, revision: Revision, found: Difference, *, turns: Sequence[Step] = (), **more: object
    ) -> ReportChange:
        """`turns`: the run of which it is the first step; where there are more, all of it is one change, `_in_turn`."""
        in_turn = len(turns) > 1
        details = self._details(revision, found) | more | ({"in_turn": True} if in_turn else {})
        return self._row(
            revision.before.last,
            revision.after.first,
            found.kind,
            details,
            weighed=ChangeKind.FLAPPING if in_turn else found.kind,
            difference=found,
        )

    def _in_turn(self, run: Sequence[Step]) -> ReportChange:
        first, back, last = run[0], run[1], run[-1]
        details = self._details(first.revision, first.difference)
        details["flapping"] = {
            "of": first.difference.kind.value,
            "turns": len(run),
            "until": iso_moment(last.revision.after.first.at),
        }
        row = partial(self._row, kind=ChangeKind.FLAPPING, details=details, difference=first.difference)
        before, after = first.revision.before.last, first.revision.after.first
        return row(before, after, part="flapping", at=back.revision.after.first.at)

    def _moved(
        self, revision: Revision, found: Difference, old: EntryFacts, became: str, at: dt.datetime
    ) -> ReportChange:
        with_site = self._moved_with_its_site(old, at)
        details = {
            "moved_from": {"url": old.url, "became": became},
            "with_site": with_site,
            "text": found.text.as_json(),
            **_between(revision),
        }
        return self._row(
            revision.before.last, revision.after.first, ChangeKind.MOVED, details, with_site=with_site, difference=found
        )

    def _moved_with_its_site(self, old: EntryFacts, at: dt.datetime) -> bool:
        """Unless it is known that it left its list alone: not with others, not with all, and with no import near."""
        last = old.changes[-1] if old.changes else None
        if last is None or last.kind != "gone" or not last.others_stayed:
            return True
        imported = any(abs((day - day_of(at)).days) <= MIGRATION_DAYS for day in old.import_days)
        return imported or left_with_the_site(old, self._case.evidence)

    def _details(self, revision: Revision, found: Difference) -> dict[str, Any]:
        """As JSON values. Of a cosmetic change only what was compared: there may be one for every visit."""
        if found.kind is ChangeKind.COSMETIC:
            return {"extractor": revision.reading_after.extractor, "text_compared": found.text.compared}
        return {
            "cells": list(found.cells),
            "sums": list(found.sums),
            "effects": sorted(effect.value for effect in found.effects),
            "share": found.share,
            "certain": found.certain,
            "text": found.text.as_json(),
            "notice": self._notice(revision),
            **_between(revision),
        }

    def _notice(self, revision: Revision) -> list[dict[str, Any]]:
        """Where the new content says that it was corrected: its title and text, and its title in the list then."""
        found = [dict(notice) for notice in revision.reading_after.notices]
        until = day_of(revision.after.last.at)  # the list is recorded at the end of a visit, its pages before
        for entry in self.entries:
            if any(capture.id == revision.after.first.id for capture in entry.captures):
                titles = [change.title for change in entry.changes if change.title and day_of(change.at) <= until]
                listed = [(title, in_title(title)) for title in titles[-1:]]
                found += [{"words": words, "where": "list", "text": title} for title, words in listed if words]
        return found

    def _row(
        self,
        before: PageCapture,
        after: PageCapture,
        kind: ChangeKind,
        details: Mapping[str, Any],
        *,
        part: str = "",
        at: dt.datetime | None = None,
        weighed: ChangeKind | None = None,
        difference: Difference | None = None,
        with_site: bool = False,
    ) -> ReportChange:
        agency_id, year = self._case.facts.agency.id, self._case.year
        rule = self._weigh(weighed or kind, details, difference, with_site)
        key = f"{agency_id}:{year}:{before.id}-{after.id}"
        why = {} if kind is ChangeKind.COSMETIC else {"why": {"zh": rule.why_zh, "en": rule.why_en}}
        return ReportChange(
            key=f"{key}:{part}" if part else key,
            kind=kind,
            agency_id=agency_id,
            year=year,
            at=at or after.at,
            severity=rule.weight,
            url=after.url,
            before_capture=before.id,
            after_capture=after.id,
            details={**details, **why},
        )

    def _weigh(
        self, kind: ChangeKind, details: Mapping[str, Any], found: Difference | None, with_site: bool
    ) -> ChangeRule:
        if found is None:
            return self._rules.rule_for(Weighed(kind))
        return self._rules.rule_for(
            Weighed(
                kind,
                effects=found.effects,
                notice=bool(details.get("notice")),
                certain=found.certain if found.cells else True,
                share=found.share,
                same_reading=found.same_reading,
                with_site=with_site,
            )
        )


def _keeps_enough(before: ReadingFact, after: ReadingFact) -> bool:
    """Whether two publications are plainly one report: most numbers other than nought are kept, or most of the words."""
    alike = share_alike(before, after)
    if alike is not None and alike >= LEAST_KEPT:
        return True
    told = _told(before, after)
    return bool(told) and sum(old == new for old, new in told) >= LEAST_KEPT * len(told)


def _is_alike(before: ReadingFact, after: ReadingFact) -> bool:
    """Whether two publications without a cell that surely differs are one: by their words, else by their numbers."""
    alike = share_alike(before, after)
    if alike is not None:
        return alike >= MOST_ALIKE
    return (after.has_the_cells_of(before) and has_cells(after)) or bool(_told(before, after))


def _told(before: ReadingFact, after: ReadingFact) -> list[tuple[Decimal, Decimal]]:
    """The pairs of certain numbers of which at least one is not nought."""
    pairs = ((cell.sure, after.cells[code].sure) for code, cell in before.cells.items() if code in after.cells)
    return [(old, new) for old, new in pairs if old is not None and new is not None and (old or new)]


def _between(revision: Revision) -> dict[str, Any]:
    before, after = revision.reading_before, revision.reading_after
    return {
        "before": _version(revision.before, revision.before.last, before),
        "after": _version(revision.after, revision.after.first, after),
        "extractor": after.extractor,
        "signature_changed": before.signed_on != after.signed_on,
        "template_changed": before.template != after.template,
    }


def _version(version: Version, capture: PageCapture, reading: ReadingFact) -> dict[str, Any]:
    """The content, the capture that bounds the change in time, and what the document says of its own day."""
    return {
        "url": version.url,
        "capture": capture.id,
        "at": iso_moment(capture.at),
        "sha256": capture.sha256,
        "signed_on": reading.signed_on.isoformat() if reading.signed_on else None,
        "dates": [date.as_json() for date in reading.dates],
        "issues": len(reading.issues),
    }
