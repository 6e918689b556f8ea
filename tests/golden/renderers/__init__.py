"""Invented reports as files: one module a format, each draws the same blocks (tests.golden.forms).

A new format is one module with `SUFFIX` and `render`, and one line in RENDERERS. The files of every format and
form are kept in tests/golden/made; `python -m tests.golden.make` writes them anew.
"""

from __future__ import annotations

from typing import Protocol

from tests.golden.forms import InventedReport
from tests.golden.renderers import doc, docx, html, mht, ofd, pdf, png, rtf, scan, xls, xlsx, zip


class Renderer(Protocol):
    SUFFIX: str

    def render(self, report: InventedReport) -> bytes: ...


RENDERERS: dict[str, Renderer] = {
    "html": html,
    "pdf": pdf,
    "docx": docx,
    "xlsx": xlsx,
    "doc": doc,
    "rtf": rtf,
    "xls": xls,
    "zip": zip,
    "mht": mht,
    "ofd": ofd,
    "png": png,
    "scan": scan,
}

BY_LIBREOFFICE = ("doc", "rtf", "xls")  # written by it, and read by way of it
