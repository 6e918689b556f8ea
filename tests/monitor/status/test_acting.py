"""What changes something through the page: who may, with which form, what is kept of it, and what waits for a person."""

import datetime as dt
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from crawler.store.reads import accounts as reads
from crawler.store.reads import review as reviews
from crawler.store.reads import waiting
from crawler.store.reads.acts import newest_acts
from crawler.store.tables import Act, Audit, Finding, Ruling
from crawler.store.writes import jobs as job_writes
from monitor.accounts import Role
from monitor.clock import REAL
from monitor.context import Context
from monitor.desk import jobs
from monitor.status.account.limits import LIMITS
from tests.monitor.status.seed import NOW
from tests.monitor.status.visitors import NAMES, Room, add_waiting, room

MISSING = "missing:shili-whj:2024"
DAY = (NOW.date() + dt.timedelta(days=30)).isoformat()
ACTS: tuple[tuple[str, dict[str, str], Role], ...] = (
    ("/act/ack", {"finding": MISSING}, Role.REVIEWER),
    ("/act/mute", {"finding": MISSING, "reason": "移交", "until": DAY}, Role.REVIEWER),
    ("/act/unmute", {"finding": MISSING}, Role.REVIEWER),
    (
        "/act/reply",
        {
            "agency": "shili-whj", "year": "2024", "kind": "reply", "text": "正在核实", "source": "复函〔2025〕3号",
            "received": "2025-03-10",
        },
        Role.REVIEWER,
    ),
    ("/act/ruling", {"entry": "1", "decision": "not_a_report", "seen": "", "confirmed": "yes"}, Role.REVIEWER),
    ("/act/job", {"job": "read"}, Role.OPERATOR),
)  # fmt: skip


@pytest.fixture
def own(seeded: Context, tmp_path: Path, little_hashing: None) -> Room:
    return room(seeded, tmp_path)


def acts(found: Room) -> list[Act]:
    with found.context.sessions() as session:
        return newest_acts(session, 50)


def rulings(found: Room) -> list[Ruling]:
    with found.context.sessions() as session:
        return list(session.query(Ruling))


def log(found: Room) -> list[Audit]:
    with found.context.sessions() as session:
        return [row for row in reads.audits(session, 100) if row.action not in ("account", "login")]


def test_the_key_of_these_tests_is_one(seeded: Context) -> None:
    with seeded.sessions() as session:
        assert session.query(Finding).filter_by(key=MISSING, closed_at=None).count() == 1


def test_a_visitor_sees_no_button_and_is_led_to_the_login(page_room: Room) -> None:
    visitor = page_room.visitor()
    for path in ("/", "/agency/shili-whj", "/review"):
        page = BeautifulSoup(visitor.get(path).text, "lxml")
        assert page.select("form[method=post]") == []
    for path, fields, _ in ACTS:
        for prefix in ("", "/en"):
            answer = visitor.post(prefix + path, fields)
            assert answer.status_code == 303 and "/login" in answer.headers["location"]
    assert acts(page_room) == [] and rulings(page_room) == []


@pytest.mark.parametrize(("path", "fields", "least"), ACTS)
def test_a_smaller_role_is_refused_and_that_is_kept(
    page_room: Room, path: str, fields: dict[str, str], least: Role
) -> None:
    for role in Role:
        if role.includes(least):
            continue
        answer = page_room.visitor(role).send(path, **fields)
        assert answer.status_code == 403
        newest = log(page_room)[0]
        assert (newest.action, newest.outcome, newest.account) == ("refused", "refused", NAMES[role])
        assert newest.subject == f"POST {path}"
    assert acts(page_room) == [] and rulings(page_room) == []


