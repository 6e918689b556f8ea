"""The story's world: which simulated portal publishes what, and when.

May touch the golden reports only. Two kinds of portals, never mixed:

- sim-liaocheng, sim-zhifu, sim-langao, sim-zibo hold real reports of real agencies, each on the day of its
  signature or, where it bears none, on a day of the simulation, which its page says. Nothing else is said of
  these agencies: no invented entry stands on their portals.
- sim-shili-city, sim-shili-transport, sim-shili-county belong to agencies that do not exist (示例…). All that
  goes wrong in the story goes wrong there.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from tests.golden.pages import SEEDS, report_html
from tests.portals.faults import Fault, Kind
from tests.portals.fleet import World
from tests.portals.reports import Figures, invented_report, invented_title
from tests.portals.site import Article, Column, Site

SIGNED = (
    "模拟中的发布日{day}取自报告的落款日期，不代表该机关实际的公布日期。"
    "The day of publication in this simulation is that of the report's signature, not the office's real one."
)
UNSIGNED = (
    "原报告没有落款日期，模拟中的发布日{day}是演示设定的，不代表该机关实际的公布日期。"
    "The report bears no date; the day of publication is the simulation's, not the office's real one."
)
LOOKALIKES = (
    (dt.date(2017, 2, 20), "{place}2017年政务公开工作要点"),
    (dt.date(2023, 2, 16), "图解：{place}2022年政府信息公开工作年度报告"),
    (dt.date(2023, 12, 20), "关于做好2023年政府信息公开工作年度报告编制和发布工作的通知"),
    (dt.date(2024, 1, 10), "{place}2023年政府网站工作年度报表"),
)

EDUCATION = Figures(
    outcomes={
        "granted": {"natural_person": 21, "company": 2},
        "partly_granted": {"natural_person": 4},
        "refused.third_party": {"natural_person": 1},
        "unavailable.not_held": {"natural_person": 6, "legal_service": 1},
    },
    proactive={"proactive.licences.decisions": 132, "proactive.normative_documents.in_force": 11},
    disputes={"review": {"upheld": 1}},
)
WATER = Figures(
    outcomes={"granted": {"natural_person": 5}, "unavailable.not_held": {"natural_person": 2}},
    proactive={"proactive.licences.decisions": 88, "proactive.penalties.decisions": 7},
)
CIVIL = Figures(
    outcomes={
        "granted": {"natural_person": 9, "company": 2, "social_organisation": 1},
        "partly_granted": {"natural_person": 2, "company": 1},
        "unavailable.needs_creation": {"natural_person": 3},
        "not_processed.petition": {"natural_person": 1},
    },
    proactive={"proactive.licences.decisions": 45, "proactive.fees.amount": 23600},
)
CIVIL_CHANGED = replace(CIVIL, proactive={"proactive.licences.decisions": 54, "proactive.fees.amount": 32600})
STATISTICS = Figures(outcomes={"granted": {"natural_person": 3, "research": 4}})
FORESTRY = Figures(outcomes={"granted": {"natural_person": 2}}, proactive={"proactive.licences.decisions": 61})
TRANSPORT = Figures(
    outcomes={"granted": {"natural_person": 14, "company": 3}, "refused.enforcement_files": {"natural_person": 2}},
    proactive={"proactive.penalties.decisions": 415, "proactive.licences.decisions": 1290},
    disputes={"litigation_direct": {"upheld": 1, "pending": 1}},
)
COUNTY = Figures(
    outcomes={"granted": {"natural_person": 26, "company": 4}, "unavailable.not_held": {"natural_person": 9}},
    carried_out={"natural_person": 2},
    proactive={"proactive.normative_documents.issued": 3, "proactive.normative_documents.in_force": 40},
)
# The printed sum of one row: 26 + 4 is 30, not 31. And the text says 48 requests, table three 41.
COUNTY_MISPRINT = replace(COUNTY, misprints={"requests.granted.total": 31}, said_received=48)

DEPARTMENTS = (
    ("示例市教育局", EDUCATION),
    ("示例市水利局", WATER),
    ("示例市林业局", FORESTRY),
    ("示例市民政局", CIVIL),
    ("示例市统计局", STATISTICS),
)


def invented(
    number: int,
    agency: str,
    year: int,
    figures: Figures,
    published: dt.date,
    *,
    last: dt.date | None = None,
    changed: tuple[dt.date, Figures] | None = None,
) -> Article:
    """An invented agency's report, signed two days before it is published."""
    signed = published - dt.timedelta(days=2)
    revisions = () if changed is None else ((changed[0], invented_report(agency, year, changed[1], signed)),)
    return Article(
        number=number,
        title=invented_title(agency, year),
        published=published,
        body=invented_report(agency, year, figures, signed),
        issuer=agency,
        last=last,
        revisions=revisions,
        written=signed,
    )


