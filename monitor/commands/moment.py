"""The value of `--at`: an ISO day or moment. May touch nothing."""

import datetime as dt
from typing import Any

import click

from monitor.days import SHANGHAI

HELP = (
    "按此时刻计算：日期指当日终了（北京时间 23:59:59）。 "
    "The moment to count by; a bare date means the end of that day in Beijing (23:59:59)."
)


class Moment(click.ParamType[dt.datetime]):
    """2024-02-05, 2024-02-05T09:00, 2024-02-05T09:00+08:00; without an offset Beijing time is meant."""

    name = "日期|时刻"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        if isinstance(value, dt.datetime):
            return value
        try:
            if len(value) == len("2024-02-05"):
                day = dt.date.fromisoformat(value)
                return dt.datetime.combine(day, dt.time(23, 59, 59), SHANGHAI)
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is neither a date (2024-02-05) nor a moment (2024-02-05T09:00+08:00)", param, ctx)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=SHANGHAI)
