"""`gongkai circular` as a person asks for it: what it says, what it writes, what it refuses."""

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.errors import GongkaiError
from monitor.__main__ import main
from monitor.circular import files, worksheet
from monitor.circular.model import Asked
from tests.monitor.checks.history import moment
from tests.monitor.newsroom import Newsroom, newsroom

NAMES = ["circular-9901-2023-20240202.docx", "circular-9901-2023-20240202.xlsx"]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    made = newsroom(tmp_path_factory.mktemp("room"))
    made.happens()
    return made


def circular(room: Newsroom, *more: str, at: str = "2024-02-02", region: str = "990100") -> Result:
    arguments = ("circular", "--region", region, "--year", "2023", "--at", at, *more)
    return CliRunner().invoke(main, arguments, env=room.environment())


def written(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_it_writes_both_and_says_what_is_in_them(room: Newsroom, tmp_path: Path) -> None:
    result = circular(room, "-o", str(tmp_path / "new"))
    assert result.exit_code == 0, result.output
    for words in (
        "列入范围 3，到期应公布 3 / 3 offices in scope, 3 owe a report by now",
        "未见公布 not found：1",
        "按期公布 on time：2",
        "公布后改动 changes：1",
        "数据问题 matters of data：1",
        "逐项人工核对",
    ):
        assert words in result.output
    assert list(written(tmp_path / "new")) == NAMES


def test_the_same_question_gives_the_same_files(room: Newsroom, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert circular(room, "-o", str(tmp_path / name)).exit_code == 0
    assert written(tmp_path / "one") == written(tmp_path / "two")


def test_a_dry_run_writes_nothing(room: Newsroom, tmp_path: Path) -> None:
    result = circular(room, "-o", str(tmp_path / "new"), "--dry-run")
    assert result.exit_code == 0
    assert "未写文件 / nothing was written" in result.output
    assert not (tmp_path / "new").exists()


def test_one_of_the_two(room: Newsroom, tmp_path: Path) -> None:
    assert circular(room, "-o", str(tmp_path), "--format", "xlsx").exit_code == 0
    assert list(written(tmp_path)) == NAMES[1:]


def test_what_somebody_may_have_worked_in_is_not_overwritten(room: Newsroom, tmp_path: Path) -> None:
    (tmp_path / NAMES[1]).write_text("复核中", encoding="utf-8")
    refused = circular(room, "-o", str(tmp_path))
    assert (refused.exit_code, list(written(tmp_path))) == (2, NAMES[1:])
    assert "--force" in refused.stderr
    assert circular(room, "-o", str(tmp_path), "--force").exit_code == 0
    assert list(written(tmp_path)) == NAMES


def test_only_some_kinds_and_levels(room: Newsroom) -> None:
    assert "列入范围 2" in circular(room, "--levels", "prefectural", "--dry-run").output
    assert "列入范围 1" in circular(room, "--dry-run", region="990121").output
    nobody = circular(room, "--kinds", "township", "--dry-run")
    assert (nobody.exit_code, "no agency in scope is watched for 2023" in nobody.stderr) == (2, True)
    assert "no agency of agencies.csv lies there" in circular(room, "--dry-run", region="11").stderr


def test_both_or_none_are_written(room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when the worksheet is half written: the draft, whole by then, does not appear either."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(worksheet, "_write_sheet", full)
    refused = circular(room, "-o", str(tmp_path))
    assert refused.exit_code == 2
    assert "No space left on device" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    asked = Asked("9901", "", 2023, moment("02-02"))
    targets = files.paths(tmp_path / "file", asked, files.FORMATS)
    with pytest.raises(GongkaiError, match="cannot be written"):
        files.save(None, targets)  # type: ignore[arg-type]  # it fails before it looks at it
