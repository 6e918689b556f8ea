"""What is said of portals: lost after one look, blind after days, and never of a portal at which nobody looked."""

from dataclasses import replace

import pytest

from crawler.model import LookOutcome
from monitor.checks.portal import check, key_of
from monitor.model import BlindPortal, HijackedFact
from tests.monitor.checks.history import moment

SLUG = "shili"
BLIND_KEY, LOST_KEY = key_of(SLUG, "portal_blind"), key_of(SLUG, "portal_lost")
BLIND = BlindPortal(
    portal=SLUG,
    portal_name="示例市网站",
    since=moment("02-01 03:00"),
    looked_at=moment("02-03 03:00"),
    outcome=LookOutcome.CHALLENGE,
    reason="a challenge",
    look=7,
    column_name="年报",
    url="http://127.0.0.1:8000/shili/",
    columns=2,
)
HIJACKED = HijackedFact(3, moment("02-02"), SLUG, "示例市网站", "年报", "http://127.0.0.1:8000/shili/", "博彩")


@pytest.mark.parametrize(
    ("at", "looked_at", "told"),
    [
        ("02-03 23:59:59", "02-03 03:00", False),
        ("02-04 00:00", "02-03 03:00", True),  # three days of the calendar in Shanghai
        ("02-04 00:00", "02-01 23:59:59", False),  # all looks on one day: nobody has looked since
        ("02-04 00:00", "02-02 00:00", True),
        ("02-09 12:00", "02-02 00:00", True),
    ],
)
def test_blind_is_told_after_the_days_of_the_calendar(at: str, looked_at: str, told: bool) -> None:
    found = check([], [replace(BLIND, looked_at=moment(looked_at))], (), moment(at), 3)
    assert [finding.key for finding in found.standing] == ([BLIND_KEY] if told else [])
    assert found.over == frozenset()


def test_it_is_over_when_one_column_is_seen_well_or_the_portal_is_gone() -> None:
    assert check([], [], [BLIND_KEY, LOST_KEY], moment("02-05"), 3).over == {BLIND_KEY, LOST_KEY}
    assert check([], [BLIND], [BLIND_KEY], moment("02-02"), 3).over == frozenset()


def test_a_lost_portal_is_not_called_blind_besides() -> None:
    found = check([HIJACKED], [BLIND], (), moment("02-20"), 3)
    assert [finding.kind for finding in found.standing] == ["portal_lost"]
    already_blind = check([HIJACKED], [BLIND], [BLIND_KEY], moment("02-20"), 3)
    assert already_blind.over == frozenset()


def test_the_finding_says_since_when_and_what_the_newest_look_met() -> None:
    [finding] = check([], [BLIND], (), moment("02-04"), 3).standing
    assert (finding.agency_id, finding.year) == ("", 0)
    assert finding.details["at"] == "2024-02-01T03:00:00+08:00"
    assert finding.details["looked_at"] == "2024-02-03T03:00:00+08:00"
    assert (finding.details["outcome"], finding.details["reason"]) == ("challenge", "a challenge")
