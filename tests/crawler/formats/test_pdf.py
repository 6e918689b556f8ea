"""PDF files written by hand: what is seen is read, what is not seen is not, damage is said."""

from __future__ import annotations

import random
import zlib

import pytest
from PIL import Image, ImageDraw

from crawler import formats
from crawler.errors import ReadError
from crawler.formats import pdf
from crawler.formats.layout.lines import UNKNOWN
from crawler.model import Document, Paragraph, Table
from tests.crawler.formats.handmade import FONTS, document, grid, line, text
from tests.golden.make import MADE

GRID = grid((50, 150, 250, 350), (700, 720, 740, 760))
LABELS = text(55, 745, "行政许可") + text(155, 745, "12") + text(255, 745, "345") + text(55, 725, "行政处罚")
FILLED = GRID + LABELS
EMPTY_CELL = (160, 705)

UNTOLD = (
    " /F3 << /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Untold /Encoding /Identity-H /DescendantFonts "
    "[<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Untold /DW 500 /CIDSystemInfo "
    "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>"
)


def read(data: bytes) -> Document:
    return formats.read(data)


def kinds(found: Document) -> list[str]:
    return [issue.kind for issue in found.issues]


def rows(found: Document) -> list[list[str]]:
    (table,) = (block for block in found.blocks if isinstance(block, Table))
    return [[cell.text for cell in row] for row in table.rows]


def cell(content: str, **more: object) -> tuple[str, list[str]]:
    """(text of the last row's middle cell, kinds of issues) of the filled table with more on the page."""
    found = read(document([FILLED + content]))
    return rows(found)[2][1], kinds(found)


def test_a_plain_table() -> None:
    found = read(document([FILLED]))
    assert found.format == "pdf" and not found.recognised and found.issues == ()
    assert rows(found) == [["行政许可", "12", "345"], ["行政处罚", "", ""], ["", "", ""]]


def test_the_signature_may_stand_behind_other_bytes_and_a_page_that_names_it_is_html() -> None:
    assert pdf.sniff(b"\r\n\r\njunk " + document([FILLED]), "report.doc", "text/html")
    assert not pdf.sniff(b"<html><p>%PDF-1.7</p></html>", "report.pdf", "application/pdf")


def test_a_number_in_several_pieces() -> None:
    assert cell(text(160, 705, "96171") + text(187.8, 705, ".6")) == ("96171.6", [])


def test_two_numbers_in_one_cell() -> None:
    assert cell(text(160, 705, "12") + text(175, 705, "5")) == ("12 5", [])
    assert cell(text(160, 705, "12 5")) == ("12 5", [])


def test_fake_bold() -> None:
    assert cell(text(160, 705, "1199") + text(160.3, 705, "1199")) == ("1199", [])
    assert cell(text(160, 705, "1199", more="2 Tr 0.3 w")) == ("1199", [])


def test_two_figures_over_each_other() -> None:
    said, found = cell(text(160, 705, "99") + text(160, 705, "55"))
    assert said == UNKNOWN * 2 and found == ["overprinted"]


@pytest.mark.parametrize(
    "unseen",
    [
        text(160, 705, "99", more="3 Tr"),
        text(160, 705, "99", more="7 Tr"),
        "1 g " + text(160, 705, "99"),
        text(160, 705, "99") + "0.9 g 151 701 98 18 re f\n",
        text(160, 705, "99", size=0.5),
    ],
)
def test_what_nobody_sees_is_not_read(unseen: str) -> None:
    assert cell(unseen) == ("", ["hidden_text"])


def test_a_covered_figure_and_the_one_above_it() -> None:
    said, found = cell(text(160, 705, "99") + "1 g 151 701 98 18 re f 0 g\n" + text(160, 705, "55"))
    assert (said, found) == ("55", ["hidden_text"])


def test_white_figures_on_a_dark_ground_are_seen() -> None:
    assert cell("0 0 0.5 rg 151 701 98 18 re f 1 g\n" + text(160, 705, "99")) == ("99", [])


def test_what_is_outside_the_visible_page_is_not_read() -> None:
    found = read(document([FILLED + text(160, 400, "99")], page="/MediaBox [0 0 595 842] /CropBox [0 500 595 842]"))
    assert not any("99" in block.text for block in found.blocks if isinstance(block, Paragraph))
    (table,) = (block for block in found.blocks if isinstance(block, Table))
    box = table.rows[0][0].box
    assert box is not None and box.as_json() == [1, 50, 82, 150, 102]


def test_struck_out_figures_are_marked() -> None:
    said, _ = cell(text(160, 705, "99") + line(158, 708.5, 172, 708.5) + text(180, 705, "55"))
    assert said == "~9~9 55"


def test_raised_marks_stand_apart() -> None:
    assert cell(text(160, 705, "12") + text(171.2, 709, "1", 6)) == ("12^1", [])


