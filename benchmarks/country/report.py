"""One published report of the invented country that is filled wholly: where it stands, when it was seen, what changed.

Touches nothing.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from benchmarks.country.registry import Office
from benchmarks.country.standings import LAST_LOOK
from crawler import reports


def sha256_of(agency_id: str, year: int, version: int) -> str:
    return hashlib.sha256(f"{agency_id} {year} {version}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Report:
    """One published report that is filled wholly; `number` counts them from 1. `details`: JSON text of its state."""

    number: int
    office: Office
    year: int
    first_seen: dt.datetime
    details: str
    is_changed: bool

    @property
    def url(self) -> str:
        url: str = json.loads(self.details)["report_url"]
        return url

    @property
    def seen(self) -> tuple[dt.datetime, dt.datetime, dt.datetime]:
        """When the three captures of its page were made."""
        first = self.first_seen
        return first, first + (LAST_LOOK - first) / 4, first + (LAST_LOOK - first) / 2

    @property
    def change_key(self) -> str:
        first = 3 * self.number - 2
        return f"{self.office.id}:{self.year}:{first}-{first + 2}"

    def change(self) -> dict[str, Any]:
        """As monitor.checks.changes._details has it, of one cell."""
        place = {"block": 16, "table": 2, "row": 2, "column": 3}
        seen = self.seen
        sides: dict[str, Any] = {
            side: {
                "url": self.url,
                "capture": 3 * self.number - 2 + number,
                "at": seen[number].isoformat(),
                "sha256": sha256_of(self.office.id, self.year, number // 2),
                "signed_on": None,
                "dates": [],
                "issues": 0,
            }
            for side, number in (("before", 0), ("after", 2))
        }
        values = {
            side: {"state": "number", "value": value, "raw": value, "place": place}
            for side, value in (("before", "12"), ("after", "13"))
        }
        return {
            "cells": [{"code": "requests.received.total", "unit": "件", "change": "number_changed", **values, "in_doubt": False,
                       "certain": True, "effect": "other"}],
            "sums": [],
            "effects": ["other"],
            "share": 0.01,
            "certain": True,
            "text": {"compared": False, "added": {"clauses": 0, "signs": 0}, "removed": {"clauses": 0, "signs": 0},
                     "statements": [], "signed": None},
            "notice": [],
            **sides,
            "extractor": reports.EXTRACTOR,
            "signature_changed": False,
            "template_changed": False,
            "why": {"zh": "数字改动，页面上没有看到更正说明", "en": "numbers changed, and no notice of correction was seen"},
        }  # fmt: skip

    def evidence(self) -> str:
        title = f"{self.office.name}{self.year}年政府信息公开工作年度报告"
        said = [
            {"about": "agency", "source": source, "text": self.office.name, "value": self.office.id}
            for source in ("title", "listed", "signature", "column")
        ]
        said += [
            {"about": "year", "source": source, "text": title, "value": str(self.year)}
            for source in ("period", "title", "listed", "date")
        ]
        return json.dumps(
            {"list_title": title, "agency": f"标题中的机构「{self.office.name}」", "year": title, "said": said}
        )
