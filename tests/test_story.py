"""The story of the simulated days, played once on SQLite with the real jobs, and asserted day by day.

What is asserted of each day stands in tests/story.py: the state of every agency, the news, one mail for each recipient.
Long, because the story is played once, for two minutes, and everything that is asserted of it shares that one run.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

import httpx
import pytest
from rich.console import Console
from sqlalchemy import select

from crawler.read_captures import ReadSummary
from crawler.store.reads import coverage
from crawler.store.tables import DeliveryEvent, Event, FactRow, Filing, Finding, Reading
from monitor import jobs
from monitor.alerts.message import NotifyResult
from monitor.model import EvaluateResult, NewEvent, State
from monitor.wording import state_line
from tests.demo import page
from tests.demo.__main__ import main
from tests.demo.stage import Played, Stage, stage
from tests.demo.summary import Mail, mails, summary
from tests.golden.pages import FOLDER, SEEDS
from tests.portals.configuration import JOURNALIST, OFFICE
from tests.story import (
    CHANGED_CELLS,
    CIVIL,
    COUNTY,
    DAYS,
    EDUCATION,
    FORESTRY,
    INVENTED,
    LATE_DAYS,
    REAL,
    STATISTICS,
    TRANSPORT,
    WATER,
    Day,
    Expected,
    Told,
    Who,
    states_on,
)

pytestmark = pytest.mark.integration
EACH_DAY = pytest.mark.parametrize("day", DAYS, ids=lambda day: day.day.isoformat())
OUTAGE = (dt.date(2024, 1, 28), dt.date(2024, 2, 3))


@dataclass(frozen=True)
class Repeated:
    """The jobs run a second time over the same facts."""

    read: ReadSummary
    evaluate: EvaluateResult
    notify: NotifyResult


@dataclass(frozen=True)
class Story:
    """The whole story, played; the portals still stand."""

    stage: Stage
    played: dict[dt.date, Played]
    repeated: dict[dt.date, Repeated]

    @property
    def now(self) -> dt.datetime:
        return self.played[DAYS[-1].day].context.now


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with stage(tmp_path_factory.mktemp("story")) as running:
        played, repeated = {}, {}
        for day in DAYS:
            played[day.day] = running.play(day.moment)
            later = played[day.day].context
            repeated[day.day] = Repeated(jobs.read(later), jobs.evaluate(later), jobs.notify(later))
        yield Story(running, played, repeated)


def told(event: NewEvent | Event, finding_key: str | None) -> Told:
    """An event as the story names it: `changed:agency:year:3-7` is `changed`, a contradiction keeps what it is in."""
    kind, *rest = (finding_key or "").split(":")
    finding = f"{kind} {rest[-1]}" if kind in ("arithmetic", "narrative", "carry_over") else kind
    return Told(event.kind, event.agency_id, event.year, finding, str(event.details.get("resolved", "")))


def news(result: EvaluateResult) -> list[Told]:
    return [told(event, event.finding_key) for event in result.events if event.kind != "quiet"]


@EACH_DAY
def test_every_portal_is_visited(story: Story, day: Day) -> None:
    crawl = story.played[day.day].crawl
    assert crawl.failed == {}
    assert crawl.finished.keys() == story.stage.configuration.portals.keys()


@EACH_DAY
def test_everything_found_is_read_and_decided(story: Story, day: Day) -> None:
    read = story.played[day.day].read
    assert (read.review, read.failed) == ({}, {})


@EACH_DAY
def test_states(story: Story, day: Day) -> None:
    found = {
        (assessment.agency_id, assessment.year): Expected(assessment.state, assessment.reason, assessment.basis)
        for assessment in story.played[day.day].evaluate.assessments
    }
    assert found == states_on(day.day)


@EACH_DAY
def test_news(story: Story, day: Day) -> None:
    found = news(story.played[day.day].evaluate)
    assert sorted(found, key=str) == sorted(day.news, key=str)


@EACH_DAY
def test_one_mail_for_each_recipient_who_is_concerned(story: Story, day: Day) -> None:
    sent = story.played[day.day].notify.told
    assert sorted(mail.recipient for mail in sent) == sorted(day.mails)
    assert {mail.status for mail in sent} <= {"sent"}
    with story.stage.sessions() as session:
        keys = {finding.id: finding.key for finding in session.scalars(select(Finding))}
        for mail in sent:
            events = session.scalars(select(Event).where(Event.id.in_(mail.event_ids))).all()
            found = [told(event, keys.get(event.finding_id or 0)) for event in events]
            assert sorted(found, key=str) == sorted(day.mails[mail.recipient], key=str)


@EACH_DAY
def test_a_second_run_changes_nothing(story: Story, day: Day) -> None:
    again = story.repeated[day.day]
    assert again.read.read == 0
    assert again.evaluate.events == ()
    assert again.evaluate.assessments == story.played[day.day].evaluate.assessments
    assert again.notify.told == ()


def test_no_event_is_told_twice(story: Story) -> None:
    expected = sum(len(events) for day in DAYS for events in day.mails.values())
    with story.stage.sessions() as session:
        pairs = session.execute(select(DeliveryEvent.event_id, DeliveryEvent.recipient)).all()
    assert len(pairs) == len(set(pairs)) == expected


def test_every_mail_lies_in_the_box(story: Story) -> None:
    box = mails(story.stage.settings.data_dir / "mailbox")
    assert [mail.to for mail in box] == [to for day in DAYS for to in sorted(day.mails)]
    assert len({mail.message["Message-ID"] for mail in box}) == len(box)
    assert [mail.sent.date() for mail in box] == [day.day for day in DAYS for _ in day.mails]


def test_states_that_would_accuse(story: Story) -> None:
    """Over all days: who was ever called missing, late or withdrawn, and nobody else."""
    ever: dict[State, set[Who]] = {}
    for played in story.played.values():
        for assessment in played.evaluate.assessments:
            ever.setdefault(assessment.state, set()).add((assessment.agency_id, assessment.year))
    assert ever[State.MISSING] == {WATER, FORESTRY}
    assert ever[State.LATE] == {WATER}
    assert ever[State.WITHDRAWN] == {STATISTICS}
    assert ever[State.UNKNOWN] == {WATER, FORESTRY, TRANSPORT, STATISTICS}
    assert ever[State.ON_TIME] == {*REAL, *INVENTED} - {WATER, FORESTRY}


def test_nothing_else_is_said_of_a_real_agency(story: Story) -> None:
    ids = {agency for agency, _ in REAL}
    states = {
        assessment.state
        for played in story.played.values()
        for assessment in played.evaluate.assessments
        if assessment.agency_id in ids
    }
    assert states == {State.NOT_DUE, State.DUE_SOON, State.ON_TIME}
    with story.stage.sessions() as session:
        assert session.scalars(select(Finding).where(Finding.agency_id.in_(ids))).all() == []
        assert set(session.scalars(select(Event.kind).where(Event.agency_id.in_(ids)))) == {"due_soon", "quiet"}
    names = [story.stage.configuration.agencies[id_].name for id_ in ids]
    for mail in mails(story.stage.settings.data_dir / "mailbox"):
        assert not [name for name in names if name in texts(mail)]


def texts(mail: Mail) -> str:
    """All text of a mail, decoded."""
    parts = [part for part in mail.message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([mail.subject, *(str(part.get_content()) for part in parts)])


def mail_of(story: Story, day: str, to: str) -> str:
    """The decoded text of the mail of that day to one recipient."""
    box = mails(story.stage.settings.data_dir / "mailbox")
    (mail,) = [mail for mail in box if mail.to == to and mail.sent.date().isoformat() == day]
    return texts(mail)


def test_the_mail_about_a_late_report_says_all_that_it_must(story: Story) -> None:
    """The rule, the due date, the days, the column that was looked at, and when; in both languages."""
    text = mail_of(story, "2024-02-05", JOURNALIST)
    column = story.stage.portals["sim-shili-city"].column_url()
    for words in ("示例市水利局", "第四十九条第一句", "Article 49, first sentence", "2024年1月31日", "31 January 2024",
                  f"{LATE_DAYS[0]}至{LATE_DAYS[1]}天", f"{LATE_DAYS[0]} to {LATE_DAYS[1]} days", column, "2024年2月5日", "5 February 2024"):  # fmt: skip
        assert words in text, words


def test_the_mail_about_changed_numbers_names_every_cell(story: Story) -> None:
    for recipient in (OFFICE, JOURNALIST):
        text = mail_of(story, "2024-02-20", recipient)
        assert "示例市民政局" in text
        for words in ("行政许可", "由 45 改为 54", "行政事业性收费", "23,600", "32,600"):
            assert words in text, words


def test_changed_cells(story: Story) -> None:
    with story.stage.sessions() as session:
        (finding,) = session.scalars(select(Finding).where(Finding.kind == "changed")).all()
        captured = (finding.details["finding"]["before"]["at"], finding.details["finding"]["after"]["at"])
    cells = finding.details["finding"]["cells"]
    assert (finding.agency_id, finding.year) == CIVIL
    assert tuple((cell["code"], cell["before"]["value"], cell["after"]["value"]) for cell in cells) == CHANGED_CELLS
    assert [moment[:10] for moment in captured] == ["2024-02-06", "2024-02-20"]


def test_how_late(story: Story) -> None:
    with story.stage.sessions() as session:
        (state,) = [row for row in coverage.states(session, [WATER[0]]) if row.year == WATER[1]]
        (absent,) = [row for row in coverage.states(session, [FORESTRY[0]]) if row.year == FORESTRY[1]]
    assert state_line(state.details, story.now, "zh") == f"逾期公布，迟{LATE_DAYS[0]}至{LATE_DAYS[1]}天"
    assert state_line(absent.details, story.now, "en") == "overdue by 62 days, not found"  # 31 January to 2 April


def test_the_broken_sums_are_those_of_the_county(story: Story) -> None:
    with story.stage.sessions() as session:
        found = session.scalars(select(Finding).where(Finding.kind == "arithmetic")).all()
    assert {(finding.agency_id, finding.year) for finding in found} == {COUNTY}
    sides = {
        finding.details["finding"]["identity"]: tuple(finding.details["finding"][side]["total"] for side in ("left", "right"))
        for finding in found
    }  # fmt: skip
    assert sides == {"requests.applicants.granted": ("30", "31"), "requests.outcomes.total": ("40", "39")}


def test_the_other_contradictions_are_those_of_the_story(story: Story) -> None:
    with story.stage.sessions() as session:
        kinds = ("narrative", "carry_over", "copied")
        found = {
            row.key: row.details["finding"] for row in session.scalars(select(Finding).where(Finding.kind.in_(kinds)))
        }
    words = found.pop("narrative:shilixian-zf:2023:requests_received")
    assert (words["number"], words["table"]["total"]) == ("48", "41")
    assert words["sentence"].endswith("共收到政府信息公开申请48件，均在规定期限内办理")
    alike = found.pop("copied:shili-jyj:2023")
    assert (alike["same_figures"], alike["same_text"], alike["other"]["year"]) == (True, False, 2022)
    assert {key: (one["left"]["total"], one["right"]["total"]) for key, one in found.items()} == {
        f"carry_over:shili-jtysj:2023:requests.{who}": ("1", "0") for who in ("natural_person", "total")
    }


@pytest.mark.parametrize("case", SEEDS)
def test_a_real_report_came_through_the_portal_unharmed(story: Story, case: str) -> None:
    """From the portal's page to the stored facts: exactly what the golden report says."""
    expected = json.loads((FOLDER / f"{case}.expected.json").read_text(encoding="utf-8"))
    agency = next(a for a in story.stage.configuration.agencies.values() if a.name == SEEDS[case]["agency"])
    with story.stage.sessions() as session:
        filed = session.execute(
            select(Filing, Reading)
            .join(Reading, Reading.id == Filing.reading_id)
            .where(Filing.agency_id == agency.id, Filing.year == SEEDS[case]["year"])
        ).all()
        assert len(filed) == 1
        _, reading = filed[0]
        facts = session.scalars(select(FactRow).where(FactRow.reading_id == reading.id).order_by(FactRow.id)).all()
    assert (reading.template, reading.signed_on) == (SEEDS[case]["template"], SEEDS[case]["signed_on"])
    found = {fact.code: f"<{fact.state}>" if fact.value is None else format(fact.value, "f") for fact in facts}
    assert found == expected["facts"]


