"""Of which year a report is. Touches nothing.

The statistics period goes first, then the page's title, then the listed one: whoever copies last year's page forgets
the title before the text. If they differ, the address or a date has to speak for the first of them and for no other.
An address alone decides only where nothing else speaks. A folder is no witness at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from crawler.identification.model import Evidence, Item, Source
from crawler.model import DateEvidence
from crawler.reports import dates
from crawler.reports import title as titling

_PARAMETERS = frozenset(("fbtime", "timeframe"))
_LAST_MONTH = 6  # a report that comes out later may be of any year
_EARLIEST = (10, 1)  # of the report's year: some come out before the year has ended, none before autumn
_FORMS = {"2008": (2007, 2018), "2014": (2007, 2018), "2019": (2019, 2100), "2021": (2021, 2100)}


@dataclass(frozen=True, slots=True)
class YearFound:
    """`year` None: nobody says. `sure` False: a person has to decide, between `years`."""

    year: int | None
    sure: bool
    why: str
    years: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    conflicts: tuple[str, ...] = ()


def settle(item: Item) -> YearFound:
    """The year with everything that speaks for and against it."""
    named = list(_named(item))
    parameter = _parameter(item.url)
    days = _days(item)
    said = [Evidence("year", source, text, str(year)) for source, year, text in named]
    if parameter is not None:
        said.append(Evidence("year", Source.PARAMETER, item.url, str(parameter)))
    said += [Evidence("year", Source.DATE, f"{day.raw}（{day.value}）", str(_implied(day.value) or "")) for day in days]
    evidence = tuple(said)
    if not named:
        return _by_the_address(item, parameter, days, evidence)
    (source, year, text), years = named[0], tuple(dict.fromkeys(year for _, year, _ in named))
    conflicts = [f"{other}：{value}" for _, value, other in named if value != year]
    if parameter is not None and parameter != year:
        conflicts.append(f"地址参数：{parameter}")
    if days and all(day.value < dt.date(year, *_EARLIEST) for day in days):
        last = max(day.value for day in days)
        return YearFound(
            year, False, f"{text}，但页面日期 {last} 早于该年末", years, evidence, (*conflicts, f"日期：{last}")
        )
    if len(years) == 1 and (parameter in (None, year) or source is Source.PERIOD):
        return YearFound(year, True, text, years, evidence, tuple(conflicts))
    pointed_at = {one for one in (parameter, *(_implied(day.value) for day in days)) if one is not None}
    if pointed_at & {*years, parameter} == {year}:
        return YearFound(year, True, text, years, evidence, tuple(conflicts))
    all_years = tuple(dict.fromkeys((*years, *([parameter] if parameter else ()))))
    why = "各处所写年度不一致：" + "、".join(str(one) for one in all_years)
    return YearFound(year, False, why, all_years, evidence, tuple(conflicts))


def _by_the_address(
    item: Item, parameter: int | None, days: tuple[DateEvidence, ...], evidence: tuple[Evidence, ...]
) -> YearFound:
    """Where neither the text nor a title names a year."""
    implied = {_implied(day.value) for day in days}
    years = tuple(sorted(year for year in {parameter, *implied} if year is not None))
    if len(years) != 1 or (parameter is None and None in implied):
        return YearFound(None, False, "报告年度无法确定", years, evidence)
    [year] = years
    form = item.page.template if item.page else None
    if form in _FORMS and not _FORMS[form][0] <= year <= _FORMS[form][1]:
        said = (*evidence, Evidence("year", Source.FORM, f"{form} 年表式"))
        return YearFound(None, False, f"地址或日期指向 {year} 年，表式却是 {form} 年的", years, said)
    why = f"地址参数写明 {year} 年" if parameter else f"正文和标题未写年度；{days[0].value} 公布，按此为 {year} 年度"
    return YearFound(year, True, why, years, evidence)


def _named(item: Item) -> Iterator[tuple[Source, int, str]]:
    page = item.page
    if page is not None and page.period is not None and page.period[0].year == page.period[1].year:
        begin, end = page.period
        yield Source.PERIOD, begin.year, f"统计期限 {begin.isoformat()} 至 {end.isoformat()}"
    if page is not None and page.year is not None:
        yield Source.TITLE, page.year, f"页面标题「{page.title}」"
    listed = titling.read_listed(item.title)
    if listed is not None and listed.year is not None:
        yield Source.LISTED, listed.year, f"列表标题「{item.title}」"


def _parameter(url: str) -> int | None:
    try:
        query = urlsplit(url).query
    except ValueError:
        return None
    for name, value in parse_qsl(query):
        if name.lower() in _PARAMETERS and value.isdigit() and 2007 <= int(value) <= 2100:
            return int(value)
    return None


def _days(item: Item) -> tuple[DateEvidence, ...]:
    """The days of publication that the address and the page state, each source once."""
    address = dates.from_address(item.url)
    stated = item.page.dates if item.page else ()
    found = [*([address] if address else ()), *(day for day in stated if day.source.claims_publication)]
    return tuple({(day.source, day.value): day for day in found}.values())


def _implied(day: dt.date) -> int | None:
    return day.year - 1 if day.month <= _LAST_MONTH else None
