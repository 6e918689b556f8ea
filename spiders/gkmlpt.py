"""Guangdong's disclosure catalogue gkmlpt (政府信息公开目录平台), often below a department's path (/zqhjj/gkmlpt/).

Recognise: /gkmlpt/index#<column id>, /gkmlpt/content/3/3255/post_3255421.html, window._CONFIG with TREE and DETAIL,
the answer {"classify": {"id", "name", "post_count"}, "articles": [{"id", "title", "url", "create_time"}]}.

The page holds no row: the list is GET <base>/gkmlpt/api/all/<column id>?page=N&sid=<site id>, a hundred entries a
page. Pages are counted from 1 (page 0 is page 1 again), offset says which one came. Some sites answer 404 from page 2
on; then the rest cannot be listed, and the look is incomplete.

What the API lists is often less than the column holds (total < post_count; 21 of 2679 was met): then an entry that is
not listed may well be published, so such a list is read and never said to be complete.

Times are Unix seconds of Shanghai: create_time is 发布日期 and the row's date; date is 成文日期, created_at the moment
of entry. Where only date is given, the row's date says so. All three stay in the archived answer.

Known limits: entries of type url lead elsewhere, and to hosts that are not registered they are not followed; a column
that itself jumps elsewhere (jump_url) has to be registered at that address.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config.schema import Column
from crawler import health
from crawler.health import HEALTHY, Health
from crawler.model import LookOutcome
from crawler.page import Page, squeeze
from crawler.reports.dates import SHANGHAI
from spiders.base import PortalSpider
from spiders.lists.jsontext import json_object, nested, number, text_of
from spiders.lists.listing import END, Listing, Paging, Row, Seen, Step, absolute
from spiders.signs import ADDRESS, COMPANION, PROOF, Sign

PAGE_SIZE = 100

_ROOM = "/gkmlpt/"
_COLUMN_ID = re.compile(r"/gkmlpt/[^#]*#(?:[^#]*?\D)?(\d+)$")
_ARTICLE = re.compile(r"/gkmlpt/content/\d+/\d+/m?post_\d+\.html")
_API = re.compile(r"/gkmlpt/api/all/(\d+)")
_CONFIG = re.compile(r"\b_CONFIG\s*=\s*\{")
_SITE_ID = tuple(  # the likeliest name first
    re.compile(rf"""\b{name}["']?\s*[:=]\s*["']?(\d{{1,12}})(?!\d)""")
    for name in ("SITE_ID", "siteId", "site_id", "sid")
)
_WRITTEN = "成文日期"


class GkmlptSpider(PortalSpider):
    """Options of a column: `column_id`, where its address has none behind the #; `site_id`, where its page has none."""

    name = "gkmlpt"

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        found = []
        answer = json_object(page.text) if page.text.lstrip().startswith("{") else None
        if answer is not None and "classify" in answer and isinstance(answer.get("articles"), list):
            found.append(Sign(PROOF, '{"classify": …, "articles": […]}'))
        if answer is None and _CONFIG.search(page.text) and _ROOM in page.text + page.url:
            found.append(Sign(PROOF, "window._CONFIG, /gkmlpt/"))
        if _ARTICLE.search(page.text):
            found.append(Sign(COMPANION, "/gkmlpt/content/…/post_….html"))
        if _ROOM in page.url:
            found.append(Sign(ADDRESS, "/gkmlpt/"))
        return tuple(found)

    def names_column(self, page: Page, column: Column) -> Health:
        """By the name of the column in the page's tree; where the tree does not hold it, the API's answer decides."""
        if not _CONFIG.search(page.text):
            return health.of_column(page, column.name)
        name = _name_in_tree(page.text, _column_id(column))
        return HEALTHY if not name or _is_named(name, column) else Health(LookOutcome.MOVED, _other_name(name, column))

    def read_list(self, page: Page, column: Column) -> Listing:
        if page.text.lstrip().startswith("{"):
            return _read_answer(page, column)
        return _read_frame(page, column)

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        frame = seen[0].listing
        paging = frame.paging if frame is not None else Paging()
        answers = [page.listing for page in seen[1:]]
        if not answers:
            return _page(paging, 1)
        last = answers[-1]
        read = sum(page.fresh for page in seen)
        records = max((answer.paging.records or 0 for answer in answers if answer is not None), default=0)
        if last is None:
            return Step(incomplete=f"接口从第 {len(answers)} 页起回 404，只读到 {read} 条，共 {records} 条")
        if last.paging.records is not None and read >= records:
            return END
        if not last.rows:
            return END if last.paging.records is None else Step(incomplete=f"接口说有 {records} 条，只读到 {read} 条")
        if seen[-1].fresh == 0:
            return Step(incomplete=f"接口的第 {len(answers)} 页没有新的条目，只读到 {read} 条")
        return _page(paging, len(answers) + 1)


def _column_id(column: Column) -> str:
    given = column.options.get("column_id")
    if given is not None:
        return re.sub(r"\D", "", str(given))
    found = _COLUMN_ID.search(column.url)
    return found.group(1) if found else ""


