"""Recorded changes as text, JSON values and CSV rows. Pure: rows of the store in, text out.

CSV: one row a changed cell, and one for a change without cells; numbers exact, moments in Beijing time with their offset.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from config.schema import Agency
from crawler.reports import templates
from crawler.store.reads.changes import ChangeRow
from monitor.alerts.lines import plain
from monitor.alerts.revisions import TOLD_EFFECTS, notice, turns, words
from monitor.days import SHANGHAI
from monitor.reading.as_csv import neutral
from monitor.reading.words import both

COLUMNS = (
    "id", "seen_at", "agency_id", "agency", "region", "year", "kind", "severity", "why", "url", "moved_from", "notice",
    "before_capture", "after_capture", "code", "cell", "unit", "before", "after", "effect", "certain",
)  # fmt: skip
_CELL = COLUMNS[COLUMNS.index("code") :]


def as_json(row: ChangeRow, agencies: Mapping[str, Agency]) -> dict[str, Any]:
    return {
        "id": row.id,
        "key": row.key,
        "agency_id": row.agency_id,
        "agency": _name(row, agencies),
        "year": row.year,
        "seen_at": _moment(row),
        "kind": row.kind,
        "severity": row.severity or None,
        "url": row.url,
        "before_capture": row.before_capture,
        "after_capture": row.after_capture,
        **row.details,
    }


def as_csv(rows: Iterable[ChangeRow], agencies: Mapping[str, Agency]) -> str:
    """With a head. A cell that a spreadsheet would run as a formula begins with an apostrophe."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([neutral(cell) for cell in line] for row in rows for line in _csv_rows(row, agencies))
    return stream.getvalue()


def as_text(row: ChangeRow, agencies: Mapping[str, Agency]) -> Iterator[str]:
    """Its lines: Chinese, and English beside it."""
    details = row.details
    weight = f"　[{both(f'severity.{row.severity}')}]" if row.severity else ""
    seen = f"{row.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    yield f"{row.id}　{seen}　{_name(row, agencies)} {row.year}　{both(f'change.kind.{row.kind}')}{weight}"
    yield f"    {plain(row.url, 2000)}"
    if "why" in details:
        yield f"    {details['why']['zh']} / {details['why']['en']}"
    if "moved_from" in details:
        yield f"    ← {plain(details['moved_from']['url'], 2000)}"
    if "replaced" in details:
        yield f"    ← {plain(details['replaced'], 2000)}"
    if "flapping" in details:
        yield f"    {turns(details, 'zh')}"
        yield f"    {turns(details, 'en')}"
    for cell in details.get("cells", ()):
        yield f"    {_cell_line(cell, in_turn='flapping' in details)}"
    for language in ("zh", "en"):
        yield from (f"    {said}" for said in words({**details, "change": row.kind}, language))
        yield from (f"    {said}" for said in notice(details, language))


def _cell_line(cell: Mapping[str, Any], *, in_turn: bool) -> str:
    """Of two contents in turn neither came instead of the other, and neither mended or broke anything."""
    turned = cell["effect"] in TOLD_EFFECTS and not in_turn
    said = [both(f"change.effect.{cell['effect']}")] if turned else []
    said += [both("cell_change.in_doubt")] if cell["in_doubt"] else []
    marks = "".join(f" [{one}]" for one in said)
    before, after, sign = _shown(cell["before"]), _shown(cell["after"]), "⇄" if in_turn else "→"
    return f"{templates.labels().get(cell['code'], cell['code'])}（{cell['code']}）：{before} {sign} {after}{marks}"


def _shown(side: Mapping[str, Any]) -> str:
    """The number; else what stands there; else what that means (blank, no such cell …)."""
    if side["value"] is not None:
        return f"{Decimal(side['value']):,f}"
    return f"“{plain(side['raw'])}”" if side["raw"] else both(f"cell_state.{side['state']}")


def _csv_rows(row: ChangeRow, agencies: Mapping[str, Agency]) -> Iterator[Sequence[str]]:
    details, agency = row.details, agencies.get(row.agency_id)
    found = "；".join(one["words"] for one in details.get("notice", ()))
    head = (
        str(row.id), _moment(row), row.agency_id, _name(row, agencies), agency.region if agency else "", str(row.year),
        row.kind, row.severity, details.get("why", {}).get("zh", ""), row.url,
        details.get("moved_from", {}).get("url", details.get("replaced", "")), found,
        str(row.before_capture or ""), str(row.after_capture or ""),
    )  # fmt: skip
    for cell in details.get("cells", ()):
        yield (*head, *_csv_cell(cell))
    if not details.get("cells"):
        yield (*head, *("" for _ in _CELL))


def _csv_cell(cell: Mapping[str, Any]) -> tuple[str, ...]:
    sides = (
        cell[side]["value"] if cell[side]["value"] is not None else cell[side]["state"] for side in ("before", "after")
    )
    certain = "yes" if cell["certain"] else "no"
    return cell["code"], templates.labels().get(cell["code"], ""), cell["unit"], *sides, cell["effect"], certain


def _name(row: ChangeRow, agencies: Mapping[str, Agency]) -> str:
    """Of an agency that is no longer registered its id."""
    return agencies[row.agency_id].name if row.agency_id in agencies else row.agency_id


def _moment(row: ChangeRow) -> str:
    return row.at.astimezone(SHANGHAI).isoformat(timespec="seconds")
