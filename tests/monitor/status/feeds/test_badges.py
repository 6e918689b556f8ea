"""Badges: words, the whole of it read out, the unknown ones never hidden; nothing loaded, nothing from outside as markup."""

import pytest
from fastapi import FastAPI
from lxml import etree

from monitor.board import Place, Totals
from monitor.model import State
from monitor.status.feeds.badge import COLOURS, PLAIN, Badge, drawn
from monitor.status.feeds.badges import agency_badge, coverage_badge
from tests.monitor.status.test_contrast import luminance
from tests.monitor.status.test_routes import ask

SVG = "{http://www.w3.org/2000/svg}"


def svg(app: FastAPI, path: str) -> tuple[str, list[str]]:
    """Its title and its texts."""
    answer = ask(app, path)
    assert answer.status_code == 200, path
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "max-age=300"
    root = etree.fromstring(answer.content)
    assert root.get("role") == "img"
    assert {node.tag for node in root.iter()} == {
        f"{SVG}{name}" for name in ("svg", "title", "rect", "path", "g", "text")
    }
    assert not [name for node in root.iter() for name in node.attrib if name in ("style", "href") or name[:2] == "on"]
    return root.findtext(f"{SVG}title") or "", [node.text or "" for node in root.iter(f"{SVG}text")]


def test_an_agencys_year_in_words(app: FastAPI) -> None:
    title, texts = svg(app, "/badge/agency/shili-slj/2024.svg")
    assert texts == ["虚构 · 2024年度报告", "逾期公布 迟4至11天"]
    assert title == "示例市水利局，虚构 · 2024年度报告：逾期公布 迟4至11天"
    assert svg(app, "/badge/agency/shili-slj/2024.svg?lang=en")[1] == [
        "invented · report of 2024",
        "Late by 4 to 11 days",
    ]
    assert svg(app, "/badge/agency/shili-jtj/2024.svg")[1][1] == "无法判断"
    assert svg(app, "/badge/agency/shili-xxj/2022.svg")[1][1] == "不观察"


def test_how_many_and_who_cannot_be_told(app: FastAPI) -> None:
    title, texts = svg(app, "/badge/coverage/2024.svg?region=990100")
    assert texts == ["演示 · 示例省示例市 · 2024年度按期公布", "4/12（33%） · 无法判断 2 · 未到期 2"]
    assert "未见公布 1" in title and "逾期公布 1" in title
    assert "没有应公布的单位" in svg(app, "/badge/coverage/2024.svg?region=110000")[1][1]
    assert svg(app, "/badge/coverage/2024.svg?state=on_time&sort=name") == svg(app, "/badge/coverage/2024.svg")
    assert "部分单位" in svg(app, "/badge/coverage/2024.svg?kind=government")[1][0]


@pytest.mark.parametrize(
    ("states", "unjudged", "value"),
    [
        ({State.ON_TIME: 3}, 0, "3/3 (100%)"),
        ({State.ON_TIME: 999, State.MISSING: 1}, 0, "999/1000 (99%)"),
        ({State.ON_TIME: 1, State.UNKNOWN: 2, State.EXEMPT: 7}, 0, "1/3 (33%) · Unknown 2"),
        ({State.ON_TIME: 1}, 4, "1/5 (20%) · Not judged 4"),
        ({State.EXEMPT: 2}, 0, "nobody owes one"),
    ],
)
def test_shares(states: dict[State, int], unjudged: int, value: str) -> None:
    totals = Totals(2024, dict.fromkeys(State, 0) | states, unjudged)
    badge = coverage_badge(totals, "", "en")
    assert badge.value == value
    assert badge.colour == (COLOURS["on_time"] if value == "3/3 (100%)" else PLAIN)


def test_today_is_a_day_too() -> None:
    place = Place(2024, True, State.DUE_SOON, None, (0, 0), None, None, None, ())
    assert agency_badge("示例", place, "zh", invented=True).value == "将到期 今天截止"


def test_any_text_is_a_text(app: FastAPI) -> None:
    assert "<script>" in svg(app, "/badge/agency/shili-hostile/2023.svg")[0]
    root = etree.fromstring(drawn(Badge('"><x>\x00', "]]>&\ud800", "</title>", "#fff"), "en"))
    assert [node.text for node in root.iter(f"{SVG}text")] == ['"><x>\ufffd', "]]>&\ufffd"]


def test_white_is_readable_on_every_colour() -> None:
    for colour in (*COLOURS.values(), PLAIN, "#3a4048"):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5, colour


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/badge/agency/nobody/2024.svg", 404),
        ("/badge/agency/shili-slj/1999.svg", 404),
        ("/badge/agency/shili-slj/02024.svg", 404),
        ("/badge/coverage/x.svg", 404),
        ("/badge/coverage/2024.svg?region=xx", 400),
        ("/badge/coverage/2024.svg?lang=xx", 400),
    ],
)
def test_what_is_not_there(app: FastAPI, path: str, status: int) -> None:
    assert ask(app, path).status_code == status


def test_who_has_it_is_sent_nothing(app: FastAPI) -> None:
    etag = ask(app, "/badge/coverage/2024.svg").headers["etag"]
    assert ask(app, "/badge/coverage/2024.svg", **{"if-none-match": etag}).status_code == 304
    assert ask(app, "/badge/coverage/2023.svg", **{"if-none-match": etag}).status_code == 200
