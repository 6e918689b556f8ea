"""An invented town on 20 March 2024, with the report year 2023: one office for each place in a circular.

May touch: the database it is given. Everything is seen, read and judged by the real functions (tests.monitor.world).
"""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG
from config.load import Configuration, read_yaml
from config.schema import Agency, AgencyKind, YearSpan
from crawler.model import LookOutcome
from crawler.store.session import open_store
from crawler.store.writes import acts
from monitor.circular import judging, scope
from monitor.circular.model import Asked, Circular
from monitor.circular.selection import select
from monitor.desk.replies import NewReply, ReplyKind
from tests.monitor.checks.history import moment
from tests.monitor.world import Page, World, configuration

YEAR = 2023
NOW = moment("03-20 10:00")
FORMULA = '=HYPERLINK("http://127.0.0.1/","示例")局'
CODES = ("requests.granted.natural_person", "requests.granted.total")
LOCAL = {
    "id": "shili-notice",
    "years": {"first": 2023, "last": 2023},
    "regions": ["990121"],
    "kinds": ["township"],
    "due": {"month": 1, "day": 20},
    "citation_zh": "《示例县人民政府办公室关于做好年度报告工作的通知》（示例办函〔2023〕1号）",
    "citation_en": "Notice of the invented county office",
}
# id: name, kind, region code
OFFICES = {
    "shili-jyj": ("示例市教育局", "department", "990100"),  # on time
    "shili-slj": ("示例市水利局", "department", "990100"),  # late
    "shili-wlj": ("示例市文化和旅游局", "department", "990100"),  # missing
    "shili-tjj": ("示例市统计局", "department", "990100"),  # withdrawn
    "shili-mzj": ("示例市民政局", "department", "990100"),  # changes two numbers
    "shili-swj": ("示例市商务局", "department", "990100"),  # its sums do not hold
    "shili-jtj": ("示例市交通运输局", "department", "990100"),  # cannot be seen
    "shili-gsj": (FORMULA, "department", "990100"),  # on time, under a name that would be a formula
    "shilixian-zf": ("示例县人民政府", "government", "990121"),  # not due yet
    "shilizhen-zf": ("示例镇人民政府", "township", "990121"),  # no national day, after the local one
}


def agency(id_: str) -> Agency:
    name, kind, region_code = OFFICES[id_]
    region = "示例省示例市" if region_code == "990100" else "示例省示例市示例县"
    return Agency(
        id=id_,
        name=name,
        region_code=region_code,
        region=region,
        kind=AgencyKind(kind),
        watched_years=(YearSpan(first=YEAR, last=YEAR),),
        invented=True,
    )


def known() -> Configuration:
    made = configuration(*(agency(id_) for id_ in OFFICES))
    packaged = read_yaml(PACKAGED_CONFIG / "deadlines.yml")
    return replace(made, deadlines=Deadlines.model_validate({**packaged, "local": [LOCAL]}))


def empty(folder: Path) -> World:
    """The town before anything was seen of it."""
    return World(open_store(f"sqlite:///{folder / 'town.db'}", create=True), known())


def build(folder: Path) -> World:
    """The town with everything that happened until NOW, judged at the end of each day of visits."""
    world = empty(folder)
    before, after = (Page("nb", dict(zip(CODES, numbers, strict=True))) for numbers in ((9, 12), (7, 10)))
    late, broken = Page("late", stated="02-05"), Page("sums", {CODES[0]: 14}, broken=True)
    plain = {id_: Page(f"nb-{id_}") for id_ in OFFICES}  # every content is another one
    for day in ("01-18", "01-25", "02-02", "02-04", "02-06", "03-18", "03-19"):
        is_early = day < "02-05"
        world.visit("shili-jyj", day, [plain["shili-jyj"]])
        world.visit("shili-slj", day, [] if is_early else [late])
        world.visit("shili-wlj", day)
        if day < "03-18":
            world.visit("shili-tjj", day, [plain["shili-tjj"]])
        else:
            world.visit("shili-tjj", day, not_found=["nb-shili-tjj"])
        world.visit("shili-mzj", day, [before if is_early else after])
        world.visit("shili-swj", day, [broken])
        blind = LookOutcome.HEALTHY if day == "01-18" else LookOutcome.SERVER_ERROR
        world.visit("shili-jtj", day, outcome=blind)
        world.visit("shili-gsj", day, [plain["shili-gsj"]])
        world.visit("shilixian-zf", day)
        world.visit("shilizhen-zf", day, [] if is_early else [plain["shilizhen-zf"]])
        world.evaluate(day)
    _replies(world)
    return world


def _replies(world: World) -> None:
    """The water bureau answers, then corrects what it said; the commerce bureau answers to the finding."""
    answers = (
        ("shili-slj", "", "网站改版，未能及时公布。", "02-10"),
        ("shili-slj", "", "=1+1 网站改版，公布较晚。", "02-12"),
        ("shili-swj", "arithmetic:shili-swj:2023:total", "合计数系录入错误，将予更正。", "02-20"),
    )
    for agency_id, key, text, day in answers:
        at = moment(day)
        reply = NewReply(
            agency_id=agency_id,
            year=YEAR,
            finding_key=key,
            kind=ReplyKind.REPLY,
            text=text,
            source="示例市水利局复函〔2024〕3号",
            received_on=at.date(),
            by="值班员",
        )
        with world.sessions.begin() as session:
            acts.add(session, "reply", at=at, **reply.columns())


def circular(world: World, at: dt.datetime = NOW, region: str = "9901") -> Circular:
    """The circular of the town, or of a part of it, at a moment."""
    prefix, name = scope.region_of(region, world.configuration)
    agencies = scope.agencies_of(world.configuration.agencies.values(), prefix, YEAR, (), ())
    with world.sessions() as session:
        judged = judging.judge(session, world.configuration, agencies, YEAR, at, lambda done, of: None)
        seals = judging.head_of_the_chain(session, at)
    return select(judged, Asked(prefix, name, YEAR, at), extractor="3", version="0.1.0", seals=seals)