@pytest.mark.parametrize(("path", "fields", "least"), ACTS)
def test_a_form_that_is_not_ours_does_nothing(page_room: Room, path: str, fields: dict[str, str], least: Role) -> None:
    """CSRF: without the token, with another session's, from another site."""
    visitor, other = page_room.visitor(least), page_room.visitor(least)
    own_token, foreign = visitor.token(), other.token()
    assert own_token != foreign
    for token in ("", "x", foreign, own_token[:-1], own_token + "x", visitor.cookies["gongkai"]):
        assert visitor.post(path, {**fields, "form": token}).status_code == 403
    assert visitor.post(path, fields).status_code == 403
    right = {**fields, "form": own_token}
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://page.test.evil.example"},
        {"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
    ):
        assert visitor.post(path, right, **headers).status_code == 403, headers
    multipart = visitor.ask("POST", path, data={"form": own_token}, files={"x": b"y"})
    assert multipart.status_code == 415
    assert visitor.ask("POST", path, json=right).status_code == 415
    assert visitor.get(path).status_code == 405
    assert visitor.ask("GET", path, params=right).status_code == 405
    assert acts(page_room) == [] and rulings(page_room) == []


def test_a_browser_says_where_a_form_came_from(own: Room) -> None:
    visitor = own.visitor(Role.REVIEWER)
    token = visitor.token()
    for headers in (
        {"sec-fetch-site": "same-origin"},
        {"origin": "http://page.test"},
        {"origin": "http://127.0.0.1:8600"},
    ):
        answer = visitor.post("/act/ack", {"form": token, "finding": MISSING}, **headers)
        assert answer.status_code == 303, headers
    assert len(acts(own)) == 3


def test_ack_mute_unmute_and_reply_are_the_acts_of_the_command_line(own: Room) -> None:
    visitor = own.visitor(Role.REVIEWER)
    assert visitor.send("/act/ack", finding=MISSING, note="已电话提醒").headers["location"] == "/desk"
    path, fields, _ = ACTS[1]
    assert visitor.send(path, **fields, next="/agency/shili-whj").headers["location"] == "/agency/shili-whj"
    assert "移交" in visitor.get("/desk").text
    assert "结束静默" in visitor.get(f"/desk?finding={MISSING}").text
    assert visitor.send("/act/unmute", finding=MISSING).status_code == 303
    path, fields, _ = ACTS[3]
    answer = visitor.send("/en" + path, **fields, finding=MISSING, next="https://evil.example")
    assert answer.headers["location"] == "/"
    found = acts(own)
    assert [(act.kind, act.by, act.finding_key, act.note) for act in found] == [
        ("reply", NAMES[Role.REVIEWER], MISSING, "正在核实"),
        ("unmute", NAMES[Role.REVIEWER], MISSING, ""),
        ("mute", NAMES[Role.REVIEWER], MISSING, "移交"),
        ("ack", NAMES[Role.REVIEWER], MISSING, "已电话提醒"),
    ]
    assert {act.at for act in found} == {NOW}
    assert [(row.action, row.outcome, row.subject) for row in log(own)] == [
        ("reply", "done", MISSING),
        ("unmute", "done", f"finding {MISSING}"),
        ("mute", "done", f"finding {MISSING}"),
        ("ack", "done", MISSING),
    ]
    public = own.visitor().get("/agency/shili-whj").text
    assert "正在核实" in public
    assert NAMES[Role.REVIEWER] not in public and "已电话提醒" not in public


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("/act/ack", {"finding": "missing:nobody:2024"}, "no open finding"),
        ("/act/ack", {"finding": MISSING, "note": "x" * 501}, "at most 500"),
        ("/act/mute", {"finding": MISSING, "reason": "", "until": DAY}, "why it is muted"),
        ("/act/mute", {"finding": MISSING, "reason": "x", "until": "2025-01-01"}, "is over"),
        ("/act/mute", {"finding": MISSING, "reason": "x", "until": "2035-01-01"}, "400 days"),
        ("/act/mute", {"finding": MISSING, "reason": "x", "until": "tomorrow"}, "a day is expected"),
        ("/act/mute", {"finding": MISSING, "portal": "sim-shili-whj", "reason": "x", "until": DAY}, "exactly one"),
        ("/act/mute", {"portal": "nowhere", "reason": "x", "until": DAY}, "no portal"),
        ("/act/unmute", {"agency": "shili-whj"}, "is not muted"),
        ("/act/reply", {**ACTS[3][1], "finding": "missing:shili-slj:2024"}, "no such finding"),
        ("/act/reply", {**ACTS[3][1], "text": ""}, "is empty"),
        ("/act/reply", {**ACTS[3][1], "received": "2030-01-01"}, "in the future"),
        ("/act/reply", {**ACTS[3][1], "agency": "nobody"}, "no agency"),
        ("/act/job", {"job": "crawl"}, "no scheduler is at work"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    page_room: Room, path: str, fields: dict[str, str], words: str
) -> None:
    before = len(acts(page_room))
    answer = page_room.visitor(Role.OPERATOR).send(path, **fields)
    assert answer.status_code == 400
    assert words in answer.text
    assert len(acts(page_room)) == before
    assert log(page_room)[0].outcome == "refused"


