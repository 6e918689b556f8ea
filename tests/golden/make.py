"""Writes the made golden files anew: `python -m tests.golden.make [FORMAT …]`, all formats without arguments.

Touches tests/golden/made only. The expectation of a form is what the invented report says, not what was read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from crawler.reports import templates
from tests.golden.forms import InventedReport, invented
from tests.golden.renderers import RENDERERS

MADE = Path(__file__).parent / "made"


def expectation(report: InventedReport) -> dict[str, Any]:
    """The known facts: "<blank>" where nothing was filled in."""
    return {
        "agency": report.agency,
        "year": report.year,
        "template": report.template,
        "title": report.title,
        "signed_on": report.signed_on.isoformat(),
        "facts": {code: "<blank>" if value is None else format(value, "f") for code, value in report.values.items()},
    }


def main(formats: list[str]) -> None:
    MADE.mkdir(exist_ok=True)
    for template in templates.load():
        report = invented(template)
        text = json.dumps(expectation(report), ensure_ascii=False, indent=1) + "\n"
        (MADE / f"{template}.expected.json").write_text(text, encoding="utf-8")
        for name in formats or RENDERERS:
            renderer = RENDERERS[name]
            (MADE / f"{name}-{template}.{renderer.SUFFIX}").write_bytes(renderer.render(report))


if __name__ == "__main__":
    main(sys.argv[1:])
