"""The only clock. Commands and the scheduler read it; everything below gets the time as an argument."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from config.env import Settings
from config.errors import GongkaiError
from config.load import Configuration
from monitor.days import SHANGHAI


class Clock(Protocol):
    def now(self) -> dt.datetime:
        """The present as an aware moment in Asia/Shanghai."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(SHANGHAI)


REAL: Clock = SystemClock()  # of leases and pauses, which are about processes and not about the time that is told of


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: demonstrations and tests. `moment` needs an offset."""

    moment: dt.datetime

    def __post_init__(self) -> None:
        if self.moment.tzinfo is None:
            raise ValueError("a clock needs a moment with an offset")

    def now(self) -> dt.datetime:
        return self.moment.astimezone(SHANGHAI)


def for_settings(settings: Settings, configuration: Configuration) -> Clock:
    """The clock that the settings ask for.

    A pretended present is for simulated portals only: what is said of a real office is said at the real
    time. Raises GongkaiError if it is set while a registered portal is not on this machine.
    """
    if settings.simulated_now is None:
        return SystemClock()
    real = sorted(portal.slug for portal in configuration.portals.values() if not portal.is_local)
    if real:
        raise GongkaiError(
            f"GONGKAI_SIMULATED_NOW is set, but these portals are not on this machine: {', '.join(real)}. "
            "Unset it, or use a configuration with simulated portals only."
        )
    return FixedClock(settings.simulated_now)
