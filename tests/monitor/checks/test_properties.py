"""What must hold for every history whatever: no accusation without proof, no praise against it."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.model import LookOutcome
from monitor.checks.assessment import assess
from monitor.days import begin_of, day_of
from monitor.model import AgencyFacts, ColumnFacts, EntryFacts, LookFact, State
from tests.monitor.checks.history import AGENCY, DEADLINES, YEAR, column, entry, facts, reading

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
        looks = tuple(LookFact(place, at(hour), at(hour), outcome) for place, (hour, outcome) in enumerate(seen, 1))
        empty = column([], key=key)
        found.append(ColumnFacts(empty.portal, empty.portal_name, key, empty.column_name, empty.url, looks))
    return tuple(found)


@st.composite
def entries(draw: st.DrawFn) -> tuple[EntryFacts, ...]:
    """None, or one report: listed, opened perhaps later, with days that it states."""
    if not draw(st.booleans()):
        return ()
    listed = draw(hours)
    opened = listed + draw(st.integers(0, 48))
    days = draw(st.lists(st.integers(-10, 30), max_size=3))
    stated = [(START.date() + dt.timedelta(days=day)).isoformat() for day in days]
    changes = [(text(at(listed)), "appeared")]
    return (entry(changes, [(text(at(opened)), "a")], {"a": reading(stated=stated)}),)


def proofs(known: AgencyFacts, since: dt.datetime, until: dt.datetime) -> list[list[LookFact]]:
    return [
        [look for look in seen.looks if look.outcome.proves_absence and since <= look.at <= until]
        for seen in known.columns
    ]


@settings(max_examples=400, deadline=None)
@given(columns(), entries(), hours)
def test_every_judgement_has_its_proof(
    seen: tuple[ColumnFacts, ...], reports: tuple[EntryFacts, ...], hour: int
) -> None:
    now = at(hour)
    known = facts(*seen, entries=reports)
    assessment = assess(known, YEAR, DEADLINES, now)
    after_due = proofs(known, DUE_OVER, now)
    first_listed = reports[0].changes[0].at if reports else None
    was_listed = first_listed is not None and first_listed <= now

    if assessment.state is State.MISSING:
        assert not was_listed
        assert all(len({day_of(look.at) for look in looks}) >= 2 for looks in after_due)
    if assessment.state is State.LATE:
        assert first_listed is not None
        assert first_listed >= DUE_OVER
        assert all(any(look.at < first_listed for look in looks) for looks in after_due)
    if assessment.basis == "seen":
        assert first_listed is not None
        assert first_listed < DUE_OVER
    if was_listed and first_listed is not None and first_listed < DUE_OVER:
        assert assessment.state not in (State.MISSING, State.LATE)
    if not was_listed and now >= DUE_OVER and not all(after_due):
        assert assessment.state is State.UNKNOWN
    if not was_listed and now < DUE_OVER:
        assert assessment.state in (State.NOT_DUE, State.DUE_SOON)


@settings(max_examples=200, deadline=None)
@given(columns(), entries(), hours, hours)
def test_later_facts_change_nothing_said_of_an_earlier_moment(
    seen: tuple[ColumnFacts, ...], reports: tuple[EntryFacts, ...], hour: int, cut: int
) -> None:
    now = at(min(hour, cut))
    until = at(max(hour, cut))
    whole = facts(*seen, entries=reports)
    fewer = facts(
        *(
            ColumnFacts(
                c.portal, c.portal_name, c.column, c.column_name, c.url, tuple(k for k in c.looks if k.at <= until)
            )
            for c in seen
        ),
        entries=reports,
    )
    assert assess(whole, YEAR, DEADLINES, now) == assess(fewer, YEAR, DEADLINES, now)


@settings(max_examples=200, deadline=None)
@given(st.lists(outcomes, min_size=20, max_size=20))
def test_who_never_publishes_is_never_on_time(found: list[LookOutcome]) -> None:
    looks = [(text(at(24 * day)), outcome) for day, outcome in enumerate(found)]
    for day in range(20):
        state = assess(facts(column(looks), agency=AGENCY), YEAR, DEADLINES, at(24 * day)).state
        assert state not in (State.ON_TIME, State.LATE, State.WITHDRAWN)
