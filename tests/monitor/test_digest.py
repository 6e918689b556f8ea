"""The digest: order, counts, both languages, and nothing from outside that could do harm."""

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

import pytest
from bs4 import BeautifulSoup

from config.alerts import EventKind, Speaks
from monitor.alerts.digest import MOST, News, digest, roll_digest
from monitor.alerts.roll import Group, Roll, RollHalf, Row
from monitor.days import SHANGHAI
from monitor.wording import Language

AT = dt.datetime(2024, 2, 5, 21, tzinfo=SHANGHAI)
URL = "https://watch.example.org/"
HOSTILE = "示例<script>alert(1)</script>\r\nBcc: x@example.org\u202e\"'&amp;局"


def details(**changes: Any) -> dict[str, Any]:
    """Of an event as monitor.details makes them, for a missing report."""
    column = {
        "portal": "p",
        "portal_name": "示例市门户",
        "column": "nb",
        "column_name": "政府信息公开年报",
        "url": "http://127.0.0.1:8000/nb/",
        "looked_at": "2024-02-05T20:00:00+08:00",
        "outcome": "healthy",
        "proved_at": "2024-02-05T20:00:00+08:00",
    }
    made = {
        "agency": {
            "name": "示例市水利局",
            "kind": "department",
            "region": "示例市",
            "supervisor": "",
            "invented": True,
        },
        "state": "missing",
        "basis": "",
        "reason": "absent",
        "parameters": {"absent_at": "2024-02-05T20:00:00+08:00"},
        "since": "2024-02-01T00:00:00+08:00",
        "due": "2024-01-31",
        "rule": "regulation-711-department",
        "citation": {"zh": "《条例》第四十九条第一句", "en": "Regulation, Article 49, first sentence"},
        "first_seen_at": None,
        "last_absent_at": None,
        "notes": [],
        "stated": [],
        "columns": [column],
        "report_url": "",
    }
    return made | changes


def cell(code: str, value: str | None, raw: str = "", state: str = "number") -> dict[str, Any]:
    return {"code": code, "value": value, "raw": raw or value or "", "state": state, "place": None}


def changed(*cells: Mapping[str, Any]) -> dict[str, Any]:
    sides = {side: {"at": f"2024-02-0{day}T20:00:00+08:00"} for side, day in (("before", 1), ("after", 5))}
    finding = {"key": "k", "kind": "changed", "url": "http://127.0.0.1:8000/r.html", "cells": list(cells), **sides}
    return details(state="on_time", finding=finding)


def change(before: dict[str, Any], after: dict[str, Any], kind: str = "number_changed", **more: Any) -> dict[str, Any]:
    return {
        "code": before["code"], "unit": "件", "change": kind, "before": before, "after": after, "in_doubt": False, **more,
    }  # fmt: skip


def news(kind: EventKind = EventKind.MISSING, id_: int = 1, **changes: Any) -> News:
    given: dict[str, Any] = {"details": details(), "agency_id": "shili-slj", "year": 2023} | changes
    return News(event_id=id_, at=AT, kind=kind, **given)


def text_of(*items: News) -> str:
    return digest(items, at=AT, public_url=URL).text


def test_a_missing_report_with_everything_that_a_reader_may_ask() -> None:
    text = text_of(news())
    for words in (
        "示例市水利局：2023年度报告 [示例单位，虚构]",
        "状态：逾期5天，仍未见公布",
        "截止日：2024年1月31日",
        "依据：《条例》第四十九条第一句",
        "最近查看：2024年2月5日 20:00（正常）",
        "http://127.0.0.1:8000/nb/",
        "详情：https://watch.example.org/agency/shili-slj",
        "示例市水利局: report of 2023 [invented office of a demonstration]",
        "State: overdue by 5 days, not found",
        "Due: 31 January 2024",
        "Rule: Regulation, Article 49, first sentence",
        "last looked at on 5 February 2024, 20:00 (healthy)",
        "Details: https://watch.example.org/en/agency/shili-slj",
    ):
        assert words in text
    assert text.index("逾期未见公布") < text.index("Overdue and not found")


def test_days_are_counted_when_the_digest_is_made() -> None:
    later = digest([news()], at=AT + dt.timedelta(days=3), public_url=URL)
    assert "逾期8天" in later.text
    assert "2024-02-08" in later.subject


def test_unknown_says_why_and_since_when() -> None:
    told = details(state="unknown", reason="blind_server_error", parameters={}, since="2024-01-29T20:00:00+08:00")
    text = text_of(news(EventKind.UNKNOWN, details=told))
    assert "无法判断（自2024年1月29日 20:00起）" in text
    assert "网站返回服务器错误" in text
    assert "未见公布（" not in text


