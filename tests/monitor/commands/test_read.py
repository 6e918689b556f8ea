"""`gongkai read FILE…`: the forms of its output, and files that cannot be read."""

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.reports import EXTRACTOR
from monitor.commands.read import read
from monitor.reading.as_csv import COLUMNS, neutral
from tests.golden.make import MADE
from tests.golden.pages import FOLDER

LIAOCHENG = str(FOLDER / "liaocheng-2020.txt")
EXAMPLE = str(FOLDER / "example-2024.html")


def test_csv_has_the_columns_and_exact_money() -> None:
    result = CliRunner().invoke(read, [LIAOCHENG, "--format", "csv"])
    assert result.exit_code == 0
    lines = list(csv.DictReader(io.StringIO(result.stdout)))
    assert tuple(lines[0]) == COLUMNS == (
        "file", "agency", "year", "template", "code", "value", "state", "raw", "place", "certain", "format", "sha256",
    )  # fmt: skip
    rows = {line["code"]: line for line in lines}
    assert len(rows) == len(lines) == 198
    sha256 = hashlib.sha256(Path(LIAOCHENG).read_bytes()).hexdigest()
    assert {(line["certain"], line["format"], line["sha256"]) for line in lines} == {("yes", "text", sha256)}
    money = rows["proactive.procurement.amount"]
    assert (money["value"], money["state"], money["raw"]) == ("5637500", "number", "563.75万元")
    assert money["place"] == "表1 行18 列3（政府集中采购 × 采购总金额）"
    assert (money["agency"], money["year"], money["template"]) == ("聊城市行政审批服务局", "2020", "2019")
    change = rows["proactive.licences.items_change"]
    assert (change["value"], change["raw"]) == ("-14", "-14")
    assert (rows["requests.received.company"]["value"], rows["requests.received.company"]["state"]) == ("", "blank")


def test_json_shows_both_sides_of_what_does_not_add_up() -> None:
    result = CliRunner().invoke(read, [EXAMPLE, "--format", "json"])
    (report,) = json.loads(result.stdout)
    assert [finding["identity"] for finding in report["findings"]] == [
        "requests.outcomes.total",
        "requests.applicants.granted",
    ]
    finding = report["findings"][1]
    assert (finding["left"]["sum"], finding["right"]["sum"]) == ("47", "48")
    assert finding["left"]["cells"]["requests.granted.natural_person"] == "40"
    assert finding["right"]["cells"] == {"requests.granted.total": "48"}
    assert {date["source"] for date in report["dates"]} == {
        "meta",
        "written",
        "header",
        "shown",
        "signature",
        "generated",
    }
    assert [issue["kind"] for issue in report["issues"]] == ["unreadable_cell"]
    assert report["statements"][0]["value"] == "73"
    assert report["evidence"]["year"].startswith("统计期限")
    assert report["sha256"] == hashlib.sha256(Path(EXAMPLE).read_bytes()).hexdigest()
    assert (report["format"], report["extractor"]) == ("html", EXTRACTOR)
    assert len(report["identities"]) > 40
    broken = [one for one in report["identities"] if one["holds"] is False]
    assert [(one["left"], one["right"], one["certain"]) for one in broken][1] == ("47", "48", True)
    fact = next(fact for fact in report["facts"] if fact["code"] == "requests.granted.natural_person")
    assert (fact["value"], fact["raw"], fact["certain"]) == ("40", "40", True)
    assert fact["place"].keys() >= {"table", "row", "column", "row_label", "column_label"}


def test_json_of_a_paged_format_has_boxes() -> None:
    result = CliRunner().invoke(read, [str(FOLDER / "made" / "pdf-2021.pdf"), "--format", "json"])
    (report,) = json.loads(result.stdout)
    boxes = [fact["place"]["box"] for fact in report["facts"] if fact["place"]]
    assert len(boxes) == 200
    assert all(page >= 1 and left < right and top < bottom for page, left, top, right, bottom in boxes)


