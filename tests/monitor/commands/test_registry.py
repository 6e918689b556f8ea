"""gongkai registry: import, check, diff."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from config.agencies import load_agencies
from monitor.__main__ import main

REGISTRY = """\
id,name,aliases,region_code,region,kind,valid_to,watched_years,invented
slj,示例市水利局,示例市水务局,990100,示例市,department,,2019-,yes
lyj,示例市林业局,,990100,示例市,department,,,yes
"""
PORTAL = """\
name: 示例门户
family: trs
hosts: ["www.example.org"]
columns:
  - {key: nb, url: "https://www.example.org/nb/", agencies: [slj, lyj]}
"""
NEW = """\
id,name,region_code,region,kind,aliases,valid_to,invented
lyj,示例市林业局,990100,示例市,department,示例市林业和草原局,2024-12-31,yes
jyj,示例市教育局,990100,示例市,department,,,yes
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "portals").mkdir(parents=True)
    (folder / "agencies.csv").write_text(REGISTRY, encoding="utf-8")
    (folder / "portals" / "shili.yml").write_text(PORTAL, encoding="utf-8")
    (folder / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
    packaged = Path(__file__).resolve().parents[3] / "config" / "deadlines.yml"
    (folder / "deadlines.yml").write_bytes(packaged.read_bytes())
    return folder


def gongkai(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["registry", *arguments], env={"GONGKAI_CONFIG_DIR": str(folder)})


def test_an_import_is_shown_before_it_is_written(folder: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.csv"
    new.write_text("\ufeff" + NEW, encoding="utf-8")
    before = (folder / "agencies.csv").read_bytes()
    shown = gongkai(folder, "import", str(new))
    assert shown.exit_code == 0
    assert "新增 added：1\n  jyj　示例市教育局" in shown.output
    assert "aliases：– → 示例市林业和草原局" in shown.output
    assert "--write" in shown.output
    assert (folder / "agencies.csv").read_bytes() == before

    assert gongkai(folder, "import", str(new), "--write").exit_code == 0
    agencies = load_agencies(folder / "agencies.csv")
    assert list(agencies) == ["slj", "lyj", "jyj"]
    assert agencies["lyj"].aliases == ("示例市林业和草原局",)
    assert str(agencies["lyj"].valid_to) == "2024-12-31"
    assert agencies["slj"].aliases == ("示例市水务局",)
    again = gongkai(folder, "import", str(new), "--write")
    assert "已写入" not in again.output


def test_a_workbook_is_imported_like_a_csv(folder: Path, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (line.split(",") for line in NEW.replace("2024-12-31", "2024年12月31日").splitlines()):
        sheet.append(row)
    book.save(tmp_path / "new.xlsx")
    result = gongkai(folder, "import", str(tmp_path / "new.xlsx"), "--write")
    assert result.exit_code == 0, result.output
    agencies = load_agencies(folder / "agencies.csv")
    assert list(agencies) == ["slj", "lyj", "jyj"]
    assert str(agencies["lyj"].valid_to) == "2024-12-31"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name\n示例市教育局\n", "no column id"),
        ("id,sort\njyj,1\n", "unknown column sort"),
        ("id,name\njyj,示例市教育局\n", "line 2: region_code"),
        ("id,name\nslj,示例甲局\nslj,示例乙局\n", "a second time"),
        ("id,predecessor\nslj,nobody\n", "predecessor nobody"),
        ("id,name\nslj,示例市林业局\n", "2 new errors"),
        ("id,supervisor\nslj,=HYPERLINK()\n", "like a formula"),
        ("", "no column id"),
    ],
)
def test_what_would_break_the_registry_is_not_written(folder: Path, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "new.csv").write_text(text, encoding="utf-8")
    before = (folder / "agencies.csv").read_bytes()
    result = gongkai(folder, "import", str(tmp_path / "new.csv"), "--write")
    assert result.exit_code == 2
    assert words in result.stderr
    assert (folder / "agencies.csv").read_bytes() == before


def test_bytes_that_are_no_table(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in gongkai(folder, "import", str(tmp_path / "new.csv")).stderr
    (tmp_path / "new.xlsx").write_bytes(b"PK\x03\x04broken")
    assert gongkai(folder, "import", str(tmp_path / "new.xlsx")).exit_code == 2


def test_check_counts_who_existed(folder: Path) -> None:
    result = gongkai(folder, "check")
    assert result.exit_code == 0, result.output
    assert "2019　2（部门 departments 2" in result.output
    assert "watched 1" in result.output
    assert "0 errors" in result.output


def test_check_fails_on_an_error(folder: Path) -> None:
    (folder / "agencies.csv").write_text(REGISTRY.replace("示例市林业局", "示例市水利局"), encoding="utf-8")
    result = gongkai(folder, "check")
    assert result.exit_code == 1
    assert "✗ duplicate：1" in result.output
    assert "✗ ambiguous" in result.output


def test_diff(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(REGISTRY.replace("示例市水务局", "示例市水电局").replace("lyj", "lcj"), encoding="utf-8")
    result = gongkai(folder, "diff", str(folder / "agencies.csv"), str(other))
    assert result.exit_code == 1
    assert "aliases：示例市水务局 → 示例市水电局" in result.output
    assert "删除 removed：1\n  lyj" in result.output
    assert gongkai(folder, "diff", str(other), str(other)).exit_code == 0
