"""What every job gets: settings, configuration, the store and the time. A value; opens nothing."""

import datetime as dt
from dataclasses import dataclass

from config.env import Settings
from config.load import Configuration
from crawler.store.session import Sessions


@dataclass(frozen=True, slots=True)
class Context:
    """`now` is an aware moment, read once from monitor.clock by the command or the scheduler."""

    settings: Settings
    configuration: Configuration
    sessions: Sessions
    now: dt.datetime

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("Context.now needs an offset")
