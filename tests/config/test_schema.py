"""What a user may write: years, due days, hosts of this machine."""

import datetime as dt

import pytest
from pydantic import ValidationError

from config.env import PACKAGED_CONFIG, Settings
from config.load import load
from config.schema import Agency, AgencyKind, Column, Portal, parse_years


def office(kind: str) -> Agency:
    return Agency(
        id="office", name="示例机关", region_code="990101", region="示例市", kind=AgencyKind(kind), invented=True
    )


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("2019", [2019], [2018, 2020]),
        ("2019-2021", [2019, 2021], [2022]),
        ("2019-", [2019, 2099], [2018]),
        ("", [], [2020]),
    ],
)
def test_years(text: str, inside: list[int], outside: list[int]) -> None:
    spans = parse_years(text)
    assert all(any(year in span for span in spans) for year in inside)
    assert not any(year in span for span in spans for year in outside)


@pytest.mark.parametrize("text", ["x", "19-20", "2019-x", "-2019"])
def test_years_that_are_none(text: str) -> None:
    with pytest.raises(ValueError):
        parse_years(text)


@pytest.mark.parametrize(
    ("kind", "year", "due"),
    [
        ("department", 2007, None),
        ("department", 2008, "2009-03-31"),
        ("department", 2018, "2019-03-31"),
        ("government", 2018, "2019-03-31"),
        ("township", 2018, "2019-03-31"),
        ("department", 2019, "2020-01-31"),
        ("government", 2019, "2020-03-31"),
        ("government", 2023, "2024-03-31"),
    ],
)
def test_due_days_of_the_law(kind: str, year: int, due: str | None) -> None:
    rule = load(PACKAGED_CONFIG).deadlines.rule_for(office(kind), year)
    found = rule.due.of(year) if rule and rule.due else None
    assert found == (dt.date.fromisoformat(due) if due else None)


def test_the_law_names_no_day_for_townships_from_2019() -> None:
    rule = load(PACKAGED_CONFIG).deadlines.rule_for(office("township"), 2019)
    assert rule is not None
    assert rule.due is None
    assert "第四十九条" in rule.citation_zh


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1:80", True),
        ("localhost", True),
        ("[::1]:9", True),
        ("10.0.0.1", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_what_counts_as_this_machine(host: str, local: bool) -> None:
    portal = Portal(
        slug="a",
        name="示例",
        family="trs",
        hosts=(host,),
        columns=(Column(key="c", url=f"http://{host}/c/", agencies=("a",)),),
    )
    assert portal.is_local is local


def test_a_pretended_present_needs_an_offset() -> None:
    assert Settings(simulated_now=dt.datetime.fromisoformat("2024-02-01T09:00+08:00")).simulated_now
    with pytest.raises(ValidationError, match="needs an offset"):
        Settings(simulated_now=dt.datetime(2024, 2, 1))  # noqa: DTZ001 - the naive moment is what is refused


def test_defaults_follow_the_data_folder() -> None:
    settings = Settings(data_dir=PACKAGED_CONFIG / "x")
    assert settings.database.startswith("sqlite:///")
    assert settings.database.endswith("x/gongkai.db")
    assert settings.mail.startswith("file:///")
    assert settings.mail.endswith("x/mailbox")
