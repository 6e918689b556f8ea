"""The download of an evidence pack: whole, bounded, and nothing of it left behind."""

import tempfile
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from crawler.archive import Archive
from crawler.store.session import Sessions
from monitor.board import Boards
from monitor.clock import FixedClock
from monitor.context import Context
from monitor.evidence import verify
from monitor.status.account.limits import LIMITS, Limits
from monitor.status.documents import Documents
from monitor.status.pages import evidence
from monitor.status.site import Site
from monitor.status.web import Web
from tests.monitor.status.conftest import served
from tests.monitor.status.seed import UNWATCHED_REAL
from tests.monitor.status.test_routes import ask

PACK = "/evidence/shili-slj/2024.zip"
WITHIN = 30  # seconds


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where packs are made in this test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


class HeldSessions(Sessions):
    """Real sessions; the second one that is asked for waits: it is the one that a pack is written with."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__(**sessions.kw)
        self.asked, self.waiting, self.go_on = 0, threading.Event(), threading.Event()

    def __call__(self, **local: object) -> Session:
        self.asked += 1
        if self.asked == 2:
            self.waiting.set()
            assert self.go_on.wait(WITHIN)
        return super().__call__(**local)


def web_of(context: Context, sessions: Sessions | None = None, limits: Limits | None = None) -> FastAPI:
    """The route alone; without the gate every client has the empty address."""
    clock, settings = FixedClock(context.now), context.settings
    boards = Boards(context.sessions, context.configuration, clock.now)
    archive = Documents(Archive(settings.archive_dir))
    held, site = sessions or context.sessions, Site(clock.now)
    web = Web(settings, context.configuration, held, boards, site, clock, archive, limits or Limits())
    app = FastAPI()
    app.include_router(evidence.routes(web, "zh"))
    return app


@pytest.mark.integration
def test_a_pack_is_downloaded_whole_and_can_be_verified(origin: str, temporary: Path, tmp_path: Path) -> None:
    answer = httpx.get(origin + PACK, timeout=WITHIN)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="gongkai-shili-slj-2024.zip"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert int(answer.headers["content-length"]) == len(answer.content)  # not compressed once more
    saved = tmp_path / "pack.zip"
    saved.write_bytes(answer.content)
    assert verify.check(saved)
    names = zipfile.ZipFile(BytesIO(answer.content)).namelist()
    assert {"summary.html", "captures.warc.gz", "why.json"} <= set(names) and "summary.pdf" not in names
    assert list(temporary.iterdir()) == []


@pytest.mark.integration
def test_who_breaks_off_leaves_nothing_behind(origin: str, temporary: Path) -> None:
    with httpx.stream("GET", origin + PACK, timeout=WITHIN) as answer:
        assert answer.status_code == 200
        next(answer.iter_raw(100))
    assert list(temporary.iterdir()) == []
    assert httpx.get(origin + PACK, timeout=WITHIN).status_code == 200


def test_to_ask_whether_there_is_one_costs_nothing(seeded: Context, temporary: Path) -> None:
    app = web_of(seeded)
    for _ in range(LIMITS["evidence"].amount + 5):
        answer = ask(app, PACK, "HEAD")
        assert (answer.status_code, answer.content) == (200, b"")
        assert "attachment" in answer.headers["content-disposition"]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    "path",
    [
        "/evidence/nobody/2024.zip",
        "/evidence/shili-slj/2019.zip",  # not watched
        "/evidence/shili-slj/2025.zip",  # not over yet
        "/evidence/shili-slj/20240.zip",
        "/evidence/shili-slj/２０２４.zip",
        "/evidence/shili-slj/2024",
        f"/evidence/{UNWATCHED_REAL}/2023.zip",
        "/evidence/..%2f..%2fetc/2024.zip",
        "/en/evidence/shili-slj/2024.zip",
    ],
)
def test_of_what_is_not_judged_there_is_no_pack(app: FastAPI, path: str) -> None:
    for method in ("GET", "HEAD"):
        assert ask(app, path, method).status_code == 404


def test_one_visitor_may_not_ask_for_ever(seeded: Context) -> None:
    limits = Limits()
    for _ in range(LIMITS["evidence"].amount):
        assert limits.allows("evidence", "")
    answer = ask(web_of(seeded, limits=limits), PACK)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert "请求过于频繁" in answer.text and "Too many packs" in answer.text


@pytest.mark.integration
def test_one_is_made_at_a_time(seeded: Context) -> None:
    sessions = HeldSessions(seeded.sessions)
    with served(web_of(seeded, sessions)) as origin, ThreadPoolExecutor(1) as other:
        first = other.submit(httpx.get, origin + PACK, timeout=WITHIN)
        assert sessions.waiting.wait(WITHIN)
        second = httpx.get(origin + PACK, timeout=WITHIN)
        sessions.go_on.set()
        assert (second.status_code, second.headers["retry-after"]) == (503, str(evidence.RETRY_SECONDS))
        assert first.result(WITHIN).status_code == 200
        assert httpx.get(origin + PACK, timeout=WITHIN).status_code == 200


def test_what_is_too_large_is_not_made(seeded: Context, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_BYTES", 100)
    answer = ask(web_of(seeded), PACK)
    assert answer.status_code == 413 and "gongkai evidence" in answer.text
    assert list(temporary.iterdir()) == []
