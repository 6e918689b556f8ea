"""The list behind module/xxgk/search.jsp of Hanweb's disclosure module. Touches nothing.

POST with infotypeId, jdid, area, divid, …, currpage; the answer is a fragment of HTML with 共N页. It holds what the
whole office has published, so only links to articles of the column (art_<column>_) are its entries, and a page
without any of them is no end.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from config.schema import Column
from crawler.page import Page
from spiders.lists.listing import END, Listing, Paging, Seen, Step, absolute
from spiders.lists.rows import is_placeholder, lines

PATH = "/module/xxgk/search.jsp"

_FIELDS = (
    "infotypeId",
    "jdid",
    "area",
    "divid",
    "vc_title",
    "vc_number",
    "sortfield",
    "currpage",
    "vc_filenumber",
    "vc_all",
    "texttype",
    "fbtime",
)
_NARROWING = ("infotypeId", "jdid", "area", "divid")  # one of them at least names the list
_ADDRESS = re.compile(r"""["']([^"'()\s<>]{0,200}/module/xxgk/search\.jsp(?:\?[^"'\s<>]{0,1000})?)["']""")
_PAIR = r"\w{1,20}=[^&\"'\s<>]{0,100}"
_DATA = re.compile(rf"""["']\??((?:{_PAIR}&(?:amp;)?){{2,30}}{_PAIR})["']""")
_PAGES = re.compile(r"共(\d{1,6})页")
_NONE = re.compile(r"共0[页条]")
_ARTICLE = re.compile(r"/art_\d+_\d+\.html?$")


def is_answer(page: Page) -> bool:
    return urlsplit(page.url).path.endswith(PATH)


def read_frame(page: Page, column: Column) -> Listing | None:
    """The column's page that leads to a search; None where it leads to none."""
    address = _ADDRESS.search(page.text)
    given = {name: str(column.options[name]) for name in _FIELDS if name in column.options}
    if address is None and not given:
        return None
    url, _, query = unescape(address.group(1) if address else PATH).partition("?")
    values = dict(parse_qsl(query, keep_blank_values=True))
    for data in _DATA.finditer(page.text):
        found = dict(parse_qsl(unescape(data.group(1)), keep_blank_values=True))
        if len(found.keys() & set(_FIELDS)) > 2:
            values = found | values
    values |= given
    if not any(values.get(name) for name in _NARROWING):
        return Listing(problem=f"页面没有说明 {PATH} 的查询条件，请设置 options: {'、'.join(_NARROWING)}")
    form = tuple((name, values.get(name, "")) for name in _FIELDS)
    return Listing(frame=True, paging=Paging(link=absolute(page.url, url), form=form))


def read_answer(page: Page, column_id: str) -> Listing:
    if not column_id:
        return Listing(problem="地址里没有栏目编号，请设置 options: column_id")
    found = [line.row for line in lines(page.tree, page.url, _ARTICLE) if line.is_article]
    own = re.compile(rf"/art_{column_id}_")
    rows = tuple(row for row in found if own.search(row.url))
    if any(is_placeholder(row) for row in found):
        return Listing(problem="列表是未填的模板")
    pages = _PAGES.search(page.visible)
    paging = Paging(pages=int(pages.group(1)) if pages else None, mark=found[0].url if found else "")
    if found or pages is not None:
        return Listing(rows, empty=not found and bool(_NONE.search(page.visible)), paging=paging)
    return Listing(problem="回应里没有条目，也没有页数")


def next_page(seen: Sequence[Seen]) -> Step:
    frame = seen[0].listing
    paging = frame.paging if frame is not None else Paging()
    answers = [page.listing.paging for page in seen[1:] if page.listing is not None]
    if not answers:
        return _page(paging, 1)
    last = answers[-1]
    if last.pages is not None and len(answers) >= last.pages and (last.mark or not last.pages):
        repeated = last.mark in {page.mark for page in answers[:-1]}
        return Step(incomplete="最后一页与前面的一页相同") if repeated else END
    if not last.mark:
        return Step(incomplete=f"第 {len(answers)} 页没有条目，共 {last.pages} 页")
    if last.mark in {page.mark for page in answers[:-1]}:
        return Step(incomplete=f"第 {len(answers)} 页与前面的一页相同")
    if last.pages is None:
        return Step(incomplete="没有说明共有几页")
    return _page(paging, len(answers) + 1)


def _page(paging: Paging, number: int) -> Step:
    form = tuple((name, str(number) if name == "currpage" else value) for name, value in paging.form)
    return replace(Step(paging.link), form=form)
