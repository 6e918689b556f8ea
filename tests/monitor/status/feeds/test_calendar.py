"""The calendar: the days of the law and of supervising offices, as icalendar reads them again."""

import datetime as dt

import pytest
from fastapi import FastAPI
from icalendar import Calendar, Event

from config.deadlines import Deadlines, DueDay, LocalRule
from config.schema import AgencyKind, YearSpan
from monitor.board import build
from monitor.clock import FixedClock
from monitor.context import Context
from monitor.status import create_app
from monitor.status.views.deadlines import due_days
from tests.monitor.status.seed import NOW
from tests.monitor.status.test_routes import ask

HOSTILE = "通知\r\nBEGIN:VEVENT\r\nSUMMARY:x，一;二"


def events(app: FastAPI, query: str = "") -> list[Event]:
    answer = ask(app, f"/calendar.ics{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    [calendar] = [Calendar.from_ical(answer.content)]
    assert str(calendar["X-WR-TIMEZONE"]) == "Asia/Shanghai"
    assert calendar.decoded("REFRESH-INTERVAL") == dt.timedelta(days=1)
    return [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]


def days(found: list[Event]) -> list[dt.date]:
    return [event.decoded("DTSTART") for event in found]


def with_local(context: Context, *rules: LocalRule) -> FastAPI:
    deadlines = Deadlines(rules=context.configuration.deadlines.rules, local=rules)
    configuration = context.configuration
    changed = type(configuration)(configuration.agencies, configuration.portals, deadlines, configuration.alerts)
    return create_app(context.settings, changed, context.sessions, FixedClock(NOW))


def local(day: int, **values: object) -> LocalRule:
    given = {
        "id": f"shili-{day}",
        "years": YearSpan(first=2024, last=2024),
        "due": DueDay(month=1, day=day),
        "citation_zh": HOSTILE,
        "citation_en": "Notice",
    }
    return LocalRule.model_validate(given | values)


def test_the_days_of_the_law(app: FastAPI) -> None:
    found = events(app)
    assert days(found) == [dt.date(year + 1, month, 31) for year in (2022, 2023, 2024, 2025) for month in (1, 3)]
    assert all(event.decoded("DTEND") - event.decoded("DTSTART") == dt.timedelta(days=1) for event in found)
    assert all(type(event.decoded("DTSTART")) is dt.date for event in found)
    assert "第四十九条第一句" in str(found[0]["DESCRIPTION"])
    assert "2022年度报告法定截止日" in str(found[0]["SUMMARY"])


def test_uids_stay(app: FastAPI, seeded: Context) -> None:
    later = create_app(seeded.settings, seeded.configuration, seeded.sessions, FixedClock(NOW + dt.timedelta(days=300)))
    now, then = ({str(event["UID"]) for event in events(of)} for of in (app, later))
    assert len(now) == 8 and len(then) == 10 and now < then
    assert "due-2024-regulation-711-department-zh@127.0.0.1" in now
    assert not now & {str(event["UID"]) for event in events(app, "?lang=en")}


def test_of_some_and_of_one(app: FastAPI) -> None:
    assert {day.month for day in days(events(app, "?kind=government"))} == {3}
    assert events(app, "?kind=township") == []
    assert days(events(app, "?agency=shili-xzf&from=2024&to=2024")) == [dt.date(2025, 3, 31)]
    assert {day.month for day in days(events(app, "?agency=shili-slj&region=990100"))} == {1}
    assert events(app, "?agency=shili-slj&region=990121") == []
    english = events(app, "?agency=shili-slj&lang=en")[0]
    assert "Article 49" in str(english["DESCRIPTION"])


def test_a_supervising_offices_day_is_said_to_be_its(seeded: Context) -> None:
    changed = with_local(seeded, local(25, kinds=(AgencyKind.DEPARTMENT,)), local(20, agencies=("shili-slj",)))
    found = events(changed, "?agency=shili-slj&from=2024&to=2024")
    assert days(found) == [dt.date(2025, 1, 20), dt.date(2025, 1, 31)]
    assert "主管部门" in str(found[0]["SUMMARY"]) and "不等于逾期" in str(found[0]["DESCRIPTION"])
    assert "BEGIN:VEVENT SUMMARY:x，一;二" in str(found[0]["DESCRIPTION"])
    assert len(days(events(changed, "?from=2024&to=2024"))) == 4


def test_as_judging_has_it(seeded: Context) -> None:
    """For every agency alone and every year: the same days as the rules say one by one."""
    rules = (
        local(25, kinds=(AgencyKind.DEPARTMENT,)),
        local(20, agencies=("shili-slj", "shili-zzf")),
        local(28, regions=("9901",)),
        local(31, regions=("990121",)),
    )
    deadlines = Deadlines(rules=seeded.configuration.deadlines.rules, local=rules)
    with seeded.sessions() as session:
        board = build(session, seeded.configuration, NOW)
    for row, agency_id in enumerate(board.ids):
        selected = board.select(text=agency_id)
        agency = seeded.configuration.agencies[agency_id]
        expected = set()
        for year in (2022, 2023, 2024, 2025):
            if not agency.watched(year) and year != 2025:
                continue
            law, own = deadlines.rule_for(agency, year), deadlines.local_rule_for(agency, year)
            expected |= {(year, rule.id, rule.due.of(year)) for rule in (law, own) if rule is not None and rule.due}
        assert selected[row]
        found = due_days(board, deadlines, selected, NOW)
        assert {(due.year, due.rule.id, due.day) for due in found} == expected, agency_id


@pytest.mark.parametrize("query", ["?agency=nobody", "?lang=xx", "?region=1", "?agency=%00"])
def test_what_means_nothing_is_refused(app: FastAPI, query: str) -> None:
    assert ask(app, f"/calendar.ics{query}").status_code == 400


def test_who_has_it_is_sent_nothing(app: FastAPI) -> None:
    etag = ask(app, "/calendar.ics").headers["etag"]
    assert ask(app, "/calendar.ics", **{"if-none-match": etag}).status_code == 304
    assert ask(app, "/calendar.ics?kind=government", **{"if-none-match": etag}).status_code == 200
