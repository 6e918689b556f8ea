"""Files that other programs wrote from the same facts: LibreOffice, Chromium, and what Word and WPS do to a DOCX."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler import formats, reports
from tests.golden.converted import Converted
from tests.golden.foreign.make import BY_LIBREOFFICE, FILES, MAKERS, TEMPLATES, file_of
from tests.golden.make import MADE
from tests.golden.test_made import said

PATHS = {file_of(name, template): template for name in MAKERS for template in TEMPLATES}
LEGACY = [path for path in PATHS if path.suffix in BY_LIBREOFFICE]
FILES_READ = Converted(LEGACY)


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[pytest.mark.integration] if path in LEGACY else []) for path in PATHS],
    ids=lambda path: path.name,
)
def test_foreign(path: Path) -> None:
    template = PATHS[path]
    report = reports.parse(FILES_READ.read(path))
    assert said(report) == json.loads((MADE / f"{template}.expected.json").read_text(encoding="utf-8"))
    assert [identity.identity for identity in report.identities if identity.holds is False] == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_tracked_changes_are_said(template: str) -> None:
    document = formats.read(file_of("word-like.docx", template).read_bytes())
    assert [issue.kind for issue in document.issues] == ["tracked_changes"]
    assert "99999" not in repr(document.blocks)


def test_no_file_without_a_maker() -> None:
    assert set(FILES.iterdir()) == set(PATHS)