def test_changed_cells_are_named_by_their_official_labels() -> None:
    granted = "requests.granted.natural_person"
    text = text_of(
        news(
            EventKind.CHANGED,
            details=changed(
                change(cell(granted, "9"), cell(granted, "7")),
                change(cell(granted, "12500.50"), cell(granted, "1250050"), unit="元"),
                change(
                    cell(granted, "3"), cell(granted, None, "详见附件", "unreadable"), "no_longer_number", in_doubt=True
                ),
                change(cell(granted, None, "", "blank"), cell(granted, "0"), "became_number"),
            ),
        )
    )
    assert f"三、本年度办理结果/（一）予以公开 × 自然人（{granted}）：由 9 改为 7\n" in text
    assert "由 12,500.5 改为 1,250,050 元\n" in text
    assert "原为数字 3，现为“详见附件”，读不出数字 [读取该单元格时存在疑点]" in text
    assert "原为“空白”，现为数字 0" in text
    assert "2024年2月1日 20:00与2024年2月5日 20:00两次采集之间" in text
    assert "requests.granted.natural_person): from 9 to 7\n" in text


def test_a_sum_shows_both_sides_and_counts_its_noughts() -> None:
    left = {"total": "40", "cells": [cell("a", "31"), cell("b", "9"), cell("c", "0"), cell("d", "0.00")]}
    right = {"total": "39", "cells": [cell("e", "39")]}
    finding = {
        "key": "k", "kind": "arithmetic", "description": "（一）至（六）之和等于（七）", "left": left, "right": right,
        "url": "http://127.0.0.1:8000/r.html", "at": "2024-02-05T20:00:00+08:00",
    }  # fmt: skip
    text = text_of(news(EventKind.ARITHMETIC, details=details(finding=finding)))
    assert "左边：40 = 31 [a] + 9 [b] + 2项为0" in text
    assert "右边：39 = 39 [e]" in text
    assert "逾期" not in text


def test_worst_first_and_always_the_same() -> None:
    items = [
        news(EventKind.RESOLVED, 1, details=details(state="late", first_seen_at="2024-02-05T20:00:00+08:00",
             last_absent_at="2024-02-04T20:00:00+08:00", reason="before_due", parameters={"due_on": "2024-01-31"},
             resolved="published")),
        news(EventKind.DUE_SOON, 2, details=details(state="due_soon", due="2024-02-09"), agency_id="b"),
        news(EventKind.MISSING, 3, agency_id="b"),
        news(EventKind.MISSING, 4, agency_id="a"),
        news(EventKind.CHANGED, 5, details=changed()),
    ]  # fmt: skip
    made = digest(items, at=AT, public_url=URL)
    assert made.subject == "[公开] 逾期未公布 2 · 改动 1 · 临近 1 · 已解决 1（2024-02-05）"
    assert made.text.index("/agency/a") < made.text.index("/agency/b")
    random.Random(7).shuffle(items)
    assert digest(items, at=AT, public_url=URL) == made


def test_what_is_over_is_told_as_history_and_at_the_end() -> None:
    made = digest([news(over=True, state_now="on_time"), news(id_=2, agency_id="z")], at=AT, public_url=URL)
    assert made.subject == "[公开] 逾期未公布 1 · 已改变 1（2024-02-05）"
    assert "2024年2月5日 21:00记录：逾期未见公布；现状：按期公布" in made.text
    assert made.text.index("/agency/z") < made.text.index("现状：按期公布")
    assert "now: published on time" in made.text


def test_a_flood_is_cut_and_says_so() -> None:
    items = [news(id_=number, agency_id=f"shili-{number:04}") for number in range(MOST + 5)]
    made = digest(items, at=AT, public_url=URL)
    assert f"逾期未公布 {MOST + 5}" in made.subject
    assert made.text.count("示例市水利局：2023年度报告") == MOST
    assert "另有5条未列出，见https://watch.example.org/" in made.text
    assert "5 more are not listed here" in made.text


@pytest.mark.parametrize("kind", [EventKind.MISSING, EventKind.CHANGED])
def test_hostile_words_stay_words(kind: EventKind) -> None:
    agency = details()["agency"] | {"name": HOSTILE}
    cells = change(cell(HOSTILE, None, HOSTILE, "unreadable"), cell(HOSTILE, None, "x" * 10_000, "unreadable"), "other")
    told = (changed(cells) if kind is EventKind.CHANGED else details()) | {
        "agency": agency, "reason": "unread_candidate", "parameters": {"title": HOSTILE}, "report_url": "javascript:alert(1)",
    }  # fmt: skip
    made = digest([news(kind, details=told)], at=AT, public_url=URL)
    page = BeautifulSoup(made.html, "lxml")
    assert page.find("script") is None
    assert {str(link["href"]).partition(":")[0] for link in page.find_all("a")} <= {"http", "https"}
    assert "<script>alert(1)</script>" in page.get_text()
    assert not any(mark in made.text for mark in ("\r", "\u202e", "\nBcc"))
    assert max(map(len, made.text.splitlines())) < 5000
    assert "\n" not in made.subject


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "http://user:secret@example.org/", "data:text/html,x", "http://example.org/\" onclick=\"x", ""],
)  # fmt: skip
def test_only_plain_web_addresses_become_links(address: str) -> None:
    made = digest([news(details=details(report_url=address))], at=AT, public_url=URL)
    links = [str(link["href"]) for link in BeautifulSoup(made.html, "lxml").find_all("a")]
    assert address not in links
    assert all(link.startswith(("http://127.0.0.1:8000/", "https://watch.example.org/")) for link in links)


