"""`gongkai deadlines`: what the rules are, what is wrong with them, what others would change."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

import monitor.__main__ as command_line
from config.env import PACKAGED_CONFIG
from config.load import read_yaml
from tests.monitor.newsroom import Newsroom, newsroom

LOCAL = {
    "id": "shili-city",
    "years": {"first": 2023, "last": 2023},
    "due": {"month": 1, "day": 25},
    "regions": ["9901"],
    "citation_zh": "示例政公开办〔2024〕1号",
    "citation_en": "示例政公开办〔2024〕No. 1",
}


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return newsroom(tmp_path)


def gongkai(room: Newsroom, *arguments: str) -> Result:
    environment = {name: value for name, value in room.environment().items() if name.startswith("GONGKAI_")}
    return CliRunner().invoke(command_line.main, ["deadlines", *arguments], env=environment)


def write(path: Path, *local: dict[str, Any], department: dict[str, int] | None = None) -> str:
    known = read_yaml(PACKAGED_CONFIG / "deadlines.yml")
    known["local"] = list(local)
    if department is not None:
        known["rules"][1]["due"] = department
    path.write_text(yaml.safe_dump(known, allow_unicode=True), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", ["list", "check", "diff"])
def test_each_says_what_it_does_with_an_example(name: str) -> None:
    output = CliRunner().invoke(command_line.main, ["deadlines", name, "--help"]).output
    assert "例 Example:" in output
    assert f"gongkai deadlines {name}" in output


def test_the_rules_of_a_year_with_their_day(room: Newsroom) -> None:
    write(room.settings.config_dir / "deadlines.yml", LOCAL)
    told = gongkai(room, "list", "--year", "2023")
    assert told.exit_code == 0
    for words in ("regulation-711-department", "2024-01-31", "2024-03-31", "no day", "2024-01-25", "主管部门", "1号"):
        assert words in told.stdout
    assert "regulation-492" not in told.stdout
    rules = {one["id"]: one for one in json.loads(gongkai(room, "list", "--format", "json").stdout)}
    assert rules.keys() >= {"regulation-492", "shili-city"}
    assert rules["shili-city"] == {
        "id": "shili-city",
        "set_by": "supervisor",
        "years": {"first": 2023, "last": 2023},
        "kinds": [],
        "levels": [],
        "regions": ["9901"],
        "agencies": [],
        "due": {"month": 1, "day": 25},
        "due_on": None,
        "citation": {"zh": "示例政公开办〔2024〕1号", "en": "示例政公开办〔2024〕No. 1"},
    }
    assert rules["regulation-711-township"]["due"] is None


def test_check_of_the_rules_as_they_are_and_of_another_file(room: Newsroom, tmp_path: Path) -> None:
    fine = gongkai(room, "check")
    assert fine.exit_code == 0
    assert "errors: 0" in fine.stdout
    assert "nothing is judged: 2007 " in fine.stdout
    other = write(tmp_path / "other.yml", LOCAL | {"due": {"month": 2, "day": 20}})
    wrong = gongkai(room, "check", other)
    assert wrong.exit_code == 1
    assert "a local day later than the law's: shili-city, regulation-711-department" in wrong.stdout
    read = json.loads(gongkai(room, "check", other, "--format", "json").stdout)
    first = read[0]
    assert (first["problem"], first["is_error"], first["kind"]) == ("too_late", True, "department")
    assert first["years"] == {"first": 2023, "last": 2023}
    assert gongkai(room, "check", "nowhere.yml").exit_code == 2


def test_diff_of_the_same_rules_is_nothing(room: Newsroom) -> None:
    room.happens()
    same = gongkai(room, "diff", str(room.settings.config_dir / "deadlines.yml"), "--at", "2024-02-02T21:00")
    assert (same.exit_code, same.stdout) == (0, "有变化的 differences: 0\n")


def test_diff_says_what_other_rules_would_change_and_writes_nothing(room: Newsroom, tmp_path: Path) -> None:
    room.happens()
    events = [event.id for event in room.events()]
    other = write(tmp_path / "other.yml", LOCAL, department={"month": 3, "day": 31})
    told = gongkai(room, "diff", other, "--at", "2024-02-02T21:00")
    assert told.exit_code == 1
    for words in (
        "示例市水利局",
        "逾期未见公布 missing",
        "→ 未到期 not_due",
        "2024-01-31",
        "→ 2024-03-31",
        "2024-01-25",
    ):
        assert words in told.stdout
    read = json.loads(gongkai(room, "diff", other, "--at", "2024-02-02T21:00", "--format", "json").stdout)
    (water,) = [one for one in read if one["agency_id"] == "shili-slj"]
    assert water == {
        "agency_id": "shili-slj",
        "year": 2023,
        "from": {"state": "missing", "rule": "regulation-711-department", "due_on": "2024-01-31", "local": None},
        "to": {
            "state": "not_due",
            "rule": "regulation-711-department",
            "due_on": "2024-03-31",
            "local": {"rule": "shili-city", "due_on": "2024-01-25", "state": "missing"},
        },
    }
    assert [event.id for event in room.events()] == events


def test_a_file_that_would_be_refused_is_refused(room: Newsroom, tmp_path: Path) -> None:
    other = write(tmp_path / "other.yml", LOCAL | {"agencies": ["shili-gaj"]})
    refused = gongkai(room, "diff", other)
    assert refused.exit_code == 2
    assert "local/shili-city/agencies: shili-gaj is no id of agencies.csv" in refused.stderr


def test_evaluate_says_how_many_changed_by_the_rules(room: Newsroom) -> None:
    room.happens()
    write(room.settings.config_dir / "deadlines.yml", department={"month": 3, "day": 31})
    environment = {name: value for name, value in room.environment().items() if name.startswith("GONGKAI_")}
    arguments = ["evaluate", "--at", "2024-02-02T21:00", "--dry-run"]
    told = CliRunner().invoke(command_line.main, arguments, env=environment)
    assert "agencies and years changed by other rules for the due day：3" in told.stdout
    read = CliRunner().invoke(command_line.main, [*arguments, "--format", "json"], env=environment)
    assert json.loads(read.stdout)["changed_by_rules"] == 3
