"""The portals as people ask for them: which there are, how each column was last seen, whether anybody saw it live.

May touch: the store, for reading; one portal's file, for writing `verified`. Sets nothing by itself.
"""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.errors import GongkaiError
from config.load import read_yaml
from config.schema import Column, Portal
from crawler.model import LookOutcome
from crawler.store.reads.portals import ColumnSeen, Newest, columns_seen, newest_listed
from monitor.checks.sight import blind_sight
from monitor.context import Context
from monitor.wording import say, show_moment


@dataclass(frozen=True, slots=True)
class ColumnHealth:
    """How a column was last seen; `look` None: never. `newest`: the latest report that it lists, where asked for."""

    column: Column
    look: ColumnSeen | None
    newest: Newest | None = None

    @property
    def seen(self) -> bool:
        return self.look is not None and blind_sight(self.look.outcome, self.look.reason) is None

    @property
    def sight(self) -> str:
        """One of the words of docs/portals.md; "" for a column that was never looked at.

        One that saw is `found` where it lists anything; whose and of which year is not asked here.
        """
        if self.look is None:
            return ""
        blind = blind_sight(self.look.outcome, self.look.reason)
        if blind is not None:
            return blind.value
        return "empty_confirmed" if self.look.outcome is LookOutcome.EMPTY else "found"

    def as_json(self) -> dict[str, Any]:
        look = self.look
        return {
            "column": self.column.key,
            "url": self.column.url,
            "holds": self.column.holds.value,
            "agencies": list(self.column.agencies),
            "seen": self.seen,
            "sight": self.sight or None,
            "at": look.at.isoformat() if look else None,
            "outcome": look.outcome.value if look else None,
            "reason": look.reason if look else "",
            "status": look.status if look else None,
            "entries": look.entries if look else None,
            "pages": look.pages if look else None,
            "newest": {"title": self.newest.title, "date": self.newest.listed.isoformat()} if self.newest else None,
        }


@dataclass(frozen=True, slots=True)
class PortalHealth:
    """A portal with the health of its columns."""

    portal: Portal
    columns: tuple[ColumnHealth, ...]

    @property
    def seen(self) -> bool:
        return all(column.seen for column in self.columns)

    def as_json(self) -> dict[str, Any]:
        portal = self.portal
        return {
            "portal": portal.slug,
            "name": portal.name,
            "family": portal.family,
            "hosts": list(portal.hosts),
            "enabled": portal.enabled,
            "verified": portal.verified.isoformat() if portal.verified else None,
            "hours": portal.hours or None,
            "tls": {host: exception.value for host, exception in portal.tls.items()},
            "columns": [column.as_json() for column in self.columns],
        }


def health(context: Context, slugs: Collection[str] = (), *, newest: bool = False) -> list[PortalHealth]:
    """Of all portals, or of those named. `newest`: with the latest report of each column, a query each."""
    portals = context.configuration.portals
    with context.sessions() as session:
        seen = columns_seen(session)
        return [
            PortalHealth(
                portal,
                tuple(
                    ColumnHealth(
                        column,
                        seen.get((slug, column.key)),
                        newest_listed(session, slug, column.key) if newest else None,
                    )
                    for column in portal.columns
                ),
            )
            for slug, portal in portals.items()
            if not slugs or slug in slugs
        ]


def last_look(column: ColumnHealth) -> str:
    """When and how, Chinese with English beside it."""
    if column.look is None:
        return "尚未查看 / not looked at yet"
    outcome = f"look_outcome.{column.look.outcome.value}"
    return f"{show_moment(column.look.at, 'zh')} {say(outcome, 'zh')} / {say(outcome, 'en')}"


def mark(path: Path, day: dt.date) -> None:
    """Writes `verified: day` into a portal's file and leaves every other line as it is. Raises GongkaiError."""
    try:
        text = path.read_text(encoding="utf-8")
        line = f"verified: {day.isoformat()}"
        marked, count = re.subn(r"^verified:[^#\n]*?(?=[ \t]*(?:#.*)?$)", line, text, count=1, flags=re.M)
        if not count:
            marked, count = re.subn(r"^(?=columns:)", f"{line}\n", text, count=1, flags=re.M)
        if not count:
            raise GongkaiError(f"{path}: no line begins with columns:, so write {line} by hand")
        path.write_text(marked, encoding="utf-8")
        if read_yaml(path).get("verified") != day:
            path.write_text(text, encoding="utf-8")
            raise GongkaiError(f"{path}: could not be marked; write {line} by hand")
    except OSError as error:
        raise GongkaiError(f"{path}: cannot be written: {error.strerror or error}") from error
