"""An RTF file, saved by LibreOffice."""

from __future__ import annotations

from tests.golden.forms import InventedReport
from tests.golden.renderers import docx
from tests.golden.renderers.libreoffice import saved_as

SUFFIX = "rtf"


def render(report: InventedReport) -> bytes:
    return saved_as(docx.render(report), "docx", SUFFIX)
