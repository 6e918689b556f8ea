"""Fills a store with invented agencies in every state, by way of the real writes, reader and judge.

May touch: the store and the folder it is given. No portal is visited: what visits would have seen is written down
here, day by day. Everybody's report year is 2024, due on 31 January 2025 (governments 31 March); the present is NOW.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any

from config.alerts import Alerts
from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG, Settings
from config.load import Configuration, load_agencies, read_yaml
from config.schema import Agency, AgencyKind, Column, Portal, YearSpan
from crawler.archive import Archive
from crawler.items import CaptureItem, ListedEntry, LookItem
from crawler.model import LookOutcome
from crawler.read_captures import read_pending
from crawler.store.session import Sessions, open_store
from crawler.store.writes import jobs, visit
from monitor.context import Context
from monitor.days import SHANGHAI
from monitor.judging.evaluate import evaluate
from tests.golden.pages import FOLDER
from tests.portals.reports import Figures, invented_report, invented_title

NOW = dt.datetime(2025, 3, 20, 10, 0, tzinfo=SHANGHAI)
YEARS = (YearSpan(first=2022, last=None),)
HOST = "127.0.0.1:9"
HOSTILE = '示例<script>alert("name")</script>局'
HOSTILE_ADDRESS = "javascript:alert(document.domain)"
UNWATCHED_REAL = "liaocheng-xzspj"  # a real office stands in the registry; nothing is ever said of it here

FIGURES = Figures(
    outcomes={"granted": {"natural_person": 31, "company": 4}, "unavailable.not_held": {"natural_person": 6}},
    carried_in={"natural_person": 3},
    carried_out={"natural_person": 3},
    proactive={"proactive.licences.decisions": 3744, "proactive.fees.amount": 1250000},
    disputes={"review": {"upheld": 2, "pending": 1}},
)


@dataclass(frozen=True, slots=True)
class Page:
    """An entry of a column on one day: its address, its title and date in the list, its bytes."""

    url: str
    title: str
    listed_on: dt.date
    body: bytes


@dataclass(slots=True)
class Story:
    """One agency and what its column held: `pages` from a day on, until another entry of the table begins."""

    agency: Agency
    pages: dict[dt.date, Sequence[Page]] = field(default_factory=dict)
    outcomes: dict[dt.date, LookOutcome] = field(default_factory=dict)

    def on(self, day: dt.date) -> tuple[LookOutcome, Sequence[Page]]:
        outcome = _latest(self.outcomes, day) or LookOutcome.HEALTHY
        return outcome, (_latest(self.pages, day) or ()) if outcome.proves_absence else ()


def day(month: int, number: int) -> dt.date:
    return dt.date(2025, month, number)


VISITS = (day(1, 10), day(1, 22), day(2, 2), day(2, 4), day(2, 11), day(2, 16), day(3, 2), day(3, 4), day(3, 19))
JUDGED = (day(1, 22), day(2, 4), day(2, 11), day(2, 16), day(3, 4), day(3, 19))


def seed(database_url: str, folder: Path) -> Context:
    """The filled store with its configuration, at NOW."""
    stories = _stories()
    configuration = _configuration(stories)
    settings = Settings(data_dir=folder, database_url=database_url)
    sessions = open_store(database_url, create=True)
    archive = Archive(folder / "archive")
    last: dict[str, str] = {}
    for visited in VISITS:
        at = dt.datetime.combine(visited, dt.time(3, 0), SHANGHAI)
        for story in stories:
            if story.agency.watched_years:
                _visit(sessions, archive, story, at, last)
        if visited in JUDGED:
            later = at + dt.timedelta(hours=1)
            read_pending(sessions, archive, configuration, now=later)
            evaluate(Context(settings, configuration, sessions, later))
    context = Context(settings, configuration, sessions, NOW)
    evaluate(context)
    _work(sessions)
    return context


def _visit(sessions: Sessions, archive: Archive, story: Story, at: dt.datetime, last: dict[str, str]) -> None:
    """One run: its captures, its look. A body that was captured before comes back as "not modified"."""
    slug = f"sim-{story.agency.id}"
    outcome, pages = story.on(at.date())
    listing = f"http://{HOST}/{story.agency.id}/"
    captures: list[tuple[CaptureItem, str | None]] = []
    for page in pages:
        sha256 = archive.put(page.body)
        item = CaptureItem(
            portal=slug,
            column="nb",
            kind="detail",
            url=page.url,
            final_url=page.url,
            fetched_at=at + dt.timedelta(seconds=5),
            status=304 if last.get(page.url) == sha256 else 200,
            outcome=LookOutcome.HEALTHY,
            body=page.body,
            media_type="text/html",
            not_modified=last.get(page.url) == sha256,
            entry_url=page.url,
        )
        last[page.url] = sha256
        captures.append((item, sha256))
    listed = {page.url for page in pages}
    for url in [url for url in last if url.startswith(listing) and url not in listed and outcome.proves_absence]:
        gone = CaptureItem(
            portal=slug,
            column="nb",
            kind="detail",
            url=url,
            final_url=url,
            fetched_at=at + dt.timedelta(seconds=9),
            status=404,
            outcome=LookOutcome.SOFT_404,
            reason="HTTP 404",
            entry_url=url,
        )
        captures.append((gone, None))
    look = LookItem(
        portal=slug,
        column="nb",
        at=at + dt.timedelta(seconds=2),
        outcome=outcome,
        status=200 if outcome.proves_absence else 503,
        url=listing,
        pages=1,
        entries=tuple(
            ListedEntry(page.url, page.title, page.listed_on, page.listed_on.isoformat(), "report", "标题")
            for page in pages
        ),
    )
    with sessions.begin() as session:
        run = visit.start_run(session, slug, at, simulated=True)
        visit.add_captures(session, run, captures)
        visit.add_look(session, run, look)
        visit.finish_run(session, run, at + dt.timedelta(seconds=20), outcome="finished", requests=1 + len(captures))


def _work(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for hour, (name, outcome, message) in enumerate(
            (
                ("crawl", "failed", "sim-shili-jtj: 服务器错误"),
                ("read", "finished", ""),
                ("evaluate", "finished", ""),
                ("notify", "finished", ""),
            )
        ):
            at = dt.datetime.combine(day(3, 19), dt.time(3 + hour), SHANGHAI)
            run = jobs.start_run(session, name, at)
            jobs.finish_run(session, run, at + dt.timedelta(seconds=42), outcome=outcome, message=message)
        tomorrow = dt.datetime.combine(day(3, 21), dt.time(3), SHANGHAI)
        jobs.plan_jobs(session, {"crawl": tomorrow, "read": tomorrow, "evaluate": tomorrow, "notify": None})


def _stories() -> list[Story]:
    """The cast. What each one is there for stands beside it."""
    start, soon, after = day(1, 10), day(1, 22), day(2, 11)
    data = _agency("sjj", "示例市数据管理局", predecessor="shili-xxzx")  # on time, with every kind of cell
    former = _agency("xxzx", "示例市信息中心", watched_years=(), valid_to=dt.date(2019, 3, 1))  # never judged
    statistics = _agency("tjj", "示例市统计局", aliases=("示例统计",), supervisor="示例市人民政府办公室")  # on time
    water = _agency("slj", "示例市水利局")  # late
    culture = _agency("whj", "示例市文化和旅游局")  # missing
    transport = _agency("jtj", "示例市交通运输局")  # its portal answers 503: unknown
    education = _agency("jyj", "示例市教育局")  # withdrawn
    affairs = _agency("mzj", "示例市民政局")  # changes two numbers
    trade = _agency("swj", "示例市商务局")  # first looked at after the due day, its dates too late: date_unsure
    county = _agency(
        "xzf", "示例县人民政府", region_code="990121", region="示例省示例市示例县", kind=AgencyKind.GOVERNMENT
    )
    town = _agency("zzf", "示例镇人民政府", region_code="990121", region="示例省示例市示例县", kind=AgencyKind.TOWNSHIP)
    hostile = _agency("hostile", HOSTILE, aliases=('"><img src=x onerror=alert(1)>',))
    new = _agency("xxj", "示例市新设局", watched_years=(YearSpan(first=2024, last=2024),))  # no look at all

    changed = FIGURES.with_outcomes(granted={"natural_person": 29, "company": 4})
    in_force = {
        "proactive.rules.in_force": 3,
        "proactive.normative_documents.in_force": 38,
    }  # what the next report starts from
    earlier = _reports(data, 2022, 2023, figures=replace(FIGURES, proactive={**FIGURES.proactive, **in_force}))
    return [
        Story(data, {start: earlier, soon: [*earlier, _golden(data)]}),
        Story(former),
        Story(statistics, {start: _reports(statistics, 2022, 2023), soon: _reports(statistics, 2022, 2023, 2024)}),
        Story(water, {start: _reports(water, 2022, 2023), after: _reports(water, 2022, 2023, 2024, on=day(2, 10))}),
        Story(culture, {start: _reports(culture, 2022, 2023)}),
        Story(
            transport,
            {start: _reports(transport, 2022, 2023)},
            {day(2, 2): LookOutcome.SERVER_ERROR},
        ),
        Story(
            education,
            {
                start: _reports(education, 2022, 2023),
                soon: _reports(education, 2022, 2023, 2024),
                day(3, 2): _reports(education, 2022, 2023),
            },
        ),
        Story(
            affairs,
            {
                start: _reports(affairs, 2022, 2023),
                soon: _reports(affairs, 2022, 2023, 2024),
                day(2, 16): [*_reports(affairs, 2022, 2023), *_reports(affairs, 2024, figures=changed)],
            },
        ),
        Story(
            trade,
            {start: [], after: _reports(trade, 2022, 2023, 2024, on=day(2, 6))},
            {start: LookOutcome.CHALLENGE, after: LookOutcome.HEALTHY},
        ),
        Story(county, {start: _reports(county, 2022, 2023)}),
        Story(town, {start: _reports(town, 2022, 2023)}),
        Story(hostile, {soon: [_hostile(hostile)]}),
        Story(new, outcomes={start: LookOutcome.TRANSPORT_ERROR}),
    ]


def _agency(short: str, name: str, **values: Any) -> Agency:
    given = {
        "id": f"shili-{short}",
        "name": name,
        "region_code": "990100",
        "region": "示例省示例市",
        "kind": AgencyKind.DEPARTMENT,
        "watched_years": YEARS,
        "invented": True,
    }
    return Agency.model_validate(given | values)


def _reports(agency: Agency, *years: int, on: dt.date | None = None, figures: Figures = FIGURES) -> list[Page]:
    """The agency's reports of some years, listed on the 20th of January after, or on a given day."""
    pages = []
    for year in years:
        listed_on = on if on is not None and year == 2024 else dt.date(year + 1, 1, 20)
        title = invented_title(agency.name, year)
        body = invented_report(agency.name, year, _own(figures, agency, year), listed_on - dt.timedelta(days=4))
        meta = f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{listed_on} 09:26">'
        html = (
            f'<html lang="zh"><head><meta charset="utf-8"><title>{title}</title>{meta}</head><body>{body}</body></html>'
        )
        pages.append(Page(_address(agency, f"t{listed_on:%Y%m%d}_{year}.html"), title, listed_on, html.encode()))
    return pages


