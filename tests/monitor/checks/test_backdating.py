"""A stated day of publication against a look that proves that the report was not there yet, and every innocent reading."""

from typing import Any

import pytest

from crawler.model import DateSource, LookOutcome
from monitor.checks import backdating
from monitor.checks.assessment import assess_case
from monitor.checks.case import Judged, case_of
from monitor.model import AgencyFacts, Finding, ReadingFact
from tests.monitor.checks.history import DEADLINES, YEAR, column, entry, facts, judged, moment, published, reading

AT = "03-01"


def found(known: AgencyFacts, at: str = AT) -> Finding | None:
    case = case_of(known, YEAR, DEADLINES, moment(at))
    verdicts = backdating.check(Judged(case, assess_case(case)))
    assert len(verdicts.standing) + len(verdicts.over) == 1
    return verdicts.standing[0] if verdicts.standing else None


def stated(*dates: tuple[DateSource, str]) -> ReadingFact:
    """A reading with one date of each source."""
    parts = [reading(stated=[day], source=source).dates[0] for source, day in dates]
    made = reading()
    return ReadingFact(made.id, made.extractor, made.decision, made.agency_id, made.year, dates=tuple(parts))


def history(made: ReadingFact, looks: Any = ("02-05", "02-08"), **values: Any) -> AgencyFacts:
    """A report that is first seen on 10 February."""
    shown = entry([("02-10", "appeared")], [("02-10", "a")], {"a": made}, **values)
    return facts(column([*looks, "02-10"]), entries=[shown])


def test_both_captures_are_its_proof() -> None:
    finding = found(facts(column(["02-05", "02-08", "02-10"]), entries=[published("02-10", "2024-01-30")]))
    assert finding is not None
    assert (finding.key, finding.kind) == (f"backdated:shili-sw:{YEAR}", "backdated")
    details = finding.details
    assert (details["stated_on"], details["days"]) == ("2024-01-30", 9)
    assert (details["without"]["look"], details["without"]["captures"]) == (2, [1002])
    assert details["without"]["at"].startswith("2024-02-08T20:00")
    assert (details["with"]["capture"], details["with"]["sha256"]) == (100, "a")
    assert [date["raw"] for date in details["stated"]] == ["2024-01-30"]


@pytest.mark.parametrize(
    ("day", "says"),
    [("2024-02-10", False), ("2024-02-08", False), ("2024-02-07", False), ("2024-02-06", True), ("2024-01-31", True)],
)
def test_a_look_on_the_stated_day_or_the_next_contradicts_nothing(day: str, says: bool) -> None:
    assert (found(history(stated((DateSource.SHOWN, day)))) is not None) is says


@pytest.mark.parametrize("source", list(DateSource))
def test_only_what_the_page_itself_says_of_its_publication_counts(source: DateSource) -> None:
    says = found(history(stated((source, "2024-01-20")))) is not None
    assert says is (source in (DateSource.META, DateSource.SHOWN, DateSource.HEADER, DateSource.DATA))


@pytest.mark.parametrize(
    ("dates", "says"),
    [
        ([(DateSource.SHOWN, "2024-01-20"), (DateSource.META, "2024-02-09")], False),
        ([(DateSource.SHOWN, "2024-01-20"), (DateSource.HEADER, "2024-02-10")], False),
        ([(DateSource.SHOWN, "2024-01-20"), (DateSource.ADDRESS, "2024-02-10")], True),  # says when it was stored
        ([(DateSource.SHOWN, "2024-01-20"), (DateSource.ID_TIME, "2024-02-10")], True),
        ([(DateSource.WRITTEN, "2024-01-20"), (DateSource.SHOWN, "2024-02-10")], False),
    ],
)
def test_the_latest_claim_counts(dates: list[tuple[DateSource, str]], says: bool) -> None:
    assert (found(history(stated(*dates))) is not None) is says


def test_a_list_date_alone_is_a_conflict_and_no_claim() -> None:
    page_later = history(stated((DateSource.SHOWN, "2024-02-10")), list_date="01-20")
    assert found(page_later) is None
    assert "stated_dates_conflict" in [note.key for note in judged(page_later, AT).notes]
    list_alone = history(reading(), list_date="01-20")
    assert found(list_alone) is None
    assert "other_date_contradicts_look" in [note.key for note in judged(list_alone, AT).notes]
    list_later = history(stated((DateSource.SHOWN, "2024-01-20")), list_date="02-10")
    assert found(list_later) is None


@pytest.mark.parametrize("outcome", [outcome for outcome in LookOutcome if not outcome.proves_absence])
def test_a_look_that_could_not_see_contradicts_nothing(outcome: LookOutcome) -> None:
    assert found(history(stated((DateSource.SHOWN, "2024-01-20")), [("02-05", outcome), ("02-08", outcome)])) is None


def test_without_the_list_pages_there_is_no_proof() -> None:
    known = history(stated((DateSource.SHOWN, "2024-01-20")), [("02-05", LookOutcome.EMPTY)])
    assert found(known) is None


def test_another_column_says_nothing_of_this_one() -> None:
    shown = entry([("02-10", "appeared")], [("02-10", "a")], {"a": reading(stated=["2024-01-20"])}, key="other")
    seen_elsewhere = facts(column(["02-05", "02-08"]), column(["02-10"], key="other"), entries=[shown])
    assert found(seen_elsewhere) is None
    unregistered = facts(column(["02-05", "02-08"]), entries=[shown])
    assert found(unregistered) is None
    one_unseen = facts(column(["01-19"]), column(["02-05", "02-08"], key="other"), entries=[shown])
    assert found(one_unseen) is None


def test_what_stood_at_the_address_before_is_innocent() -> None:
    made = {"x": reading("not_a_report"), "a": reading(stated=["2024-01-20"])}
    shown = entry([("01-20", "appeared")], [("01-20", "x"), ("02-08", "x"), ("02-10", "a")], made)
    assert found(facts(column(["01-20", "02-05", "02-08", "02-10"]), entries=[shown])) is None


def test_an_undecided_entry_that_came_earlier_may_have_been_the_report() -> None:
    waiting = entry([("02-01", "appeared")], [("02-01", "b")], {"b": reading("review")}, id_=2)
    known = facts(column(["02-05", "02-08", "02-10"]), entries=[published("02-10", "2024-01-20"), waiting])
    assert found(known) is None


def test_the_same_report_seen_earlier_at_another_address_is_innocent() -> None:
    first = published("01-21", "2024-01-20", id_=2, key="other")
    known = facts(
        column(["02-05", "02-08", "02-10"]),
        column(["01-21"], key="other"),
        entries=[published("02-10", "2024-01-20"), first],
    )
    assert found(known) is None


def test_a_bulk_import_keeps_the_days_of_the_old_system() -> None:
    assert found(history(stated((DateSource.SHOWN, "2024-01-20")), import_days=["02-10"])) is None
    assert found(history(stated((DateSource.SHOWN, "2024-01-20")), import_days=["02-09"])) is not None


def test_nothing_is_said_before_it_was_seen() -> None:
    assert found(history(stated((DateSource.SHOWN, "2024-01-20"))), "02-09") is None
