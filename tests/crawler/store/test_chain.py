"""The chain in a real store: sealed once whoever seals, and every tampering is found and named."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update

from crawler.archive import Archive
from crawler.chain import Damage, Verdict, verify
from crawler.items import CaptureItem, LookItem
from crawler.model import LookOutcome
from crawler.seals import GENESIS
from crawler.store.reads import seals as reads
from crawler.store.session import Sessions
from crawler.store.tables import Capture, Look, Seal
from crawler.store.writes.seals import COMES_LATE, seal_all
from crawler.store.writes.visit import add_captures, add_look, start_run

NOW = dt.datetime(2024, 2, 5, 12, 0, 0, 250, dt.UTC)
PAGES = 6


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def visit(sessions: Sessions, archive: Archive, pages: int = PAGES, at: dt.datetime = NOW) -> None:
    """One run: `pages` pages of different contents, one that failed, and the look."""
    bodies = [f"第{number}页 {at}".encode() for number in range(pages)]
    names = archive.put_all(bodies)
    captures = [
        (
            CaptureItem(
                "shili", "nb", "detail", f"http://127.0.0.1/{number}.html", f"http://127.0.0.1/{number}.html",
                at + dt.timedelta(seconds=number), 200, LookOutcome.HEALTHY, body=body, media_type="text/html",
                headers=(("Date", "x"), ("Set", "1"), ("Set", "2")), request={"method": "GET", "headers": [], "body": ""},
            ),
            name,
        )
        for number, (body, name) in enumerate(zip(bodies, names, strict=True))
    ]  # fmt: skip
    url = "http://127.0.0.1/gone.html"
    failed = CaptureItem("shili", "nb", "detail", url, url, at, 404, LookOutcome.SOFT_404, "HTTP 404")
    with sessions.begin() as session:
        run = start_run(session, "shili", at, simulated=True)
        add_captures(session, run, [*captures, (failed, None)])
        add_look(session, run, LookItem("shili", "nb", at + dt.timedelta(seconds=2), LookOutcome.HEALTHY, pages=1))


@pytest.fixture
def sealed(sessions: Sessions, archive: Archive) -> Sessions:
    visit(sessions, archive)
    assert seal_all(sessions, NOW) == PAGES + 2
    return sessions


def capture_no(sessions: Sessions, number: int) -> Capture:
    with sessions() as session:
        return session.scalars(select(Capture).order_by(Capture.id)).all()[number]


def link_of(sessions: Sessions, capture: Capture) -> int:
    with sessions() as session:
        return reads.links_of(session, [("capture", capture.id)])[0].number


def head(sessions: Sessions) -> str:
    with sessions() as session:
        return reads.head_hash(session)


def first(verdict: Verdict) -> tuple[Damage, int | None, str | None, int | None]:
    assert verdict.first is not None
    return verdict.first.damage, verdict.first.number, verdict.first.kind, verdict.first.row_id


def test_an_empty_store_is_whole(sessions: Sessions, archive: Archive) -> None:
    assert seal_all(sessions, NOW) == 0
    assert head(sessions) == GENESIS
    assert verify(sessions, archive).whole
    assert verify(sessions, archive, published=GENESIS).whole


def test_sealing_is_done_once_and_goes_on(sealed: Sessions, archive: Archive) -> None:
    early = head(sealed)
    assert seal_all(sealed, NOW) == 0
    visit(sealed, archive, at=NOW + dt.timedelta(days=1))
    between = verify(sealed, archive)
    assert (between.whole, between.links, between.unsealed) == (True, PAGES + 2, PAGES + 2)
    assert seal_all(sealed, NOW + dt.timedelta(days=1)) == PAGES + 2
    steps: list[tuple[int, int]] = []
    found = verify(sealed, archive, published=early, progress=lambda done, of: steps.append((done, of)))
    assert (found.whole, found.links, found.published, found.unsealed) == (True, 2 * PAGES + 4, PAGES + 2, 0)
    assert (found.files, found.head) == (2 * PAGES, head(sealed))
    assert steps[-1] == (2 * PAGES + 4,) * 2


def test_a_row_that_comes_later_with_a_smaller_id_is_sealed(sealed: Sessions, archive: Archive) -> None:
    """As a transaction does that has taken its ids before and commits after another one."""
    visit(sealed, archive, at=NOW + dt.timedelta(days=1))
    late = capture_no(sealed, PAGES + 2)
    with sealed.begin() as session:
        session.execute(update(Capture).where(Capture.id == late.id).values(id=late.id + 1000))
    seal_all(sealed, NOW)
    with sealed.begin() as session:
        session.execute(delete(Seal).where(Seal.kind == "capture", Seal.row_id == late.id + 1000))
        session.execute(update(Capture).where(Capture.id == late.id + 1000).values(id=late.id))
    assert verify(sealed, archive).unsealed == 1
    assert seal_all(sealed, NOW) == 1
    assert verify(sealed, archive).unsealed == 0


def test_what_came_much_too_late_is_sealed_when_all_is_looked_through(sealed: Sessions, archive: Archive) -> None:
    visit(sealed, archive, at=NOW + dt.timedelta(days=1))
    late = capture_no(sealed, PAGES + 1).id
    with sealed.begin() as session:
        for capture in session.scalars(select(Capture).where(Capture.id > late)):
            capture.id += COMES_LATE + 1000
    seal_all(sealed, NOW)
    with sealed.begin() as session:
        session.execute(delete(Seal).where(Seal.kind == "capture", Seal.row_id == late))
    assert (seal_all(sealed, NOW), verify(sealed, archive).unsealed) == (0, 1)
    assert (seal_all(sealed, NOW, from_the_first=True), verify(sealed, archive).unsealed) == (1, 0)


def test_a_flipped_byte_in_the_archive(sealed: Sessions, archive: Archive) -> None:
    capture = capture_no(sealed, 3)
    path = archive.path(capture.sha256 or "")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    found = verify(sealed, archive)
    assert first(found) == (Damage.FILE_DAMAGED, link_of(sealed, capture), "capture", capture.id)
    assert found.first is not None
    assert (found.first.url, found.first.at, found.first.sha256) == (capture.url, capture.fetched_at, capture.sha256)
    assert found.counts == {Damage.FILE_DAMAGED: 1}
    assert verify(sealed, None).whole  # --quick does not read files


def test_a_file_that_is_gone_also_of_a_row_that_is_not_sealed(sealed: Sessions, archive: Archive) -> None:
    visit(sealed, archive, at=NOW + dt.timedelta(days=1))
    last = capture_no(sealed, -2)
    archive.path(last.sha256 or "").unlink()
    found = verify(sealed, archive)
    assert first(found) == (Damage.FILE_MISSING, None, "capture", last.id)
    seal_all(sealed, NOW)
    assert first(verify(sealed, archive)) == (Damage.FILE_MISSING, link_of(sealed, last), "capture", last.id)


@pytest.mark.parametrize(
    "change",
    [
        {"fetched_at": NOW - dt.timedelta(days=9)},
        {"url": "http://127.0.0.1/other.html"},
        {"sha256": "00" * 32},
        {"headers": {"pairs": [["Set", "2"], ["Set", "1"]]}},
        {"request": {}},
        {"not_modified": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_altered_row(sealed: Sessions, change: dict[str, object]) -> None:
    captures = [capture_no(sealed, number) for number in (2, 4)]
    with sealed.begin() as session:
        session.execute(update(Capture).where(Capture.id.in_([c.id for c in captures])).values(**change))
    found = verify(sealed, None)
    assert first(found) == (Damage.ROW_ALTERED, link_of(sealed, captures[0]), "capture", captures[0].id)
    assert found.counts == {Damage.ROW_ALTERED: 2}
    assert found.links == PAGES + 2


def test_an_altered_look_and_an_altered_moment_of_sealing(sealed: Sessions) -> None:
    with sealed.begin() as session:
        session.execute(
            update(Seal).where(Seal.row_id == 1, Seal.kind == "look").values(sealed_at=NOW - dt.timedelta(1))
        )
    assert first(verify(sealed, None))[::2] == (Damage.ROW_ALTERED, "look")
    with sealed.begin() as session:
        session.execute(update(Seal).values(sealed_at=NOW))
        session.execute(update(Look).values(outcome="denied"))
    assert first(verify(sealed, None))[::2] == (Damage.ROW_ALTERED, "look")


def test_a_deleted_row(sealed: Sessions, archive: Archive) -> None:
    capture = capture_no(sealed, 2)
    number = link_of(sealed, capture)
    with sealed.begin() as session:
        session.execute(delete(Capture).where(Capture.id == capture.id))
    found = verify(sealed, archive)
    assert first(found) == (Damage.ROW_MISSING, number, "capture", capture.id)
    assert found.first is not None
    assert found.first.sealed_at == NOW


def test_a_deleted_link(sealed: Sessions) -> None:
    with sealed.begin() as session:
        ids = session.scalars(select(Seal.id).order_by(Seal.id)).all()
        session.execute(delete(Seal).where(Seal.id == ids[3]))
    found = verify(sealed, None)
    assert first(found)[:2] == (Damage.LINK_MISSING, 4)  # the one that was the fifth
    assert (found.counts, found.unsealed) == ({Damage.LINK_MISSING: 1}, 1)


def test_a_fork_is_refused_by_the_store_and_named_where_the_store_was_forced(sealed: Sessions) -> None:
    with sealed() as session:
        rows = session.scalars(select(Seal).order_by(Seal.id)).all()
    with sealed.begin() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("ALTER TABLE seal RENAME TO old"))
            session.execute(text("CREATE TABLE seal AS SELECT * FROM old"))
            session.execute(text("DROP TABLE old"))
        else:
            session.execute(text("ALTER TABLE seal DROP CONSTRAINT uq_seal_previous"))
        session.execute(update(Seal).where(Seal.id == rows[4].id).values(previous=rows[2].previous))
    assert first(verify(sealed, None))[:2] == (Damage.FORKED, 5)


def test_a_chain_that_was_rewritten_shows_against_a_head_that_somebody_kept(sealed: Sessions, archive: Archive) -> None:
    kept = head(sealed)
    with sealed.begin() as session:
        session.execute(update(Capture).where(Capture.id == capture_no(sealed, 2).id).values(status=203))
        session.execute(delete(Seal))
    seal_all(sealed, NOW)
    assert verify(sealed, archive).whole  # by itself it is consistent: hence heads are published
    found = verify(sealed, archive, published=kept)
    assert first(found) == (Damage.HEAD_DIFFERS, None, None, None)


def test_a_chain_that_was_cut_shows_against_a_head_that_somebody_kept(sealed: Sessions) -> None:
    kept = head(sealed)
    with sealed.begin() as session:
        session.execute(delete(Seal).where(Seal.hash == kept))
    assert verify(sealed, None).whole
    assert first(verify(sealed, None, published=kept))[0] is Damage.HEAD_DIFFERS


SEALER = """
import datetime as dt, sys
from crawler.store.session import open_store
from crawler.store.writes import seals
seals.BATCH = 3
sessions = open_store(sys.argv[1])
sys.stdout.write("ready\\n"); sys.stdout.flush()
sys.stdin.readline()
print(seals.seal_all(sessions, dt.datetime(2024, 2, 6, tzinfo=dt.UTC)))
"""


def test_several_processes_make_one_chain(sessions: Sessions, archive: Archive) -> None:
    for day in range(8):
        visit(sessions, archive, at=NOW + dt.timedelta(days=day))
    url = sessions.kw["bind"].url.render_as_string(hide_password=False)
    processes = [
        subprocess.Popen([sys.executable, "-c", SEALER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    sealed = [int(process.communicate(timeout=60)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sum(sealed) == 8 * (PAGES + 2)
    found = verify(sessions, archive)
    assert (found.whole, found.links, found.unsealed) == (True, 8 * (PAGES + 2), 0)
