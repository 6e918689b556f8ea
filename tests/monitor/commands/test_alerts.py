"""The commands of alerts on a real folder and store: check, preview, log, ack, mute, unmute, mutes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from monitor.__main__ import main
from tests.monitor.newsroom import CITY, Newsroom, newsroom, subscription

MISSING = "missing:shili-slj:2023"
BY = ("--by", "张三")
UNTIL = "2024-03-31"


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    made = newsroom(tmp_path_factory.mktemp("room"))
    made.happens()
    yield made
    made.sessions.kw["bind"].dispose()


@pytest.fixture
def room(furnished: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    environment = furnished.environment(SIMULATED_NOW="2024-02-02T21:00:00+08:00")
    for name, value in environment.items():
        if name.startswith("GONGKAI_") and value:
            monkeypatch.setenv(name, value)
    return furnished


def run(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == code, (result.output, result.exception)
    return result


def read(*words: str, code: int = 0) -> Any:
    return json.loads(run(*words, "--format", "json", code=code).output)


def test_check_explains_each_subscription_and_warns(room: Newsroom) -> None:
    room.subscribe(
        {**subscription("city@example.org"), "regions": [CITY], "when": "daily", "editions": ["run_up", "reminder"]},
        subscription("operator@example.org"),
        {**subscription("nobody@example.org"), "regions": ["65"]},
    )
    city, operator, nobody = read("alerts", "check", code=1)
    assert (city["agencies"], city["portals"], city["next_digest"]) == (2, False, "2024-02-03T08:00:00+08:00")
    assert (city["next_edition"], city["next_edition_on"]) == ("reminder:2023:2024-01-31:7", "2024-02-07")
    assert (operator["agencies"], operator["portals"], operator["next_digest"]) == (3, True, None)
    assert (nobody["agencies"], nobody["warnings"]) == (0, ["covers_none"])
    said = run("alerts", "check", code=1).output
    assert "没有覆盖任何受监测的单位 / covers no watched agency" in said
    assert "随每次运行 with every run" in said


def test_check_names_a_channel_that_is_not_there(room: Newsroom) -> None:
    room.subscribe({**subscription("city@example.org"), "channel": "pigeon"})
    [found] = read("alerts", "check", code=1)
    assert found["warnings"] == ["unknown_channel"]


def test_preview_shows_what_would_go_out_and_writes_nothing(room: Newsroom) -> None:
    room.subscribe({**subscription("city@example.org"), "when": "daily", "editions": ["day_after"]})
    said = run("alerts", "preview", "city").output
    assert "未到时间，下次 not due yet, next at 2024-02-03 08:00" in said
    assert "示例市水利局：2023年度报告" in said
    assert "截止日2024年1月31日已过2天" in said
    assert room.deliveries() == []
    early = run("alerts", "preview", "city", "--at", "2024-02-01T07:00").output
    assert "已过" not in early
    refused = run("alerts", "preview", "nobody", code=2)
    assert "no subscription 'nobody'" in refused.output


def test_mute_and_unmute_are_listed_and_logged(room: Newsroom) -> None:
    room.subscribe(subscription("city@example.org"))
    about = ("--agency", "shili-slj", "--year", "2023")
    reason = ("--reason", "示例：正在移交", "--until", UNTIL)
    assert "将记录 would be recorded" in run("mute", *about, *reason, *BY, "--dry-run").output
    assert read("mutes") == []
    assert "至 until 2024-03-31" in run("mute", *about, *reason, *BY).output
    [standing] = read("mutes")
    assert (standing["agency"], standing["year"], standing["until"], standing["by"]) == (
        "shili-slj",
        2023,
        UNTIL,
        "张三",
    )
    assert "示例市水利局：2023年度报告" not in run("alerts", "preview", "city").output
    assert "示例：正在移交" in run("mutes").output
    run("unmute", *about, *BY, "--dry-run")
    assert len(read("mutes")) == 1
    assert "原定至 was until 2024-03-31" in run("unmute", *about, *BY).output
    assert read("mutes") == []
    assert [one["ended_at"] for one in read("mutes", "--all")] == ["2024-02-02T21:00:00+08:00"]
    assert [one["kind"] for one in read("alerts", "log")][:2] == ["unmute", "mute"]
    assert "示例市水利局：2023年度报告" in run("alerts", "preview", "city").output


def test_an_office_is_muted_and_heard_again_by_its_name(room: Newsroom) -> None:
    about = ("--agency", "示例市水利局")
    run("mute", *about, "--reason", "示例：正在移交", "--until", UNTIL, *BY)
    assert [one["agency"] for one in read("mutes")] == ["shili-slj"]
    run("unmute", *about, *BY)
    assert read("mutes") == []


def test_ack_is_recorded_once_it_is_meant(room: Newsroom) -> None:
    before = len(read("alerts", "log"))
    run("ack", MISSING, *BY, "--note", "已电话提醒", "--dry-run")
    assert len(read("alerts", "log")) == before
    assert f"知悉 acknowledged {MISSING}" in run("ack", MISSING, *BY, "--note", "已电话提醒").output
    newest = read("alerts", "log")[0]
    assert (newest["kind"], newest["finding"], newest["note"]) == ("ack", MISSING, "已电话提醒")
    said = run("alerts", "log", "--limit", "1").output
    assert "知悉 ack" in said
    assert MISSING in said


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("ack", "missing:shili-slj:2022", *BY), f"open are: {MISSING}"),
        (
            ("mute", "--agency", "nobody", "--reason", "示例", "--until", UNTIL, *BY),
            "no agency of agencies.csv is called nobody",
        ),
        (("mute", "--reason", "示例", "--until", UNTIL, *BY), "name exactly one"),
        (("mute", "--agency", "shili-slj", "--reason", "示例", "--until", "2026-01-01", *BY), "at most 400 days"),
        (("mute", "--agency", "shili-slj", "--reason", "示例", "--until", "2024-02-01", *BY), "is over"),
        (("mute", "--portal", "nowhere", "--reason", "示例", "--until", UNTIL, *BY), "no portal 'nowhere'"),
        (("unmute", "--portal", "shili-slj", *BY), "portal shili-slj is not muted"),
        (("unmute", *BY), "name exactly one"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(room: Newsroom, words: tuple[str, ...], error: str) -> None:
    assert error in run(*words, code=2).output


def test_a_mute_without_reason_or_end_is_refused(room: Newsroom) -> None:
    run("mute", "--agency", "shili-slj", "--until", UNTIL, *BY, code=2)
    run("mute", "--agency", "shili-slj", "--reason", "示例", *BY, code=2)