def test_the_html_loads_nothing_and_names_both_languages() -> None:
    page = BeautifulSoup(digest([news()], at=AT, public_url=URL).html, "lxml")
    assert page.find_all(["img", "link", "iframe", "script", "object"]) == []
    assert [block["lang"] for block in page.select("div[lang]")] == ["zh-CN", "en"]


@pytest.mark.parametrize(
    ("language", "subject", "halves"),
    [
        (Speaks.ZH, "[公开] 逾期未公布 1（2024-02-05）", ["zh-CN"]),
        (Speaks.EN, "[gongkai] overdue 1 (2024-02-05)", ["en"]),
        (Speaks.BOTH, "[公开] 逾期未公布 1（2024-02-05）", ["zh-CN", "en"]),
    ],
)
def test_a_recipient_may_want_one_language(language: Speaks, subject: str, halves: list[str]) -> None:
    made = digest([news()], at=AT, public_url=URL, language=language)
    page = BeautifulSoup(made.html, "lxml")
    assert made.subject == subject
    assert [block["lang"] for block in page.select("div[lang]")] == halves
    assert ("状态：逾期5天" in made.text) is ("zh-CN" in halves)
    assert ("State: overdue by 5 days" in made.text) is ("en" in halves)


def test_one_office_is_one_conversation_many_are_the_subscriptions() -> None:
    def thread(*agencies: str, subscription: str = "city") -> str:
        items = [news(agency_id=agency, id_=number) for number, agency in enumerate(agencies)]
        return digest(items, at=AT, public_url=URL, subscription=subscription).thread

    assert thread("a", "a") == "agency a"
    assert thread("a", "b") == "subscription city"
    assert thread("a", "b", subscription="") == ""
    assert thread("") == "subscription city"  # a portal, no office


def test_the_address_that_ends_it_stands_in_every_part() -> None:
    end = "https://watch.example.org/unsubscribe/abc.def"
    made = digest([news()], at=AT, public_url=URL, unsubscribe=end)
    assert made.unsubscribe == end
    assert (f"退订：{end}" in made.text, f"Unsubscribe: {end}" in made.text) == (True, True)
    assert [link["href"] for link in BeautifulSoup(made.html, "lxml").find_all("a")].count(end) == 2


def roll(**changes: Any) -> Roll:
    row = Row("示例市水利局", "示例市", "", "https://watch.example.org/agency/shili-slj", invented=True)
    zh = {"subject": "还剩12天：1家未见", "title": "年报临近", "lead": "还剩12天，1家未见。", "notes": ("说明。",)}
    en = {"subject": "12 days left: 1 not seen", "title": "Due soon", "lead": "12 days left.", "notes": ("A note.",)}
    groups = (Group("未见（6）", "missing", "依据《条例》。", (row,), more=5),)
    halves: dict[Language, RollHalf] = {
        "zh": RollHalf(**{**zh, "groups": groups, **changes}),
        "en": RollHalf(**{**en, "groups": groups, **changes}),
    }
    return Roll("run_up:2023:2024-01-31:12", halves)


def test_a_roll_says_all_of_it_in_both_languages() -> None:
    made = roll_digest(roll(), at=AT, public_url=URL, subscription="city")
    assert made.subject == "[公开] 还剩12天：1家未见（2024-02-05）"
    assert made.thread == "subscription city"
    for words in (
        "年报临近\n截至2024年2月5日 21:00（北京时间）\n\n还剩12天，1家未见。\n\n■ 未见（6）\n依据《条例》。\n",
        "- 示例市水利局 [示例单位，虚构]：示例市\n另有5条未列出",
        "说明。\n全部情况：https://watch.example.org/\n",
        "12 days left.",
        "All of it: https://watch.example.org/en/",
    ):
        assert words in made.text
    page = BeautifulSoup(made.html, "lxml")
    assert "https://watch.example.org/agency/shili-slj" in {link["href"] for link in page.find_all("a")}
    assert "Due soon" not in roll_digest(roll(), at=AT, public_url=URL, language=Speaks.ZH).text


def test_a_hostile_roll_stays_words() -> None:
    hostile = Row(HOSTILE, HOSTILE, HOSTILE, "javascript:alert(1)")
    made = roll_digest(
        roll(lead=HOSTILE, subject=HOSTILE, groups=(Group(HOSTILE, "plain", HOSTILE, (hostile,)),)),
        at=AT,
        public_url=URL,
    )
    page = BeautifulSoup(made.html, "lxml")
    assert (page.find("script"), page.find_all("a")) == (None, [])
    assert not any(mark in made.text + made.subject for mark in ("\r", "\u202e", "\nBcc"))
