"""Data stores of Hanweb: in a column's page, and as the answer of dataproxy.jsp. Touches nothing.

    <datastore><nextgroup><![CDATA[<a href="…dataproxy.jsp?page=1&…">]]></nextgroup>
    <recordset><record><![CDATA[<li><a href='/art/…' title='…'>…</a><span>2025-12-15</span></li>]]></record>…

An HTML parser takes a store for a script's text, so it is read as text; only the records are HTML.
"""

import re
from collections.abc import Iterator
from html import unescape

from lxml.html import HtmlElement

from crawler.page import Page, parse
from spiders.lists.listing import Listing, Paging, Row, absolute
from spiders.lists.rows import title_of

IN_PAGE = re.compile(r"<script[^>]{0,100}\btext/xml[^>]{0,100}>\s*<datastore\b", re.I)

_ANSWER = re.compile(r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<datastore\b", re.I)
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_DATE = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?")
_ARTICLE = re.compile(r"/art/|\bart_\d+_\d+")
_JPAGE = re.compile(r"""["']#?(\w{1,40})["']\s*\)\s*\.jpage\s*\(""")
_JPAGE_LENGTH = 2000  # characters of a call's arguments that are looked at
_TOTAL = re.compile(r"""\btotalRecord["']?\s*:\s*["']?(\d{1,9})""")
_UNIT = re.compile(r"[?&]unitid=(\w+)")


def is_answer(text: str) -> bool:
    """Whether the text is an answer of the proxy, and no page."""
    return _ANSWER.match(text) is not None


def read_answer(text: str, base: str) -> Listing:
    store = next(_between(text, "<datastore", "</datastore>"), "")
    if "<recordset" not in store:
        return Listing(problem="回应里没有 recordset")
    pages, records = (_number(store, name) for name in ("totalpage", "totalrecord"))
    rows = tuple(_rows(store, base))
    if not rows and records:
        return Listing(problem=f"回应里没有条目，却说共有 {records} 条")
    return Listing(rows, empty=not rows and records == 0, paging=Paging(pages=pages, records=records))


def stores(text: str) -> tuple[str, ...]:
    """The data stores of a page, in order."""
    return tuple(_between(text, "<datastore", "</datastore>"))


def belongs(store: str, column_id: str) -> bool:
    """By the columnid of its next group; a store without one by the addresses of its articles."""
    group = nextgroup(store)
    if "columnid=" in group:
        return bool(re.search(rf"[?&]columnid={column_id}(?!\d)", group))
    return f"/art_{column_id}_" in store


def nextgroup(store: str) -> str:
    """The address in <nextgroup> as it stands, or ""."""
    for group in _between(store, "<nextgroup>", "</nextgroup>"):
        href = _HREF.search(_content(group))
        if href:
            return unescape(href.group(1) or href.group(2) or "").strip()
    return ""


def rows(store: str, base: str) -> tuple[Row, ...]:
    return tuple(_rows(store, base))


def total(page: Page, unit: str) -> int | None:
    """The records that the jpage call of this unit promises; of the only call, where the unit is not known."""
    totals = _totals(page.text)
    if unit in totals:
        return totals[unit]
    return next(iter(totals.values())) if len(totals) == 1 else None


def calls_jpage(page: Page) -> bool:
    return _JPAGE.search(page.text) is not None


def unit_of(address: str) -> str:
    found = _UNIT.search(address)
    return found.group(1) if found else ""


def _totals(text: str) -> dict[str, int]:
    calls = list(_JPAGE.finditer(text))
    found = {}
    ends = [call.start() for call in calls[1:]] + [len(text)]
    for call, end in zip(calls, ends[: len(calls)], strict=True):
        arguments = text[call.end() : min(end, call.end() + _JPAGE_LENGTH)].partition("</script")[0]
        if told := _TOTAL.search(arguments):
            found[call.group(1)] = int(told.group(1))
    return found


def _number(store: str, name: str) -> int | None:
    text = next(_between(store, f"<{name}>", f"</{name}>"), "").strip()
    return int(text) if text.isdecimal() and len(text) <= 9 else None


def _between(text: str, start: str, end: str) -> Iterator[str]:
    """What stands between each `start` and the next `end`, in one pass whatever the text is."""
    position = text.find(start)
    while position >= 0:
        stop = text.find(end, position)
        if stop < 0:
            return
        yield text[position + len(start) : stop]
        position = text.find(start, stop)


def _content(element: str) -> str:
    """The content of <record> or <nextgroup>: in CDATA as it stands, without it with entities."""
    inner = next(_between(element, "<![CDATA[", "]]>"), None)
    return unescape(element) if inner is None else inner


def _rows(store: str, base: str) -> Iterator[Row]:
    for record in _between(store, "<record>", "</record>"):
        tree = parse(_content(record))
        links = [link for link in tree.iter("a") if link.get("href")]
        if links:
            yield _row(tree, max(links, key=_likeness), base)


def _likeness(link: HtmlElement) -> tuple[bool, int]:
    """A record may link to its column as well as to its article."""
    return bool(_ARTICLE.search(link.get("href", ""))), len("".join(link.itertext()))


def _row(tree: HtmlElement, link: HtmlElement, base: str) -> Row:
    shown = "".join(link.itertext())
    date = _DATE.search("".join(tree.itertext()).replace(shown, " ", 1))
    return Row(absolute(base, link.get("href", "")), title_of(link), date.group() if date else "")
