"""gongkai identify: what is decided, and by what evidence."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.__main__ import main
from tests.golden.pages import FOLDER

ADDRESS = "https://rst.hunan.gov.cn/rst/xxgk/zfxxgknb/202601/t20260121_33899155.html"
HUNAN = "湖南省人力资源和社会保障厅2025年度政府信息公开工作年度报告"


def gongkai(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["identify", *arguments], env=environment)


def test_by_title_and_address() -> None:
    result = gongkai("--title", HUNAN, "--url", ADDRESS, "--format", "json")
    assert result.exit_code == 0
    said = json.loads(result.output)
    assert (said["decision"], said["agency"], said["year"]) == ("filed", "hunan-rst", 2025)
    assert said["name"] == "湖南省人力资源和社会保障厅"
    assert said["portal"]
    assert {one["source"] for one in said["evidence"]} >= {"listed", "date"}


def test_in_words() -> None:
    result = gongkai("--title", HUNAN, "--url", ADDRESS)
    assert "机构 agency：湖南省人力资源和社会保障厅（hunan-rst）" in result.output
    assert "年度 year：2025" in result.output
    refused = gongkai("--title", "2025年度政府网站年度工作报表", "--url", ADDRESS)
    assert "不是年度报告" in refused.output
    assert "政府网站工作年度报表" in refused.output
    open_ = gongkai("--title", HUNAN, "--url", "https://www.example.org/1.html")
    assert "待人工认定" in open_.output
    assert "候选 candidate：湖南省人力资源和社会保障厅（hunan-rst）" in open_.output
    assert "未登记 not registered" in open_.output


@pytest.mark.integration
def test_a_page_speaks_before_its_title(tmp_path: Path) -> None:
    page = tmp_path / "1.html"
    page.write_text(
        "<meta charset=utf-8><h1>湖南省人力资源和社会保障厅2025年度政府信息公开工作年度报告</h1>"
        "<p>本报告所列数据的统计期限自2025年1月1日起，至2025年12月31日止。</p>",
        encoding="utf-8",
    )
    result = gongkai("--title", "年报", "--url", ADDRESS, "--file", str(page), "--format", "json")
    said = json.loads(result.output)
    assert (said["decision"], said["agency"], said["year"]) == ("filed", "hunan-rst", 2025)
    assert {one["source"] for one in said["evidence"]} >= {"period", "title"}


@pytest.mark.integration
def test_the_agency_of_a_golden_report_is_read(tmp_path: Path) -> None:
    """The old name and the year stand in the text; nothing registers the address, so a person is asked."""
    result = gongkai(
        "--url", "https://www.example.org/1.html", "--file", str(FOLDER / "liaocheng-2017.txt"), "--format", "json"
    )
    said = json.loads(result.output)
    assert said["decision"] == "review"
    assert said["year"] == 2017
    assert said["candidates"] == ["liaocheng-zwfwzx"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--url", ADDRESS, "--column", "nowhere/nb"), "no column nowhere/nb"),
        (("--url", ADDRESS, "--file", "nowhere.html"), "nowhere.html"),
        ((), "--url"),
    ],
)
def test_a_mistake_is_said(arguments: tuple[str, ...], words: str) -> None:
    result = gongkai(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
