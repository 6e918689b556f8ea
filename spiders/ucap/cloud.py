"""UCAP cloud (Jiangxi): the first rows stand in the page's script, further ones behind POST /queryList. Touches nothing.

The page's script holds websiteCode, codeName = 'col42150', channelsTagSelf.articleCount and listData.articleList, a JSON
array. The addresses look like Hanweb's (/col/col42150/), the system is not.
"""

import json
import re
from typing import Any
from urllib.parse import urljoin

from crawler.page import Page
from spiders.lists.jsontext import number
from spiders.lists.listing import Listing, Paging
from spiders.lists.pager import scripts
from spiders.lists.rows import once
from spiders.ucap import answer

_LIST = re.compile(r"""\barticleList["']?\s*[:=]\s*(?=\[)""")
_COUNT = re.compile(r"""\barticleCount["']?\s*[:=]\s*["']?(\d{1,9})""")
_SITE = re.compile(r"""\bwebsiteCode["']?\s*[:=]\s*["']([\w.-]+)["']""", re.I)
_CODE = re.compile(r"""\bcodeName["']?\s*[:=]\s*["']([\w.-]+)["']""")
_QUERY = re.compile(r"""["']((?:/[\w-]+)*/queryList)\b""")
_SIZE = "20"


def is_cloud(page: Page) -> bool:
    script = _script(page)
    return bool(_LIST.search(script)) or ("channelsTagSelf" in script and bool(_SITE.search(script)))


def read(page: Page) -> Listing:
    """The rows in the page's script, and where the rest is asked for."""
    script = _script(page)
    found = _LIST.search(script)
    records = _array(script, found.end()) if found else []
    if records is None:
        return Listing(problem="articleList 不是 JSON")
    rows = once(answer.rows(records, page.url))
    counted = _COUNT.search(script)
    total = number(counted.group(1)) if counted else None
    if total == 0 and not records:
        return Listing(empty=True)
    if total is not None and len(records) == total == len(rows):
        return Listing(rows, paging=Paging(pages=1, records=total))
    site, code, query = _SITE.search(script), _CODE.search(script), _QUERY.search(script)
    if not site or not code:
        why = "页面没有写明 websiteCode 与 codeName"
        return Listing(rows, unclear=why) if rows else Listing(problem=why)
    fields = (
        ("current", "{page}"),
        ("pageSize", _SIZE),
        ("webSiteCode[]", site.group(1)),
        ("channelCode[]", code.group(1)),
        ("sort", "sortNum"),
        ("order", "desc"),
    )
    link = urljoin(page.url, query.group(1) if query else "/queryList")
    return Listing(rows, frame=not rows, paging=Paging(records=total, link=link, form=fields))


def _script(page: Page) -> str:
    return "\n".join(scripts(page.text)) if "articleList" in page.text or "channelsTagSelf" in page.text else ""


def _array(script: str, start: int) -> list[Any] | None:
    try:
        found, _ = json.JSONDecoder().raw_decode(script, start)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None
