"""Accounts, passwords and sessions: what is accepted, what is kept, when it is over."""

import datetime as dt
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.orm import Session

from config.errors import GongkaiError
from crawler.store.reads import accounts as reads
from crawler.store.session import open_store
from crawler.store.writes import accounts as writes
from monitor.accounts import Role, accounts, logins, passwords
from tests.monitor.accounts.hashing import little_work

AT = dt.datetime(2026, 3, 1, 9, 0, tzinfo=dt.UTC)
GOOD = "a long enough phrase"


@pytest.fixture(autouse=True)
def _hashing(request: pytest.FixtureRequest) -> Iterator[None]:
    if "whole_work" in request.fixturenames:
        yield
        return
    with little_work():
        yield


@pytest.fixture
def whole_work(tmp_path: Path) -> Iterator[Session]:
    """The store, and hashing with the parameters of the program."""
    sessions = open_store(f"sqlite:///{tmp_path / 'store.db'}", create=True)
    with sessions.begin() as session:
        accounts.add(session, "张三", Role.REVIEWER, GOOD, AT)
        session.flush()
        yield session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    sessions = open_store(f"sqlite:///{tmp_path / 'store.db'}", create=True)
    with sessions.begin() as session:
        accounts.add(session, "张三", Role.REVIEWER, GOOD, AT)
        session.flush()
        yield session


def opened(session: Session, at: dt.datetime = AT) -> str:
    account = logins.authenticated(session, "张三", GOOD)
    assert account is not None
    return logins.open_for(session, account, at)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "12 to 128"),
        ("x" * 129, "12 to 128"),
        ("aaaaaaaaaaaabb", "too simple"),
        ("my name is 张三 indeed", "too simple"),
        ("a phrase with \x00 in it", "control"),
        ("", "12 to 128"),
    ],
)
def test_what_is_no_password(password: str, words: str) -> None:
    with pytest.raises(GongkaiError, match=words) as told:
        passwords.hashed(password, "张三")
    assert not password or password not in str(told.value)


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\x00b", "<b>", "a/b", "x" * 61, "a\u202eb", "=1+1", "a;b"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(GongkaiError, match="account's name"):
        accounts.name_of(name)


def test_a_password_is_kept_as_argon2id_with_salt(whole_work: Session) -> None:
    session = whole_work
    accounts.add(session, "李四", Role.READER, GOOD, AT)
    kept = [account.password for account in reads.accounts(session)]
    assert all(text.startswith("$argon2id$v=19$m=65536,t=3,") for text in kept)
    assert len(set(kept)) == 2
    assert logins.authenticated(session, "张三", GOOD) is not None
    assert logins.authenticated(session, "张三", GOOD + ".") is None
    assert logins.authenticated(session, "nobody", GOOD) is None


def test_the_same_signs_in_another_form_are_the_same_password(session: Session) -> None:
    accounts.add(session, "wang", Role.READER, "ｗｉｄｅ letters ①", AT)
    assert logins.authenticated(session, "ｗａｎｇ", "wide letters 1") is not None


def test_a_hash_of_smaller_parameters_is_made_anew_at_login(whole_work: Session) -> None:
    session = whole_work
    account = accounts.existing(session, "张三")
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)
    writes.set_password(session, account.id, old)
    session.expire_all()
    assert logins.authenticated(session, "张三", "wrong wrong wrong") is None
    session.expire_all()
    assert accounts.existing(session, "张三").password == old
    assert logins.authenticated(session, "张三", GOOD) is not None
    session.expire_all()
    assert "m=65536,t=3" in accounts.existing(session, "张三").password
    assert logins.authenticated(session, "张三", GOOD) is not None


def test_a_name_that_nobody_has_takes_as_long(whole_work: Session) -> None:
    session = whole_work
    logins.authenticated(session, "nobody", GOOD)

    def seconds(name: str) -> float:
        took = []
        for _ in range(3):
            began = time.perf_counter()
            assert logins.authenticated(session, name, "wrong wrong wrong") is None
            took.append(time.perf_counter() - began)
        return statistics.median(took)

    known, unknown = seconds("张三"), seconds("nobody")
    # Without the work of hashing it would be a hundredth.
    assert 0.33 < unknown / known < 3


def test_a_taken_name_is_refused_also_in_other_letters(session: Session) -> None:
    accounts.add(session, "Wang", Role.READER, GOOD, AT)
    for name in ("Wang", "wang", "ＷＡＮＧ", " Wang "):
        with pytest.raises(GongkaiError, match="there is an account Wang"):
            accounts.add(session, name, Role.READER, GOOD, AT)


def test_the_store_holds_no_token(session: Session) -> None:
    token = opened(session)
    assert len(token) >= 43  # 256 bits
    rows = [*session.execute(text("SELECT * FROM login")), *session.execute(text("SELECT * FROM audit"))]
    assert rows
    assert token not in repr(rows)
    assert logins.kept(token) in repr(rows)
    assert logins.form_token(token) not in repr(rows)
    found = logins.actor_of(session, token, AT)
    assert found is not None
    assert (found[0].name, found[0].role) == ("张三", Role.REVIEWER)