def test_too_many_forms_of_one_account_have_to_wait(own: Room) -> None:
    visitor = own.visitor(Role.REVIEWER)
    token, most = visitor.token(), LIMITS["acts_of_account"].amount
    answers = [visitor.post("/act/ack", {"form": token, "finding": "no"}).status_code for _ in range(most + 1)]
    assert answers == [400] * most + [429]
    assert own.visitor(Role.OPERATOR).send("/act/ack", finding=MISSING).status_code == 303


def test_the_audit_log_is_for_operators(own: Room) -> None:
    own.visitor(Role.REVIEWER).send("/act/ack", finding=MISSING)
    for role in (Role.READER, Role.REVIEWER):
        assert own.visitor(role).get("/account/audit").status_code == 403
    page = own.visitor(Role.OPERATOR).get("/account/audit?action=ack")
    assert page.status_code == 200
    assert MISSING in page.text and "192.0.2.7" in page.text
    assert own.visitor(Role.OPERATOR).get("/account/audit?action=x").status_code == 400


def test_a_job_is_asked_for_once_and_lapses(own: Room) -> None:
    now = REAL.now()
    with own.context.sessions.begin() as session:
        job_writes.plan_jobs(session, {"crawl": now + dt.timedelta(hours=3), "read": None})
    visitor = own.visitor(Role.OPERATOR)
    assert visitor.send("/act/job", job="nothing").status_code == 400
    assert visitor.send("/act/job", job="read", next="/jobs").headers["location"] == "/jobs"
    again = visitor.send("/act/job", job="read")
    assert "asked for already" in again.text
    with own.context.sessions.begin() as session:
        assert [(one.job, one.by) for one in jobs.asked(session, REAL.now())] == [("read", NAMES[Role.OPERATOR])]
        assert jobs.asked(session, REAL.now() + jobs.LAPSES + dt.timedelta(minutes=1)) == []
        run = job_writes.start_run(session, "read", REAL.now())
        assert jobs.asked(session, REAL.now()) == []  # it began
    assert "at work just now" in visitor.send("/act/job", job="read").text
    with own.context.sessions.begin() as session:
        job_writes.finish_run(session, run, REAL.now(), outcome="finished", message="")
    assert visitor.send("/act/job", job="read").status_code == 303


# What waits for a person


@pytest.fixture
def waiting_room(seeded: Context, tmp_path: Path, little_hashing: None) -> Room:
    found = room(seeded, tmp_path)
    add_waiting(found)
    return found


def waits(found: Room) -> list[int]:
    with found.context.sessions() as session:
        page = waiting.waiting_page(session, after=0, limit=50)
        assert page.after is None
        # The page says what the command says.
        assert [one.content for entry in page.entries for one in entry] == [
            one.content for one in sorted(reviews.waiting(session), key=lambda one: one.content.entry_id)
        ]
        return [entry[0].content.entry_id for entry in page.entries]


def test_what_waits_is_shown_to_everybody_and_decided_by_reviewers(waiting_room: Room) -> None:
    first, second, third = waits(waiting_room)
    visitor = waiting_room.visitor()
    page = visitor.get("/review")
    assert page.status_code == 200
    assert [link["href"] for link in BeautifulSoup(page.text, "lxml").select(".waiting h2 a")] == [
        f"/review/{entry}" for entry in (first, second, third)
    ]
    assert "<script>alert" not in page.text and "&lt;script&gt;alert" in page.text
    assert "模拟网站，仅供演示" in page.text
    assert visitor.get("/review?portal=sim-shili-slj").text.count("/review/") == 0
    assert visitor.get(f"/review?after={second}").text.count(f'href="/review/{third}"') == 1
    for wrong in ("?portal=x", "?why=x", "?after=x", "?after=-1", "?after=" + "9" * 30):
        assert visitor.get(f"/review{wrong}").status_code == 400, wrong
    assert visitor.get("/review/999999").status_code == visitor.get("/review/x").status_code == 404
    shown = visitor.get(f"/review/{first}")
    assert "/archive/" in shown.text and "<form method" not in shown.text
    assert shown.text.count("/act/ruling") == 0
    assert waiting_room.visitor(Role.REVIEWER).get(f"/en/review/{first}").text.count("/en/act/ruling") == 2


