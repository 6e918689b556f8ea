"""The country as simulated portals: a site for each chapter of a portal's life, and the faults of its servers.

May touch nothing: values of tests.portals. A chapter begins with every redesign and every migration: then all
addresses are new.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from spiders.jpaas import KEEPS
from tests.country.dress import DRESSES
from tests.country.plan import Country, Office, Place, Report
from tests.country.troubles import SLOW_SECONDS, STUCK_SECONDS, Change, Trouble
from tests.portals.families import FAMILIES
from tests.portals.faults import Fault, Kind
from tests.portals.reports import Figures, invented_report
from tests.portals.site import Article, Column, Site

BODY = "<p>（演示用虚构内容）Invented for a demonstration.</p>" * 3
UNTIL_VOUCHED = dt.timedelta(days=7)  # from a redesign to the operator's word that its lists keep what is old
CHAPTER_NUMBERS = 10_000  # running numbers of articles between two chapters


@dataclass(frozen=True, slots=True)
class Chapter:
    """A portal from day `first` on. `known`: the day from which on the configuration follows it.

    `columns`: the keys of `site.columns`. `vouched`: the day from which on the operator has said of lists that cannot
    show it that they keep what is old; None: never, all lists begin long before.
    """

    first: dt.date
    known: dt.date
    site: Site
    columns: tuple[str, ...]
    vouched: dt.date | None = None

    def is_vouched(self, day: dt.date) -> bool:
        return self.vouched is not None and day >= self.vouched

    def is_unproven(self, column: Column, day: dt.date) -> bool:
        """Whether a list cannot show that it keeps what is old, and nobody has said it: dated anew, all is from one day."""
        days = [article.published for article in column.listed(day)]
        short = not days or (max(days) - min(days)).days < KEEPS
        return DRESSES[self.site.family].may_forget and short and not self.is_vouched(day)

    def path(self, column: str) -> str:
        """The address of a column, from the root."""
        return FAMILIES[self.site.family].column_path(self.site.columns[self.columns.index(column)])


def chapters(country: Country, place: Place, troubles: tuple[Trouble, ...]) -> tuple[Chapter, ...]:
    """The portal's life, from the beginning."""
    articles = {key: tuple(_articles(country, place, key)) for key in place.columns}
    found = [_chapter(place, 0, place.family, country.start, country.start, articles)]
    for trouble in troubles:
        if trouble.what not in (Change.REDESIGN, Change.MIGRATION):
            continue
        known = trouble.first
        if trouble.what is Change.REDESIGN:
            known = trouble.last + dt.timedelta(days=1)
        articles = {key: tuple(_imported(list_, trouble)) for key, list_ in articles.items()}
        number = len(found) if trouble.what is Change.REDESIGN else None
        chapter = _chapter(place, number, trouble.family, trouble.first, known, articles)
        if number is None:  # the column stays where it was, only what it lists moves
            old = found[-1].site.columns
            columns = tuple(
                replace(was, articles=is_.articles) for was, is_ in zip(old, chapter.site.columns, strict=True)
            )
            chapter = replace(chapter, site=replace(chapter.site, columns=columns))
        found.append(replace(chapter, vouched=known + UNTIL_VOUCHED))
    return tuple(found)


def faults(place: Place, life: tuple[Chapter, ...], troubles: tuple[Trouble, ...]) -> list[Fault]:
    """What its server does wrong, for SimulatedPortal.faults."""
    found = []
    for trouble in troubles:
        before = [chapter for chapter in life if chapter.first < trouble.first or chapter is life[0]]
        at = [chapter for chapter in life if chapter.first <= trouble.first][-1]
        path = _sent(at.path(trouble.column)) if trouble.column else ""
        if isinstance(trouble.what, Kind):
            found.append(Fault(trouble.what, trouble.first, trouble.last, path, SLOW_SECONDS, trouble.kept))
        elif trouble.what is Change.STUCK:
            found.append(Fault(Kind.SLOW, trouble.first, trouble.last, path, STUCK_SECONDS))
        elif trouble.what is Change.REDESIGN and trouble.to_home:
            later = [other.first for other in troubles if other.what is Change.REDESIGN and other.first > trouble.first]
            last = later[0] - dt.timedelta(days=1) if later else None
            found += [
                Fault(Kind.TO_HOME, trouble.first, last, _sent(before[-1].path(column))) for column in place.columns
            ]
    return found


