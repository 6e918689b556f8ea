"""gongkai review: what waits, everything about it, the decision, and taking it back."""

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.load import load
from crawler.archive import Archive
from crawler.items import CaptureItem, ListedEntry, LookItem
from crawler.model import LookOutcome
from crawler.read_captures import read_pending
from crawler.store.session import open_store
from crawler.store.writes.visit import add_captures, add_look, start_run
from monitor.__main__ import main
from tests.golden.pages import form_html

NOW = dt.datetime(2024, 2, 1, 12, 0, tzinfo=dt.UTC)
URL = "http://127.0.0.1:8001/nb/1.html"
REGISTRY = """\
id,name,region_code,region,kind,invented
slj,示例市水利局,990100,示例市,department,yes
lyj,示例市林业局,990100,示例市,department,yes
"""
PORTAL = """\
name: 示例门户
family: trs
hosts: ["127.0.0.1:8001"]
columns:
  - {key: nb, url: "http://127.0.0.1:8001/nb/", agencies: [slj, lyj]}
"""


class Desk:
    def __init__(self, folder: Path) -> None:
        self.environment = {
            "GONGKAI_CONFIG_DIR": str(folder / "config"),
            "GONGKAI_DATA_DIR": str(folder / "data"),
            "GONGKAI_SIMULATED_NOW": "2024-03-01T09:00:00+08:00",
        }

    def review(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["review", *arguments], env=self.environment)

    def waiting(self) -> list[dict[str, object]]:
        result: list[dict[str, object]] = json.loads(self.review("--format", "json").output)
        return result


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """One page that names neither agency nor year, in a column of two agencies."""
    config = tmp_path / "config"
    (config / "portals").mkdir(parents=True)
    (config / "agencies.csv").write_text(REGISTRY, encoding="utf-8")
    (config / "portals" / "shili.yml").write_text(PORTAL, encoding="utf-8")
    (config / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
    packaged = Path(__file__).resolve().parents[3] / "config" / "deadlines.yml"
    (config / "deadlines.yml").write_bytes(packaged.read_bytes())
    (tmp_path / "data").mkdir()
    sessions = open_store(f"sqlite:///{tmp_path / 'data' / 'gongkai.db'}", create=True)
    archive = Archive(tmp_path / "data" / "archive")
    body = f"<meta charset=utf-8><h1>政府信息公开工作年度报告</h1>{form_html('2021', {'requests.received.total': 7})}".encode()
    with sessions.begin() as session:
        run = start_run(session, "shili", NOW, simulated=True)
        item = CaptureItem(
            "shili", "nb", "detail", URL, URL, NOW, 200, LookOutcome.HEALTHY,
            body=body, media_type="text/html", entry_url=URL,
        )  # fmt: skip
        add_captures(session, run, [(item, archive.put(body))])
        listed = (ListedEntry(URL, "年报", None, "", "unsure", "标题可能是年度报告"),)
        add_look(session, run, LookItem("shili", "nb", NOW, LookOutcome.HEALTHY, entries=listed, pages=1))
    read_pending(sessions, archive, load(config), now=NOW)
    return Desk(tmp_path)


def test_what_waits_is_listed_with_candidates(desk: Desk) -> None:
    output = desk.review().output
    assert "待人工认定 1 条 / 1 wait for a person" in output
    assert "1　年报　shili/nb" in output
    assert URL in output
    assert "首次采集 first seen 2024-02-01T20:00:00+08:00" in output
    assert "候选 candidates：示例市水利局（slj）、示例市林业局（lyj）" in output
    [one] = desk.waiting()
    assert (one["entry"], one["decision"], one["year"]) == (1, "review", None)


def test_decide_show_undo(desk: Desk) -> None:
    decided = desk.review("decide", "1", "--agency", "lyj", "--year", "2023", "--by", "张三", "--note", "电话核实")
    assert decided.exit_code == 0, decided.output
    assert "filed lyj 2023" in decided.output
    assert desk.waiting() == []
    shown = desk.review("show", "1").output
    assert "认定 ruling：filed lyj 2023，张三 2024-03-01T09:00:00+08:00 电话核实" in shown
    assert "agency ← column：示例市水利局、示例市林业局" in shown
    said = json.loads(desk.review("show", "1", "--format", "json").output)
    assert said["contents"][0]["ruling"].startswith("张三 于 2024-03-01")
    assert desk.review("undo", "1", "--by", "李四").exit_code == 0
    assert [one["entry"] for one in desk.waiting()] == [1]


def test_refuse(desk: Desk) -> None:
    assert "not_a_report" in desk.review("decide", "1", "--not-a-report", "--by", "张三").output
    assert desk.waiting() == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("decide", "1", "--by", "张三"), "either --agency"),
        (("decide", "1", "--agency", "lyj", "--by", "张三"), "either --agency"),
        (("decide", "1", "--agency", "lyj", "--year", "2023", "--not-a-report", "--by", "张三"), "either --agency"),
        (("decide", "1", "--agency", "lyj", "--year", "2023"), "--by"),
        (("decide", "9", "--not-a-report", "--by", "张三"), "there is no entry 9"),
        (("decide", "1", "--agency", "nobody", "--year", "2023", "--by", "张三"), "nobody is no id"),
        (("show", "9"), "there is no entry 9"),
        (("undo", "1", "--by", "张三"), "nothing was decided"),
    ],
)
def test_a_mistake_is_said_and_changes_nothing(desk: Desk, arguments: tuple[str, ...], words: str) -> None:
    result = desk.review(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(desk.waiting()) == 1
