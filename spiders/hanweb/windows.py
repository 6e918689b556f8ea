"""The POST dialect of dataproxy.jsp: what is posted, and which window of the list comes next. Touches nothing.

    POST …/dataproxy.jsp?startrecord=26&endrecord=50&perpage=25   body col, appid, webid, path, columnid, unitid …

startrecord is honoured, endrecord is not: some 76 records come back. So each window begins with the last record of
the one before, which proves that startrecord was honoured, and the first one with record 1, because the page itself
may be older than the list.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

from crawler.page import Page
from spiders.lists.listing import END, Paging, Seen, Step, absolute

PER_PAGE = 25
PROXIES = (  # where the script of the page asks, by the system's version
    "/module/web/jpage/dataproxy.jsp",
    "/module/jpage/dataproxy.jsp",
    "/module/jslib/jquery/jpage/dataproxy.jsp",
)

_FIELDS = ("col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname", "permissiontype")
_OBJECT = re.compile(r"\{([^{}]{0,1500})\}")
_PAIR = re.compile(r"""["']?(\w{1,40})["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|([^\s,"']+))""")
_PROXY = re.compile(r"""["']([^"'()\s<>]{0,200}/jpage/dataproxy\.jsp)""")
_START = re.compile(r"[?&]startrecord=(\d+)")

Fields = tuple[tuple[str, str], ...]


def fields_of_group(group: str) -> Fields:
    """What is posted, where <nextgroup> is an address with startrecord."""
    return _chosen(dict(parse_qsl(urlsplit(group).query, keep_blank_values=True)))


def fields_of_page(page: Page, column_id: str) -> Fields:
    """What is posted, where only the page's script says it: param_77={columnid:123, unitid:'77', …}."""
    for found in _OBJECT.finditer(page.text):
        if "columnid" not in found.group(1):
            continue
        values = {pair.group(1): pair.group(2) or pair.group(3) or pair.group(4) or "" for pair in _pairs(found)}
        if values.get("columnid") == column_id and values.get("unitid"):
            return _chosen(values)
    return ()


def proxy_of_page(page: Page) -> str:
    """The address of the proxy as the page gives it; "" where only the system's own script knows it."""
    found = _PROXY.search(page.text)
    return absolute(page.url, found.group(1)) if found else ""


def next_window(seen: Sequence[Seen]) -> Step:
    """`seen[0]` is the column's page, whose paging bears `form`; all after it are answers of the proxy."""
    first = seen[0].listing
    paging = first.paging if first is not None else Paging()
    answers = [page for page in seen[1:] if page.listing is not None]
    if not answers:
        return _first_window(paging, seen)
    last = answers[-1]
    listings = [page.listing for page in answers if page.listing is not None]
    read = sum(page.fresh for page in seen)
    records = listings[-1].paging.records
    records = paging.records if records is None else records
    if records is not None and read >= records:
        return END
    if not listings[-1].rows:
        return END if records is None else Step(incomplete=f"页面说有 {records} 条，接口没有列出")
    if any(one.rows[-1].url != two.rows[0].url for one, two in pairwise(listings)):
        return Step(incomplete="dataproxy.jsp 的前后两段接不上，不知道有没有漏掉的条目")
    reached = _start(last.url) + len(listings[-1].rows) - 1
    if records is not None and reached >= records:
        return END  # every record was there; one that is listed twice counts twice
    if len(listings) > 1 and last.fresh == 0:
        return Step(incomplete=f"只读到 {read} 条" + ("" if records is None else f"，页面说有 {records} 条"))
    return _window(last.url.partition("?")[0], reached, paging)


def _first_window(paging: Paging, seen: Sequence[Seen]) -> Step:
    """The proxy that the page names, for this list or for another; where it is not there, those that are known."""
    known = [absolute(seen[0].url, proxy) for proxy in PROXIES]
    proxies = list(dict.fromkeys([paging.link, *known] if paging.link else known))
    tried = len(seen) - 1
    if tried >= len(proxies):
        return Step(incomplete="找不到 dataproxy.jsp（都回 404），后面的条目没有读到")
    return _window(proxies[tried], 1, paging, probe=True)


def _window(proxy: str, start: int, paging: Paging, *, probe: bool = False) -> Step:
    query = f"startrecord={start}&endrecord={start + PER_PAGE - 1}&perpage={PER_PAGE}"
    return Step(f"{proxy}?{query}", form=paging.form, probe=probe)


def _start(url: str) -> int:
    found = _START.search(url)
    return int(found.group(1)) if found else 1


def _pairs(found: re.Match[str]) -> list[re.Match[str]]:
    return list(_PAIR.finditer(found.group(1)))


def _chosen(values: dict[str, str]) -> Fields:
    """Verbatim, in the order in which the system's script sends them."""
    return tuple((name, values[name]) for name in _FIELDS if name in values)
