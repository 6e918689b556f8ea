"""UCAP 开普 columns: static lists, lists behind a data endpoint, and the provincial "cloud".

Recognise: articles /site/c110634/202511/174240943.shtml, …/<32 hex>/index.shtml, /c101953/c7547359/content.shtml, cloud
…/content/content_<19 digits>.html; meta channelId with code, others = 页面生成时间, HtmlGenerateTime; elements UCAPTITLE,
UCAPCONTENT, UCAP-CONTENT; page_list.js and createPageHTML('page_div', …).

Where the rows stand, by what the page shows:
    a list for everybody to see, further pages list_2.shtml           lists/rows.py, lists/pager.py
    in its script: listData.articleList, further ones by /queryList   cloud.py
    behind an endpoint that its script names                          endpoint.py, answer.py
    in a comment, while a script fills the list that is seen           comment.py
A list in a comment is what the server wrote when it made the page (页面生成时间). Its rows were published, so they are
listed; what is not among them may stand in the list that the script fills, so it never proves an absence.

Known limits: an endpoint whose address stands in a script file only has to be given (`endpoint`). Where 瑞数 wants a
token for it, the column is blocked: none is made up.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from config.schema import Column
from crawler.health import HEALTHY, Health
from crawler.page import Page, is_document
from spiders.base import PortalSpider
from spiders.lists.listing import Listing, Paging, Seen, Step
from spiders.lists.pager import next_page, with_paging
from spiders.lists.rows import has_articles, read_rows
from spiders.signs import ADDRESS, COMPANION, PROOF, Sign
from spiders.ucap import answer, cloud, comment, endpoint

_ARTICLE = re.compile(
    r"/c\w+/\d{6}/(?:\d+|[0-9a-f]{32})\.s?html?$|/[0-9a-f]{32}/index\.s?html?$|/c\w+/c\d+/content\.s?html?$"
    r"|/content/content_\d{15,}\.s?html?$",
    re.I,
)
_ELEMENT = re.compile(r"<UCAP(?:TITLE|CONTENT)\b|id\s*=\s*[\"']?UCAP-CONTENT", re.I)
_SCRIPT = re.compile(r"/page_list\.js|createPageHTML\(\s*['\"]page_div['\"]")
_FILLED = re.compile(r"/(?:page_list|xxgkPage)\.js")  # scripts that fill a list after the page has come
_PAGER = re.compile(r"page_?div|pagination|fenye", re.I)


class UcapSpider(PortalSpider):
    """Options of a column: `list`, a CSS selector of the list's container, where it is not recognised; `endpoint`,
    the address of its data with {page} for the page's number, where it stands in a script file only."""

    name = "ucap"

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        if not is_document(page.text):
            return (Sign(PROOF, "data.results[]"),) if answer.is_answer(page.text) else ()
        found = []
        meta = {(tag.get("name") or "").lower(): (tag.get("content") or "").strip() for tag in page.tree.iter("meta")}
        if meta.get("channelid") and re.fullmatch(r"c\w+", meta.get("code", "")):
            found.append(Sign(PROOF, "meta channelId, code"))
        elif meta.get("channelid"):
            found.append(Sign(COMPANION, "meta channelId"))
        if element := _ELEMENT.search(page.text):
            found.append(Sign(PROOF, element.group().lstrip("<")))
        if cloud.is_cloud(page):
            found.append(Sign(PROOF, "listData.articleList / websiteCode"))
        if "页面生成时间" in meta.get("others", "") or "htmlgeneratetime" in meta:
            found.append(Sign(COMPANION, "页面生成时间"))
        if script := _SCRIPT.search(page.text):
            found.append(Sign(COMPANION, script.group()))
        if has_articles(page, _ARTICLE) or comment.read(page, _ARTICLE) is not None:
            found.append(Sign(COMPANION, "c110634/202511/174240943.shtml"))
        if _ARTICLE.search(page.url):
            found.append(Sign(ADDRESS, page.url.rpartition("/")[2]))
        return tuple(found)

    def names_column(self, page: Page, column: Column) -> Health:
        """Where the column's address is a data endpoint itself, the address is the name."""
        return super().names_column(page, column) if is_document(page.text) else HEALTHY

    def read_list(self, page: Page, column: Column) -> Listing:
        if not is_document(page.text):
            return answer.read(page)
        if cloud.is_cloud(page):
            return cloud.read(page)
        asked = endpoint.of_page(page, column)
        listing = read_rows(page, _ARTICLE, str(column.options.get("list") or ""), column.branches)
        if listing.rows:
            listing = with_paging(listing, page)
            told = listing.paging != Paging() or bool(listing.unclear)
            if asked is not None and not told:
                return replace(listing, paging=asked)
            if not told and (_has_empty_pager(page) or _FILLED.search(page.text)):
                return replace(listing, unclear="翻页由脚本生成，写法还不认识")
            return listing
        commented = comment.read(page, _ARTICLE)
        if asked is not None:
            rows = commented.rows if commented is not None else ()
            return Listing(rows, frame=True, paging=asked)
        if commented is not None:
            return commented
        if listing.empty and _FILLED.search(page.text):
            return Listing(problem="列表由脚本填入，页面本身不说明什么")
        return listing

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        first = seen[0].listing
        if (
            first is not None
            and first.paging.link
            and first.paging.pages is None
            and endpoint.is_endpoint(first.paging)
        ):
            return endpoint.next_step(seen)
        return next_page(seen)


def _has_empty_pager(page: Page) -> bool:
    """Whether a script writes the links to further pages into a place that is still empty."""
    return any(
        _PAGER.search(element.get("id") or "") and not "".join(element.itertext()).strip()
        for element in page.tree.iter("div", "ul", "span")
    )
