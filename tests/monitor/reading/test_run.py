"""`gongkai read FOLDER`: what is read of it, and that a run can be interrupted anywhere without a trace."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from config.errors import GongkaiError
from crawler.workers import Failure
from monitor.commands.read import read
from monitor.reading import sources
from monitor.reading.journal import Journal
from monitor.reading.run import name_of
from monitor.reading.tally import Verdict
from tests.golden.pages import FOLDER

ROOT = Path(__file__).resolve().parents[3]
BOUND = 120.0  # seconds
FORMS = ("table", "csv", "json", "jsonl")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Reports, a page that is none, a file that cannot be read."""
    made = tmp_path / "reports"
    made.mkdir()
    for number in range(12):
        name = "example-2024.html" if number % 3 else "liaocheng-2020.txt"
        shutil.copy(FOLDER / name, made / f"{number:03}{Path(name).suffix}")
    (made / "013.html").write_text("<html><body><p>通知</p></body></html>", encoding="utf-8")
    (made / "014.rar").write_bytes(b"Rar!" + bytes(100))
    return made


def test_a_folder_is_read_with_what_is_below_it_in_order(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("x", encoding="ascii")
    top = tmp_path / "top"
    for name in ("b/2.txt", "b/1.txt", "a/c/3.txt", ".hidden/4.txt", "z.txt", ".secret.txt"):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="ascii")
    (top / "link.txt").symlink_to(outside)
    (top / "linked").symlink_to(tmp_path)
    os.mkfifo(top / "pipe")
    found = sources.files([top, outside, top / "z.txt"])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "top/z.txt",
        "top/a/c/3.txt",
        "top/b/1.txt",
        "top/b/2.txt",
        "outside.txt",
    ]


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GongkaiError, match="no files to read"):
        sources.files([tmp_path])


def test_a_summary_says_what_came_of_it(folder: Path) -> None:
    result = CliRunner().invoke(read, [str(folder), "--format", "csv"])
    assert result.exit_code == 2
    assert "14 files read in" in result.stderr
    assert re.search(r"12 reports, 1 no reports, \d+ with issues", result.stderr)
    assert "1 not read: unreadable 1" in result.stderr
    assert f"{folder / '014.rar'}: " in result.stderr


def test_a_name_in_another_encoding(tmp_path: Path) -> None:
    """ZIPs from Windows leave GBK names behind."""
    path = os.fsencode(tmp_path) + b"/" + "年报".encode("gbk") + b".html"
    shutil.copy(os.fsencode(FOLDER / "example-2024.html"), path)
    result = CliRunner().invoke(read, [str(tmp_path), "--format", "json", "-o", str(tmp_path / "out")])
    assert result.exit_code == 0
    (report,) = json.loads((tmp_path / "out").read_text(encoding="utf-8"))
    assert report["agency"] == "示例市数据管理局"
    assert report["file"] == name_of(Path(os.fsdecode(path)))
    assert r"/\xc4" in report["file"]


@pytest.mark.parametrize("form", FORMS)
def test_output_to_a_file_is_that_to_the_terminal(folder: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / "out"
    shown = CliRunner().invoke(read, [str(folder), "--format", form])
    written = CliRunner().invoke(read, [str(folder), "--format", form, "-o", str(target)])
    assert (written.exit_code, written.stdout) == (2, "")
    assert target.read_text(encoding="utf-8-sig") == shown.stdout
    assert [path.name for path in tmp_path.glob("out*")] == ["out"]


@pytest.mark.integration
def test_killed_anywhere_and_started_again_gives_the_same_output(folder: Path, tmp_path: Path) -> None:
    """kill -9, several times, at moments that nobody chose."""
    for number in range(30):
        shutil.copy(FOLDER / "example-2024.html", folder / f"1{number:03}.html")
    undisturbed = tmp_path / "undisturbed"
    CliRunner().invoke(read, [str(folder), "--format", "jsonl", "-o", str(undisturbed)])
    target, journal = tmp_path / "out", tmp_path / "out.journal"
    command = [sys.executable, "-m", "monitor", "read", str(folder), "--format", "jsonl", "-o", str(target)]
    chance = random.Random(3)
    resumed = []
    for _ in range(2):
        size = journal.stat().st_size if journal.exists() else 0
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + BOUND
        while not (journal.exists() and journal.stat().st_size > size + 50_000) and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(chance.random() / 5)
        process.kill()
        assert not target.exists()
        resumed.append("need not be read again" in process.communicate()[1])
    with journal.open("ab") as stream:
        stream.write(b'{"file": "cut in the mid')
    last = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=BOUND)
    assert last.returncode == 2
    assert [*resumed, "need not be read again" in last.stderr] == [False, True, True]
    assert "44 files read" in last.stderr
    assert target.read_bytes() == undisturbed.read_bytes()
    assert not journal.exists()


