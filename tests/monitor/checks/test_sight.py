"""Each look ends in exactly one of nine sights, and only three of them have seen."""

import pytest

from crawler.model import LookOutcome
from monitor.checks.sight import blind_sight, sight
from monitor.model import LookFact, Sight
from tests.monitor.checks.history import column, entry, facts, judged, moment, published, reading


@pytest.mark.parametrize(
    ("outcome", "reason", "expected"),
    [
        (LookOutcome.TRANSPORT_ERROR, "", Sight.TRANSPORT_ERROR),
        (LookOutcome.SERVER_ERROR, "HTTP 503：服务器错误", Sight.TRANSPORT_ERROR),
        (LookOutcome.DENIED, "", Sight.DENIED),
        (LookOutcome.CHALLENGE, "", Sight.CHALLENGE),
        (LookOutcome.SOFT_404, "", Sight.SOFT_404),
        (LookOutcome.MOVED, "", Sight.MOVED),
        (LookOutcome.HIJACKED, "", Sight.MOVED),
        (LookOutcome.EMPTIED, "", Sight.MOVED),
        (LookOutcome.SHELL, "", Sight.SHELL),
        (LookOutcome.INCOMPLETE, "列表第 2 页没有读到：HTTP 503：服务器错误", Sight.TRANSPORT_ERROR),
        (LookOutcome.INCOMPLETE, "已到本次访问的时限（1800 秒）", Sight.TRANSPORT_ERROR),
        (LookOutcome.INCOMPLETE, "", Sight.TRANSPORT_ERROR),
        (LookOutcome.INCOMPLETE, "有“下一页”或多页，但翻页方式还不认识", Sight.SHELL),
        (LookOutcome.EMPTY, "栏目说明没有内容", Sight.EMPTY_CONFIRMED),
        (LookOutcome.HEALTHY, "", Sight.LISTED_WITHOUT_YEAR),
    ],
)
def test_every_outcome_is_one_sight(outcome: LookOutcome, reason: str, expected: Sight) -> None:
    look = LookFact(1, moment("02-01"), moment("02-01"), outcome, reason)
    assert sight(column([]), look, ()) is expected
    assert blind_sight(outcome, reason) is (None if expected.saw else expected)
    assert outcome.proves_absence is expected.saw


def test_every_outcome_has_a_sight() -> None:
    assert all((blind_sight(outcome) is None) is outcome.proves_absence for outcome in LookOutcome)
    assert {seen for seen in Sight if seen.saw} == {Sight.EMPTY_CONFIRMED, Sight.LISTED_WITHOUT_YEAR, Sight.FOUND}


def test_a_look_found_what_it_listed() -> None:
    seen = column(["01-20", "01-25"])
    report = published("01-25")
    assert [sight(seen, look, [report]) for look in seen.looks] == [Sight.LISTED_WITHOUT_YEAR, Sight.FOUND]
    assert sight(column(["01-26"], key="other"), seen.looks[1], [report]) is Sight.LISTED_WITHOUT_YEAR


def test_the_page_of_an_agency_says_what_the_newest_look_saw() -> None:
    known = facts(column(["01-20", ("02-01", LookOutcome.CHALLENGE)]), column(["02-01"], key="other"))
    columns = judged(known, "02-01").evidence.columns
    assert [seen.sight for seen in columns] == [Sight.CHALLENGE, Sight.LISTED_WITHOUT_YEAR]


def test_an_entry_that_nobody_could_decide_keeps_the_sight_from_saying_that_it_is_not_there() -> None:
    waiting = entry([("02-01", "appeared")], [("02-01", "b")], {"b": reading("review")})
    columns = judged(facts(column(["02-01"]), entries=[waiting]), "02-01").evidence.columns
    assert [seen.sight for seen in columns] == [Sight.FOUND]
