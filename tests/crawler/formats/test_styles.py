"""What a page's own styles hide, and what they only may hide."""

import pytest

from crawler import formats
from crawler.errors import ReadError
from crawler.formats.html import selectors
from crawler.model import Document, Paragraph


def read(body: str, style: str = "", media: str = "") -> Document:
    head = f"<style media='{media}'>{style}</style>" if style else ""
    return formats.read(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode())


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize(
    ("style", "seen"),
    [
        ("display: none", ""),
        ("DISPLAY:NONE !important", ""),
        ("display: none; display: block", "旧"),
        ("display: none !important; display: block", ""),
        ("visibility: hidden", ""),
        ("opacity: 0", ""),
        ("opacity: 0.5", "旧"),
        ("font-size: 0", ""),
        ("font-size: 0.9em", "旧"),
        ("text-indent: -9999px", ""),
        ("text-indent: -2em", "旧"),
        ("height: 0; overflow: hidden", ""),
        ("height: 0", "旧"),
        ("position: absolute; left: -9999px", ""),
        ("left: -9999px", "旧"),
        ("position: absolute; clip: rect(0 0 0 0)", ""),
        ("color: white", "旧"),
        ("background: none; border: none", "旧"),
    ],
)
def test_style_attributes(style: str, seen: str) -> None:
    assert texts(read(f"<div style='{style}'>旧</div>")) == ([seen] if seen else [])


@pytest.mark.parametrize("inner", ["<b style='visibility: visible'>新</b>", "<b style='VISIBILITY:visible'>新</b>"])
def test_what_is_inherited_may_be_taken_back(inner: str) -> None:
    assert texts(read(f"<p style='visibility: hidden'>旧{inner}</p>")) == ["新"]
    assert texts(read("<p style='font-size: 0'>旧<b style='font-size: 12pt'>新</b></p>")) == ["新"]
    assert texts(read("<p style='font-size: 0'>旧<font size=2>新</font></p>")) == ["新"]


@pytest.mark.parametrize("attributes", ["aria-hidden=true", "class=hidden", "style='overflow: hidden'"])
def test_what_does_not_hide(attributes: str) -> None:
    assert texts(read(f"<p {attributes}>新</p>")) == ["新"]


@pytest.mark.parametrize(
    "rule",
    [
        ".old { display: none }",
        "p.old{DISPLAY:NONE}",
        "#x, .y {display:none}",
        ".box .old {visibility: hidden}",
        "div#outer p{display:none!important} p{display:block}",
        "/* .old { } */ .old{display:none} p{display:block}",
        "p{display:block} @media screen { .old { display: none } }",
        "@media print { p { color: red } } .old{display:none}",
        "<!-- .old{display:none} -->",
        "p::before { content: '}' } .old{display:none}",
        "p[class]{display:none}",
        "@import url(a.css); .old{display:none}",
    ],
)
def test_rules_that_surely_hide(rule: str) -> None:
    page = "<div id=outer class=box><p id=x class='a old'>旧</p></div><b>新</b>"
    assert texts(read(page, rule)) == ["新"]


@pytest.mark.parametrize(
    ("rule", "media"),
    [
        (".old{display:none}", "print"),
        ("@media print { .old { display: none } }", ""),
        (".old{display:none} p.old{display:block}", ""),
        (".old{display:none} .old{display:block}", ""),
        (".old{display:none} p{display:block!important}", ""),
        (".ol{display:none} .OLD{display:none} old{display:none}", ""),
        (".box > .old{display:none}", ""),
        (".old:not(.on){display:none}", ""),
        ("@media (max-width: 600px) { .old { display: none } }", ""),
        (".old::before{display:none} ::-webkit-scrollbar{display:none}", ""),
        ("@keyframes f { from { display: none } }", ""),
        (".old { b { display: none } }", ""),
    ],
)
def test_rules_that_do_not_surely_hide(rule: str, media: str) -> None:
    assert texts(read("<div class=box><p class=old>新</p></div>", rule, media)) == ["新"]


def test_a_style_attribute_goes_before_the_rules() -> None:
    assert texts(read("<p class=old style='display:block'>新</p>", ".old{display:none}")) == ["新"]
    assert texts(read("<p class=old style='display:block'>旧</p>", ".old{display:none!important}")) == []


def test_a_cell_hidden_by_visibility_keeps_its_place() -> None:
    document = read("<table><tr><td class=v>9<td>1<td>2<tr><td>a<td>b<td>c</table>", ".v{visibility:hidden}")
    (table,) = document.blocks
    assert not isinstance(table, Paragraph)
    assert [cell.text for cell in table.rows[0]] == ["", "1", "2"]


ROWS = "<tr><td>规章<td>1<tr><td>文件<td>2<tr><td>许可<td>3<tr><td>处罚<td>4"
OTHER = "<tr><td>姓名<td>甲<tr><td>电话<td>乙<tr><td>地址<td>丙<tr><td>邮编<td>丁"
MAYBE = ".tab:not(.on){display:none}"


@pytest.mark.parametrize(
    ("body", "style", "kinds"),
    [
        (
            f"<div class='tab on'><table>{ROWS}</table></div><div class=tab><table>{ROWS}</table></div>",
            MAYBE,
            ["maybe_hidden"] * 2,
        ),
        (f"<table>{ROWS}</table><div class=tab><table>{ROWS}</table></div>", MAYBE, ["maybe_hidden"]),
        (f"<div class=tab><table>{ROWS}</table></div><table>{OTHER}</table>", MAYBE, []),
        (f"<table>{ROWS}</table><div hidden><table>{ROWS}</table></div>", "", []),
        (f"<div style='display:none'><table>{ROWS}</table></div><table>{OTHER}</table>", "", ["hidden_table"]),
    ],
)
def test_hidden_tables_are_named_where_it_matters(body: str, style: str, kinds: list[str]) -> None:
    document = read(body, style)
    assert [issue.kind for issue in document.issues] == kinds
    assert all(
        issue.place is not None and issue.place.table for issue in document.issues if issue.kind == "maybe_hidden"
    )


def test_rules_without_end_are_refused() -> None:
    with pytest.raises(ReadError, match="样式"):
        read("<p>后", ".a{display:none}" * (selectors.MAX_RULES + 1))
