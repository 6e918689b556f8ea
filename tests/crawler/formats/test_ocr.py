"""Recognised pages: the lattice, one cell at a time, and nothing certain where anything is in doubt."""

from __future__ import annotations

import functools
import importlib.util
import itertools
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw

from crawler.errors import ReadError
from crawler.formats import ocr
from crawler.formats.ocr import UNREADABLE, lattice, picture, recogniser, strips
from crawler.formats.sheet import Sheet
from tests.golden.make import MADE
from tests.golden.scanner import Scan, spoilt

POINTS = 72 / 150  # a pixel of the kept pictures
RULE_ISSUED, RULE_REPEALED, RULE_IN_FORCE = (512, 450), (764, 450), (1016, 450)  # cells, in pixels


def table_two() -> Image.Image:
    """Title, sentences and the first rows of table two, from a kept picture."""
    with Image.open(MADE / "png-2021.png") as whole:
        return whole.convert("L").crop((0, 0, whole.width, 620))


@functools.cache
def plain() -> Sheet:
    return recognised(table_two())


def recognised(image: Image.Image) -> Sheet:
    return ocr.recognise(image, number=1, points_per_pixel=POINTS)


def texts(sheet: Sheet, place: tuple[int, int]) -> list[str]:
    """What was read within a hundred pixels left and right of this place."""
    x, y = place[0] * POINTS, place[1] * POINTS
    near = (run for run in sheet.runs if abs((run.left + run.right) / 2 - x) < 100 * POINTS)
    return [run.text for run in near if run.top - 5 < y < run.bottom + 5]


def squares(rows: int = 4, columns: int = 4, thickness: int = 2) -> Image.Image:
    """An empty ruled table, 300 × 60 pixels a cell."""
    image = Image.new("L", (columns * 300 + 40, rows * 60 + 40), 255)
    draw = ImageDraw.Draw(image)
    for row in range(rows + 1):
        draw.line((20, 20 + 60 * row, 20 + 300 * columns, 20 + 60 * row), fill=0, width=thickness)
    for column in range(columns + 1):
        draw.line((20 + 300 * column, 20, 20 + 300 * column, 20 + 60 * rows), fill=0, width=thickness)
    return image


def test_cells_sentences_and_blanks() -> None:
    sheet = plain()
    assert sheet.recognised and (sheet.width, sheet.height) == pytest.approx((1239 * POINTS, 620 * POINTS))
    assert texts(sheet, RULE_REPEALED) == ["11606"] and texts(sheet, RULE_IN_FORCE) == ["0"]
    assert texts(sheet, RULE_ISSUED) == []
    assert "示例市第一行政服务局2022年政府信息公开工作年度报告" in [run.text for run in sheet.runs]
    assert all(0 <= run.confidence < 1 for run in sheet.runs)


def test_runs_stand_within_their_cells() -> None:
    sheet = plain()
    (number,) = (run for run in sheet.runs if run.text == "11606")
    upright = sorted({rule.left for rule in sheet.rules if rule.left == rule.right})
    assert any(left < number.left < number.right < right for left, right in itertools.pairwise(upright))


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_on_its_side_or_head_is_turned(turns: int) -> None:
    turned = table_two().rotate(90 * turns, expand=True)
    sheet = recognised(turned)
    assert texts(sheet, RULE_REPEALED) == ["11606"] and texts(sheet, RULE_IN_FORCE) == ["0"]


@pytest.mark.parametrize("angle", [-3.0, 1.7])
def test_skew_is_measured(angle: float) -> None:
    tilted = table_two().rotate(angle, fillcolor=255, resample=Image.Resampling.BICUBIC)
    assert picture.skew(np.asarray(tilted)) == pytest.approx(-angle, abs=0.06)


def test_a_stamp_over_cells_makes_no_number_and_no_blank() -> None:
    image = table_two().convert("RGB")
    ImageDraw.Draw(image).ellipse((300, 380, 860, 940), outline=(210, 40, 40), width=6)
    grey = image.convert("L")
    for stamped in (image, grey):
        sheet = recognised(stamped)
        for run in sheet.runs:
            if run.text.isdecimal():
                assert run.text in ("11606", "0", "27")
        crossed = [run for run in sheet.runs if UNREADABLE in run.text]
        assert crossed


def test_scribble_in_a_cell_is_no_blank() -> None:
    image = squares()
    ImageDraw.Draw(image).line([(100, 40), (130, 60), (108, 66), (150, 38), (140, 68)], fill=40, width=2)
    sheet = recognised(image)
    assert [UNREADABLE in run.text for run in sheet.runs] == [True]


