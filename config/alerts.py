"""What a user may write of alerts: who hears of what, when, in which language, through which channel.

May touch nothing: values in, values out. The file, alerts.yml, is read by config.load.
"""

import re
from enum import StrEnum

from pydantic import Field, ValidationInfo, field_validator

from config.schema import AgencyKind, Level, Slug, Strict


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class EventKind(StrEnum):
    """What a subscription may ask for."""

    LATE = "late"
    MISSING = "missing"
    DUE_SOON = "due_soon"
    LOCAL_LATE = "local_late"  # an earlier day of the supervising office was missed, not that of the law
    CHANGED = "changed"  # numbers
    REVISED = "revised"  # text, a file, the address: not the numbers
    WITHDRAWN = "withdrawn"
    ARITHMETIC = "arithmetic"
    NARRATIVE = "narrative"
    CARRY_OVER = "carry_over"
    ATTACHMENT = "attachment"
    COPIED = "copied"
    BACKDATED = "backdated"
    PORTAL_LOST = "portal_lost"  # of a portal, not of an office
    PORTAL_BLIND = "portal_blind"  # of a portal: not seen well for so many days
    UNKNOWN = "unknown"
    RESOLVED = "resolved"  # a missing one was published, a contradiction mended, a portal back


class Severity(StrEnum):
    """How much a change or a finding weighs; by config/changes.yml."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class When(StrEnum):
    """How often a recipient is written to."""

    AT_ONCE = "at_once"  # with every run of `gongkai notify`
    DAILY = "daily"  # one digest a day, at `hour`
    WEEKLY = "weekly"  # one digest a week, on `weekday` at `hour`


class Edition(StrEnum):
    """Digests that the calendar makes, not an event."""

    RUN_UP = "run_up"  # so many days before the due day: who has not published yet
    DAY_AFTER = "day_after"  # the day after the due day: who is overdue, unknown, on time
    REMINDER = "reminder"  # so many days after it: who is still missing


class Speaks(StrEnum):
    """The languages of a message."""

    BOTH = "both"  # Chinese first, English below
    ZH = "zh"
    EN = "en"


class Subscription(Strict):
    """Who hears of what, when, in which language, through which channel.

    A region prefix matches the beginning of the region code; empty matches all. `to`: an e-mail address, or, of the
    channel `apprise`, a name of the file GONGKAI_CHANNELS_FILE, which holds the secret address.
    """

    name: Slug
    channel: str = "email"
    to: str = Field(min_length=1, max_length=254, pattern=r"^[^\s<>,;]+$")
    regions: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    kinds: tuple[AgencyKind, ...] = ()
    agencies: tuple[Slug, ...] = ()
    events: tuple[EventKind, ...] = tuple(EventKind)
    severity: Severity = Severity.MEDIUM  # of `changed` and `revised`: from which on; low are words, files, addresses
    when: When = When.AT_ONCE
    hour: int = Field(8, ge=0, le=23)  # Asia/Shanghai, of daily and weekly digests and of editions
    weekday: Weekday = Weekday.MONDAY  # of weekly digests
    language: Speaks = Speaks.BOTH
    editions: tuple[Edition, ...] = ()

    @field_validator("to")
    @classmethod
    def _an_email_address(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("channel") == "email" and not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", value):
            raise ValueError(f"{value!r} is no e-mail address")
        return value


class Calendar(Strict):
    """The days of the editions, counted from the due day, and when a portal's blindness is told to the operator."""

    run_up_days: tuple[int, ...] = (30, 12, 3)
    reminder_days: tuple[int, ...] = (7, 30)
    blind_days: int = Field(3, ge=1)

    @field_validator("run_up_days", "reminder_days")
    @classmethod
    def _days(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 0 < day <= 300 for day in value):
            raise ValueError("days are counted from 1 to 300")
        return tuple(sorted(set(value)))


class Alerts(Strict):
    """alerts.yml."""

    subscriptions: tuple[Subscription, ...] = ()
    calendar: Calendar = Calendar()
