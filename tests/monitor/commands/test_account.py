"""gongkai account: made, listed, changed, disabled; the password comes by stdin, and nothing ever shows it."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.__main__ import main
from tests.monitor.accounts.hashing import little_work

PASSWORD = "a long enough phrase"


@pytest.fixture(autouse=True)
def _little() -> Iterator[None]:
    with little_work():
        yield


def account(folder: Path, *arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(
        main, ["account", *arguments], input=stdin, env={"GONGKAI_DATA_DIR": str(folder / "data")}
    )


def test_the_life_of_an_account(tmp_path: Path) -> None:
    assert "没有账户" in account(tmp_path, "list").output
    made = account(tmp_path, "add", "张三", "--role", "reviewer", stdin=PASSWORD + "\n")
    assert (made.exit_code, "张三（reviewer）" in made.output) == (0, True)
    assert account(tmp_path, "add", "张三", "--role", "reader", stdin=PASSWORD + "\n").exit_code == 2
    assert account(tmp_path, "role", "张三", "--role", "operator").exit_code == 0
    assert account(tmp_path, "password", "张三", stdin="another long phrase\n").exit_code == 0
    assert account(tmp_path, "disable", "张三").exit_code == 0
    assert "停用 disabled" in account(tmp_path, "list").output
    assert account(tmp_path, "disable", "张三").exit_code == 2
    assert account(tmp_path, "enable", "张三").exit_code == 0
    (listed,) = json.loads(account(tmp_path, "list", "--format", "json").output)
    assert (listed["name"], listed["role"], listed["disabled_at"]) == ("张三", "operator", None)
    log = json.loads(account(tmp_path, "audit", "--format", "json").output)
    assert [row["subject"] for row in log] == ["enable", "disable", "password", "role operator", "add reviewer"]
    assert "command line" in account(tmp_path, "audit", "--name", "张三", "--limit", "1").output
    assert "没有记录" in account(tmp_path, "audit", "--action", "login").output


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (("add", "张三", "--role", "reader"), "short\n"),
        (("add", "张三", "--role", "reader"), ""),
        (("add", "a/b", "--role", "reader"), PASSWORD + "\n"),
        (("add", "张三", "--role", "king"), PASSWORD + "\n"),
        (("add", "张三"), PASSWORD + "\n"),
        (("add", "张三", PASSWORD, "--role", "reader"), ""),
        (("password", "nobody"), PASSWORD + "\n"),
        (("disable", "nobody"), ""),
        (("role", "nobody", "--role", "reader"), ""),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, arguments: tuple[str, ...], stdin: str) -> None:
    refused = account(tmp_path, *arguments, stdin=stdin)
    assert refused.exit_code == 2
    assert "short" not in refused.output
    assert "没有账户" in account(tmp_path, "list").output


@pytest.mark.integration
def test_at_a_terminal_the_password_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "account", "add", "李四", "--role", "reader"],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env={**os.environ, "GONGKAI_DATA_DIR": str(tmp_path / "data")},
    )  # fmt: skip
    os.close(theirs)
    said = b""
    for words in (b"password", b"again"):
        while words not in said:
            said += os.read(ours, 1024)
        os.write(ours, PASSWORD.encode() + b"\n")
    try:
        while part := os.read(ours, 1024):
            said += part
    except OSError:  # the other side has closed the terminal
        pass
    os.close(ours)
    assert process.wait(60) == 0, said.decode()
    assert "已建立账户" in said.decode()
    assert PASSWORD not in said.decode()