def test_dust_in_a_cell_is_a_blank() -> None:
    image = squares()
    for x, y in ((60, 40), (200, 110), (330, 50), (331, 51)):
        image.putpixel((x, y), 60)
    assert recognised(image).runs == ()


def test_two_numbers_in_one_cell_are_not_one() -> None:
    image = table_two()
    image.paste(image.crop((735, 438, 793, 464)), (650, 438))
    (text,) = [" ".join(texts(recognised(image), RULE_REPEALED))]
    assert not text.replace(",", "").isdecimal()


def test_breaks_in_lines_are_closed_and_missing_lines_join_cells() -> None:
    image = squares(3, 3)
    draw = ImageDraw.Draw(image)
    for x in range(60, 900, 90):
        draw.rectangle((x, 78, x + 3, 83), fill=255)
    draw.rectangle((315, 84, 325, 137), fill=255)  # one upright edge is away
    page = picture.prepare(image, 150)
    (found,), _ = lattice.find(page.trace, page.dots)
    assert len(found.areas) == 8
    wide = max(found.areas, key=lambda area: area.right - area.left)
    assert (round(wide.left, -1), round(wide.right, -1)) == (20, 620) and not wide.doubtful


def test_a_half_drawn_line_parts_no_cells() -> None:
    image = squares(3, 3)
    ImageDraw.Draw(image).rectangle((315, 84, 325, 114), fill=255)
    page = picture.prepare(image, 150)
    (found,), _ = lattice.find(page.trace, page.dots)
    assert len(found.areas) == 8 and max(area.right - area.left for area in found.areas) > 590


def test_shadows_and_grey_paper_change_nothing() -> None:
    shade = np.linspace(0.55, 1.0, 1239)[None, :] * np.linspace(0.8, 1.0, 620)[:, None]
    grey = (np.asarray(table_two(), dtype=np.float32) * shade).astype(np.uint8)
    assert texts(recognised(Image.fromarray(grey)), RULE_REPEALED) == ["11606"]


@pytest.mark.parametrize("seed", range(2))
def test_a_picture_of_noise_holds_no_table(seed: int) -> None:
    chance = np.random.default_rng(seed)
    noise = Image.fromarray(chance.integers(0, 255, (300, 240), dtype=np.uint8))
    try:
        sheet = recognised(noise)
    except ReadError as error:
        assert "too much" in str(error)
    else:
        assert sheet.rules == ()
        assert all(UNREADABLE in run.text for run in sheet.runs)


def test_an_illegible_page_says_no_number() -> None:
    blurred = spoilt(table_two(), Scan(blur=5.0, noise=10, jpeg=30))
    assert [run for run in recognised(blurred).runs if run.text.isdecimal()] == []


def test_a_page_with_too_much_on_it_is_refused() -> None:
    dots = np.full((2_000, 2_000), 255, dtype=np.uint8)
    for y in range(0, 2_000, 30):
        for x in range(0, 2_000, 60):
            dots[y : y + 8, x : x + 8] = 0
    with pytest.raises(ReadError, match="too much"):
        recognised(Image.fromarray(dots))


def test_the_readings_of_a_sentence_are_compared_figure_by_figure() -> None:
    assert ocr._agreed("收到申请12件", "收到申请12件") == "收到申请12件"
    assert ocr._agreed("收到申请12件", "收到申清17件") == f"收到申请1{UNREADABLE}件"


def test_strokes_of_one_sign_are_one_line() -> None:
    mask = np.zeros((60, 120), dtype=np.uint8)
    for top in (5, 14, 23):  # 三
        mask[top : top + 3, 10:30] = 1
    mask[45:58, 10:60] = 1
    assert [(strip.top, strip.bottom) for strip in strips.find(mask, 21)] == [(5, 26), (45, 58)]


def test_a_missing_model_is_said_and_never_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    recogniser._engine.cache_clear()
    with pytest.raises(ReadError, match="not available"):
        recogniser.read([np.zeros((20, 20), dtype=np.uint8)])
    recogniser._engine.cache_clear()


def test_reading_opens_no_connection_and_loads_no_downloader() -> None:
    program = (
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo'): raise SystemExit('network: ' + repr(arguments))\n"
        "sys.addaudithook(refuse)\n"
        "import numpy\n"
        "from crawler.formats.ocr import recogniser\n"
        "recogniser.read([numpy.full((40, 90), 255, dtype=numpy.uint8)])\n"
        "assert not {'rapidocr', 'requests', 'urllib3'} & set(sys.modules)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