def of_year(figures: Figures, year: int) -> Figures:
    """The same office some years before 2023: other numbers, and what joins over the years joins.

    Two do not: the education bureau prints the numbers of 2022 again in 2023, and the transport bureau hands over a
    request in 2022 that its report of 2023 does not take up.
    """
    if figures is EDUCATION and year == 2022:
        return figures
    ago = 2023 - year
    issued = figures.proactive.get("proactive.normative_documents.issued", 0)
    proactive = {code: count + 3 * ago for code, count in figures.proactive.items() if code.endswith(".decisions")}
    kept = {code: count for code, count in figures.proactive.items() if code not in proactive}
    if (in_force := "proactive.normative_documents.in_force") in kept:
        kept[in_force] -= ago * issued
    granted = {who: count + ago for who, count in figures.outcomes["granted"].items()}
    handed_over = {"natural_person": 1} if figures is TRANSPORT and year == 2022 else {}
    earlier = replace(figures, carried_out=handed_over, proactive={**kept, **proactive})
    return earlier.with_outcomes(granted=granted)


def earlier(first_number: int, agencies: tuple[tuple[str, Figures], ...], *, month: int) -> tuple[Article, ...]:
    """The reports of 2021 and 2022, published in time in `month` of the next year; those years are not watched."""
    return tuple(
        invented(
            first_number + 10 * year + place,
            agency,
            year,
            of_year(figures, year),
            dt.date(year + 1, month, 12 + place),
        )
        for year in (2021, 2022)
        for place, (agency, figures) in enumerate(agencies)
    )


def lookalikes(first_number: int, place: str, issuer: str) -> tuple[Article, ...]:
    """Entries that are no annual reports, though their titles come near."""
    body = "<p>（演示用虚构内容）Invented for a demonstration.</p>" * 3
    return tuple(
        Article(first_number + number, title.format(place=place), day, body, issuer)
        for number, (day, title) in enumerate(LOOKALIKES)
    )


def real(number: int, case: str, published: dt.date) -> Article:
    """A real agency's real report, with the sentence that says what the simulation's date is worth."""
    seed = SEEDS[case]
    note = SIGNED if seed["signed_on"] else UNSIGNED
    return Article(
        number=number,
        title=seed["title"],
        published=published,
        body=report_html(case),
        issuer=seed["agency"],
        note=note.format(day=published),
    )


def the_world() -> World:
    """Seven portals and the week in which one of them is down."""
    city = (
        *lookalikes(1001, "示例市", "示例市人民政府办公室（虚构）"),
        *earlier(7_000_000, DEPARTMENTS, month=1),
        invented(7100001, "示例市教育局", 2023, EDUCATION, dt.date(2024, 1, 18)),
        invented(7100002, "示例市水利局", 2023, WATER, dt.date(2024, 2, 5)),
        invented(
            7100003, "示例市民政局", 2023, CIVIL, dt.date(2024, 1, 24), changed=(dt.date(2024, 2, 20), CIVIL_CHANGED)
        ),
        invented(7100004, "示例市统计局", 2023, STATISTICS, dt.date(2024, 1, 24), last=dt.date(2024, 3, 4)),
    )
    transport = (
        *lookalikes(2001, "示例市交通运输局", "示例市交通运输局"),
        *earlier(20_000, (("示例市交通运输局", TRANSPORT),), month=1),
        invented(41234, "示例市交通运输局", 2023, TRANSPORT, dt.date(2024, 1, 30)),
    )
    county = (
        *lookalikes(3001, "示例县", "示例县人民政府办公室（虚构）"),
        *earlier(30_000, (("示例县人民政府", COUNTY),), month=3),
        invented(51234, "示例县人民政府", 2023, COUNTY_MISPRINT, dt.date(2024, 3, 28)),
    )
    liaocheng = (
        real(1080001, "liaocheng-2017", dt.date(2018, 1, 19)),
        real(1080002, "liaocheng-2020", dt.date(2021, 1, 26)),
    )
    return World(
        sites=(
            _site("sim-liaocheng", "模拟门户（聊城市）", "trs", 1, Column(
                "zwgk/zfxxgknb", liaocheng, options={"pager": "createPageHTML"})),
            _site("sim-zhifu", "模拟门户（芝罘区）", "hanweb", 2, Column(
                "12301", (real(4501, "zhifu-2020", dt.date(2021, 1, 28)),), options={"decoy": False})),
            _site("sim-langao", "模拟门户（岚皋县）", "trs", 3, Column(
                "zwgk/zfxxgknb", (real(2230001, "langao-2021", dt.date(2022, 1, 21)),),
                options={"pager": "none", "titles": "cut", "dates": "b", "header": "table"})),
            _site("sim-zibo", "模拟门户（淄博市）", "hanweb", 4, Column(
                "12302", (real(4502, "zibo-2023", dt.date(2024, 1, 24)),), options={"decoy": False, "dates": "b"})),
            _site("sim-shili-city", "示例市模拟门户", "trs", 5, Column("zwgk/zfxxgknb", city, page_size=10)),
            _site("sim-shili-transport", "示例市交通运输局模拟网站", "hanweb", 6, Column(
                "123", transport, page_size=2, options={"group": 3})),
            _site("sim-shili-county", "示例县模拟门户", "hanweb", 7, Column("124", county)),
        ),
        faults={
            "sim-shili-transport": (Fault(Kind.SERVER_ERROR, dt.date(2024, 1, 28), dt.date(2024, 2, 3)),),
        },
    )  # fmt: skip


def _site(slug: str, name: str, family: str, serial: int, column: Column) -> Site:
    """The site's code begins with 99, which no region has: it can be no real site's."""
    return Site(slug, name, family, f"990000{serial:04d}", (column,), invented="shili" in slug)
