"""Lists that arrive cut, in every family and at every length: seen wholly, or named as not seen; nobody is accused."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.country.dress import DRESSES, KNOWN
from tests.country.measure import ACCUSATIONS, Figures
from tests.country.plan import Place, country
from tests.country.troubles import Trouble, Troubles
from tests.country.whole import lived_through
from tests.portals import Kind

START = dt.date(2024, 2, 20)  # departments are overdue, governments are not
SHARES = (0.97, 0.85, 0.75, 0.6, 0.3)  # of the page that arrives, one a day after a healthy one


def _cut(place: Place) -> tuple[Trouble, ...]:
    """All columns of a portal; where several stand on one address, the whole host."""
    columns = ("",) if DRESSES[place.family].shared else place.columns
    return tuple(
        Trouble(place.slug, Kind.TRUNCATED, day, day, column, place.family, kept=share)
        for day, share in ((START + dt.timedelta(days=number), share) for number, share in enumerate(SHARES, 1))
        for column in columns
    )


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    plan = country(7, KNOWN, portals=len(KNOWN), agencies=5 * len(KNOWN), days=1 + len(SHARES), start=START)
    wrongs = Troubles({place.slug: _cut(place) for place in plan.places}, frozenset())
    return lived_through(plan, wrongs, tmp_path_factory.mktemp("cut"))


@pytest.mark.integration
def test_a_cut_list_is_never_taken_for_a_whole_one(lived: Figures) -> None:
    assert lived.named["truncated"] > 4 * len(KNOWN)
    assert not lived.misnamed, [wrong for wrong in lived.wrong if wrong.what == "sight"]


@pytest.mark.integration
def test_nobody_is_accused_because_of_it(lived: Figures) -> None:
    assert {what: lived.false[what] for what in ACCUSATIONS} == dict.fromkeys(ACCUSATIONS, 0)
