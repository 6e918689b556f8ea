"""Hanweb 大汉 JCMS columns with jpage and dataproxy.jsp, and those of its disclosure module xxgk.

Recognise: /col/col81605/index.html, /art/2023/1/17/art_6093_475998.html, <script type="text/xml"><datastore>,
jpage({totalRecord, perPage}), …/jpage/dataproxy.jsp, /module/xxgk/. /col/colN alone is no proof: other systems keep
the addresses.

The visible list is empty; the rows stand in CDATA of a data store in the page (store.py), further ones behind the
address in <nextgroup>, copied as it stands, or behind a POST to the same proxy (windows.py). A page may hold several
data stores: the one of this column counts. Columns of the xxgk module ask search.jsp (search.py). Annual reports at
module/xxgk/xxgkAnnualReport.jsp?area=…&fbtime={year} are columns with `holds: years`, a column that shows the newest
report itself is one with `holds: article`: no list is read there.

Known limits: search.jsp finds what it is asked for, and how it is asked the page must say; it lists the whole office,
so a large office needs more pages than a visit has, and the look is incomplete. One host may publish one year by
xxgkAnnualReport.jsp and the next one in a column: both belong into the portal's file.
"""

import re
from collections import Counter
from collections.abc import Sequence

from config.schema import Column
from crawler.page import Page
from spiders.base import PortalSpider
from spiders.hanweb import search, store, windows
from spiders.lists.listing import END, Listing, Paging, Seen, Step, absolute
from spiders.signs import ADDRESS, COMPANION, PROOF, Sign

_COLUMN_ID = re.compile(r"/col/col(\d+)(?:/|$)")
_PAGE_NUMBER = re.compile(r"(?<=[?&]page=)\d{1,9}")
_ARTICLE = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html")


class HanwebSpider(PortalSpider):
    """Options of a column: `column_id`, where its address does not bear it; for the xxgk module the fields of its

    search (infotypeId, jdid, area, divid …), where the page does not give them.
    """

    name = "hanweb"

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        found = []
        if store.IN_PAGE.search(page.text) or store.is_answer(page.text):
            found.append(Sign(PROOF, "<datastore>"))
        if "/module/xxgk/" in page.text:
            found.append(Sign(PROOF, "/module/xxgk/"))
        if "/jpage/dataproxy.jsp" in page.text:
            found.append(Sign(PROOF, "/jpage/dataproxy.jsp"))
        elif store.calls_jpage(page):
            found.append(Sign(COMPANION, "jpage({totalRecord…})"))
        if _ARTICLE.search(page.text):
            found.append(Sign(COMPANION, "/art/2024/1/18/art_123_4567.html"))
        if any(shape.search(page.url) for shape in (_COLUMN_ID, _ARTICLE, re.compile("/module/xxgk/"))):
            found.append(Sign(ADDRESS, "/col/col…, /art/…/art_…, /module/xxgk/"))
        return tuple(found)

    def read_list(self, page: Page, column: Column) -> Listing:
        if store.is_answer(page.text):
            return store.read_answer(page.text, page.url)
        if search.is_answer(page):
            return search.read_answer(page, _column_id(column.url, column))
        column_id = _column_id(page.url, column)
        frame = None if "<datastore" in page.text else search.read_frame(page, column)
        if frame is not None:
            return frame
        if not column_id:
            return Listing(problem="地址里没有栏目编号，请设置 options: column_id")
        return _read_page(page, column_id)

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        first = seen[0].listing
        paging = first.paging if first is not None else Paging()
        if paging.form:
            is_search = any(name == "currpage" for name, _ in paging.form)
            if is_search:
                return search.next_page(seen)
            if len(seen) == 1 and paging.records is not None and seen[0].fresh >= paging.records:
                return END
            return windows.next_window(seen)
        return _next_group(seen, paging)


def _column_id(url: str, column: Column) -> str:
    """The number of the column whose list stands at `url`: of the column itself, or of a sub-column."""
    given = column.options.get("column_id")
    if given is not None:
        return re.sub(r"\D", "", str(given))
    found = _COLUMN_ID.search(url) or _COLUMN_ID.search(column.url)
    return found.group(1) if found else ""


