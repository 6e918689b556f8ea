"""Makes fields and tables with their texts from the wording. Pure but for that."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from monitor.exports.model import Field, Kind, Reference, Row, Table
from monitor.exports.source import Source
from monitor.wording import keys, say

AGENCY = Reference("agency_id", "agencies", "agency_id")


def field(
    table: str, name: str, kind: Kind, *, required: bool = False, words: Iterable[str] = (), wording: str = ""
) -> Field:
    """Described by `export_field.TABLE.NAME`, or by `export_field.any.NAME` if it means the same in every table."""
    own = f"export_field.{table}.{name}"
    key = own if own in keys() else f"export_field.any.{name}"
    return Field(name, kind, say(key, "zh"), say(key, "en"), required, tuple(words), wording)


def table(
    name: str,
    fields: Iterable[Field],
    *,
    key: tuple[str, ...],
    rows: Callable[[Source], Iterator[Row]],
    count: Callable[[Source], int],
    **more: Any,
) -> Table:
    """Described by `export_table.NAME` and `export_about.NAME`."""
    return Table(
        name=name,
        zh=say(f"export_table.{name}", "zh"),
        en=say(f"export_table.{name}", "en"),
        about_zh=say(f"export_about.{name}", "zh"),
        about_en=say(f"export_about.{name}", "en"),
        fields=tuple(fields),
        key=key,
        rows=rows,
        count=count,
        **more,
    )
