"""What an exported table is: its fields with their descriptions, its keys, its rows. Frozen values; touches nothing."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.exports.source import Source

Value = Any  # str, int, Decimal, bool, dt.date, an aware dt.datetime, or None; by the field's kind
Row = tuple[Value, ...]

# What no format can hold, or what would end a text early: control signs but tab and line feed, halves of a
# surrogate pair (JSON can carry them), and the two that are no signs at all.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Kind(StrEnum):
    """What stands in a field. DECIMAL is exact; MOMENT has an offset; JSON is the text of one JSON value."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DAY = "day"
    MOMENT = "moment"
    JSON = "json"

    @property
    def is_text(self) -> bool:
        return self in (Kind.TEXT, Kind.JSON)


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `required`: never empty. `words`: all that may stand there; empty: anything.

    `wording`: where the words have their names (`state` → state.late); "" if they have none.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    required: bool = False
    words: tuple[str, ...] = ()
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """`field` holds the key of another table's row, or nothing."""

    field: str
    table: str
    key: str


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` streams the rows in the order of `fields`. `count`: how many there are at most, or about.

    `key`: what tells a row from all others. `year`: the field by which a spreadsheet that is too long is split; "" for
    none. `search`: text fields with a full-text index in SQLite. `indexes`: fields with an index there.
    """

    name: str
    zh: str
    en: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    rows: "Callable[[Source], Iterator[Row]]"
    count: "Callable[[Source], int]"
    references: tuple[Reference, ...] = ()
    indexes: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    year: str = ""
    about_zh: str = ""
    about_en: str = ""
    positions: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "positions", {one.name: place for place, one in enumerate(self.fields)})


def writable(text: str) -> str | None:
    """A text as every format can hold it: one kind of line end, no control signs; None where nothing is left to say.

    What cannot be written becomes U+FFFD, so that it is seen that something stood there.
    """
    if text.isprintable():
        return text or None
    return _UNWRITABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def json_text(value: object) -> str:
    """JSON with its keys in order: PostgreSQL does not keep the order in which they were written."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def cleaner(table: Table) -> Callable[[Sequence[Value]], Row]:
    """What makes the texts of a row writable; checks that the row has as many values as the table has fields."""
    places = [place for place, one in enumerate(table.fields) if one.kind.is_text]
    width = len(table.fields)

    def clean(row: Sequence[Value]) -> Row:
        if len(row) != width:
            raise ValueError(f"a row of {table.name} has {len(row)} values instead of {width}")
        values = list(row)
        for place in places:
            if values[place] is not None:
                values[place] = writable(values[place])
        return tuple(values)

    return clean
