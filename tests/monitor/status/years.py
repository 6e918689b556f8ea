"""Fills a store with one invented agency whose reports of eleven years are of three forms, by way of the real reader and judge.

May touch: the store and the folder it is given. What is there to be met: a year without a report, one without tables, a blank
cell, numbers that are not certain, two documents of one year with different numbers, a change after publication.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select, update

from config.env import Settings
from config.schema import Agency, AgencyKind, FormerName, YearSpan
from crawler.archive import Archive
from crawler.read_captures import read_pending
from crawler.reports import templates
from crawler.store.session import open_store
from crawler.store.tables import FactRow, Reading
from monitor.context import Context
from monitor.days import SHANGHAI
from monitor.judging.evaluate import evaluate
from tests.golden.pages import form_html
from tests.monitor.status.seed import NOW, Page, Story, _address, _configuration, _visit, day
from tests.portals.reports import invented_title

AGENCY = Agency.model_validate(
    {
        "id": "shili-daj",
        "name": "示例市档案局",
        "aliases": ("示例档案",),
        "former_names": (FormerName(name="示例市档案馆", until=dt.date(2013, 5, 31)),),
        "region_code": "990100",
        "region": "示例省示例市",
        "kind": AgencyKind.DEPARTMENT,
        "supervisor": "示例市人民政府办公室",
        "watched_years": (YearSpan(first=2014),),
        "invented": True,
    }
)
REFUSED, NOT_HELD = "requests.refused.third_party.natural_person", "requests.unavailable.not_held.natural_person"
Numbers = Mapping[str, int | str]


def annex(received: int) -> Numbers:
    """The statistics annex of 2014 to 2018."""
    return {
        "annex.disclosed.items": 40 * received,
        "annex.requests.received": received,
        "annex.requests.received.online": received,
        "annex.requests.completed": received,
        "annex.requests.completed.on_time": received,
        "annex.review.total": 1,
        "annex.litigation.total": 0,
    }


def tables(form: str, received: int, carried_in: int = 0, carried_out: int = 0, **more: int | str) -> Numbers:
    """The three tables of the forms of 2019 and 2021: two thirds granted, the rest refused and not held."""
    processed = received + carried_in - carried_out
    refused, not_held = processed // 5, processed // 7
    rows = {
        "received": received,
        "carried_in": carried_in,
        "granted": processed - refused - not_held,
        "refused.third_party": refused,
        "unavailable.not_held": not_held,
        "processed_total": processed,
        "carried_out": carried_out,
    }
    values: dict[str, int | str] = dict.fromkeys((cell.code for cell in templates.load()[form].cells()), 0)
    for row, count in rows.items():
        values[f"requests.{row}.natural_person"] = values[f"requests.{row}.total"] = count
    values |= {"review.upheld": 2, "review.total": 2, "proactive.licences.decisions": 30 * received}
    values |= {"proactive.normative_documents.made": 4, "proactive.normative_documents.public_total": 90} if form == "2019" else {
        "proactive.normative_documents.issued": 3, "proactive.normative_documents.in_force": 60, "proactive.fees.amount": 10_000 * received}  # fmt: skip
    return values | {name.replace("__", "."): value for name, value in more.items()}


REPORTS: Mapping[int, tuple[str, Numbers]] = {
    2014: ("2014", annex(12)),
    2015: ("2014", annex(15)),
    2017: ("2008", {}),  # sentences only; nothing was found of 2016
    2018: ("2014", annex(21)),
    2019: ("2019", tables("2019", 30, carried_out=2)),
    2020: ("2019", tables("2019", 34, carried_in=2)),
    2021: ("2021", tables("2021", 28)),
    2022: ("2021", tables("2021", 41, requests__received__total="")),  # left blank
    2023: ("2021", tables("2021", 52, carried_out=5)),
    2024: ("2021", tables("2021", 47, carried_in=5)),
}
OTHER_2023 = tables("2021", 55, carried_out=5)


def years(database_url: str, folder: Path) -> Context:
    """The filled store with its configuration, at NOW."""
    story = Story(AGENCY, {day(1, 10): [], day(1, 22): _pages(2023), day(3, 2): _pages(2024)})
    configuration = _configuration([story])
    settings = Settings(data_dir=folder, database_url=database_url)
    sessions, archive = open_store(database_url, create=True), Archive(folder / "archive")
    last: dict[str, str] = {}
    for visited in (day(1, 10), day(1, 22), day(3, 2), day(3, 19)):
        at = dt.datetime.combine(visited, dt.time(3), SHANGHAI)
        _visit(sessions, archive, story, at, last)
        read_pending(sessions, archive, configuration, now=at + dt.timedelta(hours=1))
        evaluate(Context(settings, configuration, sessions, at + dt.timedelta(hours=1)))
    with sessions.begin() as session:  # as if the report of 2024 had come as a picture
        picture = select(Reading.id).where(Reading.year == 2024)
        session.execute(update(FactRow).where(FactRow.reading_id.in_(picture)).values(certain=False))
    context = Context(settings, configuration, sessions, NOW)
    evaluate(context)
    return context


def _pages(last: int) -> list[Page]:
    """The reports up to a year; of 2023 there are two, at two addresses."""
    pages = [_page(year, form, values) for year, (form, values) in REPORTS.items() if year <= last]
    return [*pages, _page(2023, "2021", OTHER_2023, "again")]


def _page(year: int, form: str, values: Numbers, name: str = "report") -> Page:
    listed_on, title = dt.date(year + 1, 1, 20), invented_title(AGENCY.name, year)
    body = form_html(form, values) if values else "<p>收到政府信息公开申请19件，均已按期答复。</p>"
    html = f"""<html lang="zh"><head><meta charset="utf-8"><title>{title}</title><meta name="ArticleTitle" content="{title}">
<meta name="PubDate" content="{listed_on} 09:26"></head><body><h1>{title}</h1>
<p>（演示用虚构报告，数字均为虚构。Invented for a test.）</p><p>一、总体情况</p><p>本报告由{AGENCY.name}编制。</p>
{body}<p>五、存在的主要问题及改进情况</p><p>无（虚构）。</p>
<p>{AGENCY.name}</p><p>{year + 1}年1月15日</p></body></html>"""
    return Page(_address(AGENCY, f"t{listed_on:%Y%m%d}_{name}.html"), title, listed_on, html.encode())
