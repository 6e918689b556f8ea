"""What became of reports, in a real store over days: recorded, told, shown, listed; twice the same; taken out again."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from config.env import PACKAGED_CONFIG, Settings
from crawler.store.reads import changes as reads
from crawler.store.session import open_store
from crawler.store.tables import Event, Filing, Finding
from crawler.store.writes import changes as writes
from monitor.__main__ import main
from monitor.alerts.findings import ABOUT
from monitor.clock import FixedClock
from monitor.model import EvaluateResult
from monitor.status import create_app
from monitor.wording import LANGUAGES
from tests.monitor.checks.history import moment
from tests.monitor.status.test_routes import ask
from tests.monitor.world import Page, World, agency, configuration

SW = agency("shili-sw", "示例市水务局")
WL = agency("shili-wl", "示例市文旅局")
RECEIVED, GRANTED = "requests.received.total", "requests.granted.total"
KEPT = {f"kept.{place}": 10 + place for place in range(6)}


@pytest.fixture
def world(database_url: str) -> World:
    return World(open_store(database_url, create=True), configuration(SW, WL))


def page(name: str = "nb", received: int = 12, **more: Any) -> Page:
    return Page(name, {RECEIVED: received, GRANTED: 5, **KEPT}, "01-20", **more)


def seen(world: World, day: str, *pages: Page, of: str = SW.id, **more: Any) -> EvaluateResult:
    world.visit(of, day, pages, **more)
    return world.evaluate(day)


def news(result: EvaluateResult, of: str = SW.id) -> list[str]:
    return [found.kind for found in result.events if found.kind != "quiet" and found.agency_id == of]


def rows(world: World, of: str = SW.id) -> list[tuple[str, str]]:
    with world.sessions() as session:
        return [(row.kind, row.severity) for row in reads.of_report(session, of, 2023)]


def detail(world: World, place: int = 0) -> dict[str, Any]:
    with world.sessions() as session:
        return reads.of_report(session, SW.id, 2023)[place].details


def findings(world: World) -> list[Finding]:
    with world.sessions() as session:
        return list(session.scalars(select(Finding).order_by(Finding.id)))


def said(world: World, kind: str) -> str:
    """Every line that a mail says of the findings of a kind, in both languages."""
    found = [one.details["finding"] for one in findings(world) if one.kind == kind]
    lines = [line for one in found for language in LANGUAGES for line in ABOUT[kind](one, language)]
    return "\n".join(f"{line.label} {line.text} {line.address}" for line in lines)


def test_a_changed_number_is_recorded_and_told_with_its_weight(world: World) -> None:
    assert news(seen(world, "01-20", page(broken=True))) == ["arithmetic"]
    assert sorted(news(seen(world, "02-20", page(received=13, broken=False)))) == ["changed", "resolved"]
    assert rows(world) == [("numbers", "medium")]
    found = detail(world)
    assert (found["effects"], found["notice"], found["share"]) == (["mended"], [], 0.125)
    text = said(world, "changed")
    for words in (
        "中：数字改动后，原来不成立的勾稽关系成立了",
        "勾稽关系因此成立",
        "a sum holds now",
        "没有看到更正说明",
    ):
        assert words in text, words
    before = world.contents()
    assert news(world.evaluate("02-20")) == []
    assert world.contents() == before


def test_each_class_is_recorded_told_and_shown(world: World, tmp_path: Path) -> None:
    seen(world, "01-20", page(clauses=30))
    story: list[tuple[Page, tuple[str, str], list[str]]] = [
        (page(clauses=30, counter=1), ("cosmetic", ""), []),
        (page(clauses=28), ("text", "low"), ["revised"]),
        (page(received=13, clauses=28), ("numbers", "high"), ["changed"]),
        (page(received=14, clauses=28, notice="更正说明"), ("numbers", "medium"), ["changed"]),
        (page(received=15, clauses=28, unsure=frozenset({RECEIVED})), ("numbers", ""), []),
    ]
    for day, (after, row, told) in enumerate(story):
        assert news(seen(world, f"02-1{day}", after)) == told, row
        assert rows(world)[-1] == row
    assert len(rows(world)) == len(story)
    before = world.contents()
    assert news(world.evaluate("02-14")) == []
    assert world.contents() == before
    with world.sessions() as session:
        event = session.scalars(select(Event).where(Event.kind == "revised")).one()
    assert event.details["finding"]["severity"] == "low"
    for path, words in (
        ("/agency/shili-sw", ("增0句0字，删2句40字", "高：数字改动", "没有看到更正说明", "正文含“更正说明”")),
        ("/en/agency/shili-sw", ("0 clauses (0 signs) added, 2 (40) taken out", "high: numbers changed")),
        ("/", ("文字或附件改动",)),
    ):
        shows(world, tmp_path, path, *words)


def shows(world: World, folder: Path, path: str, *words: str) -> None:
    app = create_app(Settings(data_dir=folder), world.configuration, world.sessions, FixedClock(moment("03-01")))
    answer = ask(app, path)
    assert answer.status_code == 200
    assert [expected for expected in words if expected not in answer.text] == []


def test_ten_captures_in_turn_are_told_twice_at_most(world: World, tmp_path: Path) -> None:
    """The first turn cannot be known for one; the second says so, and the other seven say nothing new."""
    told = [news(seen(world, f"02-{10 + day}", page(received=12 + day % 2))) for day in range(10)]
    assert [kinds for kinds in told if kinds] == [["changed"], ["changed"]]
    assert told[1] == told[2] == ["changed"]
    assert rows(world) == [("numbers", "low"), ("flapping", "low")]
    assert detail(world, 1)["flapping"]["turns"] == 9
    keys = [one.key.rpartition(":")[2] for one in findings(world)]
    assert keys[1:] == ["flapping"]
    assert "总计（requests.received.total）：12 与 13 轮流出现" in said(world, "changed")
    shows(world, tmp_path, "/agency/shili-sw", "<strong>两种内容轮流出现</strong>", "同一地址轮流显示两种内容", "⇄")
    for day in range(10):  # of another office, judged once all of it was seen: it is one from the beginning
        world.visit(WL.id, f"02-{10 + day}", [page("wl", received=12 + day % 2)])
    assert news(world.evaluate("02-19"), WL.id).count("changed") == 1
    assert rows(world, WL.id) == [("numbers", "low"), ("flapping", "low")]


def test_a_new_reader_in_between(world: World) -> None:
    """Only the new content was read by the new reader: not compared; both are: compared, by what it reads."""
    before, after = page(), page(received=13)
    seen(world, "01-20", before)
    assert news(seen(world, "02-20", after, extractor="2")) == []
    assert rows(world) == []
    world.read(SW.id, [before], extractor="2")
    assert news(world.evaluate("02-20")) == ["changed"]
    assert rows(world) == [("numbers", "high")]


def test_a_correction_at_a_new_address(world: World, tmp_path: Path) -> None:
    first, second = page("nb"), page("gz", received=13, notice="更正说明")
    seen(world, "01-20", first)
    seen(world, "02-19", first)
    assert news(seen(world, "02-20", first, second)) == ["changed"]
    [(kind, severity)] = rows(world)
    assert (kind, severity) == ("numbers", "medium")
    assert detail(world)["moved_from"]["url"].endswith("/nb.html")
    for day in ("02-21", "02-22"):  # the old one stands, and is visited: nothing new
        assert news(seen(world, day, first, second)) == []
    assert len(rows(world)) == 1
    text = said(world, "changed")
    assert "后来又在另一地址公布" in text
    assert "nb.html" in text
    for path, words in (
        ("/agency/shili-sw", ("正文含“更正说明”", "中：数字改动，并附有更正说明", "后来又在另一地址公布")),
        ("/en/agency/shili-sw", ("the text says “更正说明”", "medium: numbers changed", "published again")),
    ):
        shows(world, tmp_path, path, *words)


def test_withdrawn_and_restored_are_recorded(world: World) -> None:
    seen(world, "01-20", page())
    for day in ("03-05", "03-06", "03-07"):
        seen(world, day, not_found=["nb"])
    assert rows(world) == [("withdrawn", "high")]
    seen(world, "03-08", page())
    assert rows(world) == [("withdrawn", "high"), ("restored", "low")]
    assert [one.kind for one in findings(world)] == ["withdrawn"]


def test_what_turns_out_to_be_another_report_is_taken_out(world: World) -> None:
    seen(world, "01-20", page())
    seen(world, "02-20", page(received=13))
    with world.sessions.begin() as session:
        newest = session.scalars(select(Filing).order_by(Filing.id.desc())).first()
        assert newest is not None
        newest.year = 2022
    before = world.contents()
    world.evaluate("02-21", record=False)
    assert world.contents() == before
    world.evaluate("02-21")
    assert rows(world) == []
    assert [one.kind for one in findings(world)] == ["changed"]  # that it was said stays


def test_reads_are_paged_by_id(world: World) -> None:
    for day in range(6):
        world.visit(SW.id, f"02-{10 + day}", [page(counter=day)])
        world.visit(WL.id, f"02-{10 + day}", [page(received=20 + day)])
    world.evaluate("02-16")
    with world.sessions() as session:
        everything = reads.newest(session)
        assert len(everything) == 10
        assert [row.id for row in everything] == sorted((row.id for row in everything), reverse=True)
        assert [row.at for row in everything] == sorted((row.at for row in everything), reverse=True)
        pages, last = [], None
        while found := reads.newest(session, before=last, limit=3):
            pages.append(len(found))
            last = found[-1].id
        assert pages == [3, 3, 3, 1]
        assert {row.agency_id for row in reads.newest(session, agencies=[WL.id])} == {WL.id}
        assert len(reads.newest(session, agencies=[SW.id, WL.id], kinds=["cosmetic"])) == 5
        assert len(reads.newest(session, severities=["high"])) == 5
        assert len(reads.newest(session, severities=["high"], since=moment("02-14"), year=2023)) == 2
        assert reads.newest(session, year=2022) == reads.newest(session, agencies=[]) == []


# --- the command ------------------------------------------------------------------------------------------------------

PORTAL = """\
name: 示例网站
family: trs
hosts: ["127.0.0.1:9999"]
delay: 0
columns:
  - {key: nb, url: "http://127.0.0.1:9999/nb/", agencies: [shili-sw]}
