"""Whose table it is, where a page holds more than one report: the nearest title or caption above it says so.

Touches nothing. A table below the title of another office or of another year, or below a caption that names one, is
not the report's. Where the titles do not say plainly which report is the page's own, no table is.
"""

from __future__ import annotations

import re

from crawler.model import Document, Paragraph, Table
from crawler.reports import identify
from crawler.reports.identify import Identity
from crawler.reports.labels import plain_text

_LONGEST_CAPTION = 30
_CAPTION_LINES = 2  # paragraphs right above a table that may be its caption
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年|(?!\d))")
_FORMER = re.compile(r"上一?年度?|去年|往年|前年")
_DAY = re.compile(r"\d{1,2}月\d{1,2}日")
_PIECE = re.compile(r"第二十条第")  # the lines between the pieces of table two
_LABEL_WORDS = re.compile(r"结转|项目|申请数")  # labels of the forms that speak of last year
_SENTENCE = re.compile(r"[。;；!！]")


def strangers(document: Document, who: Identity) -> dict[int, str]:
    """0-based block of every table that is not plainly the report's → why, in Chinese."""
    titles = {title.block: title for title in identify.titles(document)}
    if len({(plain_text(title.agency or ""), title.year) for title in titles.values()}) < 2:
        titles = {}  # one report: what its title says of itself is judged elsewhere
    found: dict[int, str] = {}
    stranger = caption = ""
    for number, block in enumerate(document.blocks):
        if isinstance(block, Paragraph) and number + 1 in titles:
            title = titles[number + 1]
            stranger = "" if _fits(title.agency, title.year, who) else f"标题“{title.text}”下"
        elif isinstance(block, Table):
            own = _caption(document, number, who) or _inner_caption(block, who)
            caption = own or (caption if _is_next_piece(document, number) else "")
            reason = caption or stranger
            if reason:
                found[number] = f"{reason}的表格不属于这份报告，或不能确定属于哪一份，未读取。"
    return found


def _is_next_piece(document: Document, number: int) -> bool:
    """Whether a table goes on with the one above it: only 第二十条第…项 parts them. Then it has the same caption."""
    above = document.blocks[number - 1] if number else None
    before = document.blocks[number - 2] if number > 1 else None
    return isinstance(before, Table) and isinstance(above, Paragraph) and bool(_PIECE.match(plain_text(above.text)))


def _fits(agency: str | None, year: int | None, who: Identity) -> bool:
    """Whether a title can be that of the page's own report: nothing that it names is another's."""
    if agency and who.agency and not identify.same_office(agency, who.agency):
        return False
    return year is None or who.year is None or year in (who.year, who.titled_year)


def _caption(document: Document, number: int, who: Identity) -> str:
    """The line above a table that names another year or another office; empty where none does."""
    for block in reversed(document.blocks[max(0, number - _CAPTION_LINES) : number]):
        if not isinstance(block, Paragraph):
            return ""
        text = plain_text(block.text)
        if not _may_be_caption(text):
            return ""
        if _other_year(text, who):
            return f"“{block.text}”下"
        if _YEAR.search(text):
            return ""
        if identify.is_office(text):
            own = who.agency is None or identify.same_office(text, who.agency)
            return "" if own else f"“{block.text}”下"
    return ""


def _inner_caption(table: Table, who: Identity) -> str:
    """The same as a row of the table: a spreadsheet has captions in cells. Then all of the table is in doubt."""
    for cells in table.rows:
        filled = [cell.text for cell in cells if cell.text and not cell.repeated]
        text = plain_text(filled[0]) if len(filled) == 1 else ""
        if text and _may_be_caption(text) and not _LABEL_WORDS.search(text) and _other_year(text, who):
            return f"“{filled[0]}”下"
    return ""


def _may_be_caption(text: str) -> bool:
    return len(text) <= _LONGEST_CAPTION and not _SENTENCE.search(text) and not _DAY.search(text)


def _other_year(text: str, who: Identity) -> bool:
    years = {int(year) for year in _YEAR.findall(text)}
    if years:
        return who.year is not None and not years & {who.year, who.titled_year}
    return _FORMER.search(text) is not None
