"""Lonsun 龙讯 columns (Anhui; parts of Sichuan, Hunan, Jiangxi).

Recognise: /public/column/<organId>?type=4&catId=…&action=list, /public/<organId>/<id>.html, /content/column/<id>,
/content/article/<id>, /site/label/8888 with labelName publicInfoList, Ls.ajax, Ls.pagination, pageCount:NN.

A disclosure column (/public/column/…) holds a call of /site/label/… whose answer is a fragment: div.xxgk_navli with one
entry each, or one list; pageCount:NN beside it. `length` cuts the titles on the server and is therefore asked for
large; `result` is what an empty list says. An ordinary column (/content/column/…) is made by the server, page 2 is
?pageIndex=2. ?type=3&timeFrame=YYYY shows the report itself: a column with `holds: years` and {year} in its address.

Known limits: a page that does not name the `file` its list is made with needs the option.
"""

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml.html import HtmlElement

from config.schema import Column
from crawler.page import Page
from spiders.base import PortalSpider
from spiders.lists.listing import END, Listing, Paging, Row, Seen, Step, absolute
from spiders.lists.pager import with_paging
from spiders.lists.rows import date_beside, followable, is_placeholder, lines, read_rows, title_of
from spiders.signs import ADDRESS, COMPANION, PROOF, Sign

LENGTH = 500  # characters of a title asked for
# What an empty list is asked to say. The portals' own words are the first six signs; an answer of so few signs alone
# would be taken for no page at all.
EMPTY = "暂无相关信息"
RESULT = f"{EMPTY}：本栏目没有条目，共零条，此为接口的说明"

_LABEL = re.compile(r"""["']([^"'\s<>]{0,200}/site/label/\d{1,9})\b""")
_NAMED = re.compile(r"labelName['\"]?\s*[:=]\s*['\"]?publicInfoList\b")
_SCRIPTED = re.compile(r"\bLs\.[a-z]\w{0,30}\(")
_ADDRESS = re.compile(r"/public/column/\d+|/public/\d+/\d+\.html|/content/(?:article|column)/\d+")
_ARTICLE = re.compile(r"/public/\d+/\d+\.html$|/content/article/\d+$|/\d{6,}\.html$")
_ORGAN = re.compile(r"/public/column/(\d+)")
_ORDINARY = re.compile(r"/content/column/\d+")
_PAGE_COUNT = re.compile(r"\bpageCount['\"]?\s*:\s*['\"]?(\d{1,6})")
_PAGE_SIZE = re.compile(r"[?&]pageSize=(\d{1,4})(?!\d)")
_FIELD = re.compile(
    r"""\b(siteId|organId|catId|type|pageSize|file)['"]?\s*:\s*(?:'([^'<>]{1,200})'|"([^"<>]{1,200})"|(\d{1,20}))"""
)
_NEEDED = ("siteId", "organId", "catId", "file")
AROUND = 1500  # characters around the list's name in which its fields and its address stand


class LonsunSpider(PortalSpider):
    """Options of a column: `siteId`, `organId`, `catId`, `file` of its list, where page and address do not name them;
    `list`, a CSS selector of the list's container in an ordinary column."""

    name = "lonsun"

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        found = []
        if "publicInfoList" in page.text and "/site/label/" in page.text:
            found.append(Sign(PROOF, "/site/label/… publicInfoList"))
        if _SCRIPTED.search(page.text):
            found.append(Sign(PROOF, "Ls.ajax / Ls.pagination"))
        if "xxgk_navli" in page.text or "j-fontContent" in page.text:
            found.append(Sign(COMPANION, "xxgk_navli / j-fontContent"))
        if _ADDRESS.search(page.url):
            found.append(Sign(ADDRESS, "/public/column/…, /content/article/…"))
        return tuple(found)

    def read_list(self, page: Page, column: Column) -> Listing:
        if "/site/label/" in page.url:
            return _read_fragment(page, column.url)
        template = _template(page, column)
        if template:
            return Listing(frame=True, paging=Paging(template=template))
        selector = str(column.options.get("list") or "")
        rows = () if selector else _rows(page, page.url)
        listing = Listing(rows) if rows else read_rows(page, _ARTICLE, selector)
        if listing.problem and "publicInfoList" in page.text:
            return Listing(problem="页面没有给出列表接口的全部参数（siteId, organId, catId, file），请设置 options")
        if not listing.rows:
            return listing
        counted = _PAGE_COUNT.search(page.text)
        if counted is None:
            return with_paging(listing, page)
        further = absolute(page.url, "?pageIndex=") + "{page}" if _ORDINARY.search(page.url) else ""
        return Listing(listing.rows, paging=Paging(pages=int(counted.group(1)), template=further))

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        first, last = seen[0].listing or Listing(), seen[-1].listing or Listing()
        paging = first.paging
        number = len(seen) + (0 if first.frame else 1)  # of the next page
        if number == 1:
            return Step(paging.template.replace("{page}", "1"))
        if last.empty:
            return END
        pages = last.paging.pages
        if pages is None and paging.link:  # plain links in place of a number of pages
            return END if last.paging.link in {page.url for page in seen} else Step(last.paging.link)
        if pages is None and not first.frame:
            return END
        if pages is None:
            return self._by_size(paging, seen, number)
        if number > pages:
            return END
        if len(seen) > 1 and seen[-1].fresh == 0:
            return Step(incomplete=f"共 {pages} 页，第 {number - 1} 页没有新的条目")
        if not paging.template:
            return Step(incomplete=f"共 {pages} 页，页面没有给出列表接口的参数，请设置 options")
        return Step(paging.template.replace("{page}", str(number)))

    def _by_size(self, paging: Paging, seen: Sequence[Seen], number: int) -> Step:
        """No number of pages: a page that is not full is the last, where the page itself said how full one is."""
        told = _PAGE_SIZE.search(paging.template)
        rows = len(seen[-1].listing.rows) if seen[-1].listing else 0
        if told is None or rows > int(told.group(1)):
            return Step(incomplete="列表接口没有说明有几页")
        if rows < int(told.group(1)):
            return END
        if seen[-1].fresh == 0:
            return Step(incomplete=f"第 {number - 1} 页没有新的条目")
        return Step(paging.template.replace("{page}", str(number)))


