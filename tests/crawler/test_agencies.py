"""A printed name decides within the agencies of its column, or a person does."""

import pytest

from config.schema import Agency, AgencyKind
from crawler.agencies import match


def agency(name: str, *aliases: str) -> Agency:
    return Agency(
        id=f"a{abs(hash(name)) % 1000}",
        name=name,
        aliases=aliases,
        region_code="990100",
        region="示例省示例市",
        kind=AgencyKind.DEPARTMENT,
        invented=True,
    )


WATER = agency("示例市水利局", "示例市水务局")
FOREST = agency("示例市林业局")
DISTRICT = agency("示例市示例区水利局")


@pytest.mark.parametrize(
    ("printed", "column", "expected"),
    [
        ("示例市水利局", [WATER, FOREST], WATER),
        ("示例市水务局", [WATER, FOREST], WATER),
        ("示例市 水利局\u3000", [WATER, FOREST], WATER),
        ("水利局", [WATER, FOREST], WATER),
        ("示例省示例市水利局", [WATER, FOREST], WATER),
        ("水利局", [WATER, DISTRICT], WATER),  # 示例区 is no part of the region that WATER belongs to
        ("示例市水文局", [WATER, FOREST], None),
        ("示例市水文局", [WATER], None),
        ("利局", [WATER], None),
        ("局", [WATER, FOREST], None),
        (None, [WATER], WATER),
        ("", [WATER], WATER),
        (None, [WATER, FOREST], None),
        (None, [], None),
        ("示例市水利局", [], None),
    ],
)
def test_match(printed: str | None, column: list[Agency], expected: Agency | None) -> None:
    found = match(printed, column)
    assert found.agency == expected
    assert found.why
    assert found.candidates == (() if expected else tuple(one.id for one in column))


def test_two_offices_that_fit_are_left_to_a_person() -> None:
    namesake = WATER.model_copy(update={"id": "other"})
    assert match("水利局", [WATER, namesake]).agency is None
    assert match("示例市水利局", [WATER, namesake]).agency is None
