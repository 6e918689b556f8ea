"""Spans against the algorithm of the standard, written down naively; random pages against their bounds."""

from __future__ import annotations

import contextlib
import random
import time
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler import formats
from crawler.errors import ReadError
from crawler.formats.grid import MAX_CELLS, MAX_SPAN, SourceCell, expand
from crawler.model import Cell, Paragraph, Table

Spans = list[list[list[tuple[int, int]]]]  # groups of rows of (rowspan, colspan)


def named(groups: Spans) -> list[list[list[SourceCell]]]:
    count = 0
    found: list[list[list[SourceCell]]] = []
    for group in groups:
        rows: list[list[SourceCell]] = []
        for row in group:
            cells: list[SourceCell] = []
            for down, across in row:
                count += 1
                cells.append(SourceCell(str(count), down, across))
            rows.append(cells)
        found.append(rows)
    return found


def forming_a_table(groups: Spans) -> dict[tuple[int, int], str]:
    """(row, column) → the cell's number. WHATWG HTML, 4.9.12.1; an overlap belongs to the earlier cell."""
    slots: dict[tuple[int, int], str] = {}
    count = 0
    top = 0
    for group in groups:
        bottom = top + len(group)
        for y, row in enumerate(group, start=top):
            x = 0
            for down, across in row:
                count += 1
                while (y, x) in slots:
                    x += 1
                height = bottom - y if down == 0 else min(down, bottom - y)
                for covered_y in range(y, y + height):
                    for covered_x in range(x, x + max(across, 1)):
                        slots.setdefault((covered_y, covered_x), str(count))
                x += max(across, 1)
        top = bottom
    return slots


spans = st.tuples(st.integers(0, 4), st.integers(0, 4))
tables = st.lists(st.lists(st.lists(spans, max_size=5), max_size=5), max_size=3)


@given(tables)
def test_expanded_as_the_standard_says(groups: Spans) -> None:
    grid = expand(named(groups))
    assert grid is not None
    slots = forming_a_table(groups)
    shown = sorted({y for y, _ in slots})
    width = max((x for _, x in slots), default=-1) + 1
    assert [["-" if cell.missing else cell.text for cell in row] for row in grid] == [
        [slots.get((y, x), "-") for x in range(width)] for y in shown
    ]


@given(tables)
def test_every_cell_is_its_own_once(groups: Spans) -> None:
    grid = expand(named(groups))
    assert grid is not None
    own = [cell.text for row in grid for cell in row if not cell.repeated and not cell.missing]
    assert own == [str(number) for number in range(1, sum(len(row) for group in groups for row in group) + 1)]


def test_what_is_known_of_a_cell_goes_along() -> None:
    grid = expand([[[SourceCell("a", 1, 2, None, 0.5)]]])
    assert grid == ((Cell("a", columns=2, confidence=0.5), Cell("a", repeated=True, confidence=0.5)),)


@pytest.mark.parametrize(
    "groups",
    [
        [[[SourceCell("a", 10**8, 10**8)] * 10] * 100],
        [[[SourceCell("a")] * MAX_SPAN] * 1_000],
        [[[SourceCell("a")] * (MAX_CELLS + 1)]],
        [[[SourceCell("a")] * 1_000] + [[SourceCell("b")]] * 1_000],
    ],
)
def test_no_grid_beyond_the_bound(groups: list[list[list[SourceCell]]]) -> None:
    assert expand(groups) is None


INLINE = ("<span>{}</span>", "<b>{}</b>", "<font size=2>{}</font>", "<a href=x>{}</a>", "<u><i>{}</i></u>", "{}<wbr>",
          "{}&#8203;", "<!-- 9 -->{}", "<span style='font-size:12pt'>{}</span>", "{}<o:p></o:p>", "{}<script>9</script>",
          "{}<span style='display:none'>9</span>")  # fmt: skip


@given(st.from_regex(r"-?[0-9]{1,9}(\.[0-9]{1,4})?(万元)?", fullmatch=True), st.randoms(use_true_random=False))
def test_a_number_split_by_inline_elements_stays_one(number: str, chance: random.Random) -> None:
    cell = "".join(chance.choice(INLINE).format(sign) for sign in number)
    document = formats.read(f"<html><table><tr><td>规章<td>{cell}<tr><td>文件<td>1</table></html>".encode())
    (table,) = document.blocks
    assert isinstance(table, Table)
    assert table.rows[0][1].text == number


@given(st.lists(st.sampled_from(["p", "div", "li", "h3", "center", "pre", "section"]), min_size=1, max_size=3))
def test_numbers_in_two_blocks_never_join(tags: list[str]) -> None:
    opened = "".join(f"<{tag}>" for tag in tags)
    closed = "".join(f"</{tag}>" for tag in reversed(tags))
    document = formats.read(
        f"<html><table><tr><td>规章<td>1{opened}2{closed}3<tr><td>文件<td>1</table></html>".encode()
    )
    (table,) = document.blocks
    assert isinstance(table, Table)
    assert table.rows[0][1].text == "1\n2\n3"


TAGS = ("table", "tr", "td", "th", "tbody", "thead", "div", "p", "b", "a", "form", "caption", "ul", "li", "style", "br",
        "script", "select", "option", "textarea", "pre", "title", "html", "body", "head", "svg", "iframe", "noscript")  # fmt: skip
pieces = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS]),
    st.sampled_from([f"</{tag}>" for tag in TAGS]),
    st.sampled_from(
        ["<!--", "-->", "<![CDATA[", "]]>", "&#0;", "&", "<", ">", '"', "<td rowspan=9 colspan=0>", "x{display:none}"]
    ),
    st.text(max_size=5).map(escape),
)


@given(st.lists(pieces, max_size=60))
@settings(max_examples=300)
def test_any_nesting_is_read_or_refused(parts: list[str]) -> None:
    with contextlib.suppress(ReadError):
        document = formats.read(("<html>" + "".join(parts)).encode(errors="replace"))
        assert all(block.text for block in document.blocks if isinstance(block, Paragraph))
        assert all(len({len(row) for row in block.rows}) == 1 for block in document.blocks if isinstance(block, Table))


@given(
    st.sampled_from([b"", b"<html>", b"\xff\xfe", b"\xef\xbb\xbf<p>", b"<\0p\0>\0", b"<meta charset=gbk>"]),
    st.binary(max_size=2_000),
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_bytes_are_read_or_refused_in_time(head: bytes, data: bytes) -> None:
    began = time.process_time()
    with contextlib.suppress(ReadError):
        formats.read(head + data)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "unclosed", ["<font>", "<b><i>", "<div>", "<p><span>", "<a href=x>", "<o:p>", "<wbr>", "<ul><li>", "<form>"]
)
def test_what_a_cell_leaves_open_ends_with_it(unclosed: str) -> None:
    rows = "".join(f"<tr><td>{unclosed}规章{number}<td>{unclosed}{number}" for number in range(300))
    document = formats.read(f"<html><table><tbody>{rows}<tr><td>末<td>{unclosed}9</table><p>后文</html>".encode())
    table, after = document.blocks
    assert isinstance(table, Table)
    expected = [[f"规章{number}", str(number)] for number in range(300)] + [["末", "9"]]
    assert [[cell.text for cell in row] for row in table.rows] == expected
    assert after == Paragraph("后文")
