"""The pool of reading processes: whatever a document does, there is a clear outcome, and the others are read.

Long, because it is a list: one short test for each harm.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from crawler import formats, reports
from crawler.errors import WorkerError
from crawler.model import Paragraph
from crawler.workers import Failure, Job, Limits, Outcome, Readers
from crawler.workers.job import MEGABYTE
from tests.golden.pages import FOLDER

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "tests.crawler.hostile:read"
TIGHT = Limits(seconds=2, memory_bytes=400 * MEGABYTE)
BOUND = 60.0  # seconds that nothing here comes near
REPORT = FOLDER / "example-2024.html"
RTF = rb"{\rtf1\ansi\ansicpg936 \u31034?\u20363?\u23616?2020\u24180?\u25919?\u24220?\u20449?\u24687?\u20844?\u24320?\u24037?\u20316?\u24180?\u24230?\u25253?\u21578?\par}"  # 示例局2020年政府信息公开工作年度报告
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def said(folder: Path, *deeds: str) -> list[Job]:
    """One document for each deed of tests.crawler.hostile."""
    jobs = []
    for number, deed in enumerate(deeds):
        path = folder / f"{number}.txt"
        path.write_text(deed, encoding="utf-8")
        jobs.append(Job(f"{number} {deed}", path))
    return jobs


def words(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.failure or outcome.document_format for outcome in outcomes]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def until_dead(pids: Sequence[int]) -> None:
    deadline = time.monotonic() + BOUND
    while any(map(is_alive, pids)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def pool() -> Iterator[Readers]:
    """Two processes with tight limits; none of theirs is left behind."""
    readers = Readers(workers=2, limits=TIGHT, reader=HOSTILE)
    yield readers
    pids = readers.pids
    readers.close()
    until_dead(pids)


def test_a_report_is_read_as_in_this_process() -> None:
    data = REPORT.read_bytes()
    with Readers() as readers:
        before = readers.pids
        (outcome,) = readers.read_all([Job("mine", REPORT, name=REPORT.name, with_document=True)])
        counts = [len(before), len(readers.pids)]
    document = formats.read(data, name=REPORT.name)
    assert outcome == Outcome(
        "mine",
        hashlib.sha256(data).hexdigest(),
        len(data),
        document_format="html",
        report=reports.parse(document),
        document=document,
    )
    assert [*counts, len(readers.pids)] == [0, 1, 0]


def test_outcomes_come_in_the_order_of_the_jobs_which_are_taken_lazily(tmp_path: Path) -> None:
    taken: list[int] = []
    path = tmp_path / "a.txt"
    path.write_text("peace", encoding="ascii")
    slow = tmp_path / "slow.txt"
    slow.write_text("sleep 0.2", encoding="ascii")

    def jobs() -> Iterator[Job]:
        for number in range(300):
            taken.append(number)
            yield Job("same key" if number % 2 else f"{number}", slow if number % 50 == 0 else path)

    with Readers(workers=2, limits=TIGHT, reader=HOSTILE) as readers:
        given = []
        for outcome in readers.read_all(jobs()):
            given.append(outcome.key)
            assert len(taken) - len(given) <= 64
    assert given == ["same key" if number % 2 else f"{number}" for number in range(300)]


@pytest.mark.parametrize(
    ("deed", "failure", "reason"),
    [
        ("sleep 30", Failure.TIME, "读取超时：2 秒"),
        ("hang", Failure.TIME, "读取超时：2 秒"),
        ("fill", Failure.MEMORY, "内存超限：读取所需内存超过 400 MB"),
        ("grab", Failure.MEMORY, "内存超限"),
        ("segfault", Failure.CRASH, "读取进程崩溃（SIGSEGV）"),
        ("leave", Failure.CRASH, "读取进程崩溃（code 3）"),
        ("chatter", Failure.CRASH, "读取进程崩溃"),
        (
            "mistake",
            Failure.CRASH,
            "读取程序出错：ZeroDivisionError: a mistake of the reader（tests/crawler/hostile.py:",
        ),
        ("refuse", Failure.UNREADABLE, "not to be read"),
    ],
)
def test_each_way_of_dying_is_told_and_the_others_are_read(
    pool: Readers, tmp_path: Path, deed: str, failure: Failure, reason: str
) -> None:
    jobs = said(tmp_path, "peace", deed, "peace", "peace", "peace")
    outcomes = list(pool.read_all(jobs))
    assert words(outcomes) == ["peace", failure, "peace", "peace", "peace"]
    assert outcomes[1].error.startswith(reason)
    assert outcomes[1].sha256 == hashlib.sha256(deed.encode()).hexdigest()
    assert [outcome.key for outcome in outcomes] == [job.key for job in jobs]
    assert words(list(pool.read_all(said(tmp_path, "peace")))) == ["peace"]


def test_what_the_starting_process_holds_is_not_the_dead_one_s_memory(tmp_path: Path) -> None:
    """Linux counts it so: the peak of a new process begins with that of the one that started it."""
    held = bytearray(TIGHT.memory_bytes * 2)
    held[::4096] = b"x" * len(held[::4096])
    with Readers(workers=1, limits=TIGHT, reader=HOSTILE) as readers:
        assert words(list(readers.read_all(said(tmp_path, "leave", "fill", "peace")))) == [
            Failure.CRASH,
            Failure.MEMORY,
            "peace",
        ]
    assert held[0] == ord("x")


def test_many_that_die_one_after_the_other(pool: Readers, tmp_path: Path) -> None:
    deeds = ["segfault", "leave", "peace", "fill", "leave", "segfault", "peace"]
    expected = {"segfault": "crash", "leave": "crash", "fill": "memory", "peace": "peace"}
    assert words(list(pool.read_all(said(tmp_path, *deeds)))) == [expected[deed] for deed in deeds]


@pytest.mark.parametrize(
    ("reader", "reason"), [("huge", "读取结果超过 1 MB"), ("surrogate", "读取程序出错：PydanticSerializationError")]
)
def test_results_that_cannot_be_taken_over(tmp_path: Path, reader: str, reason: str) -> None:
    limits = Limits(seconds=5, result_bytes=MEGABYTE)
    with Readers(limits=limits, reader=f"tests.crawler.hostile:{reader}") as readers:
        outcomes = list(readers.read_all(said(tmp_path, "a", "b")))
    assert words(outcomes) == ["unreadable", "unreadable"]
    assert outcomes[0].error.startswith(reason)


def test_a_nul_in_a_text_is_replaced(tmp_path: Path) -> None:
    """PostgreSQL refuses it, and one such document would stop the reading of all."""
    path = tmp_path / "a.txt"
    path.write_text("示例局2020年政府信息公开工作年度报告\n" * 200 + "收到\0申请\\u0000件", encoding="utf-8")
    with Readers() as readers:
        (outcome,) = readers.read_all([Job("a", path, with_document=True)])
    assert outcome.document is not None
    assert outcome.document.blocks[-1] == Paragraph("收到\ufffd申请\\u0000件")


def test_a_document_that_dies_of_another_ones_poison_is_read_alone(tmp_path: Path) -> None:
    with Readers(limits=TIGHT, reader=HOSTILE) as readers:
        outcomes = list(readers.read_all(said(tmp_path, "peace", "poison", "peace", "peace")))
    assert words(outcomes) == ["peace", "poison", "peace", "peace"]


def test_killed_from_outside_in_the_middle(tmp_path: Path) -> None:
    """As the kernel does when memory runs out: the document is read once more."""
    with Readers(limits=Limits(seconds=BOUND), reader=HOSTILE) as readers:
        begun = tmp_path / "begun"
        (outcome_before,) = readers.read_all(said(tmp_path, "peace"))
        victim = readers.pids[0]
        marker = subprocess.Popen(
            [sys.executable, "-c", f"import os, pathlib, time\nwhile not pathlib.Path({str(begun)!r}).exists(): time.sleep(.01)\nos.kill({victim}, 9)"]
        )  # fmt: skip
        jobs = said(tmp_path, f"note_process {begun}", "sleep 1", "peace")
        outcomes = list(readers.read_all(jobs))
        assert marker.wait(BOUND) == 0
        assert victim not in readers.pids
    assert words([outcome_before, *outcomes]) == ["peace", "note_process", "sleep", "peace"]
    assert not is_alive(victim)


def test_what_a_document_started_ends_with_it(pool: Readers, tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    outcomes = list(pool.read_all(said(tmp_path, f"hang_with_child {noted}", "peace")))
    assert words(outcomes) == ["time", "peace"]
    until_dead([int(noted.read_text(encoding="ascii"))])


def test_a_process_that_grows_is_replaced(tmp_path: Path) -> None:
    noted = tmp_path / "pids"
    limits = Limits(seconds=20, memory_bytes=800 * MEGABYTE)
    deeds = ["leak 350", f"note_process {noted}"] * 3
    with Readers(limits=limits, reader=HOSTILE) as readers:
        assert [outcome.failure for outcome in readers.read_all(said(tmp_path, *deeds))] == [None] * 6
    assert 2 <= len(set(noted.read_text(encoding="ascii").split())) <= 3


def test_a_process_is_replaced_after_so_many_documents(tmp_path: Path) -> None:
    noted = tmp_path / "pids"
    with Readers(limits=Limits(documents=3), reader=HOSTILE) as readers:
        assert len(list(readers.read_all(said(tmp_path, *[f"note_process {noted}"] * 7)))) == 7
    pids = noted.read_text(encoding="ascii").split()
    assert len(pids) == 7
    assert max(pids.count(pid) for pid in pids) <= 4  # the next one was on its way already


def test_a_caller_that_leaves_ends_what_is_under_way(tmp_path: Path) -> None:
    with Readers(workers=2, limits=Limits(seconds=BOUND), reader=HOSTILE) as readers:
        reading = readers.read_all(said(tmp_path, "peace", "sleep 50", "sleep 50", "sleep 50"))
        assert next(reading).document_format == "peace"
        pids = readers.pids
        reading.close()
        until_dead(pids)
        assert words(list(readers.read_all(said(tmp_path, "peace")))) == ["peace"]


def test_one_reading_at_a_time(tmp_path: Path) -> None:
    with Readers(limits=TIGHT, reader=HOSTILE) as readers:
        first = readers.read_all(said(tmp_path, "peace", "peace"))
        next(first)
        with pytest.raises(RuntimeError, match="reading already"):
            next(readers.read_all([]))
        assert len(list(first)) == 1


def test_a_pool_whose_processes_cannot_start_says_so(tmp_path: Path) -> None:
    with (
        Readers(workers=2, reader="tests.crawler.hostile:nothing_of_this_name") as readers,
        pytest.raises(WorkerError, match="nothing_of_this_name"),
    ):
        list(readers.read_all(said(tmp_path, "peace")))
    assert readers.pids == ()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_nothing_outlives_the_parent(tmp_path: Path, number: int) -> None:
    """Killed without a chance to clean up, or by Ctrl-C: its reading processes end with it, also in a native loop."""
    noted = tmp_path / "pids"
    jobs = said(tmp_path, f"note_process {noted}", "hang")
    program = (
        "from pathlib import Path\nfrom crawler.workers import Job, Limits, Readers\n"
        f"with Readers(limits=Limits(seconds={BOUND}), reader={HOSTILE!r}) as readers:\n"
        f"    for _ in readers.read_all([Job('a', Path({str(jobs[0].path)!r})), Job('b', Path({str(jobs[1].path)!r}))]):\n"
        "        print('read', flush=True)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "read\n"
        pid = int(noted.read_text(encoding="ascii"))
        assert is_alive(pid)
        os.kill(parent.pid, number)
        assert parent.wait(BOUND) != 0
    until_dead([pid])


def test_documents_for_libreoffice_are_converted_together(tmp_path: Path) -> None:
    """One bad one among them harms no other; the order stays."""
    legacy = tmp_path / "report.rtf"
    legacy.write_bytes(RTF)
    broken = tmp_path / "broken.doc"
    broken.write_bytes(OLE2 + bytes(5_000))
    paths = [legacy, REPORT, broken, legacy, REPORT, legacy]
    with Readers(workers=2) as readers:
        outcomes = list(readers.read_all(Job(path.name, path) for path in paths))
    assert [outcome.key for outcome in outcomes] == [path.name for path in paths]
    assert words(outcomes) == ["rtf", "html", "unreadable", "rtf", "html", "rtf"]
    assert outcomes[0].report is not None
    assert outcomes[0].report.year == 2020
    assert all(outcome.report == outcomes[0].report for outcome in outcomes if outcome.key == legacy.name)


@pytest.fixture
def stuck_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of its name that never ends; the file with the ids of its processes."""
    noted = tmp_path / "office"
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $$ $! >>{noted}\nwait\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return noted


