"""What must hold for every history whatever: of stated days, re-imports, withdrawals and sights.

That no state contradicts what happened is shown in test_histories, with an oracle of the truth.
"""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.model import DateSource, LookOutcome
from monitor.checks import backdating
from monitor.checks.assessment import assess, assess_case
from monitor.checks.case import Judged, case_of
from monitor.days import begin_of, day_of
from monitor.model import ColumnFacts, EntryFacts, LookFact, Sight, State
from tests.monitor.checks.history import DEADLINES, YEAR, column, entry, facts, reading

START = begin_of(dt.date(2024, 1, 20))
DUE_OVER = begin_of(dt.date(2024, 2, 1))
HOURS = 24 * 30

hours = st.integers(0, HOURS)
outcomes = st.sampled_from([LookOutcome.HEALTHY, LookOutcome.HEALTHY, *LookOutcome])


def at(hour: int) -> dt.datetime:
    return START + dt.timedelta(hours=hour)


def text(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


@st.composite
def columns(draw: st.DrawFn) -> tuple[ColumnFacts, ...]:
    found = []
    for key in ("nb", "other")[: draw(st.integers(1, 2))]:
        seen = sorted(draw(st.dictionaries(hours, outcomes, max_size=12)).items())
        looks = tuple(
            LookFact(place, at(hour), at(hour), outcome, captures=(place,))
            for place, (hour, outcome) in enumerate(seen, 1)
        )
        empty = column([], key=key)
        found.append(ColumnFacts(empty.portal, empty.portal_name, key, empty.column_name, empty.url, looks))
    return tuple(found)


@st.composite
def entries(draw: st.DrawFn) -> tuple[EntryFacts, ...]:
    """None, or one report: listed, opened perhaps later, with days that it states and days of bulk re-imports."""
    if not draw(st.booleans()):
        return ()
    listed = draw(hours)
    opened = listed + draw(st.integers(0, 48))
    days = draw(st.lists(st.integers(-10, 30), max_size=3))
    stated = [(START.date() + dt.timedelta(days=day)).isoformat() for day in days]
    changes = [(text(at(listed)), "appeared")]
    imports = [
        (START.date() + dt.timedelta(days=day)).isoformat() for day in draw(st.lists(st.integers(0, 30), max_size=4))
    ]
    made = {"a": reading(stated=stated, source=draw(st.sampled_from(DateSource)))}
    return (entry(changes, [(text(at(opened)), "a")], made, import_days=imports),)


mostly_seen = st.sampled_from([*[LookOutcome.HEALTHY] * 12, *LookOutcome])
mostly_gone = st.sampled_from([*[LookOutcome.SOFT_404] * 12, *LookOutcome])


@st.composite
def departures(draw: st.DrawFn) -> tuple[ColumnFacts, EntryFacts]:
    """A report that was seen by the due day and leaves its list on some day; looks and answers of ten days after that."""
    gone = draw(st.integers(1, 8))
    changes = [(text(START), "appeared"), (text(at(24 * gone)), "gone")]
    captures: list[tuple[str, str | LookOutcome]] = [(text(START), "a")]
    looks: list[tuple[str, LookOutcome]] = [(text(START), LookOutcome.HEALTHY)]
    for day in range(1, 11):
        answer = draw(mostly_gone)
        captures.append((text(at(24 * day)), "a" if answer is LookOutcome.HEALTHY else answer))
        looks.append((text(at(24 * day)), draw(mostly_seen)))
    left = draw(st.sampled_from([(0, 0), (0, 5), (1, 1), (1, 9), (4, 90), (7, 2)]))
    return column(looks), entry(changes, captures, left=left)


@settings(max_examples=400, deadline=None)
@given(columns(), entries(), hours)
def test_nothing_is_said_against_a_date_without_a_healthy_look_after_it(
    seen: tuple[ColumnFacts, ...], reports: tuple[EntryFacts, ...], hour: int
) -> None:
    case = case_of(facts(*seen, entries=reports), YEAR, DEADLINES, at(hour))
    assessment = assess_case(case)
    standing = backdating.check(Judged(case, assessment)).standing
    if assessment.interval is not None and assessment.interval.not_before is not None:
        assert assessment.interval.not_before.at < assessment.interval.not_after.at
        assert assessment.interval.not_before.looks
    for finding in standing:
        (report,) = reports
        first_listed = report.changes[0].at
        stated = {date.value for made in report.readings.values() for reading_ in made for date in reading_.dates}
        claimed = dt.date.fromisoformat(finding.details["stated_on"])
        assert claimed == max(stated)
        own = next(column for column in seen if column.column == report.column)
        look = next(look for look in own.looks if look.id == finding.details["without"]["look"])
        assert look.outcome.proves_absence
        assert look.at < first_listed
        assert day_of(look.at) > claimed + dt.timedelta(days=1)
        assert finding.details["without"]["captures"]
        assert day_of(first_listed) not in report.import_days


@settings(max_examples=300, deadline=None)
@given(columns(), entries(), hours)
def test_a_bulk_import_makes_nobody_late(
    seen: tuple[ColumnFacts, ...], reports: tuple[EntryFacts, ...], hour: int
) -> None:
    assessment = assess(facts(*seen, entries=reports), YEAR, DEADLINES, at(hour))
    if any(day_of(report.changes[0].at) in report.import_days for report in reports):
        assert assessment.publication is not State.LATE


@settings(max_examples=400, deadline=None)
@given(departures(), st.integers(1, 11))
def test_withdrawn_needs_its_page_and_its_column_on_two_days(history: tuple[ColumnFacts, EntryFacts], day: int) -> None:
    own, report = history
    now = at(24 * day)
    assessment = assess(facts(own, entries=(report,)), YEAR, DEADLINES, now)
    assert assessment.state not in (State.MISSING, State.LATE)
    if assessment.state is State.WITHDRAWN:
        gone = report.changes[-1]
        captures = [capture for capture in report.captures if capture.at <= now]
        last_good = max(capture.at for capture in captures if capture.outcome is LookOutcome.HEALTHY)
        not_found = {day_of(c.at) for c in captures if c.at > last_good and c.outcome is LookOutcome.SOFT_404}
        unlisted = {day_of(k.at) for k in own.looks if gone.at <= k.at <= now and k.outcome.proves_absence}
        assert gone.kind == "gone"
        assert len(not_found) >= 2
        assert len(unlisted) >= 2
        assert (gone.others_left, gone.others_stayed) in ((0, 0), (0, 5), (1, 9))


@settings(max_examples=300, deadline=None)
@given(columns(), entries(), hours)
def test_every_look_has_one_sight_and_who_proves_absence_has_seen(
    seen: tuple[ColumnFacts, ...], reports: tuple[EntryFacts, ...], hour: int
) -> None:
    assessment = assess(facts(*seen, entries=reports), YEAR, DEADLINES, at(hour))
    for column_seen in assessment.evidence.columns:
        if column_seen.outcome is not None:
            assert column_seen.sight is not None
            assert column_seen.sight.saw is column_seen.outcome.proves_absence
    if assessment.state is State.MISSING:
        saw = {found.sight for found in assessment.evidence.columns if found.sight is not None and found.sight.saw}
        assert saw <= {Sight.EMPTY_CONFIRMED, Sight.LISTED_WITHOUT_YEAR}
