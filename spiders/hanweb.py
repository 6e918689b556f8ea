"""Hanweb 大汉 JCMS columns with jpage and dataproxy.jsp.

Recognise: /col/col81605/index.html, /art/2023/1/17/art_6093_475998.html, <script type="text/xml"><datastore>,
jpage({totalRecord, perPage}), …/jpage/dataproxy.jsp. /col/colN alone is no proof: other systems keep the addresses.

The visible list is empty; the rows stand in CDATA of a data store in the page, further ones behind the address
in <nextgroup>, copied as it stands. A page may hold several data stores: the one of this column counts.

Known limits: only the GET dialect of dataproxy.jsp (page=N); the xxgk module and xxgkAnnualReport.jsp are not read.
"""

import re
from collections.abc import Iterator, Sequence
from html import unescape

from config.schema import Column
from crawler.page import Page, parse
from spiders.base import PortalSpider
from spiders.listing import END, Listing, Paging, Row, Seen, Step, absolute
from spiders.signs import ADDRESS, COMPANION, PROOF, Sign

_COLUMN_ID = re.compile(r"/col/col(\d+)(?:/|$)")
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_DATE = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?")
_PAGE_NUMBER = re.compile(r"(?<=[?&]page=)\d+")
_JPAGE = re.compile(r"#(\d+)['\"]\s*\)\s*\.jpage\(\s*\{([^}]{0,500})\}")
_TOTAL = re.compile(r"totalRecord\s*:\s*(\d+)")


class HanwebSpider(PortalSpider):
    """Options of a column: `column_id`, where its address does not bear it."""

    name = "hanweb"

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        found = []
        if "<datastore" in page.text:
            found.append(Sign(PROOF, "<datastore>"))
        if ".jpage(" in page.text or "/jpage/dataproxy.jsp" in page.text:
            found.append(Sign(COMPANION, "jpage / dataproxy.jsp"))
        if _COLUMN_ID.search(page.url):
            found.append(Sign(ADDRESS, "/col/col…"))
        return tuple(found)

    def read_list(self, page: Page, column: Column) -> Listing:
        column_id = _column_id(column)
        if not column_id:
            return Listing(problem="地址里没有栏目编号，请设置 options: column_id")
        stores = list(_between(page.text, "<datastore", "</datastore>"))
        if not stores:
            return Listing(problem="页面里没有 datastore")
        if page.text.lstrip().startswith(("<?xml", "<datastore")):
            return _read_answer(stores[0], page.url)
        for store in stores:
            if _belongs(store, column_id):
                return _read_store(store, page)
        return Listing(problem=f"页面里 {len(stores)} 个 datastore 都不是栏目 {column_id} 的")

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        listings = [page.listing for page in seen if page.listing is not None]
        paging, last = listings[0].paging, listings[-1].paging
        read = sum(page.fresh for page in seen)
        if paging.records is not None and read >= paging.records:
            return END
        if not paging.template:
            if paging.records is None:
                return END
            return Step(incomplete=f"页面说有 {paging.records} 条，只列出 {read} 条，没有下一组的地址")
        number = (paging.first or 1) + len(seen) - 1
        if last.pages is not None and number > last.pages:
            return END  # every page there is has been read; an article that is listed twice counts twice in the total
        # The first group may repeat what stands in the page itself; from the second on, nothing new means the end.
        if len(seen) > 2 and seen[-1].fresh == 0:
            if paging.records is None:
                return END
            return Step(incomplete=f"页面说有 {paging.records} 条，只读到 {read} 条")
        return Step(paging.template.replace("{page}", str(number)))


def _column_id(column: Column) -> str:
    given = column.options.get("column_id")
    found = _COLUMN_ID.search(column.url)
    return str(given) if given is not None else (found.group(1) if found else "")


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


def _nextgroup(store: str) -> str:
    """The address in <nextgroup>, or ""."""
    for group in _between(store, "<nextgroup>", "</nextgroup>"):
        href = _HREF.search(_content(group))
        if href:
            return unescape(href.group(1) or href.group(2) or "").strip()
    return ""


def _belongs(store: str, column_id: str) -> bool:
    """By the columnid of its next group; a store without one by the addresses of its articles."""
    group = _nextgroup(store)
    if group:
        return bool(re.search(rf"[?&]columnid={column_id}(?!\d)", group))
    return f"/art_{column_id}_" in store


def _rows(store: str, base: str) -> tuple[Row, ...]:
    return tuple(row for record in _between(store, "<record>", "</record>") for row in _row(_content(record), base))


def _row(record: str, base: str) -> Iterator[Row]:
    tree = parse(record)
    link = next((link for link in tree.iter("a") if link.get("href")), None)
    if link is None:
        return
    shown = "".join(link.itertext())
    title = " ".join((link.get("title") or shown).split())
    beside = "".join(tree.itertext()).replace(shown, " ", 1)
    date = _DATE.search(beside)
    yield Row(absolute(base, link.get("href", "")), title, date.group() if date else "")


def _read_store(store: str, page: Page) -> Listing:
    """The data store in the column's page."""
    rows = _rows(store, page.url)
    group = _nextgroup(store)
    unit = re.search(r"[?&]unitid=(\d+)", group)
    totals = {
        match.group(1): int(total.group(1))
        for match in _JPAGE.finditer(page.text)
        if (total := _TOTAL.search(match.group(2)))
    }
    records = totals.get(unit.group(1)) if unit else None
    if records is None and len(totals) == 1:
        records = next(iter(totals.values()))
    if not rows:
        if records == 0:
            return Listing(empty=True)
        return Listing(problem=f"列表为空，页面却说有 {records} 条" if records else "列表为空，页面没有说明总数")
    number = _PAGE_NUMBER.search(group)
    if group and not number:
        return (
            Listing(rows, unclear="下一组的地址没有页码，这种写法还不认识") if records != len(rows) else Listing(rows)
        )
    template = _PAGE_NUMBER.sub("{page}", absolute(page.url, group)) if group else ""
    return Listing(rows, paging=Paging(records=records, template=template, first=int(number.group()) if number else 1))


def _read_answer(store: str, base: str) -> Listing:
    """An answer of dataproxy.jsp."""
    numbers = {
        name: int(text) if (text := next(_between(store, f"<{name}>", f"</{name}>"), "").strip()).isdigit() else None
        for name in ("totalrecord", "totalpage")
    }
    if "<recordset" not in store:
        return Listing(problem="回应里没有 recordset")
    return Listing(_rows(store, base), paging=Paging(pages=numbers["totalpage"], records=numbers["totalrecord"]))
