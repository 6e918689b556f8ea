"""Every date that a document or an address bears, each with its source. Days are days in Asia/Shanghai.

Touches nothing. Dates are evidence: conflicts are kept. LIST and LAST_MODIFIED come from the crawl.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from crawler.model import DateEvidence, DateSource, Document, Paragraph, Table

SHANGHAI = ZoneInfo("Asia/Shanghai")

_SPACE = re.compile(r"[\s\u200b\ufeff]+")
# Behind the day comes no further digit, unless a time is glued to a day of two digits (2021-03-2918:26).
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d\d(?=\d\d:)|\d{1,2}(?!\d))")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)")
_CHINESE_DAY = re.compile(
    r"([一二三四五六七八九〇零○]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_DIGITS = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}

# What stands in front of a date on a page. 更新时间 and 页面生成时间 say nothing about publication.
_PUBLISHED = "发布时间|发布日期|发表时间|发表日期|公开日期|公开时间"
_WRITTEN = "成文日期|生成日期|发文日期|成文时间|生成时间"
_SHORT_LABELS = "时间|日期"
_LABEL = "|".join(r"\s*".join(label) for label in f"{_PUBLISHED}|{_WRITTEN}|{_SHORT_LABELS}".split("|"))
_LABELLED = re.compile(rf"(?<![\u4e00-\u9fff])({_LABEL})[\s:\]】]*(?=\d)")
_LABEL_ALONE = re.compile(rf"[\[【]?({_PUBLISHED}|{_WRITTEN})[\]】]?[:：]?")
_INDEX_HEADER = re.compile(r"索引号|发布机构|公开方式|主题分类|文号")
_NEAR = 8  # blocks around a date in which the other lines of an index header stand
_LINE = 200  # characters; a date line is short, a sentence with a date is no date line

# Families: TRS …/t20210126_123.html, Hanweb /art/2021/1/26/, Henan /2023/01-19/, others /20230331/.
_ADDRESSES = (
    re.compile(r"/t((?:19|20)\d\d)(\d\d)(\d\d)_\d+\."),
    re.compile(r"/art/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/((?:19|20)\d\d)/(\d\d)-(\d\d)/"),
    re.compile(r"/((?:19|20)\d\d)(\d\d)(\d\d)/"),
)


def parse_day(text: str) -> dt.date | None:
    """The first calendar day in `text`; None where there is none or it does not exist.

    Reads 2026-01-19 20:34 · 2023年 02月 17日 · 2018/3/26 · 2021-03-2918:26 · 二〇二一年一月二十六日. A time
    with a zone is turned to Shanghai's day.
    """
    plain = unicodedata.normalize("NFKC", text)
    iso = _ISO.search(plain)
    if iso:
        try:
            moment = dt.datetime.fromisoformat(f"{iso[1]}T{iso[2]}{iso[3]}")
        except ValueError:
            return None
        return moment.astimezone(SHANGHAI).date()
    day = _DAY.search(plain)
    if day:
        return _date(day[1], day[2], day[3])
    chinese = _CHINESE_DAY.search(_SPACE.sub("", text))
    if chinese:
        year = "".join(_DIGITS[sign] for sign in chinese[1])
        return _date(year, str(_chinese_number(chinese[2])), str(_chinese_number(chinese[3])))
    return None


def _chinese_number(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    value = (int(_DIGITS.get(tens, "1") if tens else "1") * 10) if ten else 0
    return value + (int(_DIGITS[ones]) if ones in _DIGITS else 0)


def _date(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def from_address(url: str) -> DateEvidence | None:
    """The day in a page's address, where its family writes one. It may be the day of a rebuild."""
    for pattern in _ADDRESSES:
        match = pattern.search(url)
        day = _date(match[1], match[2], match[3]) if match else None
        if match and day:
            return DateEvidence(DateSource.ADDRESS, day, match[0])
    return None


def evidence(document: Document, signed: DateEvidence | None = None) -> tuple[DateEvidence, ...]:
    """All dates that the document itself bears: meta, visible line, index header, signature."""
    found = [*_from_metadata(document), *_from_blocks(document)]
    if signed is not None:
        found.append(signed)
    return tuple(dict.fromkeys(found))


def _from_metadata(document: Document) -> Iterator[DateEvidence]:
    for name, value in document.metadata:
        day = parse_day(value) if name == "pubdate" else None
        if day:
            yield DateEvidence(DateSource.META, day, value)


def _from_blocks(document: Document) -> Iterator[DateEvidence]:
    texts = [_block_text(block) for block in document.blocks]
    for place, block in enumerate(document.blocks):
        if isinstance(block, Table):
            yield from _from_table(block)
        elif len(block.text) <= _LINE:
            near = "".join(texts[max(0, place - _NEAR) : place + _NEAR + 1])
            yield from _from_line(block.text, in_header=_INDEX_HEADER.search(near) is not None)


def _block_text(block: Paragraph | Table) -> str:
    return block.text[:_LINE] if isinstance(block, Paragraph) else ""


def _from_table(table: Table) -> Iterator[DateEvidence]:
    """An index header laid out as a table: the label and the date in one cell, or side by side."""
    if not any(_INDEX_HEADER.search(_SPACE.sub("", cell.text)) for row in table.rows for cell in row):
        return
    for row in table.rows:
        own = [cell.text for cell in row if not cell.repeated and cell.text]
        for number, text in enumerate(own):
            label = _LABEL_ALONE.fullmatch(_SPACE.sub("", text))
            if label and number + 1 < len(own):
                day = parse_day(own[number + 1])
                if day:
                    yield DateEvidence(_source(label[1], in_header=True), day, f"{text} {own[number + 1]}")
            elif len(text) <= _LINE:
                yield from _from_line(text, in_header=True)


def _from_line(text: str, *, in_header: bool) -> Iterator[DateEvidence]:
    """发布日期：2021-01-26 来源：…; several of them may stand in one line."""
    plain = unicodedata.normalize("NFKC", text)
    for match in _LABELLED.finditer(plain):
        day_match = _DAY.match(plain, match.end())
        day = parse_day(day_match[0]) if day_match else None
        if day_match and day:
            label = _SPACE.sub("", match[1])
            yield DateEvidence(_source(label, in_header=in_header), day, match[0] + day_match[0])


def _source(label: str, *, in_header: bool) -> DateSource:
    if label in _WRITTEN.split("|"):
        return DateSource.WRITTEN
    return DateSource.HEADER if in_header else DateSource.SHOWN


def is_only_day(text: str) -> bool:
    compact = _SPACE.sub("", unicodedata.normalize("NFKC", text)).strip("()")
    return bool(re.fullmatch(r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日", compact) or _CHINESE_DAY.fullmatch(compact))