def test_askew_digits_are_not_read() -> None:
    said, found = cell("BT /F1 9 Tf 0 1 -1 0 170 703 Tm (12) Tj ET\n")
    assert "1" not in said and UNKNOWN in said and found == ["turned_text"]


def test_a_watermark_across_the_table_is_no_text_of_it() -> None:
    said, found = cell(text(160, 705, "12") + "BT /F1 40 Tf 0.7 0.7 -0.7 0.7 160 690 Tm (2024) Tj ET\n")
    assert (said, found) == ("12", ["turned_text"])


@pytest.mark.parametrize(
    ("turn", "page"),
    [
        ("0 1 -1 0 842 0 cm ", "/MediaBox [0 0 842 595] /Rotate 90"),
        ("0 1 -1 0 842 0 cm ", "/MediaBox [0 0 842 595]"),
        ("-1 0 0 -1 595 842 cm ", "/MediaBox [0 0 595 842] /Rotate 180"),
        ("0 -1 1 0 0 595 cm ", "/MediaBox [0 0 842 595] /Rotate 270"),
        ("1 0 0 1 -20 300 cm ", "/MediaBox [-20 300 575 1142]"),
    ],
)
def test_turned_pages_are_read_upright(turn: str, page: str) -> None:
    """Turned by /Rotate, or drawn lying and never turned; the boxes are those of the page as one reads it."""
    found = read(document([turn + FILLED], page=page))
    assert rows(found) == [["行政许可", "12", "345"], ["行政处罚", "", ""], ["", "", ""]]
    (table,) = (block for block in found.blocks if isinstance(block, Table))
    box = table.rows[0][0].box
    assert box is not None and box.as_json() == [1, 50, 82, 150, 102]


def test_lines_in_a_form_with_its_own_matrix() -> None:
    lines = grid((175, 225, 275, 325), (700, 710, 720, 730))
    form = (
        "<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Matrix [2 0 0 2 -300 -700] "
        f"/Length {len(lines)} >>\nstream\n{lines}\nendstream"
    )
    found = read(document([LABELS + "q /X0 Do Q"], objects=[form]))
    assert rows(found)[0] == ["行政许可", "12", "345"]


def test_lines_as_thin_areas_and_double_lines() -> None:
    areas = "".join(f"50 {y} 300 0.5 re f\n50 {y - 2} 300 0.5 re f\n" for y in (700, 720, 740, 760))
    areas += "".join(f"{x} 698 0.5 62 re f\n" for x in (50, 150, 250, 350))
    assert rows(read(document([areas + LABELS])))[0] == ["行政许可", "12", "345"]


def test_a_font_that_does_not_tell_its_characters() -> None:
    page = FILLED + text(160, 705, "1234").replace("/F1", "/F3")
    found = read(document([page], fonts=FONTS + UNTOLD))
    assert kinds(found) == ["recognised", "unmapped_characters"]
    assert set(rows(found)[2][1]) == {UNKNOWN}


def test_radicals_are_the_characters_that_they_stand_for() -> None:
    found = read(document([text(55, 745, "⾏政⻚⻓")]))
    assert [block.text for block in found.blocks if isinstance(block, Paragraph)] == ["行政页长"]


def test_links_and_title() -> None:
    annotation = (
        "<< /Type /Annot /Subtype /Link /Rect [50 740 150 760] /A << /S /URI /URI (https://example.invalid/a) >> >>"
    )
    data = document([FILLED], page="/MediaBox [0 0 595 842] /Annots [101 0 R]", objects=["<< >>", annotation])
    (link,) = read(data).links
    assert (link.url, link.text) == ("https://example.invalid/a", "行政许可")
    assert read(data).title == ""


def test_what_was_filled_into_a_form_field_stands_on_the_page() -> None:
    shown = "BT /F1 10 Tf 4 4 Td (99) Tj ET"
    appearance = (
        f"<< /Type /XObject /Subtype /Form /BBox [0 0 80 16] /Resources << /Font << {FONTS} >> >> "
        f"/Length {len(shown)} >>\nstream\n{shown}\nendstream"
    )
    field = (
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (99) /F 4 /Rect [155 702 235 718] /AP << /N 102 0 R >> >>"
    )
    page = "/MediaBox [0 0 595 842] /Annots [101 0 R]"
    assert rows(read(document([FILLED], page=page, objects=["<< >>", field, appearance])))[2] == ["", "99", ""]


