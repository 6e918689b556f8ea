"""A column that is itself the report shows the newest one alone: what it says of the years before is nothing."""

from dataclasses import replace

import pytest

from tests.monitor.checks.history import YEAR, column, entry, facts, reading, state

LOOKS = ["02-02", "02-03", "02-04", "02-05"]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [(YEAR - 1, "missing"), (YEAR + 1, "unknown")],
)
def test_a_later_report_in_its_place_proves_no_absence(shown: int, expected: str) -> None:
    of_column = column(LOOKS)
    page = entry([("02-01", "appeared")], [(day, "a") for day in LOOKS], {"a": reading(year=shown)})
    itself = replace(page, url=of_column.url)
    assert state(facts(of_column, entries=[itself]), "02-05")[0] == expected
    # In a list beside others the same report says nothing about the rest of the list.
    assert state(facts(of_column, entries=[page]), "02-05")[0] == "missing"
