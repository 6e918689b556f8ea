"""Which agencies a circular is about."""

import pytest

from config.errors import GongkaiError
from config.schema import AgencyKind, Level
from monitor.circular.scope import agencies_of, region_of
from tests.monitor.circular import town

KNOWN = town.known()


@pytest.mark.parametrize(
    ("text", "prefix", "name"),
    [
        ("990100", "9901", "示例省示例市"),
        ("9901", "9901", "示例省示例市"),
        ("示例省示例市", "9901", "示例省示例市"),
        ("990121", "990121", "示例省示例市示例县"),
        ("示例省示例市示例县", "990121", "示例省示例市示例县"),
        ("99", "99", ""),
        ("990000", "99", ""),
    ],
)
def test_a_region_is_a_code_or_a_name(text: str, prefix: str, name: str) -> None:
    assert region_of(text, KNOWN) == (prefix, name)


@pytest.mark.parametrize("text", ["11", "示例省", "9", "9901000", "", "'; drop table agency"])
def test_a_region_where_nobody_lies_is_refused(text: str) -> None:
    with pytest.raises(GongkaiError, match="--region"):
        region_of(text, KNOWN)


def test_kinds_levels_years_and_order() -> None:
    everybody = KNOWN.agencies.values()
    assert len(agencies_of(everybody, "9901", town.YEAR, (), ())) == len(town.OFFICES)
    assert agencies_of(everybody, "9901", town.YEAR + 1, (), ()) == []
    county = agencies_of(everybody, "990121", town.YEAR, (), ())
    assert [agency.kind for agency in county] == [AgencyKind.GOVERNMENT, AgencyKind.TOWNSHIP]
    towns = agencies_of(everybody, "9901", town.YEAR, (AgencyKind.TOWNSHIP,), ())
    assert [agency.id for agency in towns] == ["shilizhen-zf"]
    assert agencies_of(everybody, "9901", town.YEAR, (), (Level.COUNTY,)) == county[:1]
