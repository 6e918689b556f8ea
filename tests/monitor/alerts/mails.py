"""One message of every kind of event and every edition, about invented offices. Touches nothing."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from config.alerts import Edition, EventKind, Speaks
from monitor.alerts.digest import News, digest, roll_digest
from monitor.alerts.letter import Digest
from monitor.alerts.roll import Group, Roll, RollHalf, Row
from monitor.days import SHANGHAI
from monitor.wording import Language
from tests.monitor.test_digest import cell, change, changed, details

AT = dt.datetime(2024, 2, 5, 21, tzinfo=SHANGHAI)
URL = "https://watch.example.org"
END = f"{URL}/unsubscribe/{'a' * 90}.{'b' * 43}"
LONG_URL = "http://zfxxgk.shili.example.org/col/col1229" + "0123456789" * 12 + "/index.html?uid=" + "abcdef" * 20
CAPTURED = "2024-02-05T20:00:00+08:00"
GRANTED = "requests.granted.natural_person"
LEFT = {"total": "40", "cells": [cell("requests.received.new.natural_person", "31"), cell(GRANTED, "9")]}
RIGHT = {"total": "39", "cells": [cell("requests.granted.total", "39")]}


def found(kind: str, **finding: Any) -> dict[str, Any]:
    return details(state="on_time", finding={"key": "k", "kind": kind, "url": LONG_URL, "at": CAPTURED, **finding})


def portal(kind: str) -> dict[str, Any]:
    finding: dict[str, Any] = {
        "kind": kind,
        "key": "k",
        "at": CAPTURED,
        "reason": "页面含有博彩内容：“彩票 下注 …”",
        "url": LONG_URL,
    }
    finding |= {
        "column_name": "政府信息公开年报",
        "column": "nb",
        "outcome": "hijacked",
        "looked_at": CAPTURED,
        "days": 4,
    }
    finding |= {"since": "2024-02-01T20:00:00+08:00", "healthy_at": None}
    return {"portal": {"slug": "shili", "name": "示例市人民政府门户网站"}, "finding": finding}


def _late() -> dict[str, Any]:
    seen = {"first_seen_at": CAPTURED, "last_absent_at": "2024-02-04T20:00:00+08:00", "report_url": LONG_URL}
    return details(state="late", reason="before_due", parameters={"due_on": "2024-01-31"}, **seen)


EVENTS: Mapping[EventKind, dict[str, Any]] = {
    EventKind.MISSING: details(),
    EventKind.LATE: _late(),
    EventKind.LOCAL_LATE: found(
        "local_late",
        state="missing",
        due_on="2024-01-20",
        parameters={"absent_at": "2024-01-25T20:00:00+08:00"},
        citation={"zh": "示例市关于报送年度报告的通知", "en": "Notice of Shili on handing in reports"},
        law={"state": "not_due", "due_on": "2024-01-31", "citation": {"zh": "《条例》第四十九条", "en": "Article 49"}},
    ),
    EventKind.WITHDRAWN: details(state="withdrawn", reason="blind_soft_404", parameters={}, report_url=LONG_URL),
    EventKind.CHANGED: changed(
        change(cell(GRANTED, "9"), cell(GRANTED, "7")),
        change(cell(GRANTED, "3"), cell(GRANTED, None, "详见附件", "unreadable"), "no_longer_number", in_doubt=True),
    ),
    EventKind.REVISED: changed() | {"finding": changed()["finding"] | {"kind": "revised", "replaced": LONG_URL}},
    EventKind.BACKDATED: found(
        "backdated",
        stated_on="2024-01-30",
        stated=[{"source": "meta", "raw": "2024-01-30 09:00"}],
        without={
            "at": "2024-02-01T20:00:00+08:00",
            "captures": [11, 12],
            "portal_name": "示例市门户",
            "column_name": "年报",
            "url": LONG_URL,
        },
        **{"with": {"first_seen": CAPTURED, "capture": 20}},
    ),
    EventKind.ARITHMETIC: found("arithmetic", description="（一）至（六）之和等于（七）", left=LEFT, right=RIGHT),
    EventKind.NARRATIVE: found(
        "narrative",
        about=False,
        matter="requests_received",
        number="41",
        sentence="全年共收到政府信息公开申请41件，均已按期答复。",
        table=LEFT,
    ),
    EventKind.CARRY_OVER: found(
        "carry_over", rule="requests", year=2023, left=LEFT, right=RIGHT, earlier={"year": 2022, "url": LONG_URL}
    ),
    EventKind.ATTACHMENT: found(
        "attachment", cells=[change(cell(GRANTED, "9"), cell(GRANTED, "7"))], other={"url": LONG_URL}
    ),
    EventKind.COPIED: found(
        "copied",
        same_text=True,
        same_figures=True,
        share=97,
        numbers=120,
        more=2,
        other={"agency": "示例县水利局", "year": 2022, "url": LONG_URL},
    ),
    EventKind.PORTAL_LOST: portal("portal_lost"),
    EventKind.PORTAL_BLIND: portal("portal_blind"),
    EventKind.UNKNOWN: details(state="unknown", reason="blind_server_error", parameters={}),
    EventKind.DUE_SOON: details(state="due_soon", due="2024-02-09"),
    EventKind.RESOLVED: _late() | {"resolved": "published"},
}


def of_event(kind: EventKind, language: Speaks = Speaks.BOTH) -> Digest:
    news = [
        News(event_id=number, at=AT, kind=kind, agency_id=f"shili-{number}", year=2023, details=EVENTS[kind])
        for number in range(2)
    ]
    over = News(event_id=9, at=AT, kind=kind, agency_id="shili-9", year=2022, details=EVENTS[kind], over=True)
    return digest([*news, over], at=AT, public_url=URL, language=language, subscription="city", unsubscribe=END)


def of_edition(edition: Edition) -> Digest:
    """As monitor.alerts.rollcall makes them, with more offices than anybody wants to see."""
    names = ["示例市水利局", "示例市人民政府国有资产监督管理委员会（示例市金融工作办公室）", "示例县税务局"]

    def half(language: Language) -> RollHalf:
        text = (
            "最近一次确认栏目中无此报告：2024年2月1日 20:00"
            if language == "zh"
            else "last seen without it on 1 February"
        )
        rows = tuple(
            Row(names[number % 3], "示例省示例市", text if number % 2 else "", f"{URL}/agency/shili-{number}", True)
            for number in range(12)
        )
        title = {"zh": "未见公布（37）", "en": "Not found (37)"}[language]
        note = {"zh": "依据《条例》第四十九条。", "en": "Article 49 of the Regulation."}[language]
        blind = {"zh": "无法判断（12）", "en": "Cannot be told (12)"}[language]
        return RollHalf(
            subject={"zh": "还剩12天，37家未见", "en": "12 days left, 37 not seen"}[language],
            title={"zh": "2023年度报告：截止日临近", "en": "Reports of 2023: due soon"}[language],
            lead={"zh": "还剩12天，这37家未见公布。", "en": "12 days left, these 37 are not seen."}[language],
            groups=(Group(title, "missing", note, rows, more=25), Group(blind, "unknown", note, rows[:3])),
            notes=({"zh": "“无法判断”不等于未公布。", "en": "“Cannot be told” is not “not published”."}[language],),
        )

    roll = Roll(f"{edition.value}:2023:2024-01-31", {"zh": half("zh"), "en": half("en")})
    return roll_digest(roll, at=AT, public_url=URL, subscription="city", unsubscribe=END)