def _read_frame(page: Page, column: Column) -> Listing:
    column_id, given = _column_id(column), column.options.get("site_id")
    named = (found.group(1) for name in _SITE_ID if (found := name.search(page.text)))
    site_id = str(given) if given is not None else next(named, "")
    base, room, _ = page.url.partition(_ROOM)
    if not room:
        return Listing(problem=f"地址里没有 {_ROOM}，不知道接口在哪里")
    if not column_id:
        return Listing(problem="地址的 # 后面没有栏目编号，请设置 options: column_id")
    if not _CONFIG.search(page.text):
        return Listing(problem="页面里没有 window._CONFIG")
    if not site_id:
        return Listing(problem="页面里没有网站编号，请设置 options: site_id")
    template = f"{base}{_ROOM}api/all/{column_id}?page={{page}}&sid={site_id}"
    return Listing(frame=True, paging=Paging(template=template))


def _page(paging: Paging, number_of_page: int) -> Step:
    """From page 2 on a 404 is an answer: some sites list one page only."""
    return Step(paging.template.replace("{page}", str(number_of_page)), probe=number_of_page > 1)


def _read_answer(page: Page, column: Column) -> Listing:
    answer = json_object(page.text) or {}
    classify, articles = nested(answer.get("classify")), answer.get("articles")
    if not isinstance(articles, list) or not classify:
        return Listing(problem="接口的回应里没有 classify 和 articles")
    name, told = text_of(classify.get("name")), number(classify.get("id"))
    if told is not None and str(told) != _column_id(column):
        return Listing(problem=f"接口回的是栏目 {told}，不是 {_column_id(column)}")
    if name and not _is_named(name, column):
        return Listing(problem=_other_name(name, column))
    rows = [_row(article, page.url) for article in articles if isinstance(article, dict)]
    known = tuple(row for row in rows if row is not None)
    total, held = number(answer.get("total")), number(classify.get("post_count"))
    if len(known) < len(articles):
        return Listing(problem=f"接口的 {len(articles)} 条里有 {len(articles) - len(known)} 条没有标题或地址")
    offset, asked = number(answer.get("offset")), _asked(page.url)
    if offset is not None and asked is not None and offset != (asked - 1) * PAGE_SIZE:
        return Listing(problem=f"要的是第 {asked} 页，接口回的是从第 {offset + 1} 条起")
    paging = Paging(records=total)
    if known:
        listable = len(known) if total is None and asked == 1 and len(known) < PAGE_SIZE else total
        short = held is not None and listable is not None and listable < held
        partial = f"接口列出 {listable} 条，栏目自称有 {held} 条：没有列出的不等于没有公布" if short else ""
        return Listing(known, paging=paging, partial=partial)
    if jump := text_of(classify.get("jump_url")):
        return Listing(problem=f"栏目跳到 {jump[:200]}，请登记那里的地址")
    if asked is not None and asked > 1 and total is None:
        return Listing(paging=paging)  # behind the last page
    if total or held:
        return Listing(problem=f"接口没有列出条目，却说有 {total or held} 条")
    if total == 0 or held == 0:
        return Listing(empty=True, paging=paging)
    return Listing(problem="接口没有列出条目，也没有说明总数")


def _row(article: dict[str, Any], url: str) -> Row | None:
    title, address, post = text_of(article.get("title")), text_of(article.get("url")), number(article.get("id"))
    if not address and post is not None:
        base, room, _ = url.partition(_ROOM)
        address = f"{base}{room}content/{post // 10**6}/{post // 10**3}/post_{post}.html"
    if not title or not address:
        return None
    return Row(absolute(url, address), title, _published(article))


def _published(article: dict[str, Any]) -> str:
    """The day of publication; where only the document's day is given, with its name before it."""
    if published := _day(article.get("create_time")) or _day(article.get("display_publish_time")):
        return published
    written = _day(article.get("date"))
    return f"{_WRITTEN} {written}" if written else ""


def _day(value: Any) -> str:
    """A day in Shanghai, of Unix seconds or as written; "" where there is none."""
    seconds = number(value)
    if seconds is None:
        return text_of(value)
    try:
        return dt.datetime.fromtimestamp(seconds, SHANGHAI).date().isoformat() if seconds else ""
    except (ValueError, OverflowError, OSError):
        return ""


def _asked(url: str) -> int | None:
    """The number of the page that an answer's address asks for."""
    if not _API.search(url):
        return None
    return number(parse_qs(urlsplit(url).query).get("page", [""])[0])


def _is_named(name: str, column: Column) -> bool:
    return squeeze(column.name) in squeeze(name)


def _other_name(name: str, column: Column) -> str:
    return f"栏目名为“{name[:40]}”，不是“{column.name}”"


def _name_in_tree(text: str, column_id: str) -> str:
    """The name of the column in TREE: the first object that begins with, or holds before any other, its id."""
    if not column_id:
        return ""
    node = re.search(rf"""[{{,]\s*"id"\s*:\s*"?{column_id}"?\s*,([^{{}}]{{0,500}})""", text)
    found = re.search(r'"name"\s*:\s*"((?:[^"\\]|\\.){0,200})"', node.group(1)) if node else None
    if found is None:
        return ""
    return text_of((json_object(f'{{"name": "{found.group(1)}"}}') or {}).get("name"))