def fields_of(found: Room, entry: int, decision: str, **more: str) -> dict[str, str]:
    with found.context.sessions() as session:
        held = waiting.current(session, [entry])[entry][0].content.sha256
    return {"entry": str(entry), "decision": decision, "seen": held, **more}


def test_a_decision_is_tried_first_and_holds_when_it_is_confirmed(waiting_room: Room) -> None:
    first, second, _ = waits(waiting_room)
    reviewer = waiting_room.visitor(Role.REVIEWER)
    filed = fields_of(waiting_room, first, "filed", candidate="shili-whj", agency="", year="2023", note="依据栏目")
    tried = reviewer.send("/act/ruling", **filed)
    assert tried.status_code == 200
    assert "尚未生效" in tried.text and "示例市文化和旅游局" in tried.text
    assert rulings(waiting_room) == [] and first in waits(waiting_room)
    hidden = {
        str(field["name"]): str(field["value"])
        for field in BeautifulSoup(tried.text, "lxml").select("form.buttons input[type=hidden]")
    }
    done = reviewer.post("/act/ruling", hidden)
    assert (done.status_code, done.headers["location"]) == (303, f"/review/{first}?done=ruling")
    (ruling,) = rulings(waiting_room)
    assert (ruling.decision, ruling.agency_id, ruling.year, ruling.by, ruling.note) == (
        "filed", "shili-whj", 2023, NAMES[Role.REVIEWER], "依据栏目",
    )  # fmt: skip
    assert first not in waits(waiting_room)
    newest = log(waiting_room)[0]
    assert (newest.action, newest.subject, newest.details["agency"]) == ("ruling", str(first), "shili-whj")
    # By name, and taken back.
    named = fields_of(waiting_room, second, "filed", agency="示例市文化和旅游局", year="2022", confirmed="yes")
    assert reviewer.send("/act/ruling", **named).status_code == 303
    undone = fields_of(waiting_room, second, "undone", confirmed="yes")
    assert reviewer.send("/act/ruling", **undone).status_code == 303
    assert second in waits(waiting_room)
    # Who decided is not for everybody.
    assert NAMES[Role.REVIEWER] not in waiting_room.visitor().get(f"/review/{first}").text
    assert NAMES[Role.REVIEWER] in reviewer.get(f"/review/{first}").text


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        ({"agency": "nobody", "year": "2023"}, 400, "no agency"),
        ({"agency": "shili-xxzx", "year": "2023"}, 400, "did not exist in 2023"),
        ({"agency": "shili-whj", "year": "2030"}, 400, "no year of a report"),
        ({"agency": "shili-whj", "year": ""}, 400, "the year of the report is needed"),
        ({"agency": "shili-whj", "year": "x"}, 400, ""),
        ({"agency": "shili-whj", "year": "2023", "seen": "0" * 64}, 400, "something else by now"),
        ({"decision": "guilty"}, 400, ""),
        ({"entry": "999999", "decision": "not_a_report"}, 400, "there is no entry"),
        ({"decision": "undone"}, 400, "nothing was decided"),
        ({"decision": "not_a_report", "note": "x" * 501}, 400, "at most 500"),
    ],
)
def test_a_decision_that_cannot_be(waiting_room: Room, more: dict[str, str], status: int, words: str) -> None:
    (first, *_) = waits(waiting_room)
    fields = {**fields_of(waiting_room, first, "filed"), "confirmed": "yes", **more}
    answer = waiting_room.visitor(Role.REVIEWER).send("/act/ruling", **fields)
    assert answer.status_code == status
    assert words in answer.text
    assert rulings(waiting_room) == []
