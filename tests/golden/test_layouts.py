"""The made pages as portals and editors lay them out: whatever surrounds the cells, the facts stay the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from crawler import formats, reports
from tests.golden.make import MADE
from tests.golden.test_made import said


def whole_page_as_one_table(page: str) -> str:
    rows = re.sub(r"<p>(.*?)</p>", r"<tr><td colspan=10>\1</td></tr>", _body(page)).replace(
        "机关和数字均为虚构。", "机关和数字均为虚构。" * 20
    )
    return f"<html><body><table>{rows.replace('<table>', '').replace('</table>', '')}</table></body></html>"


def inside_a_layout_table(page: str) -> str:
    return f"<html><body><table><tr><td>菜单<td>{_body(page)}</table></body></html>"


def rows_wider_than_the_table(page: str) -> str:
    return page.replace('colspan="4"', 'colspan="100"')


def numbers_in_tables_of_their_own(page: str) -> str:
    return re.sub(r"<td>(\d+)</td>", r"<td><table><tr><td>\1</td></tr></table></td>", page)


def cells_without_end(page: str) -> str:
    return page.replace("</td>", "").replace("</tr>", "").replace("<td>", "<td><font><b>")


def old_form_hidden_beside_it(page: str) -> str:
    old = re.sub(r"\d", "7", _body(page))
    return page.replace("</head>", "<style>.old{display:none}</style></head>").replace(
        "</body>", f"<div class=old>{old}</div></body>"
    )


def old_form_commented_out(page: str) -> str:
    return page.replace("</body>", f"<!-- {re.sub('[0-9]', '7', _body(page))} --></body>")


def digits_split_by_elements(page: str) -> str:
    return re.sub(r"<td>(\d)(\d+)</td>", r"<td><p><span>\1</span><o:p></o:p><font>\2</font></p></td>", page)


def gbk_that_says_utf_8(page: str) -> bytes:
    return page.encode("gb18030")


def _body(page: str) -> str:
    found = re.search(r"<body>(.*)</body>", page, re.S)
    assert found
    return found[1]


LAYOUTS: tuple[Callable[[str], str | bytes], ...] = (
    whole_page_as_one_table,
    inside_a_layout_table,
    rows_wider_than_the_table,
    numbers_in_tables_of_their_own,
    cells_without_end,
    old_form_hidden_beside_it,
    old_form_commented_out,
    digits_split_by_elements,
    gbk_that_says_utf_8,
)


@pytest.mark.parametrize("template", ["2019", "2021"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_layouts(layout: Callable[[str], str | bytes], template: str) -> None:
    page = (MADE / f"html-{template}.html").read_text(encoding="utf-8")
    laid_out = layout(page)
    assert laid_out != page
    report = reports.parse(formats.read(laid_out.encode() if isinstance(laid_out, str) else laid_out))
    assert said(report) == json.loads((MADE / f"{template}.expected.json").read_text(encoding="utf-8"))