def test_only_what_has_to_be_fetched_is_fetched(story: Story) -> None:
    """Honest name, robots.txt, one request at a time, look-alikes left alone, nothing fetched twice in full."""
    for portal in story.stage.portals:
        requests = portal.requests
        assert {request.concurrent for request in requests} == {1}, portal.site.slug
        assert all("example.org/gongkai-demo" in request.headers["user-agent"] for request in requests)
        for day in DAYS:
            of_day = [request.path for request in requests if request.day == day.day]
            assert of_day[0] == "/robots.txt", (portal.site.slug, day.day)
        lookalike = {"1001", "1002", "1003", "1004", "2001", "2002", "2003", "2004", "3001", "3002", "3003", "3004"}
        assert not [r.path for r in requests if r.path.rpartition("_")[2].removesuffix(".html") in lookalike]
        whole = [request.path for request in requests if request.status == 200 and is_detail(request.path)]
        changed = {path for path in whole if whole.count(path) > 1}
        assert len(changed) == (1 if portal.site.slug == "sim-shili-city" else 0), changed


def is_detail(path: str) -> bool:
    return "/art/" in path or "/t20" in path


def test_the_outage_was_met(story: Story) -> None:
    requests = [r for r in story.stage.portals["sim-shili-transport"].requests if OUTAGE[0] <= r.day <= OUTAGE[1]]
    assert {request.day.isoformat() for request in requests} == {"2024-01-29", "2024-02-01", "2024-02-02", "2024-02-03"}
    assert {request.status for request in requests} == {503}


