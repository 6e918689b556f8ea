"""Pictures told by content, bounded, and refused with the reason where they are damaged."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from crawler import formats
from crawler.errors import ReadError
from crawler.formats import image
from crawler.model import Table
from tests.golden.make import MADE


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def table_two() -> Image.Image:
    """The upper part of a kept picture: title, sentences, the beginning of table two."""
    with Image.open(MADE / "png-2021.png") as whole:
        return whole.convert("L").crop((0, 0, whole.width, 620))


def header(width: int, height: int) -> bytes:
    """A PNG that says it is so large, with almost no data."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", image.KINDS)
def test_every_kind_is_told_by_content(kind: str) -> None:
    data = encoded(Image.new("L", (40, 40), 255), kind)
    assert image.sniff(data, "report.html", "text/html")
    assert formats.read(data, name="report.html", content_type="text/html").format == "image"


@pytest.mark.parametrize("data", [b"BMW has no report", b"RIFF1234WAVE", b"II*", b"GIF80a", b"<html>\x89PNG"])
def test_what_only_begins_alike_is_no_picture(data: bytes) -> None:
    assert not image.sniff(data, "report.png", "image/png")


def test_a_jpeg_with_a_table() -> None:
    found = formats.read(encoded(table_two(), "JPEG", quality=80, dpi=(150, 150)))
    assert found.recognised and [issue.kind for issue in found.issues][:1] == ["recognised"]
    (table,) = (block for block in found.blocks if isinstance(block, Table))
    (row,) = (row for row in table.rows if row[0].text == "规章")
    assert [cell.text for cell in row] == ["规章", "", "11606", "0"]
    assert row[2].box is not None and row[2].confidence < 1


def test_pages_of_a_tiff_are_bounded() -> None:
    pages = [Image.new("L", (60, 60), 255) for _ in range(image.MAX_PAGES + 3)]
    found = formats.read(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert "too_many_scans" in [issue.kind for issue in found.issues]


def test_an_empty_page_says_that_it_holds_no_text() -> None:
    found = formats.read(encoded(Image.new("RGB", (800, 1100), "white"), "PNG"))
    assert found.blocks == () and [issue.kind for issue in found.issues] == ["recognised", "no_text"]


@pytest.mark.parametrize(("width", "height"), [(9_000, 9_000), (12_000, 9_000), (60_000, 60_000), (65_000, 1_000)])
def test_pictures_beyond_the_bound_are_refused_unread(width: int, height: int) -> None:
    with pytest.raises(ReadError, match=r"too (many pixels|large)"):
        formats.read(header(width, height))


def test_a_picture_too_small_for_text_is_refused() -> None:
    with pytest.raises(ReadError, match="too small"):
        formats.read(encoded(Image.new("L", (9, 9), 255), "PNG"))


@pytest.mark.parametrize("kind", image.KINDS)
def test_truncated_pictures_are_refused_or_read(kind: str) -> None:
    chance = np.random.default_rng(3)
    whole = encoded(Image.fromarray(chance.integers(0, 255, (64, 64), dtype=np.uint8)), kind)
    for end in range(20, len(whole) - 1, max(len(whole) // 12, 1)):
        with pytest.raises(ReadError):
            image.read(whole[:end], "")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(image.KINDS), st.binary(max_size=200), st.integers(2, 400))
def test_garbage_ends_in_an_error_or_a_document(kind: str, noise: bytes, place: int) -> None:
    whole = encoded(Image.new("L", (48, 48), 255), kind)
    data = whole[: min(place, len(whole))] + noise + whole[place + len(noise) :]
    try:
        image.read(data, "")
    except ReadError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("size", "dpi", "dots"),
    [
        ((1240, 1754), (150, 150), 150),
        ((2480, 3508), (72, 72), 2480 / 8.27),  # cameras and converters write 72 without meaning it
        ((1240, 1754), None, 1240 / 8.27),
        ((1754, 1240), None, 1754 / 11.69),
        ((1240, 9000), (0, 0), 1240 / 8.27),
    ],
)
def test_the_resolution_is_one_that_paper_has(size: tuple[int, int], dpi: tuple[int, int] | None, dots: float) -> None:
    picture = Image.new("L", size)
    if dpi:
        picture.info["dpi"] = dpi
    assert image.resolution(picture) == pytest.approx(dots)
