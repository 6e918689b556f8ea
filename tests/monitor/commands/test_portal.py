"""`gongkai portal`: what probe writes, what check says and marks, what list shows. All portals are simulated."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

import monitor.__main__ as command_line
from config.env import PACKAGED_CONFIG
from config.errors import GongkaiError
from config.load import load_agencies, load_portal
from config.schema import Portal
from crawler.agencies import Registry
from monitor import portals, probing
from tests.portals import Article, Column, Kind, SimulatedPortal, SimulatedPortals, Site, World
from tests.spiders.visiting import AGENCY, Workshop, make_workshop

NAME = "聊城市行政审批服务局"  # a registered name, on a simulated portal that says so
DAY = dt.date(2024, 1, 25)


def article(number: int, title: str) -> Article:
    return Article(number, title, dt.date(2024, 1, number), "<p>模拟的正文</p>" * 30, "示例机构")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return make_workshop(tmp_path)


@pytest.fixture
def simulated() -> Iterator[SimulatedPortal]:
    articles = (article(1, f"{NAME}2023年政府信息公开工作年度报告"), article(2, "2023年政府网站工作年度报表"))
    column = Column("zwgk/zfxxgknb", articles)
    site = Site("probed", "模拟市政府", "trs", "9900000001", (column,), invented=False)
    with SimulatedPortals(World((site,)), DAY) as running:
        yield running["probed"]


def gongkai(workshop: Workshop, *arguments: str) -> Result:
    environment = {name: value for name, value in workshop.process_environment().items() if name.startswith("GONGKAI_")}
    return CliRunner().invoke(command_line.main, ["portal", *arguments], env=environment)


def file_of(workshop: Workshop, slug: str) -> Path:
    return workshop.folder / "config" / "portals" / f"{slug}.yml"


@pytest.mark.integration
def test_from_an_address_to_a_portal_that_is_seen(workshop: Workshop, simulated: SimulatedPortal) -> None:
    """probe writes the entry, list shows it, check visits it, --mark keeps every other line."""
    written = gongkai(workshop, "probe", f"{simulated.url}/", "--write", "moni")
    assert written.exit_code == 0, written.output
    assert f"[✓ {NAME} 2023]" in written.output
    assert "[✗ 政府网站工作年度报表]" in written.output
    path = file_of(workshop, "moni")
    portal = load_portal(path, load_agencies(workshop.folder / "config" / "agencies.csv"))
    assert (portal.family, portal.site_id_code, portal.verified) == ("trs", "9900000001", None)
    assert [(column.url, column.agencies) for column in portal.columns] == [(simulated.column_url(), (AGENCY,))]

    again = gongkai(workshop, "probe", f"{simulated.url}/", "--write", "moni")
    assert again.exit_code == 2
    assert "--force" in again.output

    listed = gongkai(workshop, "list")
    assert listed.exit_code == 0
    assert "never verified live" in listed.output
    assert "not looked at yet" in listed.output

    path.write_text(
        path.read_text().replace("family: trs", "family: trs  # 手写的说明\nenabled: false"), encoding="utf-8"
    )
    before = path.read_text(encoding="utf-8")
    checked = gongkai(workshop, "check", "moni")
    assert checked.exit_code == 0, checked.output
    assert "✓ zfxxgknb" in checked.output
    assert "verified: " in checked.output
    assert path.read_text(encoding="utf-8") == before

    marked = gongkai(workshop, "check", "moni", "--mark", "--format", "json")
    assert marked.exit_code == 0, marked.output
    (found,) = json.loads(marked.stdout)
    (column,) = found["columns"]
    assert (column["seen"], column["sight"], column["entries"]) == (True, "found", 2)
    assert column["newest"] == {"title": f"{NAME}2023年政府信息公开工作年度报告", "date": "2024-01-01"}
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("verified:")] == before.splitlines()
    (shown,) = json.loads(gongkai(workshop, "list", "--format", "json").stdout)
    assert shown["verified"] is not None
    assert shown["enabled"] is False

    simulated.misbehave(Kind.CHALLENGE_521)
    blind = gongkai(workshop, "check", "moni", "--mark")
    assert blind.exit_code == 1
    assert "bot challenge" in blind.output
    assert path.read_text(encoding="utf-8").splitlines() == lines


@pytest.mark.integration
def test_an_entry_without_agencies_is_not_written(workshop: Workshop, simulated: SimulatedPortal) -> None:
    for arguments, said in (
        (("--agency", "nobody"), "no agency nobody"),
        (("--write", "../x"), "slug"),
    ):
        refused = gongkai(workshop, "probe", f"{simulated.url}/", *arguments)
        assert refused.exit_code == 2
        assert said in refused.output
    assert simulated.requests == []
    simulated.site = Site(
        "probed",
        "模拟市政府",
        "trs",
        "",
        (Column("zwgk/nb", (article(1, "示例局2023年政府信息公开工作年度报告"),)),),
        True,
    )
    refused = gongkai(workshop, "probe", f"{simulated.url}/", "--write", "moni")
    assert refused.exit_code == 2
    assert "--agency" in refused.output
    assert list((workshop.folder / "config" / "portals").iterdir()) == []


def probed(**changes: Any) -> probing.Probed:
    """What a child may say, with hostile words in it."""
    entry = {"url": "http://127.0.0.1:1/nb/1.html", "title": "示例", "date": None, "verdict": "report", "reason": ""}
    column = {
        "url": "http://127.0.0.1:1/zwgk/nb/index.html",
        "name": "年报: {x}\n# y",
        "evidence": ["a"],
        "column_type": "",
        "family": "trs",
        "holds": "list",
        "branches": ["years"],
        "outcome": "healthy",
        "reason": "",
        "pages": 1,
        "entries": [entry],
    }
    found = {
        "url": "http://127.0.0.1:1/\nfamily: evil",
        "page": {},
        "site": {"name": "示例\nhosts: [evil]", "id_code": "9900000001' "},
        "family": "trs",
        "signs": [{"page": "x", "family": "trs", "points": 4, "seen": ["a\nb: c"]}],
        "columns": [column, column],
    }
    return probing.Probed(
        found | changes, {} if changes else {"http://127.0.0.1:1/nb/1.html": probing.Whose(AGENCY, 2023)}
    )


def test_what_a_portal_says_cannot_become_configuration() -> None:
    text = probing.as_yaml(probed())
    written = yaml.safe_load(text)
    assert written.keys() == {"name", "family", "hosts", "columns"}
    assert written["name"] == "示例\nhosts: [evil]"
    assert written["family"] == "trs"
    assert [column["key"] for column in written["columns"]] == ["nb", "nb-2"]
    assert written["columns"][0]["agencies"] == [AGENCY]
    assert written["columns"][0]["branches"] == ["years"]
    assert Portal.model_validate(written | {"slug": "x", "hosts": ["127.0.0.1:1"]}).verified is None


def test_only_what_was_seen_is_registered() -> None:
    (column, _) = probed().columns
    changes: tuple[dict[str, Any], ...] = ({"outcome": "challenge"}, {"family": "hanweb"}, {"entries": []})
    for changed in changes:
        with pytest.raises(GongkaiError, match="nothing to register"):
            probing.as_yaml(probed(columns=[{**column, **changed}]))
    kept = yaml.safe_load(
        probing.as_yaml(probed(columns=[{**column, "entries": [], "column_type": "信息公开年报"}]), ["a"])
    )
    assert kept["columns"][0]["agencies"] == ["a"]


def test_whose_a_title_is_needs_the_whole_name() -> None:
    registry = Registry(load_agencies(PACKAGED_CONFIG / "agencies.csv"))
    assert probing.whose(f"{NAME}2023年政府信息公开工作年度报告", registry) == probing.Whose(AGENCY, 2023)
    short = probing.whose("行政审批服务局2023年政府信息公开工作年度报告", registry)
    assert (short.agency, short.year) == (None, 2023)
    assert "没有登记" in probing.whose("示例市教育局2023年政府信息公开工作年度报告", registry).why
    assert probing.whose("2023年政府信息公开工作年度报告", registry).agency is None
    assert probing.whose("新闻一则", registry) == probing.Whose(None, None, "标题没有写机构")


ENTRY = 'name: 示例\nfamily: trs\n{line}hosts: ["a"]  # 说明\n\ncolumns: # 栏目\n  - key: verified\n    verified: 1\n'


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("", ENTRY.format(line="").replace("columns:", "verified: 2026-11-21\ncolumns:")),
        ("verified: 2020-01-01  # 张三\n", ENTRY.format(line="verified: 2026-11-21  # 张三\n")),
        ("verified:\n", ENTRY.format(line="verified: 2026-11-21\n")),
    ],
)
def test_a_mark_changes_one_line(tmp_path: Path, line: str, wanted: str) -> None:
    path = tmp_path / "a.yml"
    path.write_text(ENTRY.format(line=line), encoding="utf-8")
    portals.mark(path, dt.date(2026, 11, 21))
    assert path.read_text(encoding="utf-8") == wanted


def test_a_file_that_cannot_be_marked_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("{name: 示例, columns: []}\n", encoding="utf-8")
    with pytest.raises(GongkaiError, match="by hand"):
        portals.mark(path, dt.date(2026, 11, 21))
    assert path.read_text(encoding="utf-8") == "{name: 示例, columns: []}\n"
    with pytest.raises(GongkaiError, match="cannot be written"):
        portals.mark(tmp_path / "none.yml", dt.date(2026, 11, 21))
