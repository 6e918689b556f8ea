"""The next page of a list by the links that a page has: never by an address that was made up. Touches nothing.

下一页, 下页, >, rel=next, the number after the present one, the next choice of a box with addresses. Where the page
shows that there is more (共 5 页, 尾页, a 下一页 that only a script follows) and no link leads there, that is said.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.addresses import canonical
from crawler.page import Page, longer, parse, squeeze
from spiders.lists.listing import END, Listing, Paging, Seen, Step, absolute, is_address
from spiders.lists.rows import followable

MAX_PAGERS = 20  # of a page that are looked at
SHORT = 300  # characters of a pager's text at most
UP = 4  # elements above a link in which the rest of its pager stands

_NEXT = re.compile(r"[\[(<＜《»›>＞》\])]*(?:下一?页|后一页|下一頁|nextpage|next)[\[(<＜《»›>＞》\])]*", re.I)
_ARROW = re.compile(r"[>＞›]")
_LAST = re.compile(r"[\[(<＜《]*(?:尾页|末页|最后一?页|最末页)[\])>＞》]*")
_OF_PAGES = re.compile(r"共(?:计|有)?(\d{1,5})页|(?:页次|页码|当前|第)?[:：]?(\d{1,5})/(\d{1,5})页?")
_HERE = re.compile(r"第(\d{1,5})页|当前(?:第|页)?[:：]?(\d{1,5})页?|页次[:：](\d{1,5})/")
_RECORDS = re.compile(r"共(?:计|有)?(\d{1,6})(?:条|篇|个)")
# What scripts call the number of pages, and the calls that make a pager of it.
_SCRIPTED_PAGES = re.compile(
    r"\b(?:countPage|page_?count|total_?pages?|pages|page_?total)['\"]?\s*[:=]\s*['\"]?(\d{1,5})\b"
    r"|\b(?:createPage\w{0,20}|pageDec)\s*\(\s*(?:['\"][^'\"]{0,80}['\"]\s*,\s*)?(\d{1,5})\s*,",
    re.I,
)
_PLACE = re.compile(
    r"(?<![\w-])(?:pages?|pager|paging|pagination|page[-_]?(?:div|nav|bar|box|list|no|num)|fanye|fenye|laypage)(?![\w-])",
    re.I,
)
_PAGER = re.compile(r"下一?页|后一页|尾页|末页|共(?:计|有)?\d+页|\d+/\d+页|共\d+条")


@dataclass(frozen=True, slots=True)
class Onward:
    """`link`: the next page; "" where this one has none. `more`: why there must be one although no link leads there.

    `records`: how many entries the pager says the list has.
    """

    link: str = ""
    more: str = ""
    records: int | None = None


def with_next(listing: Listing, page: Page) -> Listing:
    """The list with the link to its next page, or with what shows that there must be one."""
    further = onward(page)
    return replace(listing, paging=Paging(records=further.records, link=further.link), unclear=further.more)


def follow(seen: Sequence[Seen]) -> Step:
    """What comes after the pages `seen` of a list that `with_next` read."""
    listings = [page.listing or Listing() for page in seen]
    if len(seen) > 1 and seen[-1].fresh == 0:
        return Step(incomplete=f"列表第 {len(seen)} 页没有新的条目")
    link = listings[-1].paging.link
    if link and canonical(link) not in {canonical(page.url) for page in seen}:
        return Step(link)
    records, read = listings[0].paging.records, sum(len(listing.rows) for listing in listings)
    if records is not None and read < records:
        return Step(incomplete=f"页面说有 {records} 条，只列出 {read} 条")
    return END


def onward(page: Page) -> Onward:
    """Where `page` leads on to."""
    pagers = list(_pagers(page))
    shown = [squeeze("".join(pager.itertext())) for pager in pagers]
    counted = next((found for text in shown if (found := _RECORDS.search(text))), None)
    records = int(counted.group(1)) if counted else None
    link = next((url for url in _candidates(page, pagers) if _leads_on(url, page.url)), "")
    return Onward(link, "" if link else _more(page, pagers, shown), records)


def _candidates(page: Page, pagers: list[HtmlElement]) -> Iterator[str]:
    """Addresses of the next page, the plainest first."""
    for element in page.tree.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split():
            yield _address(page, element)
    links = list(page.tree.iter("a"))
    yield from (_address(page, link) for link in links if _says(link, _NEXT))
    for pager in pagers:
        inside = list(pager.iter("a"))
        yield from (_address(page, link) for link in inside if _says(link, _ARROW))
        number = _present_number(page, pager)
        yield from (_address(page, link) for link in inside if number and _text(link) == str(number + 1))
        for box in pager.iter("select"):
            yield _next_choice(page, box)


def _leads_on(url: str, here: str) -> bool:
    """Whether the address is another page of the same host."""
    return bool(url) and urlsplit(url).netloc == urlsplit(here).netloc and canonical(url) != canonical(here)


def _more(page: Page, pagers: list[HtmlElement], shown: list[str]) -> str:
    """What shows that this is not the last page; "" where nothing does."""
    here = next((int(number) for text in shown for number in _numbers(_HERE, text)), None)
    here = here or next((number for pager in pagers if (number := _present_number(page, pager))), None)
    scripted = [
        int(told) for script in parse(page.text).iter("script") for told in _numbers(_SCRIPTED_PAGES, script.text or "")
    ]
    if any(told > 1 and told != here for told in scripted):
        return f"脚本说共有 {max(scripted)} 页，没有通往下一页的链接"
    if not scripted and any(_is_empty_pager(element) for element in page.tree.iter("div", "ul", "span", "p", "nav")):
        return "翻页的位置是空的，由脚本填写"
    for text in shown:
        for found in _OF_PAGES.finditer(text):
            whole = int(found.group(1) or found.group(3))
            at = int(found.group(2)) if found.group(2) else here
            if whole > 1 and (at is None or at < whole):
                return f"页面说共有 {whole} 页，没有通往下一页的链接"
    for pager in pagers:
        for link in pager.iter("a"):
            if _says(link, _LAST) and _leads_on(_address(page, link), page.url):
                return "有“尾页”，没有通往下一页的链接"
            if (_says(link, _NEXT) or _says(link, _LAST)) and _scripted(link) and not _is_off(link):
                return f"“{_text(link)}”只由脚本翻页，地址不明"
        number = _present_number(page, pager)
        others = [int(_text(link)) for link in pager.iter("a") if _is_number(_text(link))]
        if number < max(others, default=0):
            return f"有第 {max(others)} 页，没有通往下一页的链接"
    return ""


def _pagers(page: Page) -> Iterator[HtmlElement]:
    """What holds a pager's words or numbers: each of them with the little that stands around it."""
    found: list[HtmlElement] = []
    for element in page.tree.iter():
        if not isinstance(element.tag, str) or not (
            _PAGER.search(squeeze(_own_text(element))) or _is_page_link(element)
        ):
            continue
        pager = element
        for above in [element, *element.iterancestors()][: UP + 1]:
            if above.tag in ("body", "html") or longer(above, SHORT):
                break
            pager = above
        if not any(pager is one for one in found):
            found.append(pager)
            yield pager
        if len(found) >= MAX_PAGERS:
            return


