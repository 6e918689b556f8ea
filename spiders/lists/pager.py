"""What a page's scripts and links say about the further pages of its list, and which address comes next. Touches nothing.

Three dialects of numbered static pages, met in several families:
    var currentPage = 0; var countPage = 2                 zero-based: page 2 is index_1.html
    createPageHTML(total, current, "index", "html")        zero-based, where current is 0 on the first page
    createPageHTML('paging', total, current, 'index', …)   one-based: page 2 is index_2.html; .pagination("setPage", …) too
What the script says is tried: a page 2 that repeats page 1 or does not exist means the other way of counting.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urljoin

from crawler.page import Page, parse
from spiders.lists.listing import END, Listing, Paging, Seen, Step, absolute
from spiders.lists.rows import followable

_LINE_COMMENT = re.compile(r"(?<![:\"'])//[^\n]*")
COUNT_PAGE = re.compile(r"\bcountPage\s*=\s*(\d{1,9})")
CREATE_PAGE = re.compile(
    r"createPageHTML\s*\(\s*(?:(['\"])[^'\"]*\1\s*,\s*)?(\d{1,9})\s*,\s*(\d{1,9})\s*,\s*['\"]([\w-]+)['\"]\s*,\s*['\"](\w+)['\"]"
    r"(?:\s*,\s*['\"][^'\"]*['\"])?(?:\s*,\s*(\d{1,9}))?"
)
_CALL = re.compile(r"(?<!function )\bcreatePageHTML\s*\(|\.pagination\(\s*['\"]setPage['\"]")
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d{1,9})")
_RECORDS = re.compile(r"\bcountnum\s*=\s*(\d{1,9})", re.I)
_SET_PAGE = re.compile(r"\.pagination\(\s*['\"]setPage['\"]\s*,\s*(\d{1,9})\s*,\s*(\d{1,9})")
# The script of the countPage dialect writes its links itself: "<a href=\"index"+"_" + nextPage + "."+"html\">".
_FILE = re.compile(
    r"""href=\\?["']?([\w-]+)["']?\s*\+?\s*["']?_["']\s*\+\s*\w+\s*\+\s*["']\.["']?\s*\+?\s*["']?(s?html?)\b"""
)
# Pagers of other makers: how many pages they state, or that they are there at all.
_OTHER_COUNT = re.compile(
    r"""\b(?:total_?pages?|page_?(?:count|total)|countPages?)["']?\s*[:=]\s*["']?(\d{1,9})""", re.I
)
_OTHER_PAGER = re.compile(
    r"\.(?:pagination|paging|pager|jpage|twbsPagination)\(\s*\{|\blaypage\b|\bcreatePage\(\s*['\"\d]"
)
_SUFFIX = re.compile(r"\.(s?html?)$")
_NEXT = re.compile(r"[\[(<＜《]*(?:下一?页|后一页)[\])>＞》]*")
_PAGES = re.compile(r"共(?:计)?(\d{1,9})页")


def with_paging(listing: Listing, page: Page, markup: str = "") -> Listing:
    """The list together with what the page says about further pages; `markup`: where, if not in the page's own."""
    script = _LINE_COMMENT.sub("", "\n".join(scripts(markup or page.text)))
    if found := CREATE_PAGE.search(script):
        records = int(found.group(6)) if found.group(6) else None
        # Counted from 1 where the first page is number 1. The variant with a place for the pager counts so as well.
        first = 2 if found.group(3) == "1" or (found.group(1) and found.group(3) != "0") else 1
        paging = _numbered(page, listing, int(found.group(2)), first, records, (found.group(4), found.group(5)))
        return replace(listing, paging=paging)
    if found := COUNT_PAGE.search(script):
        current, count = _CURRENT.search(script), _RECORDS.search(script)
        first = 2 if current and current.group(1) == "1" else 1
        names = _FILE.search(script)
        file = (names.group(1), names.group(2)) if names else ("index", "")
        paging = _numbered(page, listing, int(found.group(1)), first, int(count.group(1)) if count else None, file)
        return replace(listing, paging=paging)
    if found := _SET_PAGE.search(script):
        return replace(listing, paging=_numbered(page, listing, int(found.group(2)), 2, None, ("index", "")))
    if _CALL.search(script):
        return replace(listing, unclear="翻页脚本的写法还不认识")
    listing = _linked(listing, page)
    stated = [int(count) for count in _OTHER_COUNT.findall(script)]
    if listing.paging == Paging() and (max(stated, default=0) > 1 or (not stated and _OTHER_PAGER.search(script))):
        return replace(listing, unclear=listing.unclear or "翻页脚本的写法还不认识")
    return listing


