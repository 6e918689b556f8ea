"""The archive: content-addressed, whole or not there at all."""

import hashlib
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from crawler.archive import STALE_AFTER, Archive
from crawler.errors import ArchiveError

DATA = "示例".encode() * 1000
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def files(archive: Archive) -> list[str]:
    return sorted(str(path.relative_to(archive.root)) for path in archive.root.rglob("*") if path.is_file())


def test_bytes_come_back_from_under_their_sha256(archive: Archive) -> None:
    assert archive.put(DATA) == SHA256
    assert archive.get(SHA256) == DATA
    assert archive.has(SHA256)
    assert files(archive) == [f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"]


def test_the_same_bytes_are_written_once(archive: Archive) -> None:
    archive.put(DATA)
    first = archive.path(SHA256).stat()
    assert archive.put(DATA) == SHA256
    assert archive.path(SHA256).stat().st_ino == first.st_ino
    assert archive.path(SHA256).stat().st_mtime_ns == first.st_mtime_ns


def test_nothing_at_all_is_a_content_too(archive: Archive) -> None:
    assert archive.get(archive.put(b"")) == b""


def test_several_at_once(archive: Archive) -> None:
    archive.put(DATA)
    contents = [b"one", DATA, b"two", b"one"]
    names = archive.put_all(contents)
    assert names == [hashlib.sha256(data).hexdigest() for data in contents]
    assert [archive.get(name) for name in names] == contents
    assert len(files(archive)) == 3
    assert archive.put_all([]) == []


def test_a_failure_in_the_middle_leaves_no_file_behind(archive: Archive) -> None:
    blocked = hashlib.sha256(b"two").hexdigest()
    archive.root.mkdir()
    (archive.root / blocked[:2]).write_text("a file where the folder should be")
    with pytest.raises(ArchiveError, match="cannot be written"):
        archive.put_all([b"one", b"two"])
    assert [name for name in files(archive) if name.startswith("incoming")] == []


def test_what_is_missing_or_damaged_is_said(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match="not in the archive"):
        archive.get(SHA256)
    archive.put(DATA)
    archive.path(SHA256).write_bytes(DATA[:-1] + b"x")
    with pytest.raises(ArchiveError, match="damaged"):
        archive.get(SHA256)


def test_a_file_cut_by_a_power_failure_is_written_anew(archive: Archive) -> None:
    archive.put(DATA)
    archive.path(SHA256).write_bytes(b"")
    archive.put(DATA)
    assert archive.get(SHA256) == DATA


@pytest.mark.parametrize("name", ["", "abc", "../../etc/passwd", SHA256.upper(), SHA256 + "0", f"{SHA256}\n"])
def test_only_a_sha256_names_a_place(archive: Archive, name: str) -> None:
    with pytest.raises(ArchiveError, match="no sha256"):
        archive.path(name)


def test_a_folder_that_cannot_be_written_is_an_archive_error(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file where the folder should be")
    with pytest.raises(ArchiveError, match="cannot be written"):
        Archive(tmp_path / "archive").put(DATA)


def test_the_sweep_takes_only_what_a_dead_process_left(archive: Archive) -> None:
    archive.put(DATA)
    incoming = archive.root / "incoming"
    old, young = incoming / "old", incoming / "young"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    long_ago = time.time() - STALE_AFTER - 60
    os.utime(old, (long_ago, long_ago))
    assert archive.sweep() == 1
    assert not old.exists()
    assert young.exists()
    assert archive.get(SHA256) == DATA


def _write_for_ever(root: Path, started: "multiprocessing.synchronize.Event") -> None:
    archive = Archive(root)
    number = 0
    while True:
        archive.put(b"%d" % number * 20_000)
        number += 1
        if number == 5:
            started.set()


def test_kill_9_leaves_no_half_file_under_a_final_name(archive: Archive) -> None:
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    writers = [context.Process(target=_write_for_ever, args=(archive.root, started)) for _ in range(2)]
    for writer in writers:
        writer.start()
    assert started.wait(60)
    for writer in writers:
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join(10)
    kept = [path for path in archive.root.rglob("*") if path.is_file() and path.parent.name != "incoming"]
    assert len(kept) >= 5
    for path in kept:
        archive.get(path.name)