def test_a_forged_token_is_nobodys(session: Session) -> None:
    token = opened(session)
    for forged in ("", "x", "0" * 43, "é", "x" * 10_000, "' OR 1=1 --", "\x00"):
        assert logins.actor_of(session, forged, AT) is None, forged
    assert logins.actor_of(session, logins.kept(token), AT) is None  # what stands in the store opens nothing
    assert logins.actor_of(session, logins.form_token(token), AT) is None


def test_the_whole_life_of_an_account_in_each_database(database_url: str) -> None:
    with open_store(database_url, create=True).begin() as session:
        accounts.add(session, "张三", Role.READER, GOOD, AT)
        token, other = opened(session), opened(session)
        found = logins.actor_of(session, token, AT + logins.SEEN_EVERY)
        assert found is not None and found[1]
        logins.seen(session, found[0], AT + logins.SEEN_EVERY)
        assert logins.end(session, found[0], logins.kept(other))
        assert [one.token for one in logins.sessions_of(session, found[0], AT)] == [logins.kept(token)]
        accounts.set_role(session, "张三", Role.OPERATOR, AT)
        session.expire_all()
        promoted = logins.actor_of(session, token, AT)
        assert promoted is not None and promoted[0].operates
        accounts.disable(session, "张三", AT)
        session.expire_all()
        assert logins.actor_of(session, token, AT) is None
        assert [row.subject for row in reads.audits(session, 2)] == ["disable", "role operator"]


def test_a_session_ends_by_rest_and_by_age(session: Session) -> None:
    token = opened(session)
    almost = logins.RESTS - dt.timedelta(seconds=1)
    assert logins.actor_of(session, token, AT + almost) is not None
    assert logins.actor_of(session, token, AT + logins.RESTS) is None
    at = AT
    while at < AT + logins.LASTS - almost:
        at += almost
        found = logins.actor_of(session, token, at)
        assert found is not None and found[1]  # time to note that it was seen
        logins.seen(session, found[0], at)
        session.expire_all()
    assert logins.actor_of(session, token, AT + logins.LASTS) is None


def test_what_is_over_is_dropped_and_the_oldest_of_many_gives_way(session: Session) -> None:
    first = opened(session)
    for _ in range(logins.MOST + 2):
        opened(session, AT + dt.timedelta(minutes=1))
    account = accounts.existing(session, "张三")
    assert len(reads.logins(session, account.id)) == logins.MOST
    assert logins.actor_of(session, first, AT + dt.timedelta(minutes=2)) is None
    opened(session, AT + dt.timedelta(days=1))
    assert len(reads.logins(session, account.id)) == 1


def test_disabling_ends_every_session_and_enabling_begins_none(session: Session) -> None:
    token = opened(session)
    accounts.disable(session, "张三", AT)
    session.expire_all()
    assert logins.actor_of(session, token, AT) is None
    assert logins.authenticated(session, "张三", GOOD) is None
    with pytest.raises(GongkaiError, match="disabled already"):
        accounts.disable(session, "张三", AT)
    accounts.enable(session, "张三", AT)
    session.expire_all()
    assert logins.actor_of(session, token, AT) is None
    assert logins.authenticated(session, "张三", GOOD) is not None


def test_a_new_password_ends_every_session(session: Session) -> None:
    token, other = opened(session), opened(session)
    found = logins.actor_of(session, token, AT)
    assert found is not None
    with pytest.raises(GongkaiError, match="not right"):
        logins.change_password(session, found[0], "not the password", "another long phrase", AT)
    assert logins.actor_of(session, other, AT) is not None
    new = logins.change_password(session, found[0], GOOD, "another long phrase", AT)
    session.expire_all()
    assert [logins.actor_of(session, one, AT) is not None for one in (token, other, new)] == [False, False, True]
    assert logins.authenticated(session, "张三", GOOD) is None


def test_nobody_ends_the_session_of_another(session: Session) -> None:
    token = opened(session)
    accounts.add(session, "李四", Role.OPERATOR, GOOD, AT)
    account = logins.authenticated(session, "李四", GOOD)
    assert account is not None
    found = logins.actor_of(session, logins.open_for(session, account, AT), AT)
    assert found is not None
    assert not logins.end(session, found[0], logins.kept(token))
    assert logins.actor_of(session, token, AT) is not None


def test_each_role_may_what_the_one_before_may() -> None:
    assert [[role.includes(other) for other in Role] for role in Role] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


def test_managing_an_account_stands_in_the_log_without_the_password(session: Session) -> None:
    accounts.set_password(session, "张三", "another long phrase", AT)
    accounts.set_role(session, "张三", Role.OPERATOR, AT)
    accounts.disable(session, "张三", AT)
    rows = reads.audits(session, 10)
    assert [row.subject for row in rows] == ["disable", "role operator", "password", "add reviewer"]
    assert {(row.account, row.action, row.address) for row in rows} == {("张三", "account", "command line")}
    assert "phrase" not in repr([(row.subject, row.details) for row in rows])
