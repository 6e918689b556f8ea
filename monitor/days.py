"""Calendar days in Asia/Shanghai: the law counts days, and counts them there. May touch nothing, reads no clock."""

import datetime as dt
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_of(moment: dt.datetime) -> dt.date:
    """The calendar day in Shanghai at an aware moment. A naive one is refused with ValueError."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs an offset, {moment!r} has none")
    return moment.astimezone(SHANGHAI).date()


def iso_moment(moment: dt.datetime) -> str:
    """An aware moment as ISO text with Shanghai's offset, as events and findings keep it."""
    return moment.astimezone(SHANGHAI).isoformat()


def begin_of(day: dt.date) -> dt.datetime:
    """00:00:00 of that day in Shanghai."""
    return dt.datetime.combine(day, dt.time(), SHANGHAI)


def end_of(day: dt.date) -> dt.datetime:
    """The first moment after that day: the day itself counts in full (《民法典》第一千二百五十九条)."""
    return begin_of(day + dt.timedelta(days=1))


def days_past(due: dt.date, at: dt.datetime) -> int:
    """Whole days by which the due day has passed at `at`: 0 on the due day, 1 on the next, negative before."""
    return (day_of(at) - due).days


def late_span(due: dt.date, last_absent: dt.datetime | None, first_seen: dt.datetime) -> tuple[int, int]:
    """By how many days it came late, at least and at most: between the last look without it and the first with it."""
    last = days_past(due, first_seen)
    return (last if last_absent is None else max(1, days_past(due, last_absent)), last)