def next_page(seen: Sequence[Seen]) -> Step:
    """What comes after the pages `seen` of a list that `with_paging` read. The end is only what is known to be it."""
    first = seen[0].listing
    paging = first.paging if first is not None else Paging()
    if paging.pages is None:
        return _next_link(seen)
    if paging.pages <= 1:
        return _end(paging, seen)
    told = paging.first if paging.first is not None else 1
    further = list(seen[1:])
    if not further:
        return _page(paging, 2, told)
    if further[0].fresh == 0:
        told = 3 - told  # 1 and 2 are the numbers that page 2 can bear
        further = further[1:]
        if not further:
            return _page(paging, 2, told)
    elif told == 2 and len(further) == paging.pages:
        # Told to be counted from 1, counted from 0: the last page did not exist, and page 2 was asked for at last.
        return _end(paging, seen) if further[-1].fresh else Step(incomplete=_missing(paging, len(further)))
    number = len(further) + 1  # of the page read last
    if further[-1].fresh == 0:
        if paging.records is not None and _listed(seen) >= paging.records:
            return END
        if told == 2 and number == paging.pages and len(further) == len(seen) - 1 and further[-1].listing is None:
            return _page(paging, 2, 1)
        return Step(incomplete=_missing(paging, number) if further[-1].listing is None else _repeated(paging, number))
    return _page(paging, number + 1, told) if number < paging.pages else _end(paging, seen)


def _next_link(seen: Sequence[Seen]) -> Step:
    last = seen[-1]
    link = last.listing.paging.link if last.listing is not None else ""
    if len(seen) > 1 and last.fresh == 0:
        return Step(incomplete=f"“下一页”的第 {len(seen)} 页没有新的条目")
    return END if not link or link in {page.url for page in seen} else Step(link)


def _end(paging: Paging, seen: Sequence[Seen]) -> Step:
    """The end, unless the system publishes only its newest pages and says to hold more (countnum)."""
    sizes = [len(page.listing.rows) for page in seen if page.listing is not None]
    pages = max(paging.pages or 1, 1)
    if paging.records is not None and paging.records > pages * max(sizes, default=0):
        return Step(incomplete=f"页面说共 {paging.records} 条，只发布了 {pages} 页 {_listed(seen)} 条，更早的看不到")
    return END


def _listed(seen: Sequence[Seen]) -> int:
    return sum(page.fresh for page in seen)


def _missing(paging: Paging, number: int) -> str:
    return f"页面说共 {paging.pages} 页，第 {number} 页起不存在，最早的条目看不到"


def _repeated(paging: Paging, number: int) -> str:
    return f"共 {paging.pages} 页，第 {number} 页没有新的条目"


def _page(paging: Paging, number: int, told: int) -> Step:
    """The address of page `number`, where page 2 bears the number `told`. Whether it exists is seen then."""
    return Step(paging.template.replace("{page}", str(number - 2 + told)), probe=True)


def _numbered(
    page: Page, listing: Listing, pages: int, first: int, records: int | None, file: tuple[str, str]
) -> Paging:
    """`file`: the name and the suffix of the pages' files; a suffix that is not told is that of the page or its rows."""
    stem, suffix = file
    named = (_SUFFIX.search(url.partition("?")[0]) for url in (page.url, *(row.url for row in listing.rows)))
    suffix = suffix or next((found.group(1) for found in named if found), "html")
    return Paging(pages=pages, records=records, template=urljoin(page.url, f"{stem}_{{page}}.{suffix}"), first=first)


def _linked(listing: Listing, page: Page) -> Listing:
    """No script: a plain link to the next page, or a number of pages, or a single page."""
    leading = (element for element in page.tree.iter() if element.tag == "a" or element.get("onclick"))
    nexts = [element for element in leading if _NEXT.fullmatch("".join("".join(element.itertext()).split()))]
    for link in nexts:
        url = absolute(page.url, link.get("href") or "")
        if followable(link.get("href")) and url.startswith(urljoin(page.url, ".")) and url != page.url:
            return replace(listing, paging=Paging(link=url))
    counted = _PAGES.search(page.visible)
    if (nexts and not counted) or (counted and int(counted.group(1)) > 1 and not _is_last(page, counted)):
        return replace(listing, unclear="有“下一页”或多页，但翻页方式还不认识")
    return listing


def _is_last(page: Page, counted: re.Match[str]) -> bool:
    """A page of plain links that says 第 N 页 of 共 N 页."""
    here = re.search(r"第(\d+)页|当前页?[:：]?(\d+)", page.visible)
    return bool(here and counted.group(1) in here.groups())


def scripts(text: str) -> Iterable[str]:
    """The scripts that are not commented out."""
    return (script.text or "" for script in parse(text).iter("script"))
