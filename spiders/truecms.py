"""TrueCMS columns (Nantong, Lianyungang and their districts).

Recognise: column /<col>/<col>.html with a hidden #initData, article /<col>/content/<uuid>.html, a jpage call with
proxyUrl …/messageController/getMessage.do and ajaxParam columnId. The answer is JSONP with a data store inside.

The page holds the first rows (60, where met) and the total. The rest stands behind getMessage.do?startrecord&
endrecord&perpage&columnId. How much one answer holds at most differs by site, and more than that brings nothing or
404: 50, 20 and 10 are tried in this order. Where the end point is dead (404, met on one host), only the rows of the
page are had, and the look says so.

Known limits: a column without total is read and its look left incomplete.
"""

import re
from collections.abc import Sequence
from html import unescape
from urllib.parse import quote

from config.schema import Column
from crawler.page import Page, parse
from spiders.base import PortalSpider
from spiders.lists.jsontext import json_object
from spiders.lists.listing import END, Listing, Paging, Seen, Step, absolute
from spiders.lists.rows import has_articles, is_placeholder, lines
from spiders.signs import ADDRESS, COMPANION, PROOF, Sign

SIZES = (50, 20, 10)  # records asked for at once

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ARTICLE = re.compile(rf"/content/{_UUID}\.html$", re.I)
_SYSTEM = re.compile(r"/truecms/", re.I)
_PROXY = re.compile(r"""['"]([^'"\s<>]{0,200}/messageController/getMessage\.do)""")
_COLUMN_ID = re.compile(rf"""columnId['"]?\s*[:=]\s*['"]?({_UUID})""", re.I)
_TOTAL = re.compile(r"\btotalRecord\s*:\s*['\"]?(\d{1,9})")
_TOTAL_ANSWERED = re.compile(r"<totalrecord>\s*(\d{1,9})\s*</totalrecord>", re.I)
_RECORD = re.compile(r"<record>(.*?)</record>", re.S)


class TrueCmsSpider(PortalSpider):
    """Options of a column: `column_id`, where its page does not name it."""

    name = "truecms"

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        found = []
        if _PROXY.search(page.text) or _SYSTEM.search(page.text):
            found.append(Sign(PROOF, "/truecms/…/getMessage.do"))
        if _store(page.text) is not None:
            found.append(Sign(PROOF, '{"result": "<datastore>…"}'))
        if 'id="initData"' in page.text:
            found.append(Sign(COMPANION, "#initData"))
        if has_articles(page, _ARTICLE):
            found.append(Sign(COMPANION, "/content/<uuid>.html"))
        if _ARTICLE.search(page.url):
            found.append(Sign(ADDRESS, "/content/<uuid>.html"))
        return tuple(found)

    def read_list(self, page: Page, column: Column) -> Listing:
        if "/messageController/getMessage.do" in page.url:
            return _read_answer(page, column.url)
        return _read_page(page, str(column.options.get("column_id") or ""))

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        paging = seen[0].listing.paging if seen[0].listing is not None else Paging()
        told = [page.listing.paging.records for page in seen if page.listing is not None]
        total = max((records for records in told if records is not None), default=None)
        read = sum(page.fresh for page in seen)
        if total is not None and read >= total:
            return END
        if not paging.template:
            return Step(incomplete=f"只读到页面里的 {read} 条，{_of(total)}，页面没有给出数据接口")
        answers = [page.listing.rows for page in seen[1:] if page.listing is not None and page.listing.rows]
        if not answers:
            return _negotiate(paging, seen, read, total)
        last = seen[-1].listing
        if last is None or not last.rows or (len(answers) > 1 and answers[-1] == answers[-2]):
            return Step(incomplete=f"数据接口没有再给出新的条目，只读到 {read} 条，{_of(total)}")
        start = 1 + sum(len(rows) for rows in answers)
        if total is None:
            return Step(incomplete=f"页面和数据接口都没有说明总数，只读到 {read} 条")
        if start > total:
            return END  # all were asked for; one that stands there twice counts twice in the total
        return Step(_address(paging, start, SIZES[len(seen) - 1 - len(answers)]))


def _negotiate(paging: Paging, seen: Sequence[Seen], read: int, total: int | None) -> Step:
    """The first records again, in ever smaller portions, until some come."""
    tried = seen[1:]
    if len(tried) < len(SIZES):
        return Step(_address(paging, 1, SIZES[len(tried)]), probe=True)
    why = "404" if all(page.listing is None for page in tried) else "没有内容"
    return Step(incomplete=f"数据接口不可用（{why}），只读到页面里的 {read} 条，{_of(total)}")


def _of(total: int | None) -> str:
    return "总数不明" if total is None else f"共 {total} 条"


def _address(paging: Paging, start: int, size: int) -> str:
    """The address of `size` records from record `start` on, counted from 1."""
    window = f"startrecord={start}&endrecord={start + size - 1}&perpage={size}"
    return paging.template.replace("{page}", window)


def _read_page(page: Page, column_id: str) -> Listing:
    """The column's page: its first rows, the total, the end point."""
    holders = page.tree.cssselect("#initData", translator="html")
    rows = tuple(line.row for holder in holders for line in lines(holder, page.url, _ARTICLE))
    if any(is_placeholder(row) for row in rows):
        return Listing(problem="列表是未填的模板")
    told = _TOTAL.search(page.text)
    total = int(told.group(1)) if told else None
    proxy = _PROXY.search(page.text)
    named = _COLUMN_ID.search(page.text)
    column_id = column_id or (named.group(1) if named else "")
    template = ""
    if proxy and column_id:
        point = absolute(page.url, proxy.group(1))
        template = f"{point}?{{page}}&columnId={quote(column_id)}&callback=cb&contentTemplate="
    if not rows and total == 0 and (holders or proxy):
        return Listing(empty=True, paging=Paging(records=0))
    if not rows and not template:
        return Listing(problem="页面里没有 #initData 的条目，也没有 getMessage.do 和 columnId")
    return Listing(rows, frame=not rows, paging=Paging(records=total, template=template))


def _read_answer(page: Page, base: str) -> Listing:
    """An answer of getMessage.do. Without records it is an answer all the same: the portion was too large."""
    store = _store(page.text)
    if store is None:
        return Listing(problem="数据接口的回应不是带 result 的 JSONP")
    told = _TOTAL_ANSWERED.search(store)
    total = int(told.group(1)) if told else None
    records = "".join(_content(record) for record in _RECORD.findall(store))
    rows = tuple(line.row for line in lines(parse(f"<ul>{records}</ul>"), base, _ARTICLE))
    return Listing(rows, empty=total == 0 and not rows, paging=Paging(records=total))


def _store(text: str) -> str | None:
    """The data store of an answer; "" where it is there and empty, None where the text is no such answer."""
    if text[:200].lstrip().startswith("<"):
        return None
    answer = json_object(text) or {}
    store = answer.get("result")
    if not isinstance(store, str):
        return None
    return store if not store.strip() or "<recordset" in store or "<datastore" in store else None


def _content(record: str) -> str:
    inner = record.strip()
    if inner.startswith("<![CDATA["):
        return inner.removeprefix("<![CDATA[").removesuffix("]]>")
    return unescape(inner)
