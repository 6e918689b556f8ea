"""A picture of the whole report, as long as it is: grey, 150 dots an inch, soft edges, nothing spoilt."""

from __future__ import annotations

import io

from tests.golden import paper, scanner
from tests.golden.forms import InventedReport
from tests.golden.scanner import Scan

SUFFIX = "png"

_SCAN = Scan(dpi=150, font="serif", figures="times")
_GREYS = 16  # soft edges need no more, and the file is a third


def render(report: InventedReport) -> bytes:
    (page,) = paper.set_report(report, endless=True)
    buffer = io.BytesIO()
    scanner.drawn(page, _SCAN).quantize(_GREYS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