def _template(page: Page, column: Column) -> str:
    """The address of the list behind the page, with {page} for its number; "" where the page has none."""
    named = _NAMED.search(page.text)
    label = _label_of(page.text, named.start()) if named else ""
    if named is None or not label:
        return ""
    fields = {
        found.group(1): found.group(2) or found.group(3) or found.group(4)
        for found in _FIELD.finditer(_call_around(page.text, named.start()))
    }
    for meta in page.tree.iter("meta"):
        if (meta.get("name") or "").lower() == "siteid" and meta.get("content"):
            fields.setdefault("siteId", str(meta.get("content")))
    organ = _ORGAN.search(urlsplit(page.url).path)
    fields |= {"organId": organ.group(1)} if organ else {}
    fields |= {name: value for name, value in parse_qsl(urlsplit(page.url).query) if name in ("catId", "type")}
    fields |= {name: str(column.options[name]) for name in _NEEDED if column.options.get(name)}
    if not all(fields.get(name) for name in _NEEDED):
        return ""
    kind = fields.get("type", "")
    kind = kind if kind.isdigit() else "4"  # Ls.ajax has a type of its own (get, post)
    size = {"pageSize": fields["pageSize"]} if "pageSize" in fields else {}
    query = (
        {"IsAjax": "1", "dataType": "html", "labelName": "publicInfoList", "siteId": fields["siteId"]}
        | {"organId": fields["organId"], "type": kind, "catId": fields["catId"], "action": "list"}
        | size
        | {
            "isDate": "true",
            "dateFormat": "yyyy-MM-dd",
            "length": str(LENGTH),
            "result": RESULT,
            "file": fields["file"],
        }
    )
    return f"{absolute(page.url, label)}?{urlencode(query)}&pageIndex={{page}}"


def _label_of(text: str, at: int) -> str:
    """The label's address that stands nearest to the list's name, before it rather than after it."""
    start = max(0, at - AROUND)
    before = [found.group(1) for found in _LABEL.finditer(text, start, at)]
    after = _LABEL.search(text, at, at + AROUND)
    return before[-1] if before else (after.group(1) if after else "")


def _call_around(text: str, at: int) -> str:
    """The braces in which the list's name stands: what is passed with it, and nothing of other calls."""
    start, end, depth = at, at, 0
    while start > max(0, at - AROUND):
        start -= 1
        depth += {"}": 1, "{": -1}.get(text[start], 0)
        if depth < 0:
            break
    depth = 0
    while end < min(len(text), at + AROUND):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth < 0:
            break
        end += 1
    return text[start:end]


def _read_fragment(page: Page, base: str) -> Listing:
    """An answer of /site/label/…: a piece of HTML."""
    rows = _rows(page, base)
    if any(is_placeholder(row) for row in rows):
        return Listing(problem="列表是未填的模板")
    counted = _PAGE_COUNT.search(page.text)
    pages = int(counted.group(1)) if counted else None
    if rows:
        return Listing(rows, paging=Paging(pages=pages))
    if EMPTY in page.visible and len(page.visible) <= 4 * len(RESULT):
        return Listing(empty=True, paging=Paging(pages=pages))
    return Listing(problem="列表接口的回应里没有条目，也没有说明为空")


def _rows(page: Page, base: str) -> tuple[Row, ...]:
    """The entries: a div.xxgk_navli each, whose cells are a list of their own, or the lines of a list in one."""
    holders = page.tree.cssselect("div.xxgk_navli, ul.xxgk_nav_list", translator="html")
    found = []
    for holder in holders:
        inner = [line.row for line in lines(holder, base, _ARTICLE)]
        if holder.tag == "ul" or sum(bool(row.date) for row in inner) > 1:
            found += inner
        elif (row := _entry(holder, base)) is not None:
            found.append(row)
    return tuple(dict.fromkeys(found))


def _entry(holder: HtmlElement, base: str) -> Row | None:
    links = [link for link in holder.iter("a") if followable(link.get("href")) and title_of(link)]
    if not links:
        return None
    own = [link for link in links if _ARTICLE.search(absolute(base, link.get("href", "")).partition("?")[0])]
    link = (own or links)[0]
    return Row(absolute(base, link.get("href", "")), title_of(link), date_beside(holder, link))
