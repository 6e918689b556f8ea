"""Unsubscribing: the address that nobody can make, the page that asks, the act, and that nothing more is sent."""

import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from config.env import Settings
from crawler.store.reads.acts import acts
from crawler.store.session import Sessions, open_store
from monitor.clock import FixedClock
from monitor.desk import unsubscribes
from monitor.secret import secret
from monitor.status import create_app
from monitor.status.account.limits import LIMITS
from tests.monitor.checks.history import moment
from tests.monitor.newsroom import OFFICE, PAPER, Newsroom, newsroom
from tests.monitor.status.conftest import served

SECRET = b"a secret of this test"
AT = moment("02-02 21:00")


@pytest.mark.parametrize("recipient", [OFFICE, "局@例子.cn", 'a"b\\c@example.org', "x" * 242 + "@example.org"])
def test_an_address_says_whose_it_is_to_who_knows_the_secret(recipient: str) -> None:
    made = unsubscribes.token(SECRET, recipient, "email")
    assert unsubscribes.read_token(SECRET, made) == (recipient, "email")
    assert len(made) <= unsubscribes.LONGEST
    assert unsubscribes.read_token(b"another secret", made) is None


def test_nobody_can_make_one_for_somebody_else() -> None:
    made, other = (unsubscribes.token(SECRET, to, "email") for to in (OFFICE, PAPER))
    words, _, signature = made.partition(".")
    forged = [
        "",
        ".",
        words,
        f"{words}.",
        f"{other.partition('.')[0]}.{signature}",
        f"{words}.{signature[:-1]}",
        f"{words}.{'A' * len(signature)}",
        f"{words}.é",
        f"{words}.{signature}.{signature}",
        "x" * 10_000,
    ]
    assert [text for text in forged if unsubscribes.read_token(SECRET, text) is not None] == []
    assert unsubscribes.token(SECRET, OFFICE, "apprise") != made


def test_the_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    made = secret(settings)
    assert len(made) >= 32
    assert secret(settings) == made
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret"]
    assert secret(Settings(data_dir=tmp_path, secret="given by the operator")) == b"given by the operator"
    assert "given by the operator" not in repr(Settings(secret="given by the operator"))


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 characters"):
        Settings(secret="short")


def test_the_newest_act_counts(database_url: str) -> None:
    sessions: Sessions = open_store(database_url, create=True)
    with sessions.begin() as session:

        def change(what: str, recipient: str = OFFICE) -> bool:
            function = unsubscribes.unsubscribe if what == "un" else unsubscribes.resubscribe
            return function(session, recipient=recipient, channel="email", at=AT, by="test")

        assert not unsubscribes.is_unsubscribed(session, OFFICE, "email")
        assert (change("re"), change("un"), change("un"), change("un", PAPER)) == (False, True, False, True)
        assert unsubscribes.is_unsubscribed(session, OFFICE, "email")
        assert not unsubscribes.is_unsubscribed(session, OFFICE, "apprise")
        assert change("re")
        assert not unsubscribes.is_unsubscribed(session, OFFICE, "email")
        assert [act.recipient for act in unsubscribes.unsubscribed(session)] == [PAPER]


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return newsroom(tmp_path)


@pytest.fixture
def page(room: Newsroom) -> Iterator[httpx.Client]:
    settings = room.settings.model_copy(update={"secret": SECRET.decode()})
    app = create_app(settings, room.context().configuration, room.sessions, FixedClock(AT))
    with served(app) as origin, httpx.Client(base_url=origin) as client:
        yield client


def path(recipient: str = OFFICE) -> str:
    return unsubscribes.PATH + unsubscribes.token(SECRET, recipient, "email")


def recorded(room: Newsroom) -> list[tuple[str, str | None]]:
    with room.sessions() as session:
        return [(act.kind, act.recipient) for act in acts(session, unsubscribes.KINDS)]


@pytest.mark.integration
def test_looking_asks_and_only_the_button_does_it(room: Newsroom, page: httpx.Client) -> None:
    for _ in range(3):
        asked = page.get(path())
        assert asked.status_code == 200
        for words in ("确认退订", "Unsubscribe", OFFICE, '<form method="post">'):
            assert words in asked.text
    assert page.head(path()).status_code == 200
    assert recorded(room) == []
    done = page.post(path())
    assert (done.status_code, "已退订" in done.text, "gets no more messages" in done.text) == (200, True, True)
    assert recorded(room) == [("unsubscribe", OFFICE)]
    again = page.get("/en" + path())
    assert ("<form" in again.text, "已退订" in again.text) == (False, True)
    page.post(path())
    assert recorded(room) == [("unsubscribe", OFFICE)]


@pytest.mark.integration
def test_one_click_of_a_mail_program(room: Newsroom, page: httpx.Client) -> None:
    """RFC 8058, 3.2: a POST with this body, without cookies, answered without a redirect."""
    done = page.post(path(PAPER), data={"List-Unsubscribe": "One-Click"}, follow_redirects=False)
    assert done.status_code == 200
    assert recorded(room) == [("unsubscribe", PAPER)]


@pytest.mark.integration
def test_a_wrong_address_is_one_that_is_not_there(room: Newsroom, page: httpx.Client) -> None:
    nowhere = page.get("/nowhere")
    for method in ("GET", "POST"):
        wrong = page.request(method, path()[:-2])
        assert wrong.status_code == nowhere.status_code == 404
        assert wrong.text.replace(path()[:-2], "/nowhere") == nowhere.text
    assert recorded(room) == []


@pytest.mark.integration
def test_who_tries_many_has_to_wait_and_stops_nobody_else(room: Newsroom, page: httpx.Client) -> None:
    most = LIMITS["unsubscribing"].amount
    answers = [page.post(f"{unsubscribes.PATH}guess{number}").status_code for number in range(most + 1)]
    assert answers == [404] * most + [429]
    assert page.post(path()).status_code == 200
