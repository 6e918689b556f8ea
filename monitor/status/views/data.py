"""The read model of the downloads and of the dictionary. May touch: the folder of the exports, for reading."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crawler.reports import templates
from monitor.exports import folder
from monitor.exports.folder import Build, BuiltFile
from monitor.exports.model import Field, Table
from monitor.exports.tables import TABLES
from monitor.exports.tables.dictionary import field_rows, indicator_rows, word_rows

OWN_COLUMNS = ("csv", "excel", "xlsx", "parquet")  # formats with files of their own for every table, in this order
EARLIER = 10


@dataclass(frozen=True, slots=True)
class TableFiles:
    """One table and its files by format. `left_out`: formats that do not hold it because it is too long for them."""

    table: Table
    rows: int
    files: dict[str, tuple[BuiltFile, ...]]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataPage:
    """`build` None: nothing was built yet. `whole`: files that hold everything, or say what there is."""

    build: Build | None
    made_at: dt.datetime | None
    tables: tuple[TableFiles, ...]
    whole: tuple[BuiltFile, ...]
    earlier: tuple[str, ...]
    simulated: bool


def data_page(exports: Path) -> DataPage:
    """The newest build."""
    build = folder.newest(exports)
    if build is None:
        return DataPage(None, None, (), (), (), simulated=False)
    return DataPage(
        build=build,
        made_at=dt.datetime.fromisoformat(build.made_at),
        tables=tuple(_files_of(build, table) for name, table in TABLES.items() if name in build.rows),
        whole=tuple(file for file in build.files if file.format not in OWN_COLUMNS),
        earlier=tuple(folder.builds(exports)[1:EARLIER]),
        simulated=build.simulated,
    )


def _files_of(build: Build, table: Table) -> TableFiles:
    return TableFiles(
        table=table,
        rows=build.rows[table.name],
        files={
            form: tuple(file for file in build.files if file.format == form and file.tables == (table.name,))
            for form in OWN_COLUMNS
        },
        left_out=build.left_out.get(table.name, ()),
    )


@dataclass(frozen=True, slots=True)
class Form:
    """A published form with its codes: rows of the table `indicators`."""

    template: str
    name: str
    citation: str
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """`codes`: of every wide table the template whose codes are its columns; they are told once, with the forms."""

    tables: tuple[tuple[Table, tuple[Field, ...], str], ...]
    forms: tuple[Form, ...]
    words: tuple[tuple[object, ...], ...]
    fields: int
    simulated: bool = False


@cache
def dictionary() -> Dictionary:
    """Of the program as it is; needs no build."""
    codes = {code for _, code, *_ in indicator_rows()}
    indicators = list(indicator_rows())
    return Dictionary(
        tables=tuple(
            (
                table,
                tuple(one for one in table.fields if one.name not in codes),
                table.name.removeprefix("facts_") if table.name.startswith("facts_") else "",
            )
            for table in TABLES.values()
        ),
        forms=tuple(
            Form(form.template, form.name, form.citation, tuple(row for row in indicators if row[0] == form.template))
            for form in templates.load().values()
            if form.blocks
        ),
        words=tuple(word_rows()),
        fields=sum(1 for _ in field_rows()),
    )


def shown_size(size: int) -> str:
    """1 KB is 1,000 bytes: 812 B, 12 KB, 3.4 MB."""
    for unit, step in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= step:
            return f"{size / step:.1f} {unit}" if size < 10 * step else f"{size / step:,.0f} {unit}"
    return f"{size} B"
