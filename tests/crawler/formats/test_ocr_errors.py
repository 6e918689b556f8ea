"""How often recognition errs: kept pictures, spoilt as paper and scanners spoil them. A wrong cell is never allowed.

The kept pictures show known values at known places. Every value cell comes out right, or plainly unreadable.
Cells that come out as no number at all ("1 3") count as unreadable, as the number reader counts them.
"""

from __future__ import annotations

from collections import Counter

import pytest
from PIL import Image

from crawler.formats import ocr
from crawler.model import CellState
from crawler.reports import numbers
from tests.golden import paper
from tests.golden.forms import invented
from tests.golden.make import MADE
from tests.golden.paper import Place
from tests.golden.scanner import Scan, spoilt

DPI = 150

USUAL = [
    ("2019", 150, Scan(blur=0.5, noise=6, specks=60, jpeg=60, angle=1.2, seed=1)),
    ("2021", 200, Scan(blur=0.7, noise=4, jpeg=75, angle=-0.6, seed=2)),
]
POOR = [
    ("2019", 120, Scan(blur=0.8, noise=8, specks=200, jpeg=40, angle=-1.6, seed=3)),
    ("2021", 100, Scan(blur=0.9, noise=12, specks=200, jpeg=30, angle=0.9, seed=4)),
]


def judged(template: str, dpi: int, scan: Scan) -> Counter[str]:
    """Value cells of the upper half of the report: right, unreadable, wrong."""
    (page,) = paper.set_report(invented(template), endless=True)
    bottom = page.height / 2
    scale = dpi / DPI
    with Image.open(MADE / f"png-{template}.png") as whole:
        part = whole.convert("L").crop((0, 0, whole.width, round(bottom * DPI / 72)))
    part = part.resize((round(part.width * scale), round(part.height * scale)), Image.Resampling.LANCZOS)
    sheet = ocr.recognise(spoilt(part, scan), number=1, points_per_pixel=72 / dpi)
    found: Counter[str] = Counter()
    for cell in page.cells:
        if cell.bottom > bottom - 20 or not cell.text.isascii():
            continue
        read = " ".join(
            run.text
            for run in sheet.runs
            if cell.left < (run.left + run.right) / 2 < cell.right
            and cell.top < (run.top + run.bottom) / 2 < cell.bottom
        )
        found[_verdict(cell, read)] += 1
    return found


def _verdict(cell: Place, read: str) -> str:
    if read == cell.text:
        return "right"
    state = numbers.read(read, unit="件").state
    return "wrong" if state in (CellState.NUMBER, CellState.BLANK) else "unreadable"


@pytest.mark.parametrize(("template", "dpi", "scan"), USUAL)
def test_usual_scans(template: str, dpi: int, scan: Scan) -> None:
    found = judged(template, dpi, scan)
    assert found["wrong"] == 0
    assert found["right"] >= 0.95 * found.total() > 50


@pytest.mark.parametrize(("template", "dpi", "scan"), POOR)
def test_poor_scans(template: str, dpi: int, scan: Scan) -> None:
    assert judged(template, dpi, scan)["wrong"] == 0
