"""Epoint 新点 EWB columns with the disclosure list govInfoPub (counties of Jiangsu, Liaoning and others).

Recognise: govInfoPub….html?categorynum=003002&deptcode=…, /js/webBuilderCommon.js with siteInfo (projectName, siteGuid),
EWB-FRONT, getgovinfolist, templates with <?=el.link?>.

The page holds no row. siteInfo stands in webBuilderCommon.js, sometimes in the page; with it the list is asked for by
POST <projectName>/rest/lightfrontaction/getgovinfolist {siteGuid, deptcode, categorynum, pageIndex, pageSize}, and the
answer is {"custom": {"total": 41, "data": [{"infourl", "title", "realtitle", "infodate"}]}}; custom may be a string.
pageIndex counts from 0 on some sites and from 1 on others: 0 is asked first, and an answer to 1 that repeats it tells.

Known limits: only this list; server-made lists of the same vendor are read by the general family. The page is one for
all lists: where it does not name the column, `name` in the portal's file is what the page calls itself.
"""

import json
import re
from collections.abc import Sequence
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from config.schema import Column
from crawler.page import Page
from spiders.base import PortalSpider
from spiders.lists.jsontext import json_object, nested, number, text_of
from spiders.lists.listing import END, Listing, Paging, Row, Seen, Step, absolute
from spiders.lists.rows import is_placeholder
from spiders.signs import COMPANION, PROOF, Sign

PAGE_SIZE = 20

_COMMON_NAME = "webBuilderCommon.js"
_POINT = "/rest/lightfrontaction/getgovinfolist"
_COMMON = re.compile(r"""src\s*=\s*["']([^"'<>]{0,200}webBuilderCommon\.js[^"'<>]{0,100})["']""", re.I)
_SITE_INFO = re.compile(r"\bsiteInfo\s*=\s*(\{[^{}]{0,2000}\})")
_TAG = re.compile(r"<[^<>]{0,300}>")
_TITLES = ("realtitle", "title")  # the first is whole
_ADDRESSES = ("infourl", "visiturl", "linkurl")
_DATES = ("infodate", "handsdate")


class EpointSpider(PortalSpider):
    """Options of a column: `categorynum` and `deptcode`, where its address does not bear them."""

    name = "epoint"

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        found = []
        if _POINT in page.text or "EWB-FRONT" in page.text or "webBuilderCommon.js" in page.text:
            found.append(Sign(PROOF, "EWB-FRONT / webBuilderCommon.js / getgovinfolist"))
        if _site_info(page.text) is not None:
            found.append(Sign(PROOF, "siteInfo = {projectName, siteGuid}"))
        if "govInfoPub" in page.url or "govInfoPub" in page.text:
            found.append(Sign(COMPANION, "govInfoPub"))
        if _data(page.text) is not None:
            found.append(Sign(PROOF, '{"custom": {"data": [{"infourl": …'))
        return tuple(found)

    def read_list(self, page: Page, column: Column) -> Listing:
        path = page.url.partition("?")[0]
        if path.endswith(_POINT):
            return _read_answer(page, column.url)
        site = _site_info(page.text)
        if site is not None:
            point = absolute(page.url, site["projectName"].rstrip("/") + _POINT)
            return Listing(frame=True, paging=Paging(link=point, template=site["siteGuid"]))
        if path.endswith(_COMMON_NAME):
            return Listing(problem=f"{_COMMON_NAME} 里没有 siteInfo")
        common = _COMMON.search(page.text)
        if common is None:
            return Listing(problem=f"页面里没有 siteInfo，也没有 {_COMMON_NAME}")
        return Listing(frame=True, paging=Paging(link=absolute(page.url, unescape(common.group(1)))))

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        frames = [page.listing.paging for page in seen if page.listing is not None and page.listing.frame]
        paging = frames[-1] if frames else Paging()
        if not paging.template:
            return Step(paging.link) if paging.link else Step(incomplete="没有列表的数据接口")
        wanted = _wanted(column, seen[0].url)
        if not wanted["categorynum"]:
            return Step(incomplete="地址里没有 categorynum，请设置 options: categorynum")
        answers = [page for page in seen if page.listing is not None and not page.listing.frame]
        last = answers[-1].listing if answers else None
        if last is None:
            return _post(paging, wanted, 0)
        asked = len(answers)  # the next pageIndex
        read = sum(page.fresh for page in answers)
        total = max((page.listing.paging.records or 0 for page in answers if page.listing is not None), default=0)
        if last.paging.records is None and not total:
            return Step(incomplete=f"数据接口没有说明总数，只读到 {read} 条")
        if asked == 1 and not last.rows:
            return _post(paging, wanted, 1)  # nothing at 0: the pages may be counted from 1
        if read >= total:
            return END
        # An answer to 1 that repeats the one to 0: counted from 1, and 0 is taken for 1.
        if answers[-1].fresh == 0 and not (asked == 2 and last.rows):
            return Step(incomplete=f"数据接口说有 {total} 条，只读到 {read} 条")
        return _post(paging, wanted, asked)


def _post(paging: Paging, wanted: dict[str, str], number: int) -> Step:
    """`template` is the site's guid, `link` the end point."""
    body = {"siteGuid": paging.template, **wanted, "pageIndex": number, "pageSize": PAGE_SIZE}
    return Step(paging.link, json=json.dumps(body, ensure_ascii=False))


def _wanted(column: Column, url: str) -> dict[str, str]:
    """What the list at `url` (the column, or a sub-column) is called in the request."""
    query = {name.lower(): value for name, value in parse_qsl(urlsplit(url).query)}
    return {name: query.get(name) or str(column.options.get(name) or "") for name in ("deptcode", "categorynum")}


def _site_info(text: str) -> dict[str, str] | None:
    """projectName and siteGuid, where the text assigns them."""
    for found in _SITE_INFO.finditer(text):
        site = json_object(found.group(1)) or {}
        names = {name: text_of(site.get(name)) for name in ("projectName", "siteGuid")}
        if all(names.values()):
            return names
    return None


def _data(text: str) -> list[dict[str, Any]] | None:
    """The entries of an answer; None where the text is none."""
    if '"custom"' not in text[:1000] and '"custom"' not in text[-1000:]:
        return None
    data = nested((json_object(text) or {}).get("custom")).get("data")
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else None


def _read_answer(page: Page, base: str) -> Listing:
    custom = nested((json_object(page.text) or {}).get("custom"))
    data, total = custom.get("data"), number(custom.get("total"))
    if not isinstance(data, list):
        return Listing(problem="数据接口的回应里没有 custom.data")
    rows = tuple(row for one in data if isinstance(one, dict) and (row := _row(one, base)) is not None)
    if len(rows) < len(data):
        return Listing(problem=f"数据接口的 {len(data)} 条里有 {len(data) - len(rows)} 条没有地址或标题")
    if any(is_placeholder(row) for row in rows):
        return Listing(problem="列表是未填的模板")
    return Listing(rows, empty=not rows and total == 0, paging=Paging(records=total))


def _row(entry: dict[str, Any], base: str) -> Row | None:
    title = next((found for name in _TITLES if (found := _plain(entry.get(name)))), "")
    address = next((found for name in _ADDRESSES if (found := text_of(entry.get(name)))), "")
    date = next((found for name in _DATES if (found := text_of(entry.get(name)))), "")
    if not title or not address:
        return None
    return Row(absolute(base, address if "://" in address else f"/{address.lstrip('/')}"), title, date)


def _plain(value: Any) -> str:
    """A title without the marks (<font color=…>) that editors put into it."""
    return " ".join(unescape(_TAG.sub("", text_of(value))).split())