def picture(words: str) -> tuple[str, str]:
    """(an image object, how a page draws it over its whole width)."""
    image = Image.new("L", (595, 842), 255)
    draw = ImageDraw.Draw(image)
    for x in (50, 150, 250, 350):
        draw.line((x, 82, x, 142), fill=0, width=1)
    for y in (82, 102, 122, 142):
        draw.line((50, y, 350, y), fill=0, width=1)
    draw.text((160, 86), words, fill=0)
    data = zlib.compress(image.tobytes()).hex() + ">"
    head = (
        "<< /Type /XObject /Subtype /Image /Width 595 /Height 842 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        f"/Filter [/ASCIIHexDecode /FlateDecode] /Length {len(data)} >>"
    )
    return f"{head}\nstream\n{data}\nendstream", "q 595 0 0 842 0 0 cm /X0 Do Q\n"


@pytest.mark.parametrize("layer", ["", text(160, 745, "99", more="3 Tr"), "page number"])
def test_a_page_that_is_a_picture_is_recognised(layer: str) -> None:
    """The text layer below a scan is somebody's guess: it is not believed, the picture is looked at anew."""
    image, draw = picture("4096")
    content = draw + (text(290, 20, "- 1 -") if layer == "page number" else layer)
    found = read(document([content], objects=[image]))
    assert found.recognised
    said = "".join(
        cell.text for block in found.blocks if isinstance(block, Table) for row in block.rows for cell in row
    )
    said += "".join(block.text for block in found.blocks if isinstance(block, Paragraph))
    assert "99" not in said
    assert all(
        cell.confidence < 1 for block in found.blocks if isinstance(block, Table) for row in block.rows for cell in row
    )


def test_a_table_that_is_only_a_picture() -> None:
    """Text around, the table drawn as an image of most of the page's width."""
    image, _ = picture("4096")
    words = text(55, 800, "二、主动公开政府信息情况见下表，机关和数字均为虚构。")
    found = read(document([words + "q 595 0 0 842 0 -90 cm /X0 Do Q\n"], objects=[image]))
    assert kinds(found) == ["recognised", "table_is_picture"] and found.recognised
    assert isinstance(found.blocks[0], Paragraph) and isinstance(found.blocks[1], Table)
    box = found.blocks[1].rows[0][0].box
    assert box is not None and abs(box.top - 172) < 3 and abs(box.left - 50) < 3


def test_letters_drawn_as_curves_are_recognised() -> None:
    shapes = "".join(f"{50 + 6 * (n % 60)} {700 - 20 * (n // 60)} 5 9 re f\n" for n in range(200))
    assert read(document([shapes])).recognised


def test_a_header_beside_an_unseen_layer_does_not_make_a_scan_a_text() -> None:
    image, draw = picture("4096")
    header = text(50, 825, "http://www.example.invalid/art/2024/1/9/page.html")
    layer = "".join(text(50, 600 - 12 * n, "99 98 97 96 95 94 93 92", more="3 Tr") for n in range(12))
    found = read(document([draw + header + layer], objects=[image]))
    assert found.recognised


def test_text_below_a_page_filling_picture_is_unseen() -> None:
    image, draw = picture("4096")
    found = read(document([text(160, 745, "99") + draw], objects=[image]))
    assert found.recognised


def test_passwords() -> None:
    with pytest.raises(ReadError, match="密码"):
        read(document([FILLED], user="secret"))
    assert rows(read(document([FILLED], user="")))[0] == ["行政许可", "12", "345"]


def test_bounds() -> None:
    with pytest.raises(ReadError, match="120"):
        read(document([""] * 300))
    assert len(read(document([FILLED] * 3)).blocks) >= 1
    giant = read(document([FILLED], page="/MediaBox [0 0 200000 200000]"))
    assert kinds(giant) == ["page_too_big"] and giant.blocks == ()


def test_page_trees_that_lead_nowhere() -> None:
    data = document([FILLED])
    for wrong in (b"/Kids [2 0 R]", b"/Kids [9 0 R]", b"/Kids [4 0 R]"):
        try:
            found = read(data.replace(b"/Kids [3 0 R]", wrong))
        except ReadError:
            continue
        assert found.blocks == () and kinds(found) in (["page_unreadable"], ["no_text"])
    with pytest.raises(ReadError):
        read(data.replace(b"/Count 1", b"/Count 0").replace(b"/Kids [3 0 R]", b"/Kids []"))


def test_garbage() -> None:
    with pytest.raises(ReadError, match="损坏"):
        read(b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"%%EOF")


@pytest.mark.parametrize("part", range(1, 20))
def test_truncated_files(part: int) -> None:
    """What was cut off would be blank cells: such a file is refused."""
    data = (MADE / "pdf-2019.pdf").read_bytes()
    with pytest.raises(ReadError, match="PDF"):
        read(data[: len(data) * part // 20])


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bits(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray((MADE / "pdf-2008.pdf").read_bytes())
    for _ in range(40):
        data[chance.randrange(1024, len(data))] ^= 1 << chance.randrange(8)
    try:
        assert read(bytes(data)).format == "pdf"
    except ReadError as error:
        assert "PDF" in str(error)