def _is_empty_pager(element: HtmlElement) -> bool:
    """A place for a pager that nothing but a script fills."""
    return bool(_PLACE.search(f"{element.get('class') or ''} {element.get('id') or ''}")) and not _text(element)


def _is_page_link(element: HtmlElement) -> bool:
    return element.tag == "a" and followable(element.get("href")) and _is_number(squeeze(element.text or ""))


def _own_text(element: HtmlElement) -> str:
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _present_number(page: Page, pager: HtmlElement) -> int:
    """The number of the page shown: it alone among the pager's numbers leads nowhere else. 0 where it is not told."""
    elsewhere: set[int] = set()
    here: set[int] = set()
    for element in pager.iter("a", "span", "b", "strong", "em", "i", "li", "td", "font", "u", "div"):
        text = _text(element)
        if not _is_number(text):
            continue
        inside = [element, *element.iterdescendants("a"), *element.iterancestors("a")]
        leads = any(_leads_on(_address(page, one), page.url) for one in inside if one.tag == "a")
        (elsewhere if leads else here).add(int(text))
    alone = here - elsewhere
    number = min(alone) if len(alone) == 1 else 0
    return number if {number - 1, number + 1} & elsewhere else 0


def _next_choice(page: Page, box: HtmlElement) -> str:
    """The address behind the choice after the chosen one, where the choices bear addresses."""
    choices = list(box.iter("option"))
    chosen = next((index for index, one in enumerate(choices) if one.get("selected") is not None), 0)
    if chosen + 1 >= len(choices):
        return ""
    value = (choices[chosen + 1].get("value") or "").strip()
    return absolute(page.url, value) if "." in value or "/" in value or value.startswith("?") else ""


def _address(page: Page, link: HtmlElement) -> str:
    if not followable(link.get("href")):
        return ""
    url = absolute(page.url, link.get("href") or "")
    return url if is_address(url) else ""


def _scripted(link: HtmlElement) -> bool:
    """Whether a click does something that the address does not say."""
    written = (link.get("href") or "").strip().lower().rstrip(";")
    calls = written.startswith("javascript:") and written not in ("javascript:", "javascript:void(0)", "javascript:;")
    return calls or bool(link.get("onclick"))


def _is_off(link: HtmlElement) -> bool:
    """A link that the pager shows as out of use on its last page."""
    names = " ".join((one.get("class") or "") for one in (link, link.getparent()) if one is not None).lower()
    return link.get("disabled") is not None or "disab" in names


def _says(element: HtmlElement, words: re.Pattern[str]) -> bool:
    return bool(words.fullmatch(_text(element)) or words.fullmatch(squeeze(element.get("title") or "")))


def _text(element: HtmlElement) -> str:
    return squeeze("".join(element.itertext()))


def _is_number(text: str) -> bool:
    return text.isdecimal() and 0 < len(text) < 4  # four are a year


def _numbers(words: re.Pattern[str], text: str) -> Iterable[str]:
    return (number for found in words.finditer(text) for number in found.groups() if number)
