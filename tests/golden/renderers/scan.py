"""A scanned PDF: one grey JPEG a page, a little askew, blurred and noisy, as an office's copier makes it."""

from __future__ import annotations

import io

from tests.golden import paper, scanner
from tests.golden.forms import InventedReport
from tests.golden.scanner import Scan

SUFFIX = "pdf"

_ANGLES = (0.4, -0.7, 0.2)  # degrees, page by page


def render(report: InventedReport) -> bytes:
    pictures = [
        scanner.drawn(
            page,
            Scan(
                dpi=150,
                font="serif",
                figures="times",
                angle=_ANGLES[number % len(_ANGLES)],
                blur=0.5,
                noise=2.0,
                specks=40,
                paper=248,
                ink=30,
                seed=number,
            ),
        )
        for number, page in enumerate(paper.set_report(report))
    ]
    buffer = io.BytesIO()
    pictures[0].save(
        buffer, "PDF", resolution=150.0, quality=60, save_all=True, append_images=pictures[1:], creationDate=None
    )
    return buffer.getvalue()
