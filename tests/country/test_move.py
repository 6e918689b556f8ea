"""A redesign to a family whose lists may forget, every report dated anew: blind until the operator vouches, never lost.

A run of its own (half a minute): a random country meets this rarely, and what it left behind blinded a column for ever.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.country.plan import country
from tests.country.sites import UNTIL_VOUCHED
from tests.country.troubles import Change, Trouble, Troubles
from tests.country.whole import lived_through

SEED, START = 3, dt.date(2024, 1, 20)
MOVED, MENDED = START + dt.timedelta(days=2), START + dt.timedelta(days=4)
DAYS = 4 + UNTIL_VOUCHED.days + 6


@pytest.mark.integration
def test_a_move_that_is_first_met_by_a_look_that_proves_nothing(tmp_path: Path) -> None:
    plan = country(SEED, ("trs", "jpaas"), portals=2, agencies=10, days=DAYS, start=START)
    last = MENDED - dt.timedelta(days=1)
    at: dict[str, tuple[Trouble, ...]] = {
        place.slug: (Trouble(place.slug, Change.REDESIGN, MOVED, last, family="jpaas", to_home=position == 0),)
        for position, place in enumerate(plan.places)
    }
    figures = lived_through(plan, Troubles(at, frozenset()), tmp_path)
    columns = sum(len(place.columns) for place in plan.places)
    assert figures.wrong == []
    assert figures.named[Change.DATED_ANEW] == columns * UNTIL_VOUCHED.days
    assert figures.named[""] == columns * (DAYS - UNTIL_VOUCHED.days - (MENDED - MOVED).days)