def test_what_changed_since_the_interruption_is_read_again(folder: Path, tmp_path: Path) -> None:
    """Another content, a file that is new, one that is gone; and what the machine was to blame for."""
    target = tmp_path / "out"
    names = [str(path) for path in sorted(folder.iterdir())]
    shown = CliRunner().invoke(read, [str(folder), "--format", "jsonl"]).stdout.splitlines(keepends=True)
    lines = dict(zip(names, shown, strict=True))
    with Journal(target, "jsonl", fresh=False) as journal:
        for name in names:
            verdict = Verdict(json.loads(lines[name])["sha256"], is_report=True)
            journal.add(name, verdict, f"kept {name}\n")
        journal.add(names[1], Verdict(json.loads(lines[names[1]])["sha256"], failure=Failure.TIME, error="busy"), "")
    Path(names[0]).write_bytes(b"<html><p>other</p></html>")
    Path(names[2]).unlink()
    (folder / "aaa.html").write_bytes(b"<html><p>new</p></html>")
    result = CliRunner().invoke(read, [str(folder), "--format", "jsonl", "-o", str(target)])
    assert "11 files need not be read again" in result.stderr
    written = target.read_text(encoding="utf-8").splitlines()
    assert [line.startswith("kept") for line in written] == [False, False, *[True] * 11, False]
    assert [json.loads(written[0])["file"], json.loads(written[-1])["file"]] == [names[0], str(folder / "aaa.html")]
    assert written[1] + "\n" == lines[names[1]]


@pytest.mark.parametrize("change", ["form", "extractor", "fresh"])
def test_a_journal_of_something_else_is_begun_anew(
    tmp_path: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal(tmp_path / "out", "csv", fresh=False) as journal:
        journal.add("a", Verdict("00"), "text")
    if change == "extractor":
        monkeypatch.setattr("crawler.reports.EXTRACTOR", "next")
    form = "json" if change == "form" else "csv"
    with Journal(tmp_path / "out", form, fresh=change == "fresh") as journal:
        assert not journal.has("a")
    with Journal(tmp_path / "out", form, fresh=False) as journal:
        journal.add("b", Verdict("00"), "text")
        journal.finish(["b"], head="<", joint="", tail=">", encoding="utf-8")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "<text>"


def test_two_runs_do_not_write_one_file(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    with Journal(target, "csv", fresh=False):
        result = CliRunner().invoke(read, [str(folder), "--format", "csv", "-o", str(target)])
    assert "is being written by another reading" in str(result.exception)
    assert not target.exists()


@pytest.mark.integration
def test_memory_does_not_grow_over_a_folder(tmp_path: Path) -> None:
    """The peak of a run over 200 files stays near that of a run over 20, whatever is kept of each."""
    peaks = []
    for count in (20, 200):
        folder = tmp_path / f"{count}"
        folder.mkdir()
        for number in range(count):
            shutil.copy(FOLDER / "example-2024.html", folder / f"{number}.html")
        program = (
            "import resource, sys\nfrom monitor.commands.read import read\n"
            "try:\n    read(sys.argv[1:])\nexcept SystemExit as end:\n    assert not end.code\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
        )
        output = ["--format", "json", "--workers", "2", "-o", str(tmp_path / f"{count}.json")]
        ended = subprocess.run(
            [sys.executable, "-c", program, str(folder), *output],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=BOUND,
            check=True,
        )
        peaks.append([int(kilobytes) for kilobytes in ended.stdout.split()])
    for few, many in zip(*peaks, strict=True):
        assert many < few + 30 * 1024
