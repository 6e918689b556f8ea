"""Reads and writes the registry, agencies.csv: 150,000 rows in seconds, every row checked.

May touch: the file it is given. Raises ConfigError, which names file, line and column.
"""

import csv
import datetime as dt
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from config.errors import ConfigError, first_problem
from config.schema import Agency, AgencyKind, FormerName, YearSpan

COLUMNS = tuple(Agency.model_fields)
_BOM = "\ufeff"
_FORMULA = ("=", "+", "@", "\t")  # what a spreadsheet would take for a formula; no name or code begins so


def load_agencies(path: Path) -> dict[str, Agency]:
    """agencies.csv → agencies by id, in the order of the file."""
    agencies: dict[str, Agency] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream, strict=True)
            check_columns(rows.fieldnames or (), f"{path}, line 1")
            for row in rows:
                agency = agency_of(row, f"{path}, line {rows.line_num}")
                if agency.id in agencies:
                    raise ConfigError(f"{path}, line {rows.line_num}: id {agency.id} stands here a second time")
                agencies[agency.id] = agency
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path}: cannot be read as UTF-8 CSV: {error}") from error
    check_predecessors(agencies, str(path))
    return agencies


def check_columns(names: Iterable[str], where: str) -> None:
    """Raises ConfigError for a column that the registry does not know."""
    unknown = set(names) - set(COLUMNS)
    if unknown:
        raise ConfigError(f"{where}: unknown column {', '.join(sorted(unknown))}; known: {', '.join(sorted(COLUMNS))}")


def check_predecessors(agencies: Mapping[str, Agency], where: str) -> None:
    """Raises ConfigError for a predecessor that is not registered."""
    for agency in agencies.values():
        if agency.predecessor is not None and agency.predecessor not in agencies:
            raise ConfigError(f"{where}: {agency.id}: predecessor {agency.predecessor} is no id of this file")


def agency_of(row: Mapping[str, str], where: str) -> Agency:
    """One row. An empty cell is a default; leaving it out spares its validation."""
    try:
        return Agency.model_validate({name: cell for name, cell in row.items() if cell})
    except ValidationError as error:
        raise ConfigError(f"{where}: {first_problem(error)}") from error


def row_of(agency: Agency) -> dict[str, str]:
    """An agency as the file has it; `agency_of` gives the same agency again."""
    return {name: _cell(getattr(agency, name)) for name in COLUMNS}


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        joint = "," if value and isinstance(value[0], YearSpan) else "|"
        return joint.join(_cell(one) for one in value)
    if isinstance(value, YearSpan):
        return str(value.first) if value.last == value.first else f"{value.first}-{value.last or ''}"
    if isinstance(value, FormerName):
        return value.name + (f"@{value.until.isoformat()}" if value.until else "")
    if isinstance(value, AgencyKind):
        return value.value
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")


def write_agencies(path: Path, agencies: Iterable[Agency]) -> None:
    """Writes the registry in the given order; it appears whole or not at all. A byte order mark stays if one was there."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for agency in agencies:
        row = row_of(agency)
        if any(cell.startswith(_FORMULA) for cell in row.values()):
            raise ConfigError(f"{path}: {agency.id}: a cell begins like a formula of a spreadsheet")
        writer.writerow(row)
    try:
        had_mark = path.exists() and path.read_bytes()[:3] == _BOM.encode()
        part = path.with_name(f".{path.name}.part")
        with part.open("w", encoding="utf-8", newline="") as stream:
            stream.write((_BOM if had_mark else "") + text.getvalue())
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from error