def _own(figures: Figures, agency: Agency, year: int) -> Figures:
    """The same with a number that no other office and year has: these reports are no copies of each other."""
    licences = figures.proactive["proactive.licences.decisions"] + 10 * sum(agency.id.encode()) + year
    return replace(figures, proactive={**figures.proactive, "proactive.licences.decisions": licences})


def _golden(agency: Agency) -> Page:
    """A report with blanks, words for numbers and sums that do not hold."""
    title = f"{agency.name}2024年政府信息公开工作年度报告"
    return Page(_address(agency, "t20250121_1.html"), title, day(1, 21), (FOLDER / "example-2024.html").read_bytes())


def _hostile(agency: Agency) -> Page:
    """A page whose title, address and text try to become a part of ours."""
    report = _reports(agency, 2024)[0]
    name, listed = escape(agency.name), '2024年报告"><svg onload=alert(2)>'
    body = report.body.replace(agency.name.encode(), name.encode())
    return Page(HOSTILE_ADDRESS, listed, report.listed_on, body)


def _address(agency: Agency, file: str) -> str:
    return f"http://{HOST}/{agency.id}/{file}"


def _latest(values: Mapping[dt.date, Any], at: dt.date) -> Any:
    """What holds on a day: the value of the last day that is not after it."""
    days = [since for since in values if since <= at]
    return values[max(days)] if days else None


def _configuration(stories: Sequence[Story]) -> Configuration:
    agencies = {story.agency.id: story.agency for story in stories}
    real = load_agencies(PACKAGED_CONFIG / "agencies.csv")[UNWATCHED_REAL]
    agencies[real.id] = real.model_copy(update={"predecessor": None, "watched_years": ()})
    portals = {
        f"sim-{id_}": Portal(
            slug=f"sim-{id_}",
            name=f"模拟网站 {story.agency.name}",
            family="trs",
            hosts=(HOST,),
            delay=0,
            columns=(Column(key="nb", url=f"http://{HOST}/{id_}/", agencies=(id_,)),),
        )
        for id_, story in ((story.agency.id, story) for story in stories)
        if story.agency.watched_years
    }
    deadlines = Deadlines.model_validate(read_yaml(PACKAGED_CONFIG / "deadlines.yml"))
    return Configuration(agencies, portals, deadlines, Alerts())
