"""The form's arithmetic: both sides, and silence where a cell is no number."""

from dataclasses import replace
from decimal import Decimal

from crawler.model import CellState, Fact
from crawler.reports import identities, templates

TEMPLATE = templates.load()["2021"]


def facts(**numbers: int) -> list[Fact]:
    """All noughts but those given, with __ for the dots of a code."""
    given = {code.replace("__", "."): value for code, value in numbers.items()}
    return [Fact(cell.code, CellState.NUMBER, cell.unit, Decimal(given.get(cell.code, 0))) for cell in TEMPLATE.cells()]


def test_how_many_there_are() -> None:
    results = identities.evaluate(TEMPLATE, facts())
    assert len(results) == 7 + 7 + 25 + 3
    assert {result.holds for result in results} == {True}


def test_a_broken_one_shows_both_sides() -> None:
    results = identities.evaluate(TEMPLATE, facts(requests__received__company=5, requests__carried_out__company=3))
    (balance,) = [result for result in results if result.identity == "requests.balance.company"]
    assert (balance.left, balance.right, balance.holds) == (Decimal(5), Decimal(3), False)
    assert balance.left_codes == ("requests.received.company", "requests.carried_in.company")
    assert balance.right_codes == ("requests.processed_total.company", "requests.carried_out.company")
    assert "商业企业" in balance.description


def test_table_four_adds_up_in_each_group() -> None:
    results = identities.evaluate(TEMPLATE, facts(review__upheld=1, litigation_direct__total=1))
    broken = [result.identity for result in results if result.holds is False]
    assert broken == ["disputes.outcomes.review", "disputes.outcomes.litigation_direct"]


def test_nothing_is_said_over_a_cell_that_is_no_number() -> None:
    everything = [
        replace(fact, state=CellState.BLANK, value=None) if fact.code == "requests.received.total" else fact
        for fact in facts(requests__carried_in__total=4)
    ]
    results = {result.identity: result for result in identities.evaluate(TEMPLATE, everything)}
    for name in ("requests.balance.total", "requests.applicants.received"):
        assert (results[name].left, results[name].right, results[name].holds) == (None, None, None)
    assert results["requests.outcomes.total"].holds is True


def test_the_sums_of_the_annex_stand_once() -> None:
    annex = templates.load()["2014"]
    numbers = {"annex.requests.received": 5, "annex.requests.received.online": 3, "annex.requests.received.letter": 2}
    everything = [
        Fact(cell.code, CellState.NUMBER, cell.unit, Decimal(numbers.get(cell.code, 0))) for cell in annex.cells()
    ]
    results = identities.evaluate(annex, everything)
    assert [result.identity for result in results] == [identity.id for identity in annex.identities]
    assert {result.holds for result in results} == {True}
    broken = [
        replace(fact, value=Decimal(9)) if fact.code == "annex.requests.received" else fact for fact in everything
    ]
    (channels, *rest) = identities.evaluate(annex, broken)
    assert (channels.identity, channels.left, channels.right) == ("annex.requests.channels", Decimal(5), Decimal(9))
    assert channels.description == "当面、传真、网络、信函申请数之和等于收到申请数"
    assert {result.holds for result in rest} == {True}
