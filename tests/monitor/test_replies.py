"""Replies: what may be recorded, what replaces what, the commands, and the line in a mail."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from config.errors import GongkaiError
from crawler.store.reads import coverage
from crawler.store.tables import Act
from monitor.__main__ import main
from monitor.alerts.notify import notify
from monitor.desk.replies import LONGEST_TEXT, NewReply, ReplyKind, checked, from_acts
from tests.monitor.checks.history import moment
from tests.monitor.newsroom import Newsroom, body, newsroom, subscription

NOW = moment("02-10")
GIVEN: dict[str, Any] = {
    "agency_id": "shili-slj",
    "year": 2023,
    "finding_key": "",
    "kind": ReplyKind.REPLY,
    "text": "网站改版",
    "source": "复函〔2024〕3号",
    "received_on": dt.date(2024, 2, 10),
    "by": "值班员",
    "known_findings": ("missing:shili-slj:2023",),
    "now": NOW,
}


def make(**changes: Any) -> NewReply:
    return checked(**GIVEN | changes)


def test_words_are_plain_lines() -> None:
    assert make(text="第一行\r\n\n  第二行\x00\u202e完  ").text == "第一行\n第二行 完"
    assert make(text="字" * LONGEST_TEXT).text == "字" * LONGEST_TEXT
    assert make(finding_key="missing:shili-slj:2023").columns()["finding_key"] == "missing:shili-slj:2023"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": " \n\x00 "}, "empty"),
        ({"text": "字" * (LONGEST_TEXT + 1)}, "at most 2000"),
        ({"text": "行\n" * 41}, "41 lines"),
        ({"source": ""}, "--source"),
        ({"source": "x" * 501}, "--source"),
        ({"by": "\n"}, "--by"),
        ({"by": "名" * 61}, "--by"),
        ({"received_on": dt.date(2024, 2, 11)}, "future"),
        ({"finding_key": "late:shili-slj:2023"}, "recorded: missing:shili-slj:2023"),
    ],
)
def test_what_may_not_be_recorded_says_why(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(GongkaiError, match=words):
        make(**changes)


def test_the_newest_of_a_kind_about_the_same_thing_counts() -> None:
    other = {"finding_key": "missing:shili-slj:2023"}
    made = [make(), make(**other), make(kind=ReplyKind.CORRECTION), make(year=2022), make(text="新"), make(**other)]
    rows = [Act(id=number, at=NOW, kind="reply", **one.columns()) for number, one in enumerate(made, start=1)]
    found = from_acts(rows)
    assert [one.superseded_by for one in found] == [5, 6, None, None, None, None]
    assert [one.text for one in found if one.superseded_by is None][2] == "新"


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    made = newsroom(tmp_path)
    made.happens()
    return made


def gongkai(room: Newsroom, *arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env=room.environment())


def record(room: Newsroom, text: str, *more: str, source: str = "复函3号") -> Result:
    given = ("--text", text, "--source", source, "--received", "2024-02-02", "--by", "值班员")
    return gongkai(room, "reply", "shili-mzj", "2023", *given, *more)


def changed(room: Newsroom) -> str:
    with room.sessions() as session:
        return next(row.key for row in coverage.findings(session, "shili-mzj") if row.kind == "changed")


def test_record_list_and_replace(room: Newsroom, tmp_path: Path) -> None:
    key = changed(room)
    tried = record(room, "录入错误", "--finding", key, "--dry-run")
    assert tried.exit_code == 0 and "nothing was recorded" in tried.output
    assert json.loads(gongkai(room, "replies", "--format", "json").output) == []
    assert record(room, "录入错误", "--finding", key).exit_code == 0
    path = tmp_path / "reply.txt"
    path.write_text("\ufeff录入错误，\n已更正。", encoding="utf-8")
    given = ("--file", str(path), "--source", "复函4号", "--received", "2024-02-03", "--by", "值班员", "--finding", key)
    assert gongkai(room, "reply", "shili-mzj", "2023", *given).exit_code == 0
    found = json.loads(gongkai(room, "replies", "shili-mzj", "--format", "json").output)
    assert [(one["text"], one["finding"], one["by"]) for one in found] == [
        ("录入错误", key, "值班员"),
        ("录入错误，\n已更正。", key, "值班员"),
    ]
    assert [one["superseded_by"] for one in found] == [found[1]["id"], None]
    shown = gongkai(room, "replies").output
    assert "示例市民政局（shili-mzj） 2023" in shown and "代替 replaced by" in shown
    assert json.loads(gongkai(room, "replies", "shili-slj", "--format", "json").output) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("reply", "nobody", "2023"), "no agency of agencies.csv"),
        (
            ("reply", "shili-mzj", "2023", "--finding", "changed:x"),
            "no such finding of shili-mzj 2023; recorded: changed:",
        ),
        (("reply", "shili-mzj", "2023", "--received", "2999-01-01"), "lies in the future"),
        (("reply", "shili-mzj", "2023", "--file", "nowhere.txt"), "does not exist"),
        (("reply", "shili-mzj", "2023", "--received", "gestern"), "is no date"),
    ],
)
def test_mistakes_are_told_and_nothing_is_recorded(room: Newsroom, arguments: tuple[str, ...], words: str) -> None:
    given = ["--source", "复函", "--by", "值班员"]
    if "--file" not in arguments:
        given += ["--text", "内容"]
    if "--received" not in arguments:
        given += ["--received", "2024-02-02"]
    result = gongkai(room, *arguments, *given)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())
    assert json.loads(gongkai(room, "replies", "--format", "json").output) == []


def test_text_or_file_and_not_both(room: Newsroom, tmp_path: Path) -> None:
    path = tmp_path / "reply.txt"
    path.write_bytes(b"\xff\xfe\xff")
    assert "either --text or --file" in record(room, "内容", "--file", str(path)).stderr
    given = ("--file", str(path), "--source", "函", "--received", "2024-02-02", "--by", "值班员")
    assert "cannot be read as UTF-8" in gongkai(room, "reply", "shili-mzj", "2023", *given).stderr


def test_a_mail_says_what_the_office_said(room: Newsroom) -> None:
    room.subscribe(subscription(events=["changed", "missing"]))
    key = changed(room)
    assert record(room, "录入<b>错误</b>", "--finding", key, source="https://www.example.org/3.html").exit_code == 0
    assert record(room, "旧的说法", "--kind", "correction").exit_code == 0
    assert record(room, "新的说法", "--kind", "correction").exit_code == 0
    context = room.context("02-03", mail_url=(room.settings.data_dir / "mailbox").as_uri())
    recorded_at = moment("02-03")
    with room.sessions.begin() as session:  # the commands record at the present; the story is of 2024
        for act in session.query(Act):
            act.at = recorded_at
    assert notify(context).all_sent
    text = body(room.mailbox()[0])
    about = text[text.index("示例市民政局") : text.index("English") if "English" in text else len(text)]
    assert (
        "单位的说法：单位答复（2024年2月2日收到，本系统未作核实）：录入<b>错误</b> 来源： https://www.example.org/3.html"
        in about
    )
    assert "新的说法" in about and "旧的说法" not in text and "值班员" not in text
    html = body(room.mailbox()[0], "html")
    assert "录入&lt;b&gt;错误&lt;/b&gt;" in html and 'href="https://www.example.org/3.html"' in html