def test_a_converter_that_hangs_ends_with_its_process(tmp_path: Path, stuck_libreoffice: Path) -> None:
    legacy = tmp_path / "report.rtf"
    legacy.write_bytes(RTF)
    with Readers(limits=Limits(seconds=1)) as readers:
        outcomes = list(readers.read_all([Job("a", legacy), Job("b", legacy), Job("c", REPORT)]))
    assert words(outcomes) == ["time", "time", "html"]
    started = [int(pid) for pid in stuck_libreoffice.read_text(encoding="ascii").split()]
    assert len(started) == 6  # together, then each alone
    until_dead(started)


def test_no_settings_and_no_folder_of_documents_reach_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passwords stay with the parent; a module beside the documents is not imported."""
    (tmp_path / "lxml.py").write_text("raise SystemExit('taken over')", encoding="ascii")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GONGKAI_MAIL_URL", "smtp://user:secret@127.0.0.1:1")
    with Readers() as readers:
        (outcome,) = readers.read_all([Job("a", REPORT)])
        environment = Path(f"/proc/{readers.pids[0]}/environ").read_bytes()
    assert outcome.failure is None
    assert b"secret" not in environment


def test_memory_does_not_grow_over_many_documents() -> None:
    """Neither the parent's nor the processes'; generous, for what a small heap does at its beginning."""
    with Readers(workers=2) as readers:
        sizes = []
        for number, outcome in enumerate(readers.read_all(Job("a", REPORT) for _ in range(200))):
            assert outcome.report is not None
            if number in (60, 199):
                sizes.append([resident(pid) for pid in (os.getpid(), *readers.pids)])
    for early, late in zip(*sizes, strict=True):
        assert late < early + 30 * MEGABYTE


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


ENTITIES = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (name, b"&%c;" % (name - 1) * 10) for name in b"bcdefghij"
) + b"]><w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>&j;</w:body></w:document>"  # fmt: skip
CONTENT_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/word/document.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
SIGNATURES = (
    b"%PDF-1.7\n", b"PK\x03\x04", OLE2, b"{\\rtf1", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0",
    b"GIF89a", b"BM", b"II*\x00", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"<html>", b"",
)  # fmt: skip


def hostile_documents() -> dict[str, bytes]:
    noise = random.Random(3)
    report = REPORT.read_bytes()
    documents = {
        "200,000 nested tags": b"<html><body>" + b"<div>" * 200_000,
        "20,000 nested tables": b"<html><body>" + b"<table><tr><td>" * 20_000,
        "an immense span": b"<html><table><tr><td rowspan=100000000 colspan=100000000>1</td></tr></table>",
        "many immense spans": b"<html><table>" + b"<tr><td rowspan=65534 colspan=1000>1</td></tr>" * 5_000,
        "a zip bomb": zipped({"word/document.xml": bytes(400 * MEGABYTE), "[Content_Types].xml": CONTENT_TYPES}),
        "an entity bomb": zipped({"word/document.xml": ENTITIES, "[Content_Types].xml": CONTENT_TYPES}),
        "a container of 60,000 members": zipped({f"{n}.txt": b"" for n in range(60_000)}),
        "19 MB of one line": b"\xe5\xb9\xb4" * (19 * MEGABYTE // 3),
        "19 MB of short lines": "2023年\t1\n".encode() * 1_500_000,
        "a million digits": b"<html><table><tr><td>" + b"9" * 1_000_000 + b"</td></tr></table>",
        "nothing": b"",
    }
    for number, signature in enumerate(SIGNATURES):
        documents[f"noise {number} after {signature[:4]!r}"] = signature + noise.randbytes(20_000)
    for part in (0.1, 0.5, 0.99):
        documents[f"cut at {part}"] = report[: int(len(report) * part)]
    return documents


def test_real_inputs_that_do_harm_have_clear_outcomes(tmp_path: Path) -> None:
    documents = hostile_documents()
    jobs = []
    for number, (name, data) in enumerate(documents.items()):
        path = tmp_path / f"{number}"
        path.write_bytes(data)
        jobs += [Job(name, path), Job("report", REPORT)]
    limits = Limits(seconds=30, memory_bytes=1024 * MEGABYTE)
    with Readers(workers=2, limits=limits) as readers:
        outcomes = list(readers.read_all(jobs))
    assert [outcome.key for outcome in outcomes] == [job.key for job in jobs]
    expected = reports.parse(formats.read(REPORT.read_bytes()))
    for outcome in outcomes:
        if outcome.key == "report":
            assert outcome.report == expected
        else:
            assert (outcome.report is None) == (outcome.failure is not None), outcome.key
            assert outcome.failure is not Failure.CRASH, (outcome.key, outcome.error)
            assert (
                outcome.report is None or not any(fact.value for fact in outcome.report.facts) or "cut" in outcome.key
            )