def _read_page(page: Page, column_id: str) -> Listing:
    """The column's page: the data store of this column, or the parameters by which its script asks for it."""
    known = store.stores(page.text)
    mine = [one for one in known if store.belongs(one, column_id)]
    own = max(mine, key=lambda one: _promise(one, page)) if len(mine) > 1 else next(iter(mine), None)
    asked = windows.fields_of_page(page, column_id)
    if own is None:
        # An empty store names no column: it is this one's, if no other stands there.
        if len(known) == 1 and not store.nextgroup(known[0]) and not store.rows(known[0], page.url):
            own = known[0]
        elif not asked:
            why = f"页面里 {len(known)} 个 datastore 都不是栏目 {column_id} 的" if known else "页面里没有 datastore"
            return Listing(problem=why)
    group = store.nextgroup(own) if own is not None else ""
    rows = store.rows(own, page.url) if own is not None else ()
    records = store.total(page, store.unit_of(group) or dict(asked).get("unitid", ""))
    if not rows and records == 0:
        return Listing(empty=True)
    number = _PAGE_NUMBER.search(group)
    if number:
        template = _PAGE_NUMBER.sub("{page}", absolute(page.url, group), count=1)
        paging = Paging(records=records, template=template, first=int(number.group()))
    elif "startrecord=" in group:
        proxy = absolute(page.url, group.partition("?")[0])
        paging = Paging(records=records, link=proxy, form=windows.fields_of_group(group))
    elif asked and not group:
        paging = Paging(records=records, link=windows.proxy_of_page(page), form=asked)
    else:
        paging = Paging(records=records)
    if not rows:
        if paging.form:
            return Listing(frame=True, paging=paging)
        return Listing(problem=f"列表为空，页面却说有 {records} 条" if records else "列表为空，页面没有说明总数")
    if paging.template or paging.form or records == len(rows):
        return Listing(rows, paging=paging)
    if group:
        return Listing(rows, unclear="下一组的地址没有页码，这种写法还不认识")
    if records is None and store.calls_jpage(page):
        return Listing(rows, unclear="页面分页，但没有说明共有几条")
    return Listing(rows, paging=paging)


def _promise(one: str, page: Page) -> tuple[int, int]:
    """How much of the column a store holds: beside its list may stand its newest lines, in a unit of their own."""
    return store.total(page, store.unit_of(store.nextgroup(one))) or 0, len(store.rows(one, page.url))


def _next_group(seen: Sequence[Seen], paging: Paging) -> Step:
    """The groups of the GET dialect, from the address in <nextgroup> on."""
    last = seen[-1].listing or Listing()
    read = sum(page.fresh for page in seen) + _repeated(seen)
    records = paging.records if last.paging.records is None else last.paging.records
    if records is not None and read >= records:
        return END
    if not paging.template:
        if records is None:
            return END
        return Step(incomplete=f"页面说有 {records} 条，只列出 {read} 条，没有下一组的地址")
    number = (paging.first or 1) + len(seen) - 1
    # The first group may repeat what stands in the page itself; from the second on, nothing new means the end.
    if len(seen) > 2 and seen[-1].fresh == 0:
        if records is None and not last.rows:
            return END
        told = "没有说明共有几条" if records is None else f"说有 {records} 条"
        return Step(incomplete=f"页面{told}，只读到 {read} 条，后面的组没有新的条目")
    if last.paging.pages is not None and number > last.paging.pages:
        return END if records is None else Step(incomplete=f"所有的组都读了，页面说有 {records} 条，只读到 {read} 条")
    return Step(paging.template.replace("{page}", str(number)))


def _repeated(seen: Sequence[Seen]) -> int:
    """Rows that one and the same answer holds again: an article that is listed twice counts twice in the total."""
    most: Counter[str] = Counter()
    for page in seen:
        most |= Counter(row.url for row in page.listing.rows) if page.listing is not None else Counter()
    return sum(count - 1 for count in most.values())
