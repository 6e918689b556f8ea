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
from urllib.parse import urljoin, urlsplit

from crawler.page import Page, parse
from spiders.listing import END, Listing, Paging, Seen, Step, absolute
from spiders.rows import followable

_LINE_COMMENT = re.compile(r"(?<![:\"'])//[^\n]*")
COUNT_PAGE = re.compile(r"\bcountPage\s*=\s*(\d+)")
CREATE_PAGE = re.compile(
    r"createPageHTML\s*\(\s*(?:(['\"])[^'\"]*\1\s*,\s*)?(\d+)\s*,\s*(\d+)\s*,\s*['\"]([\w-]+)['\"]\s*,\s*['\"](\w+)['\"]"
)
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d+)")
_SET_PAGE = re.compile(r"\.pagination\(\s*['\"]setPage['\"]\s*,\s*(\d+)\s*,\s*(\d+)")
_NEXT = re.compile(r"[\[(<＜《]*(?:下一?页|后一页)[\])>＞》]*")
_PAGES = re.compile(r"共(?:计)?(\d+)页")


def with_paging(listing: Listing, page: Page) -> Listing:
    """The list together with what the page says about further pages."""
    script = _LINE_COMMENT.sub("", "\n".join(_scripts(page.text)))
    if found := CREATE_PAGE.search(script):
        pages, current = int(found.group(2)), int(found.group(3))
        first = 2 if found.group(1) or current == 1 else 1
        return replace(listing, paging=_numbered(page, pages, first, stem=found.group(4), suffix=found.group(5)))
    if found := COUNT_PAGE.search(script):
        current_page = _CURRENT.search(script)
        first = 2 if current_page and int(current_page.group(1)) == 1 else 1
        return replace(listing, paging=_numbered(page, int(found.group(1)), first))
    if found := _SET_PAGE.search(script):
        return replace(listing, paging=_numbered(page, int(found.group(2)), 2))
    return _linked(listing, page)


def next_page(seen: Sequence[Seen]) -> Step:
    """What comes after the pages `seen` of a list that `with_paging` read."""
    first, last = seen[0].listing, seen[-1]
    paging = first.paging if first is not None else Paging()
    if paging.pages is None:
        link = last.listing.paging.link if last.listing is not None else ""
        repeated = last.fresh == 0 or link in {page.url for page in seen}
        return END if repeated or not link else Step(link)
    if paging.pages <= 1:
        return END
    told = paging.first if paging.first is not None else 1
    further = list(seen[1:])
    if not further:
        return _page(paging, 2, told, probe=True)
    if further[0].fresh == 0:
        told = 3 - told  # 1 and 2 are the numbers that page 2 can bear
        further = further[1:]
        if not further:
            return _page(paging, 2, told, probe=True)
    if further[-1].fresh == 0:
        return Step(incomplete=f"共 {paging.pages} 页，第 {len(further) + 1} 页没有新的条目")
    number = len(further) + 2
    return _page(paging, number, told) if number <= paging.pages else END


def _page(paging: Paging, number: int, told: int, *, probe: bool = False) -> Step:
    """The address of page `number`, where page 2 bears the number `told`."""
    return Step(paging.template.replace("{page}", str(number - 2 + told)), probe=probe)


def _numbered(page: Page, pages: int, first: int, *, stem: str = "index", suffix: str = "") -> Paging:
    suffix = suffix or (urlsplit(page.url).path.rpartition("/")[2].rpartition(".")[2] or "html")
    return Paging(pages=pages, template=urljoin(page.url, f"{stem}_{{page}}.{suffix}"), first=first)


def _linked(listing: Listing, page: Page) -> Listing:
    """No script: a plain link to the next page, or a number of pages, or a single page."""
    nexts = [link for link in page.tree.iter("a") if _NEXT.fullmatch("".join("".join(link.itertext()).split()))]
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


def _scripts(text: str) -> Iterable[str]:
    """The scripts that are not commented out."""
    return (script.text or "" for script in parse(text).iter("script"))
