"""`gongkai archive` and `gongkai evidence`: what they print, how they end."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

import monitor.__main__ as command_line
from crawler.archive import Archive
from crawler.seals import GENESIS
from crawler.store.tables import Look
from tests.monitor.newsroom import CODES, Newsroom, newsroom
from tests.monitor.world import Page

CONTENTS = [Page("nb", dict(zip(CODES, numbers, strict=True))) for numbers in ((9, 12), (7, 10))]
OTHERS = [Page("sums", {"a": 1}, broken=broken) for broken in (False, True)]


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    made = newsroom(tmp_path)
    made.happens()
    Archive(made.settings.archive_dir).put_all([repr(page).encode() for page in (*CONTENTS, *OTHERS)])
    return made


def gongkai(room: Newsroom, *arguments: str) -> Result:
    environment = {name: value for name, value in room.environment().items() if name.startswith("GONGKAI_")}
    return CliRunner().invoke(command_line.main, list(arguments), env=environment)


def test_the_chain_is_sealed_and_verified_and_its_head_is_printed(room: Newsroom) -> None:
    assert gongkai(room, "archive", "head").stdout == f"{GENESIS}\n"
    before = json.loads(gongkai(room, "archive", "verify", "--format", "json").stdout)
    assert (before["whole"], before["links"], before["unsealed"] > 20) == (True, 0, True)
    sealed = json.loads(gongkai(room, "archive", "seal", "--format", "json").stdout)
    assert sealed["sealed"] == sealed["links"] == before["unsealed"]
    assert "新封 0 条" in gongkai(room, "archive", "seal").stdout
    head = gongkai(room, "archive", "head")
    assert re.fullmatch(r"[0-9a-f]{64}\n", head.stdout)
    assert "加封" in head.stderr
    assert json.loads(gongkai(room, "archive", "head", "--format", "json").stdout)["head"] == head.stdout.strip()
    for more in ((), ("--quick",), ("--head", head.stdout.strip().upper())):
        result = gongkai(room, "archive", "verify", *more)
        assert (result.exit_code, "✓ 完好 / whole" in result.stdout) == (0, True), result.output


def test_the_first_broken_link_is_named_and_the_exit_code_is_one(room: Newsroom) -> None:
    gongkai(room, "archive", "seal")
    archive = Archive(room.settings.archive_dir)
    archive.path(CONTENTS[0].sha256).write_bytes(b"other")
    result = gongkai(room, "archive", "verify")
    assert result.exit_code == 1
    for said in (
        "存档文件已损坏",
        "the archived file is damaged",
        "/shili-mzj/nb.html",
        "2024年1月20日",
        CONTENTS[0].sha256,
    ):
        assert said in result.stdout, said
    with room.sessions.begin() as session:
        session.execute(update(Look).values(entries=7))
    found = json.loads(gongkai(room, "archive", "verify", "--quick", "--format", "json", "--head", "5" * 64).stdout)
    assert (found["whole"], found["first"]["damage"], found["first"]["kind"]) == (False, "row_altered", "look")
    assert found["counts"] == {"row_altered": 9, "head_differs": 1}


def test_a_head_that_is_none_is_refused(room: Newsroom) -> None:
    result = gongkai(room, "archive", "verify", "--head", "abc")
    assert (result.exit_code, "64" in result.stderr) == (2, True)


def test_a_pack_is_written_and_verified(room: Newsroom, tmp_path: Path) -> None:
    gongkai(room, "archive", "seal")
    path = tmp_path / "pack.zip"
    arguments = ("shili-mzj", "2023", "-o", str(path), "--no-pdf")
    said = json.loads(gongkai(room, "evidence", *arguments, "--format", "json").stdout)
    assert (said["path"], said["readings"], said["unsealed"]) == (str(path), 2, 0)
    again = gongkai(room, "evidence", *arguments)
    assert (again.exit_code, "--force" in again.stderr) == (2, True)
    result = gongkai(room, "evidence", "pack", *arguments, "--force")
    assert (result.exit_code, "2 份读数" in result.stdout) == (0, True)
    assert gongkai(room, "evidence", "verify", str(path)).stdout.endswith("✓ 完好 / whole\n")
    kept = gongkai(room, "archive", "head").stdout.strip()
    assert gongkai(room, "evidence", "verify", str(path), "--head", kept).exit_code == 0
    path.write_bytes(path.read_bytes()[:-500])
    broken = gongkai(room, "evidence", "verify", str(path), "--format", "json")
    assert (broken.exit_code, json.loads(broken.stdout)["whole"]) == (1, False)


def test_what_is_not_known_is_said_in_one_line(room: Newsroom, tmp_path: Path) -> None:
    for arguments, said in (
        (("示例市外事局", "2023"), "no agency"),
        (("shili-slj", "2019"), "gongkai evaluate"),
        (("shili-slj", "2023", "--finding", "x"), "missing:shili-slj:2023"),
    ):
        result = gongkai(room, "evidence", *arguments, "-o", str(tmp_path / "pack.zip"), "--no-pdf")
        assert (result.exit_code, said in result.stderr, result.stderr.count("\n")) == (2, True, 1), result.output