def test_the_summary_of_the_demonstration_shows_it_all(story: Story) -> None:
    out = StringIO()
    Console(file=out, width=500).print(summary(story.stage, story.now))
    text = out.getvalue()
    for words in ("约 about 3744", "逾期公布，迟4至5天", "逾期62天", "公布后已撤下", "30 ≠ 31", "示例市教育局", OFFICE, JOURNALIST,
                  "proactive.fees.amount"):  # fmt: skip
        assert words in text, words
    assert text.count(".eml") == sum(len(day.mails) for day in DAYS)


def test_the_status_page_shows_the_story(story: Story) -> None:
    agencies = [agency for agency, _ in (*REAL, EDUCATION, WATER, CIVIL, STATISTICS, TRANSPORT, COUNTY)]
    listener = page.bound(0)
    with (
        listener,
        page.served(story.stage, listener, story.now),
        httpx.Client(base_url=page.address_of(listener), trust_env=False, timeout=30) as client,
    ):
        for path in ("/", "/en/", *(f"/agency/{agency}" for agency in agencies)):
            answer = client.get(path)
            assert answer.status_code == 200, path
        standing = client.get("/api/v1/coverage", params={"limit": 500})
        assert standing.status_code == 200 and "withdrawn" in {one["state"] for one in standing.json()["items"]}


def test_a_taken_port_is_a_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    with page.bound(0) as taken:
        port = taken.getsockname()[1]
        assert main(["--once", "--port", str(port)]) == 2
    assert "--port: Address already in use" in capsys.readouterr().out.replace("\n", " ")


def test_a_folder_with_something_in_it_is_refused(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    (folder / "letter.txt").write_text("mine", encoding="utf-8")
    assert main(["--once", "--keep", str(folder)]) == 2
    assert "is not empty" in capsys.readouterr().out.replace("\n", " ")
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]


def test_ctrl_c_ends_the_demonstration_without_a_traceback() -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "tests.demo", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()  # the portals stand, the first crawl is about to begin
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    assert "演示" in first
    assert process.returncode == 0, rest
    assert "Traceback" not in rest and "演示已结束" in rest
