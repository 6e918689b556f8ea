"""The story of the simulated days, as data: when something is looked at, and what must then be said of whom.

May touch nothing. tests/demo plays it, tests/test_story.py asserts it. Each day lists only what is different from
the day before; everything else stands. On every day the portals are visited at 20:00 in Shanghai.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.days import SHANGHAI
from monitor.model import State
from tests.portals.configuration import JOURNALIST, OFFICE

HOUR = dt.time(20)
Who = tuple[str, int]  # agency id, report year


@dataclass(frozen=True, slots=True)
class Expected:
    """A state with its reason (a wording key below `reason`) and, for a published report, its basis."""

    state: State
    reason: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of news. `finding`: kind and detail of the finding that it is about; `resolved`: what was."""

    kind: str  # a config.alerts.EventKind
    agency: str
    year: int
    finding: str = ""
    resolved: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """`happens` in Chinese and English; `states`, `news` and `mails` (recipient → news) are what is new."""

    day: dt.date
    happens: tuple[str, str]
    states: Mapping[Who, Expected] = field(default_factory=dict)
    news: frozenset[Told] = frozenset()
    mails: Mapping[str, frozenset[Told]] = field(default_factory=dict)

    @property
    def moment(self) -> dt.datetime:
        return dt.datetime.combine(self.day, HOUR, SHANGHAI)


NOT_DUE = Expected(State.NOT_DUE, "before_due")
DUE_SOON = Expected(State.DUE_SOON, "before_due")
SEEN = Expected(State.ON_TIME, "seen_by_due", "seen")
CLAIMED = Expected(State.ON_TIME, "dates_by_due", "claimed")
ONE_LOOK = Expected(State.UNKNOWN, "awaiting_second_look")
BLIND = Expected(State.UNKNOWN, "blind_server_error")
MISSING = Expected(State.MISSING, "absent")
LATE = Expected(State.LATE, "absence_proven")
ONE_LOOK_AFTER = Expected(State.UNKNOWN, "awaiting_second_look", "seen")  # published, perhaps gone again
WITHDRAWN = Expected(State.WITHDRAWN, "page_gone", "seen")

EDUCATION: Who = ("shili-jyj", 2023)
WATER: Who = ("shili-slj", 2023)
FORESTRY: Who = ("shili-lyj", 2023)
CIVIL: Who = ("shili-mzj", 2023)
STATISTICS: Who = ("shili-tjj", 2023)
TRANSPORT: Who = ("shili-jtysj", 2023)
COUNTY: Who = ("shilixian-zf", 2023)
INVENTED = (EDUCATION, WATER, FORESTRY, CIVIL, STATISTICS, TRANSPORT, COUNTY)
LIAOCHENG_2017: Who = ("liaocheng-zwfwzx", 2017)
LIAOCHENG_2020: Who = ("liaocheng-xzspj", 2020)
ZHIFU: Who = ("zhifu-xzspj", 2020)
LANGAO: Who = ("langao-xzspj", 2021)
ZIBO: Who = ("zibo-xzspj", 2023)
REAL = (LIAOCHENG_2017, LIAOCHENG_2020, ZHIFU, LANGAO, ZIBO)

# The cells that 示例市民政局 changes silently: (code, from, to).
CHANGED_CELLS = (
    ("proactive.licences.decisions", "45", "54"),
    ("proactive.fees.amount", "23600", "32600"),
)
# 示例市水利局: due on 31 January, not there on 4 February at 20:00, there on 5 February at 20:00.
LATE_DAYS = (4, 5)

_DUE_SOON = {who: Told("due_soon", *who) for who in (WATER, CIVIL, STATISTICS, TRANSPORT, FORESTRY, ZIBO, COUNTY)}
_MISSING = frozenset(Told("missing", *who, finding="missing") for who in (WATER, FORESTRY))
_LATE = Told("late", *WATER, finding="late")
_CHANGED = frozenset({Told("changed", *CIVIL, finding="changed")})
_SUMS = frozenset(
    Told("arithmetic", *COUNTY, finding=f"arithmetic {identity}")
    for identity in ("requests.applicants.granted", "requests.outcomes.total")
)
_WORDS = frozenset({Told("narrative", *COUNTY, finding="narrative requests_received")})
_YEARS = frozenset(
    Told("carry_over", *TRANSPORT, finding=f"carry_over requests.{who}") for who in ("natural_person", "total")
)
# Of a portal and no office: nobody in the story has subscribed to it.
_PORTAL_BLIND = Told("portal_blind", "", 0, finding="portal")
_PORTAL_BACK = Told("resolved", "", 0, finding="portal", resolved="portal_back")
_COPIED = frozenset({Told("copied", *EDUCATION, finding="copied")})


def _day(
    iso: str,
    chinese: str,
    english: str,
    states: Mapping[Who, Expected] | None = None,
    news: frozenset[Told] = frozenset(),
    mails: Mapping[str, frozenset[Told]] | None = None,
) -> Day:
    return Day(dt.date.fromisoformat(iso), (chinese, english), states or {}, news, mails or {})


