"""An XLS file of Excel 97–2003, saved by LibreOffice."""

from __future__ import annotations

from tests.golden.forms import InventedReport
from tests.golden.renderers import xlsx
from tests.golden.renderers.libreoffice import saved_as

SUFFIX = "xls"


def render(report: InventedReport) -> bytes:
    return saved_as(xlsx.render(report), "xlsx", SUFFIX)