def test_json_lines_are_the_same_one_a_line() -> None:
    arguments = [LIAOCHENG, EXAMPLE, "--format"]
    whole = json.loads(CliRunner().invoke(read, [*arguments, "json"]).stdout)
    lines = CliRunner().invoke(read, [*arguments, "jsonl"]).stdout.splitlines()
    assert [json.loads(line) for line in lines] == whole


def test_table_for_people() -> None:
    result = CliRunner().invoke(read, [EXAMPLE])
    assert result.exit_code == 0
    for words in (
        "示例市数据管理局",
        "社会公益组织",
        "（三）不予公开",
        "12084500",
        "[unreadable_cell] “详见附件”不是数字。",
        "（一）予以公开：自然人与各类组织之和等于总计：47 ≠ 48",
    ):
        assert words in result.stdout


def test_the_statistics_annex_for_people() -> None:
    """Every line of the tree once, a line with parts too, each with its unit."""
    result = CliRunner().invoke(read, [str(MADE / "html-2014.html")])
    assert result.exit_code == 0
    assert "附、政府信息公开情况统计表" in result.stdout
    for words in ("（一）收到申请数（件）", "4.信函申请数（件）", "七、依申请公开信息收取的费用（元）"):
        assert result.stdout.count(words) == 1


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    packed = tmp_path / "扫描件.rar"
    packed.write_bytes(b"Rar!" + bytes(50))
    missing = tmp_path / "没有.html"
    result = CliRunner().invoke(read, [str(packed), str(missing), LIAOCHENG, "--format", "csv"])
    assert result.exit_code == 2
    assert str(packed) in result.stderr
    assert "RAR" in result.stderr
    assert str(missing) in result.stderr
    assert len(result.stdout.splitlines()) == 199
    assert "3 个文件" in result.stderr
    assert "2 not read: unreadable 2" in result.stderr
    (*_, bad) = json.loads(CliRunner().invoke(read, [LIAOCHENG, str(missing), "--format", "json"]).stdout)
    assert (bad["file"], bad["error"]["kind"]) == (str(missing), "unreadable")
    assert "facts" not in bad


def test_csv_written_to_a_file_opens_in_excel(tmp_path: Path) -> None:
    target = tmp_path / "数据.csv"
    result = CliRunner().invoke(read, [LIAOCHENG, "--format", "csv", "--output", str(target)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert target.read_bytes().startswith(b"\xef\xbb\xbffile,agency")


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-14", "-14"),
        ("+1", "+1"),
        ("-1,234.5", "-1,234.5"),
        ("17", "17"),
        ("某局", "某局"),
    ],
)
def test_formulas_are_neutralised_numbers_are_not(cell: str, shown: str) -> None:
    assert neutral(cell) == shown


def test_markup_in_a_document_is_shown_as_it_stands(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("[red]示例局[/red]2020年政府信息公开工作年度报告\n", encoding="utf-8")
    assert "[red]示例局[/red]" in CliRunner().invoke(read, [str(source)]).stdout


def test_a_page_without_numbers_names_the_files_it_links_to(tmp_path: Path) -> None:
    source = tmp_path / "page.html"
    title = "示例市水利局2023年政府信息公开工作年度报告"
    source.write_text(
        f'<html><title>{title}</title><h1>{title}</h1><p>详见附件</p><a href="W0202401.pdf">附件：年度报告.pdf</a>'
        '<a href="index.html">首页</a>',
        encoding="utf-8",
    )
    result = CliRunner().invoke(read, [str(source)])
    assert "附件：年度报告.pdf　W0202401.pdf" in result.stdout
    assert "index.html" not in result.stdout
    (report,) = json.loads(CliRunner().invoke(read, [str(source), "--format", "json"]).stdout)
    assert report["attachments"] == [{"url": "W0202401.pdf", "text": "附件：年度报告.pdf"}]


def test_the_limits_come_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_READ_SECONDS", "0.5")
    refused = CliRunner().invoke(read, [EXAMPLE])
    assert "GONGKAI_READ_SECONDS" in str(refused.exception)
