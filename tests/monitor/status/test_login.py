"""Logging in and out: cookies, tokens, limits, what is told and what is kept; reading behind a login."""

import base64
import datetime as dt
import logging
from pathlib import Path

import pytest
from sqlalchemy import text

from crawler.store.reads import accounts as reads
from crawler.store.tables import Audit, Login
from monitor.accounts import Role, accounts, logins
from monitor.clock import REAL
from monitor.context import Context
from monitor.status.account.limits import LIMITS
from tests.monitor.status.visitors import NAMES, PASSWORD, Room, Visitor, room, token_of

OUTSIDE = (
    "//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\tx", "/a\r\nSet-Cookie: a=b",
    "http:evil.example", "evil", "", "/ä", "///evil.example", "/" + "x" * 3000,
)  # fmt: skip


@pytest.fixture
def own(seeded: Context, tmp_path: Path, little_hashing: None) -> Room:
    """A page of a test's own: its limits begin anew."""
    return room(seeded, tmp_path)


def audited(found: Room) -> list[Audit]:
    """The log, newest first, without how the accounts were made."""
    with found.context.sessions() as session:
        return [row for row in reads.audits(session, 500) if row.action != "account"]


def test_login_account_logout(own: Room) -> None:
    visitor = own.visitor()
    assert visitor.get("/account").headers["location"] == "/login?next=%2Faccount"
    answer = visitor.login(NAMES[Role.REVIEWER], PASSWORD, wanted="/review?why=year")
    assert (answer.status_code, answer.headers["location"]) == (303, "/review?why=year")
    page = visitor.get("/account")
    assert page.status_code == 200
    assert NAMES[Role.REVIEWER] in page.text
    assert "复核员" in page.text
    assert "Log out" in visitor.get("/en/account").text
    left = visitor.send("/logout")
    assert (left.status_code, left.headers["location"]) == (303, "/")
    assert visitor.get("/account").status_code == 303
    assert [(row.action, row.outcome, row.account, row.address) for row in audited(own)] == [
        ("logout", "done", NAMES[Role.REVIEWER], "192.0.2.7"),
        ("login", "done", NAMES[Role.REVIEWER], "192.0.2.7"),
    ]


def test_the_cookie_is_for_us_alone(seeded: Context, tmp_path: Path, own: Room) -> None:
    answer = own.visitor().login(NAMES[Role.READER], PASSWORD)
    session, before = answer.headers.get_list("set-cookie")
    assert session.startswith("gongkai=")
    assert {part.strip().lower() for part in session.split(";")[1:]} == {"httponly", "samesite=lax", "path=/"}
    assert 'gongkai-login=""' in before and "max-age=0" in before.lower()
    (tmp_path / "https").mkdir()
    behind = room(seeded, tmp_path / "https", public_url="https://gongkai.example")
    visitor = behind.visitor()
    shown = visitor.get("/login")
    assert shown.headers["strict-transport-security"] == "max-age=31536000"
    name, _, value = shown.headers["set-cookie"].partition(";")[0].partition("=")
    answer = visitor.post(
        "/login",
        {"form": token_of(shown), "name": NAMES[Role.READER], "password": PASSWORD},
        cookie=f"{name}={value}",  # a Secure cookie that the client keeps for https
    )
    assert answer.status_code == 303
    session = answer.headers.get_list("set-cookie")[0]
    assert session.startswith("__Host-gongkai=")
    assert {"secure", "httponly", "samesite=lax", "path=/"} == {part.strip().lower() for part in session.split(";")[1:]}


def test_a_login_has_always_a_token_of_its_own(own: Room) -> None:
    """Session fixation: what somebody put into the browser before is nobody's afterwards."""
    visitor = own.visitor()
    visitor.cookies.set("gongkai", "x" * 43, domain="page.test")
    visitor.login(NAMES[Role.READER], PASSWORD)
    first = visitor.cookies["gongkai"]
    assert first != "x" * 43
    again = own.visitor()
    again.cookies.set("gongkai", first, domain="page.test")
    assert again.get("/login").status_code == 303  # logged in already
    form = again.token()
    entered = again.post("/login", {"form": form, "name": NAMES[Role.REVIEWER], "password": PASSWORD})
    assert entered.status_code == 303
    assert again.cookies["gongkai"] != first
    assert visitor.get("/account").status_code == 303  # the one before has ended