def _sent(address: str) -> str:
    """The path of an address, without what stands behind ? and #."""
    return address.partition("#")[0].partition("?")[0]


def entries(place: Place, chapter: Chapter, host: str, day: dt.date) -> list[dict[str, Any]]:
    """The columns as the portal's YAML has them on a day."""
    found = []
    for key, column in zip(chapter.columns, chapter.site.columns, strict=True):
        agencies = [office.id for office in place.offices if office.column == key]
        entry: dict[str, Any] = {"key": key, "url": f"http://{host}{chapter.path(key)}", "agencies": agencies}
        dress = DRESSES[chapter.site.family]
        entry |= dress.entry(column.path, column.options)
        if dress.may_forget and chapter.is_vouched(day):
            entry["options"] = entry.get("options", {}) | {"whole": True}
        found.append(entry)
    return found


def _chapter(
    place: Place, number: int | None, family: str, first: dt.date, known: dt.date,
    articles: dict[str, tuple[Article, ...]],
) -> Chapter:  # fmt: skip
    dress = DRESSES[family]
    columns = []
    for position, (_, listed) in enumerate(articles.items()):
        serial = place.serial * 100 + (number or 0) * 10 + position
        options = dress.options[(place.serial + position) % len(dress.options)]
        columns.append(Column(dress.path(serial), listed, page_size=(15, 6, 20)[place.serial % 3], options=options))
    site = Site(place.slug, f"{place.name}模拟门户", family, f"9902{place.serial:06d}", tuple(columns), invented=True)
    return Chapter(first, known, site, tuple(articles))


def _articles(country: Country, place: Place, key: str) -> Iterator[Article]:
    offices = {office.id: office for office in place.offices if office.column == key}
    number = 1_000_000 + 100_000 * place.columns.index(key)
    for report in place.reports:
        if report.office in offices and report.first is not None:
            number += 1
            yield _article(country, offices[report.office], report, number)
    for lookalike in place.lookalikes:
        if lookalike.column == key:
            number += 1
            issuer = f"{place.name}人民政府办公室（虚构）"
            yield Article(number, lookalike.title, lookalike.first, BODY, issuer)


def _article(country: Country, office: Office, report: Report, number: int) -> Article:
    published = report.claimed or country.start
    signed = published - dt.timedelta(days=2)
    numbers = figures(country.seed, report)
    revisions: tuple[tuple[dt.date, str], ...] = ()
    if report.changed is not None:
        licences = numbers.proactive["proactive.licences.decisions"]
        other = replace(numbers, proactive={**numbers.proactive, "proactive.licences.decisions": licences + 9})
        revisions = ((report.changed, invented_report(office.name, report.year, other, signed)),)
    return Article(
        number=number,
        title=report.title,
        published=published,
        body=invented_report(office.name, report.year, numbers, signed),
        issuer=office.name,
        first=report.first,
        last=report.last,
        revisions=revisions,
        written=signed,
    )


def figures(seed: int, report: Report) -> Figures:
    """The report's numbers: its own ones, with nothing handed over from year to year."""
    rng = random.Random(f"{seed} figures {report.office} {report.year}")
    return Figures(
        outcomes={
            "granted": {"natural_person": rng.randint(2, 60), "company": rng.randint(0, 9)},
            "partly_granted": {"natural_person": rng.randint(0, 9)},
            "unavailable.not_held": {"natural_person": rng.randint(0, 15), "legal_service": rng.randint(0, 3)},
        },
        proactive={
            "proactive.licences.decisions": rng.randint(20, 900),
            "proactive.penalties.decisions": rng.randint(10, 400),
        },
    )


def _imported(articles: tuple[Article, ...], trouble: Trouble) -> Iterator[Article]:
    """The articles after an import: those that were there have new numbers, and the import's day where it dates anew."""
    for article in articles:
        first = article.first or article.published
        if article.last is not None and article.last < trouble.first:
            continue
        moved = replace(article, number=article.number + CHAPTER_NUMBERS)
        if first < trouble.first:
            published = trouble.first if trouble.dated_anew else article.published
            moved = replace(moved, published=published, first=trouble.first)
        yield moved