"""


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packaged: Path) -> World:
    """A store with a change of numbers and one of layout, in the folders that the command will use."""
    monkeypatch.setenv("GONGKAI_CONFIG_DIR", str(packaged))
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path))
    world = World(open_store(f"sqlite:///{tmp_path / 'gongkai.db'}", create=True), configuration(SW))
    seen(world, "01-20", page())
    seen(world, "02-19", page(counter=1))
    seen(world, "02-20", page(received=13, counter=1))
    return world


@pytest.fixture
def packaged(tmp_path: Path) -> Path:
    """A small configuration folder without changes.yml: the packaged rules hold."""
    folder = tmp_path / "config"
    (folder / "portals").mkdir(parents=True)
    (folder / "portals" / "shili.yml").write_text(PORTAL, encoding="utf-8")
    (folder / "agencies.csv").write_text(
        "id,name,region_code,region,kind,watched_years,invented\n"
        "shili-sw,示例市水务局,990100,示例省示例市,department,2023-2023,yes\n",
        encoding="utf-8",
    )
    (folder / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
    (folder / "deadlines.yml").write_bytes((PACKAGED_CONFIG / "deadlines.yml").read_bytes())
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["changes", *arguments])


def test_the_command(told: World, tmp_path: Path) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    [first] = [line for line in result.output.splitlines() if not line.startswith(" ")]
    assert first.split("　")[1:] == ["2024-02-20 20:00", "示例市水务局 2023", "数字改动 numbers changed", "[高 high]"]
    assert f"（{RECEIVED}）：12 → 13" in result.output
    assert "没有看到更正说明" in result.output
    assert len(json.loads(run("--format", "json", "--all").output)) == 2
    assert run("--severity", "medium", "shili-sw", "--year", "2023", "--since", "2024-02-20").output == result.output
    for empty in (("--since", "2024-02-21"), ("--year", "2022"), ("--kind", "moved")):
        assert "没有记录到改动" in run(*empty).output
    assert "--limit" in CliRunner().invoke(main, ["changes", "--all", "--limit", "1"]).stderr

    for arguments, words in ((("nobody",), "agencies.csv"), (("-o", "."), "directory"), (("--severity", "x"), "low")):
        wrong = run(*arguments)
        assert wrong.exit_code == 2
        assert words in wrong.output
    _writes_csv_for_excel(told, tmp_path / "changes.csv")


def _writes_csv_for_excel(told: World, output: Path) -> None:
    with told.sessions.begin() as session:
        [row] = reads.newest(session, severities=["high"])
        cells = [dict(row.details["cells"][0], unit="=HYPERLINK(1)")]
        writes.alter(session, [{**row._asdict(), "details": {**row.details, "cells": cells}}])
    assert run("--format", "csv", "-o", str(output)).exit_code == 0
    assert output.read_bytes().startswith(b"\xef\xbb\xbf")
    [line] = list(csv.DictReader(io.StringIO(output.read_text(encoding="utf-8-sig"))))
    assert (line["code"], line["before"], line["after"], line["severity"]) == (RECEIVED, "12", "13", "high")
    assert line["unit"] == "'=HYPERLINK(1)"
    assert run("--format", "csv").output == output.read_text(encoding="utf-8-sig")