def test_whatever_is_wrong_the_same_is_said(own: Room) -> None:
    with own.context.sessions.begin() as session:
        accounts.add(session, "停用者", Role.OPERATOR, PASSWORD, REAL.now())
        accounts.disable(session, "停用者", REAL.now())
    said = set()
    for name, password in ((NAMES[Role.READER], "wrong wrong wrong"), ("nobody", PASSWORD), ("停用者", PASSWORD)):
        answer = own.visitor().login(name, password)
        assert answer.status_code == 403
        assert "gongkai=" not in "".join(answer.headers.get_list("set-cookie"))
        text_ = answer.text.replace(token_of(answer), "")
        assert name not in text_ and password not in text_
        said.add(text_)
    assert len(said) == 1
    assert {(row.action, row.outcome) for row in audited(own)} == {("login_failed", "refused")}
    with own.context.sessions() as session:
        everything = repr(session.execute(text("SELECT * FROM audit")).all())
    assert "wrong wrong" not in everything and PASSWORD not in everything


@pytest.mark.parametrize("wanted", OUTSIDE)
def test_nobody_is_led_to_another_site(page_room: Room, wanted: str) -> None:
    visitor = page_room.visitor()
    form = token_of(visitor.ask("GET", "/login", params={"next": wanted}))
    answer = visitor.post("/login", {"form": form, "name": NAMES[Role.READER], "password": PASSWORD, "next": wanted})
    assert answer.status_code in (303, 429)
    if answer.status_code == 303:
        assert answer.headers["location"] == "/"
        assert "set-cookie" in answer.headers and "a=b" not in answer.headers["set-cookie"]


def test_the_form_needs_its_cookie(own: Room) -> None:
    """Login CSRF: a form that somebody else fetched logs nobody in."""
    foreign = token_of(own.visitor().get("/login"))
    victim = own.visitor()
    fields = {"form": foreign, "name": NAMES[Role.READER], "password": PASSWORD}
    assert victim.post("/login", fields).status_code == 403
    victim.get("/login")
    assert victim.post("/login", fields).status_code == 403
    assert victim.post("/login", {**fields, "form": ""}).status_code == 403
    assert "gongkai" not in victim.cookies


def test_guessing_ends_soon_and_the_log_stays_small(own: Room) -> None:
    most = LIMITS["login_of_account"].amount
    visitor = own.visitor()
    answers = [visitor.login(NAMES[Role.READER], f"guess number {number}").status_code for number in range(most + 1)]
    assert answers == [403] * most + [429]
    assert own.visitor().login(NAMES[Role.READER], PASSWORD).status_code == 429  # also the right one has to wait
    assert own.visitor().login(NAMES[Role.REVIEWER], PASSWORD).status_code == 303  # nobody else has
    rest = LIMITS["login_from_address"].amount
    answers = [own.visitor().login(f"nobody {number}", PASSWORD).status_code for number in range(rest)]
    assert answers[-1] == 429
    assert len(audited(own)) < rest + 1 + LIMITS["refusals_kept"].amount


def test_a_session_of_a_disabled_account_or_another_time_is_over(own: Room) -> None:
    visitor, other = own.visitor(Role.READER), own.visitor(Role.REVIEWER)
    with own.context.sessions.begin() as session:
        accounts.disable(session, NAMES[Role.READER], REAL.now())
        session.query(Login).update({"seen_at": REAL.now() - logins.RESTS - dt.timedelta(seconds=1)})
    assert visitor.get("/account").status_code == 303
    assert other.get("/account").status_code == 303


def test_own_sessions_are_seen_and_ended_and_no_others(own: Room) -> None:
    visitor, elsewhere, other = own.visitor(Role.READER), own.visitor(Role.READER), own.visitor(Role.REVIEWER)
    page = visitor.get("/account").text
    theirs = logins.kept(other.cookies["gongkai"])
    assert logins.kept(elsewhere.cookies["gongkai"]) in page
    assert theirs not in page
    assert visitor.send("/account/session", login=theirs).status_code == 404
    assert other.get("/account").status_code == 200
    assert visitor.send("/account/session", login=logins.kept(elsewhere.cookies["gongkai"])).status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert visitor.get("/account?done=session").text.count("该会话已结束") == 1


def test_changing_the_password(own: Room) -> None:
    visitor, elsewhere = own.visitor(Role.READER), own.visitor(Role.READER)
    new = "another long phrase"
    wrong = visitor.send("/account/password", old="not the old one", new=new, again=new)
    assert (wrong.status_code, "原密码不对" in wrong.text) == (400, True)
    assert visitor.send("/account/password", old=PASSWORD, new=new, again=new + "x").status_code == 400
    assert visitor.send("/account/password", old=PASSWORD, new="short", again="short").status_code == 400
    before = visitor.cookies["gongkai"]
    assert visitor.send("/account/password", old=PASSWORD, new=new, again=new).status_code == 303
    assert visitor.cookies["gongkai"] != before
    assert visitor.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert own.visitor().login(NAMES[Role.READER], PASSWORD).status_code == 403
    assert own.visitor().login(NAMES[Role.READER], new).status_code == 303