DAYS: tuple[Day, ...] = (
    _day(
        "2018-01-18",
        "聊城市政务服务中心管理办公室的栏目尚无内容",
        "the column of the Liaocheng service centre office is still empty",
        {LIAOCHENG_2017: NOT_DUE},
    ),
    _day("2018-01-19", "它的2017年报告公布", "its report of 2017 is published", {LIAOCHENG_2017: SEEN}),
    _day(
        "2021-01-25",
        "2020年报告即将到期",
        "the reports of 2020 are due soon",
        {LIAOCHENG_2020: DUE_SOON, ZHIFU: DUE_SOON},
    ),
    _day("2021-01-26", "聊城市行政审批服务局公布", "Liaocheng publishes", {LIAOCHENG_2020: SEEN}),
    _day("2021-01-28", "芝罘区行政审批服务局公布", "Zhifu publishes", {ZHIFU: SEEN}),
    _day("2022-01-20", "2021年报告即将到期", "the report of 2021 is due soon", {LANGAO: DUE_SOON}),
    _day("2022-01-21", "岚皋县行政审批服务局公布", "Langao publishes", {LANGAO: SEEN}),
    _day(
        "2024-01-15",
        "2023年报告：尚无一家公布",
        "the reports of 2023: nobody has published yet",
        {ZIBO: NOT_DUE} | dict.fromkeys(INVENTED, NOT_DUE),
    ),
    _day(
        "2024-01-18",
        "示例市教育局公布，数字与上年全部相同；其余各局即将到期",
        "the education bureau publishes last year's numbers again, the others are due soon",
        {EDUCATION: SEEN} | dict.fromkeys((WATER, FORESTRY, CIVIL, STATISTICS, TRANSPORT, ZIBO), DUE_SOON),
        frozenset(_DUE_SOON.values()) - {_DUE_SOON[COUNTY]} | _COPIED,
        {OFFICE: frozenset(_DUE_SOON.values()) - {_DUE_SOON[COUNTY], _DUE_SOON[ZIBO]} | _COPIED},
    ),
    _day(
        "2024-01-24",
        "淄博市行政审批服务局、示例市民政局、示例市统计局公布",
        "Zibo, the civil affairs and the statistics bureau publish",
        {ZIBO: SEEN, CIVIL: SEEN, STATISTICS: SEEN},
    ),
    _day("2024-01-29", "示例市交通运输局的网站自昨日起瘫痪", "the transport bureau's site is down since yesterday"),
    _day(
        "2024-02-01",
        "截止日已过：两局未见报告，交通运输局的网站仍看不到",
        "the due day is over: two reports are not there, the transport bureau's site cannot be seen",
        {WATER: ONE_LOOK, FORESTRY: ONE_LOOK, TRANSPORT: BLIND},
        frozenset({Told("unknown", *TRANSPORT), _PORTAL_BLIND}),
        {OFFICE: frozenset({Told("unknown", *TRANSPORT)})},
    ),
    _day(
        "2024-02-02",
        "第二天仍未见水利局、林业局的报告",
        "a second day without the reports of water and forestry",
        {WATER: MISSING, FORESTRY: MISSING},
        _MISSING,
        {OFFICE: _MISSING, JOURNALIST: _MISSING},
    ),
    _day("2024-02-03", "网站瘫痪的最后一天", "the last day of the outage"),
    _day(
        "2024-02-04",
        "网站恢复，报告在那里，所标日期为1月30日；上年结转的一件申请没有接上",
        "the site is back and the report is there, dated 30 January; a request carried over last year is not taken up",
        {TRANSPORT: CLAIMED},
        frozenset({Told("resolved", *TRANSPORT, resolved="published"), _PORTAL_BACK}) | _YEARS,
        {OFFICE: frozenset({Told("resolved", *TRANSPORT, resolved="published")}) | _YEARS},
    ),
    _day(
        "2024-02-05",
        "示例市水利局公布，已逾期",
        "the water bureau publishes, too late",
        {WATER: LATE},
        frozenset({_LATE, Told("resolved", *WATER, resolved="published")}),
        {
            OFFICE: frozenset({_LATE, Told("resolved", *WATER, resolved="published")}),
            JOURNALIST: frozenset({_LATE}),
        },
    ),
    _day("2024-02-06", "没有变化", "nothing changes"),
    _day(
        "2024-02-20",
        "示例市民政局悄悄改动报告中的数字",
        "the civil affairs bureau silently changes numbers",
        {},
        _CHANGED,
        {OFFICE: _CHANGED, JOURNALIST: _CHANGED},
    ),
    _day(
        "2024-03-05",
        "示例市统计局的报告不见了",
        "the statistics bureau's report has disappeared",
        {STATISTICS: ONE_LOOK_AFTER},
    ),
    _day(
        "2024-03-06",
        "第二天仍然不见：确认撤下",
        "gone on a second day: withdrawn",
        {STATISTICS: WITHDRAWN},
        frozenset({Told("withdrawn", *STATISTICS, finding="withdrawn")}),
        {OFFICE: frozenset({Told("withdrawn", *STATISTICS, finding="withdrawn")})},
    ),
    _day(
        "2024-03-20",
        "示例县人民政府的报告即将到期",
        "the county government's report is due soon",
        {COUNTY: DUE_SOON},
        frozenset({_DUE_SOON[COUNTY]}),
        {OFFICE: frozenset({_DUE_SOON[COUNTY]})},
    ),
    _day(
        "2024-03-28",
        "示例县人民政府公布，表三有一个合计数不对，正文与表格的申请数不一致",
        "the county government publishes; one sum of table three is wrong, and the text says another number than the table",
        {COUNTY: SEEN},
        _SUMS | _WORDS,
        {OFFICE: _SUMS | _WORDS},
    ),
    _day("2024-03-29", "没有变化", "nothing changes"),
    _day("2024-04-02", "县级截止日已过，没有变化", "the counties' due day is over, nothing changes"),
)


def states_on(day: dt.date) -> dict[Who, Expected]:
    """What stands at the end of that day of the story, of everybody who is judged by then."""
    standing: dict[Who, Expected] = {}
    for told in DAYS:
        if told.day <= day:
            standing |= told.states
    return standing
