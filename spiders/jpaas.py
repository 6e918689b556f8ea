"""Hanweb JPaaS columns: a list that unitbuild.js fetches from the gateway (Zhejiang, Taizhou, Pingliang, ministries).

Recognise: <script src="…/unitbuild.js" url="/api-gateway/jpaas-publish-server/front/page/build/unit"
queryData="{'webId':'…','pageId':'…','tagId':'…',…}">, articles …/art/2026/art_<32 hex>.html.

The page's own list is empty. The unit is asked for by GET with the ids that stand in the page (read anew each time:
they change when the column is rebuilt) and the number of the page in paramJson, where alone it has an effect. The
answer is {"success": true, "data": {"html": "<ul>…</ul>"}}. Nobody says how many pages there are: a page without
entries is the end, and so is a count where the fragment prints one. A bare request gets 403; the Referer is the
column's page.

A page is built of several units; the list's is told by its tagId (…列表…, …内容…), else `options: unit` has to name it.

Some lists keep the last six months only, and nothing in the page or the answer says so. So a list proves an absence
only where it shows that it keeps old entries: its oldest one is at least KEEPS days older than its newest, or a person
has seen it and said so (`options: whole: true`).

Known limits: a yearly sub-column never spans so long, and needs that word. Attachments stand behind addresses that are
good for a short time only (crawler.attachments.keys).
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from config.schema import Column
from crawler.page import Page, parse, squeeze
from crawler.reports.dates import parse_day
from spiders.base import PortalSpider
from spiders.lists.jsontext import json_object, nested, number
from spiders.lists.listing import END, Listing, Paging, Seen, Step, absolute
from spiders.lists.rows import followable, is_placeholder, lines
from spiders.signs import ADDRESS, COMPANION, PROOF, Sign

PAGE_SIZE = 15
KEEPS = 300  # days; the lists that forget were met with some 180

_UNIT_PATH = "/front/page/build/unit"
_ARTICLE = re.compile(r"/art_[0-9a-f]{32}\.html?$", re.I)
_ARTICLE_ANYWHERE = re.compile(r"/art_[0-9a-f]{32}\.html?\b", re.I)
_LIST = re.compile(r"列表|内容|list", re.I)
_NO_LIST = re.compile(r"导航|位置|菜单|栏目树|面包屑|nav|menu|position", re.I)
_PAIR = re.compile(r"""["'](\w{1,40})["']\s*:\s*(?:"([^"]*)"|'([^']*)'|([^\s,"'{}]+))""")
_RECORDS = re.compile(r"共(\d{1,9})条")
_PAGER = re.compile(r"(?:首页|[上下前后]一?页|尾页|末页|跳转|go|[\d<>«»…]*)", re.I)
_NONE = re.compile(r"暂无(?:相关)?(?:信息|数据|内容|记录)|没有(?:相关)?(?:信息|数据|内容|记录)")


class JpaasSpider(PortalSpider):
    """Options of a column: `unit`, the tagId of its list, where several stand in the page; `whole`: its list is known

    to keep what is old.
    """

    name = "jpaas"

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        found = []
        if "/api-gateway/jpaas-" in page.text:
            found.append(Sign(PROOF, "/api-gateway/jpaas-…"))
        if "unitbuild.js" in page.text:
            found.append(Sign(PROOF, "unitbuild.js"))
        if page.text.lstrip().startswith("{") and _html(page.text) is not None and _ARTICLE_ANYWHERE.search(page.text):
            found.append(Sign(PROOF, '{"data": {"html": …art_<32 hex>.html'))
        elif _ARTICLE_ANYWHERE.search(page.text):
            found.append(Sign(COMPANION, "art_<32 hex>.html"))
        if _ARTICLE.search(page.url.partition("?")[0]):
            found.append(Sign(ADDRESS, "art_<32 hex>.html"))
        return tuple(found)

    def read_list(self, page: Page, column: Column) -> Listing:
        if page.text.lstrip().startswith("{"):
            return _read_answer(page)
        return _read_frame(page, str(column.options.get("unit") or ""))

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        frame = seen[0].listing
        paging = frame.paging if frame is not None else Paging()
        answers = [page for page in seen[1:] if page.listing is not None]
        last = answers[-1].listing if answers else None
        if last is None:
            return _page(paging, 1)
        read = sum(page.fresh for page in seen)
        records = last.paging.records
        if records is not None and read >= records:
            return _end(column, seen)
        if not last.rows and records is None:
            return _end(column, seen)
        if not last.rows:
            return Step(incomplete=f"列表说有 {records} 条，只读到 {read} 条")
        if answers[-1].fresh == 0:
            return Step(incomplete=f"第 {len(answers)} 页没有新的条目，也没有结束，不知道列表有没有读完")
        return _page(paging, len(answers) + 1)


def _read_frame(page: Page, wanted: str) -> Listing:
    """The column's page: which unit is the list, and by what it is asked for."""
    units = list(_units(page))
    if not units:
        return Listing(problem="页面里没有 unitbuild.js 的 url 和 queryData")
    names = [fields.get("tagId", "") for _, fields in units]
    if wanted:
        chosen = [unit for unit, name in zip(units, names, strict=True) if name == wanted]
    else:
        likely = [unit for unit, name in zip(units, names, strict=True) if not _NO_LIST.search(name)]
        chosen = [unit for unit in likely if _LIST.search(unit[1].get("tagId", ""))] or likely
    if len(chosen) != 1:
        told = "、".join(names)[:200]
        return Listing(problem=f"页面由 {len(units)} 个单元组成（{told}），认不出列表，请设置 options: unit")
    url, fields = chosen[0]
    return Listing(frame=True, paging=Paging(link=absolute(page.url, url), form=tuple(fields.items())))


def _units(page: Page) -> Iterator[tuple[str, dict[str, str]]]:
    """(address, fields) of each unit; what stands in comments is none."""
    for script in parse(page.text).iter("script"):
        url, query = (script.get("url") or "").strip(), script.get("querydata") or ""  # HTML knows no capitals
        fields = {pair[1]: pair[2] or pair[3] or pair[4] or "" for pair in _PAIR.finditer(query)}
        if url.partition("?")[0].endswith(_UNIT_PATH) and fields:
            yield url, fields


def _page(paging: Paging, number_of_page: int) -> Step:
    """Only what the page names, editType, and the page's number; other parameters are not known to be answered."""
    fields = dict(paging.form)
    asked: dict[str, Any] = {"pageNo": number_of_page, "pageSize": PAGE_SIZE}
    fields.setdefault("editType", "null")
    fields["paramJson"] = json.dumps(asked, separators=(",", ":"))
    return Step(f"{paging.link}?{urlencode(fields)}")


def _end(column: Column, seen: Sequence[Seen]) -> Step:
    """The end of the list, and whether it may have forgotten what is old."""
    if column.options.get("whole"):
        return END
    listings = [page.listing for page in seen if page.listing is not None]
    days = sorted(day for listing in listings for row in listing.rows if (day := parse_day(row.date)) is not None)
    if days and (days[-1] - days[0]).days >= KEEPS:
        return END
    oldest = f"列表最早的一条是 {days[0]}" if days else "列表没有条目"
    return Step(partial=f"{oldest}；这类列表有的只保留近半年，不能说明更早的没有公布（options: whole）")


def _html(text: str) -> str | None:
    """The fragment in an answer; None where the text is no answer."""
    found = json_object(text)
    html = nested((found or {}).get("data")).get("html")
    return html if isinstance(html, str) else None


def _read_answer(page: Page) -> Listing:
    found = json_object(page.text)
    html = _html(page.text)
    if found is None or html is None:
        return Listing(problem="接口的回应里没有 data.html")
    if found.get("success") in (False, "false"):
        return Listing(problem="接口说没有成功")
    fragment = Page(page.url, html)
    all_rows = [line for line in lines(fragment.tree, page.url, _ARTICLE) if line.is_article or line.row.date]
    rows = tuple(line.row for line in all_rows)
    if any(is_placeholder(row) or not row.title for row in rows):
        return Listing(problem="列表是未填的模板")
    counted = _RECORDS.search(fragment.visible)
    paging = Paging(records=int(counted.group(1)) if counted else None)
    if rows:
        return Listing(rows, paging=paging)
    if _has_links(fragment):
        return Listing(problem="接口的回应里有链接，认不出条目")
    if _asked(page.url) not in (None, 1):
        return Listing(paging=paging)  # behind the last page
    if _NONE.search(fragment.visible) or paging.records == 0:
        return Listing(empty=True, paging=paging)
    return Listing(problem="列表的第一页没有条目，也没有说明为空")


def _has_links(fragment: Page) -> bool:
    """Whether a link stands there that is none of a pager."""
    return any(
        followable(link.get("href")) and not _PAGER.fullmatch(squeeze("".join(link.itertext())))
        for link in fragment.tree.iter("a")
    )


def _asked(url: str) -> int | None:
    """The number of the page that an answer's address asks for."""
    given = parse_qs(urlsplit(url).query).get("paramJson", [""])[0]
    return number((json_object(given) or {}).get("pageNo"))
