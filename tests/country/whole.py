"""A country from its first day to its last. May touch: what the stage touches (drive.py)."""

from __future__ import annotations

from pathlib import Path

from tests.country.drive import stage
from tests.country.measure import Figures, Measure
from tests.country.plan import Country
from tests.country.troubles import Troubles


def lived_through(plan: Country, wrongs: Troubles, folder: Path) -> Figures:
    """Lives through all days of a country in a folder of its own, and measures them."""
    measure = Measure(plan, wrongs)
    with stage(plan, wrongs, folder) as running:
        for day in plan.calendar:
            measure.take(running.live(day))
    return measure.finish()
