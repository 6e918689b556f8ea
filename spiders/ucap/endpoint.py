"""The data endpoints behind a page whose list is filled by a script, and how they are asked page by page.

Touches nothing. What the page itself names is asked, with the column's own channelId; a token is never made up:
    GET  /common/search/<channelId>?_isAgg=true&_isJson=true&_pageSize=20&…&page=1, also /search/… and /searchList/…
    POST /getFileListByCodeId   channelId, page, size, relateSubChannels (tax)
    POST /queryList             current, pageSize, webSiteCode[], channelCode[] (cloud.py)
"""

import re
from collections.abc import Sequence
from urllib.parse import urljoin

from config.schema import Column
from crawler.page import Page
from spiders.lists.listing import END, Listing, Paging, Seen, Step
from spiders.lists.pager import scripts

_SEARCH = re.compile(
    r"""["'](/(?:[\w-]+/)?(?:common/search|searchList|search)/)(?:([0-9A-Za-z]{8,64})\b|["']\s*\+\s*(?:\w+\.)*channel_?id\b)""",
    re.I,
)
_TAX = re.compile(r"""["']((?:/[\w-]+)*/getFileListByCodeId)\b""")
_CHANNEL = re.compile(r"""\bchannelId["']?\s*[:=]\s*["']([0-9A-Za-z]{8,64})["']""")
_ANSWERED = "&_isAgg=true&_isJson=true&_pageSize=20&_template=index&_rangeTimeGte=&_channelName=&page={page}"
_SIZE = "20"


def of_page(page: Page, column: Column) -> Paging | None:
    """Where the rows stand: `link` with {page}, for a POST with `form`; None where nothing is named."""
    given = column.options.get("endpoint")
    if given:
        return Paging(link=urljoin(column.url, str(given)))
    script = "\n".join(scripts(page.text))
    metas = [
        meta.get("content") or "" for meta in page.tree.iter("meta") if (meta.get("name") or "").lower() == "channelid"
    ]
    stated = _CHANNEL.search(script)
    channel = next((text.strip() for text in metas if text.strip()), stated.group(1) if stated else "")
    if (tax := _TAX.search(script)) and channel:
        fields = (("channelId", channel), ("page", "{page}"), ("size", _SIZE), ("relateSubChannels", "true"))
        return Paging(link=urljoin(page.url, tax.group(1)), form=fields)
    for search in _SEARCH.finditer(script):
        # An address with another id is another list's: the box of news beside this one.
        if channel and search.group(2) in (None, channel):
            return Paging(link=urljoin(page.url, f"{search.group(1)}{channel}?{_ANSWERED[1:]}"))
    return None


def is_endpoint(paging: Paging) -> bool:
    return "{page}" in paging.link or any("{page}" in value for _, value in paging.form)


def next_step(seen: Sequence[Seen]) -> Step:
    """The page first, then the endpoint from its page 1 on, until all the records that it states have come."""
    first = seen[0].listing or Listing()
    answers = [page.listing for page in seen[1:] if page.listing is not None]
    if not answers:
        return _ask(first.paging, 1)
    last = answers[-1]
    if last.empty:
        return Step(incomplete="页面列出了条目，接口却说没有") if first.rows else END
    totals = {answer.paging.records for answer in answers}
    (total,) = totals if len(totals) == 1 else (None,)
    come = sum(len(answer.rows) for answer in answers)
    if len(totals) > 1:
        return Step(incomplete="列表在翻页时变了，总数前后不同")
    if total is not None and come >= total and _brings_new(answers):
        return END
    if not last.rows:
        if total is None and len(answers) > 1:
            return END  # no total is stated, and this page is behind the last
        return Step(incomplete=f"接口说有 {total} 条，只列出 {come} 条" if total else "接口没有条目，也没有说明总数")
    if not _brings_new(answers):
        return Step(incomplete=f"接口的第 {len(answers)} 页没有新的条目")
    return _ask(first.paging, len(answers) + 1)


def _brings_new(answers: Sequence[Listing]) -> bool:
    before = {row.url for answer in answers[:-1] for row in answer.rows}
    return any(row.url not in before for row in answers[-1].rows)


def _ask(paging: Paging, number: int) -> Step:
    fields = tuple((name, value.replace("{page}", str(number))) for name, value in paging.form)
    return Step(paging.link.replace("{page}", str(number)), form=fields)