def test_what_is_made_for_somebody_is_kept_by_nobody(page_room: Room) -> None:
    reviewer, visitor = page_room.visitor(Role.REVIEWER), page_room.visitor()
    for path in ("/", "/en/", "/agency/shili-slj", "/coverage", "/review", "/nowhere", "/api/v1/agencies"):
        private = reviewer.get(path, **{"Accept-Encoding": "gzip"})
        assert private.headers["cache-control"] == "no-store", path
        assert "cookie" in private.headers["vary"].lower()
        assert "etag" not in private.headers and "content-encoding" not in private.headers
        public = visitor.get(path)
        assert "cookie" in public.headers["vary"].lower()
        assert NAMES[Role.REVIEWER] not in public.text
        assert 'name="form"' not in public.text
        # What a browser kept from before the login is not what is shown after it.
        tag = public.headers.get("etag", '"x"')
        assert reviewer.get(path, **{"If-None-Match": tag}).status_code != 304


def test_logs_hold_no_password_and_no_token(own: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = own.visitor(Role.READER)
    visitor.send("/account/password", old=PASSWORD, new="short", again="short")
    said = caplog.text
    assert PASSWORD not in said and visitor.cookies["gongkai"] not in said


@pytest.fixture(scope="module")
def closed(seeded: Context, tmp_path_factory: pytest.TempPathFactory, little_hashing: None) -> Room:
    """A page that only who is logged in may read."""
    return room(seeded, tmp_path_factory.mktemp("closed"), reading="login")


def test_reading_behind_a_login(closed: Room) -> None:
    visitor = closed.visitor()
    for path in ("/", "/en/", "/agency/shili-slj", "/review", "/nowhere", "/archive/" + "0" * 64, "/data"):
        answer = visitor.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/en/login?" if path == "/en/" else "/login?")
        assert len(answer.content) == 0
    for path in (
        "/api/v1/agencies",
        "/api/openapi.json",
        "/feeds/changes.atom",
        "/badge/coverage/2024.svg",
        "/calendar.ics",
        "/api",
    ):
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json"), path
        assert answer.headers["www-authenticate"].startswith("Basic ")
    for path in ("/login", "/en/login", "/healthz", "/static/page.css", "/robots.txt"):
        assert visitor.get(path).status_code == 200, path
    assert visitor.get("/unsubscribe/x").status_code == 404
    assert visitor.ask("POST", "/unsubscribe/x").status_code == 404
    reader = closed.visitor(Role.READER)
    for path in ("/", "/agency/shili-slj", "/api/v1/agencies", "/feeds/changes.atom"):
        assert reader.get(path).status_code == 200, path


def test_the_way_back_after_the_login(closed: Room) -> None:
    visitor = closed.visitor()
    answer = visitor.get("/en/coverage?q=%E6%B0%B4&year=2024")
    form = visitor.get(answer.headers["location"])
    assert 'value="/en/coverage?q=%E6%B0%B4&amp;year=2024"' in form.text


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_programs_read_by_http_basic_and_do_nothing_else(closed: Room) -> None:
    visitor = closed.visitor()
    right = basic(NAMES[Role.OPERATOR], PASSWORD)
    for _ in range(LIMITS["login_of_account"].amount + 5):  # known after the first time
        answer = visitor.get("/api/v1/agencies", authorization=right)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
    assert visitor.get("/feeds/changes.atom", authorization=right).status_code == 200
    assert visitor.post("/act/job", {"job": "crawl"}, authorization=right).status_code == 303
    assert visitor.get("/account", authorization=right).text.count('name="form" value=""') == visitor.get(
        "/account", authorization=right
    ).text.count('name="form"')
    for wrong in (
        basic(NAMES[Role.OPERATOR], "x"),
        basic("nobody", PASSWORD),
        "Basic ???",
        "Bearer x",
        "Basic",
        right[:-4],
    ):
        assert visitor.get("/api/v1/agencies", authorization=wrong).status_code == 401, wrong
    with closed.context.sessions.begin() as session:
        accounts.disable(session, NAMES[Role.OPERATOR], REAL.now())
    assert visitor.get("/api/v1/agencies", authorization=right).status_code == 401


def test_a_password_in_a_header_is_not_looked_at_where_reading_is_public(own: Room) -> None:
    visitor = own.visitor()
    assert visitor.get("/", authorization=basic(NAMES[Role.READER], "wrong")).status_code == 200
    assert visitor.get("/account", authorization=basic(NAMES[Role.READER], PASSWORD)).status_code == 303
    assert audited(own) == []


def test_a_forged_cookie_is_nobodys(page_room: Room) -> None:
    for value in ("x", "0" * 43, "../../etc/passwd", "'--", "x" * 4000, "%00", "null"):
        visitor = Visitor(page_room.app)
        assert visitor.get("/account", cookie=f"gongkai={value}").status_code == 303, value
        assert visitor.get("/", cookie=f"gongkai={value}").status_code == 200, value
