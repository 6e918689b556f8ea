"""The configuration loads, and an error names file, line or key."""

import shutil
from pathlib import Path

import pytest

from config.env import PACKAGED_CONFIG
from config.errors import ConfigError
from config.load import load, read_yaml

AGENCIES = """\
id,name,aliases,region_code,region,kind,supervisor,valid_from,valid_to,predecessor,watched_years,invented
shili-slj,示例市水利局,示例市水务局|示例市水利水产局,990100,示例市,department,示例市人民政府办公室,2019-01-01,,,2019-,yes
shili-xian,示例县人民政府,,990121,示例市示例县,government,,,,,"2019-2021,2023",yes
"""
PORTAL = """\
name: 示例市政府信息公开平台
family: trs
hosts: ["www.example.org"]
columns:
  - key: zfxxgknb
    url: https://www.example.org/zwgk/zfxxgknb/
    agencies: [shili-slj]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "portals").mkdir()
    (tmp_path / "agencies.csv").write_text(AGENCIES, encoding="utf-8")
    (tmp_path / "portals" / "shili.yml").write_text(PORTAL, encoding="utf-8")
    shutil.copy(PACKAGED_CONFIG / "deadlines.yml", tmp_path)
    (tmp_path / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
    return tmp_path


def test_the_packaged_configuration_loads() -> None:
    configuration = load(PACKAGED_CONFIG)
    assert len(configuration.agencies) == 75
    assert all(not agency.watched_years for agency in configuration.agencies.values())


def test_a_whole_folder_loads(folder: Path) -> None:
    configuration = load(folder, frozenset({"trs"}))
    water = configuration.agencies["shili-slj"]
    assert water.aliases == ("示例市水务局", "示例市水利水产局")
    assert [water.watched(year) for year in (2018, 2019, 2040)] == [False, True, True]
    county = configuration.agencies["shili-xian"]
    assert [county.watched(year) for year in (2021, 2022, 2023, 2024)] == [True, False, True, False]
    assert configuration.columns_of("shili-slj") == (("shili", "zfxxgknb"),)
    assert configuration.columns_of("shili-xian") == ()


def test_excel_s_byte_order_mark_is_no_part_of_the_first_column(folder: Path) -> None:
    (folder / "agencies.csv").write_text("\ufeff" + AGENCIES, encoding="utf-8")
    assert "shili-slj" in load(folder).agencies


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("agencies.csv", "kind,", "sort,", "line 1: unknown column sort"),
        ("agencies.csv", "shili-xian", "shili-slj", "line 3: id shili-slj stands here a second time"),
        ("agencies.csv", "990100", "9901", "line 2: region_code"),
        (
            "agencies.csv",
            "2019-,yes",
            "2019-,no",
            "line 2: (whole): Value error, an invented agency has 示例 in its name",
        ),
        ("agencies.csv", "2019-01-01,,,", "2019-01-01,,nobody,", "predecessor nobody is no id"),
        ("agencies.csv", "2019-,yes", "two,yes", "line 2: watched_years"),
        ("portals/shili.yml", "family: trs", "family: wordpress", "family: 'wordpress' is none of trs"),
        ("portals/shili.yml", "family: trs", "famly: trs", "famly"),
        ("portals/shili.yml", "[shili-slj]", "[shili-gaj]", "columns/zfxxgknb/agencies: shili-gaj is no id"),
        (
            "portals/shili.yml",
            "https://www.example.org/",
            "https://evil.example.net/",
            "is not on a host of this portal",
        ),
        ("portals/shili.yml", "https://www", "ftp://www", "is not on a host of this portal"),
        ("portals/shili.yml", "family: trs", "family: trs\ndelay: 0", "below one second"),
        ("portals/shili.yml", "family: trs", "family: trs\nslug: other", "slug follows from the file's name"),
        ("portals/shili.yml", "family: trs", "family: trs\nfamily: trs", "line 3: the key 'family' stands here twice"),
        ("portals/shili.yml", "name: 示", "name: [示", "line"),
        ("deadlines.yml", "month: 1, day: 31", "month: 2, day: 29", "rules/1/due"),
        ("deadlines.yml", "    due: null", "    due: soon", "rules/3/due"),
        ("alerts.yml", "[]", "[{name: a, to: nobody}]", "subscriptions/0/to"),
    ],
)
def test_an_error_names_file_and_place(folder: Path, file: str, old: str, new: str, said: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(folder, frozenset({"trs"}))
    assert path.name in str(caught.value)
    assert said in str(caught.value)


def test_aliases_and_tags_of_yaml_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "a.yml"
    bomb.write_text("a: &x [1]\nb: [*x, *x]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"a\.yml, line 2: aliases"):
        read_yaml(bomb)
    bomb.write_text("a: !!python/object/apply:os.system [true]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"a\.yml, line 1"):
        read_yaml(bomb)


def test_a_missing_or_foreign_file_is_named(folder: Path) -> None:
    (folder / "alerts.yml").unlink()
    with pytest.raises(ConfigError, match=r"alerts\.yml: cannot be read"):
        load(folder)
    (folder / "alerts.yml").write_bytes("订阅".encode("gb18030"))
    with pytest.raises(ConfigError, match=r"alerts\.yml: cannot be read"):
        load(folder)
