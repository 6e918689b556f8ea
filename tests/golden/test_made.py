"""Every format × form: the kept file says exactly what the invented report says, with no doubt left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler import reports
from crawler.model import CellState, ParsedReport
from crawler.reports import templates
from tests.golden.converted import Converted
from tests.golden.forms import invented
from tests.golden.make import MADE, expectation
from tests.golden.renderers import BY_LIBREOFFICE, RENDERERS

CASES = [(name, template) for name in RENDERERS for template in templates.load()]


def path_of(name: str, template: str) -> Path:
    return MADE / f"{name}-{template}.{RENDERERS[name].SUFFIX}"


FILES = Converted([path_of(*case) for case in CASES if case[0] in BY_LIBREOFFICE])


def said(report: ParsedReport) -> dict[str, Any]:
    return {
        "agency": report.agency,
        "year": report.year,
        "template": report.template,
        "title": report.title,
        "signed_on": report.signed_on.isoformat() if report.signed_on else None,
        "facts": {
            fact.code: format(fact.value, "f")
            if fact.state is CellState.NUMBER and fact.value is not None
            else f"<{fact.state.value}>"
            for fact in report.facts
        },
    }


@pytest.mark.parametrize(
    ("name", "template"),
    [pytest.param(*case, marks=[pytest.mark.integration] if case[0] in BY_LIBREOFFICE else []) for case in CASES],
)
def test_made(name: str, template: str) -> None:
    report = reports.parse(FILES.read(path_of(name, template)))
    expected = json.loads((MADE / f"{template}.expected.json").read_text(encoding="utf-8"))
    assert said(report) == expected
    assert [identity.identity for identity in report.identities if identity.holds is False] == []


@pytest.mark.parametrize("template", list(templates.load()))
def test_the_expectation_is_what_the_invented_report_says(template: str) -> None:
    kept = json.loads((MADE / f"{template}.expected.json").read_text(encoding="utf-8"))
    assert kept == expectation(invented(template))


def test_no_file_without_a_renderer() -> None:
    known = {path_of(name, template) for name, template in CASES}
    assert set(MADE.iterdir()) == known | {MADE / f"{key}.expected.json" for key in templates.load()}
