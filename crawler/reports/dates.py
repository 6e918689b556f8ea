"""Every date that a document or an address bears, each with its source. Days are days in Asia/Shanghai.

Touches nothing. Dates are evidence: conflicts are kept. LIST and LAST_MODIFIED come from the crawl.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from crawler.model import DateEvidence, DateSource, Document, Paragraph, Table

SHANGHAI = ZoneInfo("Asia/Shanghai")

_SPACE = re.compile(r"[\s\u200b\ufeff]+")
# Behind the day comes no further digit, unless a time is glued to a day of two digits (2021-03-2918:26).
_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d\d(?=\d\d:)|\d{1,2}(?!\d))(?:\s*日)?"
)
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)")
_CHINESE_DAY = re.compile(
    r"([一二三四五六七八九〇零○]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_DIGITS = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}

# What stands in front of a date on a page.
_PUBLISHED = "发布时间|发布日期|发表时间|发表日期|公开日期|公开时间"
_WRITTEN = "成文日期|生成日期|发文日期|成文时间|生成时间"
_UPDATED = "更新时间|更新日期"
_GENERATED = "页面生成时间"
_SHORT_LABELS = "时间|日期"
_LABEL = "|".join(
    r"\s*".join(label) for label in f"{_GENERATED}|{_PUBLISHED}|{_WRITTEN}|{_UPDATED}|{_SHORT_LABELS}".split("|")
)
_LABELLED = re.compile(rf"(?<![\u4e00-\u9fff])({_LABEL})[\s:\]】]*(?=\d)")
_LABEL_ALONE = re.compile(rf"[\[【]?({_PUBLISHED}|{_WRITTEN}|{_UPDATED})[\]】]?[:：]?")
_INDEX_HEADER = re.compile(r"索引号|发布机构|公开方式|主题分类|文号")
_HEADER_LINE = re.compile(r"[\[【]?[^:：\d]{2,12}[\]】:：]")  # a line of a header begins with its label
_BYLINE = re.compile(r"来源|浏览|点击|阅读|访问量|字号|字体|打印|分享|作者|编辑|发布人|责编")
_LINE = 200  # characters; a date line is short, a sentence with a date is no date line
_LONGEST_HEADER = 30  # lines

# Families: TRS …/t20210126_123.html, Hanweb /art/2021/1/26/, Henan /2023/01-19/, Shanghai /20230331/, Hebei /202308/21/,
# Sichuan and Xishan /2024/1/29/, ids that are yyyymmddHHMMSS, some with milliseconds.
_YEAR_OF_ADDRESS = r"((?:199|20[0-3])\d)"
_ADDRESSES = (
    re.compile(rf"/t{_YEAR_OF_ADDRESS}(\d\d)(\d\d)_\d+"),
    re.compile(rf"/art/{_YEAR_OF_ADDRESS}/(\d{{1,2}})/(\d{{1,2}})/"),
    re.compile(rf"/{_YEAR_OF_ADDRESS}/(\d\d)-(\d\d)/"),
    re.compile(rf"/{_YEAR_OF_ADDRESS}(\d\d)(\d\d)/"),
    re.compile(rf"/{_YEAR_OF_ADDRESS}(\d\d)/(\d\d)/"),
    re.compile(rf"/{_YEAR_OF_ADDRESS}/(\d{{1,2}})/(\d{{1,2}})/"),
    re.compile(rf"(?<!\d){_YEAR_OF_ADDRESS}(\d\d)(\d\d)(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{{3}})?(?!\d)"),
)
# Ids that hold the moment at which a row was made; a whole name in the address, or what follows its last _ or =.
_SNOWFLAKE = re.compile(r"(?<![0-9A-Za-z])(\d{19})(?![0-9A-Za-z])")
_OBJECT_ID = re.compile(r"(?<![0-9A-Za-z])([0-9a-f]{24})(?![0-9A-Za-z])")
_STAMPED = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d")
_SNOWFLAKE_EPOCH = 1_288_834_974_657  # milliseconds
_FIRST_ID_YEAR, _LAST_ID_YEAR = 2009, 2039  # the Regulation's first reports are of 2008; later years are no dates


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


def from_list(value: dt.date, raw: str) -> DateEvidence:
    """The date beside an entry of a list; where the list says so (成文日期) it is the document's and no publication."""
    is_written = re.match(_WRITTEN, raw.strip()) is not None
    return DateEvidence(DateSource.WRITTEN if is_written else DateSource.LIST, value, raw)


def from_address(url: str) -> DateEvidence | None:
    """The day in a page's address, where its family writes one. It may be the day of a rebuild."""
    for pattern in _ADDRESSES:
        for match in pattern.finditer(_path(url)):
            day = _date(match[1], match[2], match[3])
            if day:
                return DateEvidence(DateSource.ADDRESS, day, match[0])
    return None


def from_id(url: str) -> DateEvidence | None:
    """The day on which a page's row was made, where its address holds an id that tells (snowflake, Mongo ObjectId).

    It claims nothing: a move to another system makes new rows. A number that begins with a date and a time is no
    snowflake, and one without a letter no ObjectId.
    """
    found = [
        (match[1], ((int(match[1]) >> 22) + _SNOWFLAKE_EPOCH) / 1000)
        for match in _SNOWFLAKE.finditer(_path(url))
        if not _STAMPED.match(match[1])
    ]
    found += [
        (match[1], float(int(match[1][:8], 16)))
        for match in _OBJECT_ID.finditer(_path(url))
        if not match[1].isdecimal()
    ]
    for raw, seconds in reversed(found):
        day = _day_of_seconds(seconds)
        if _FIRST_ID_YEAR <= day.year <= _LAST_ID_YEAR:
            return DateEvidence(DateSource.ID_TIME, day, raw)
    return None


def from_header(last_modified: str) -> DateEvidence | None:
    """The day of an HTTP header Last-Modified: when the server's file was last written."""
    try:
        moment = parsedate_to_datetime(last_modified)
        if moment.tzinfo is None:
            return None
        return DateEvidence(DateSource.LAST_MODIFIED, moment.astimezone(SHANGHAI).date(), last_modified)
    except (ValueError, OverflowError, IndexError, TypeError):  # whatever a server may write there
        return None


def _path(url: str) -> str:
    """Path and query: the name of a host holds no date."""
    path = re.sub(r"^[a-z]+://[^/?#]*", "", url, flags=re.I)
    return path.partition("#")[0]


def _day_of_seconds(seconds: float) -> dt.date:
    return dt.datetime.fromtimestamp(seconds, SHANGHAI).date()


def evidence(document: Document, signed: DateEvidence | None = None) -> tuple[DateEvidence, ...]:
    """All dates that the document itself bears: metadata and data, visible line, index header, signature."""
    found = [*_from_metadata(document), *_from_blocks(document)]
    if signed is not None:
        found.append(signed)
    return tuple(dict.fromkeys(found))


def _from_metadata(document: Document) -> Iterator[DateEvidence]:
    for name, value in document.metadata:
        source = _METADATA.get(name)
        if source is DateSource.GENERATED and name == "others" and _GENERATED not in value:
            continue
        day = _day_of_data(value) if source is not None else None
        if source is not None and day is not None:
            yield DateEvidence(source, day, value)


# `detail.…`: the data of a gkmlpt page (crawler.formats.html): its 发布日期, its 成文日期, when the row was made.
_METADATA = {
    "pubdate": DateSource.META,
    "others": DateSource.GENERATED,
    "htmlgeneratetime": DateSource.GENERATED,
    "detail.create_time": DateSource.DATA,
    "detail.date": DateSource.WRITTEN,
    "detail.created_at": DateSource.ID_TIME,
}


def _day_of_data(value: str) -> dt.date | None:
    """A day as it is written, or Unix seconds."""
    return _day_of_seconds(int(value)) if re.fullmatch(r"[1-9]\d{9}", value) else parse_day(value)


def _from_blocks(document: Document) -> Iterator[DateEvidence]:
    header = _header_lines(document.blocks)
    for place, block in enumerate(document.blocks):
        if isinstance(block, Table):
            yield from _from_table(block)
        elif len(block.text) <= _LINE:
            yield from _from_line(block.text, in_header=place in header)


def _header_lines(blocks: Sequence[Paragraph | Table]) -> frozenset[int]:
    """The places of the paragraphs that make up an index header: lines with labels, one below the other.

    The line below the title (发布时间：… 来源：… 浏览次数：…) is none of them, wherever it stands.
    """
    found: set[int] = set()
    run: list[int] = []
    for place, block in enumerate((*blocks, Paragraph(""))):
        text = _SPACE.sub("", block.text) if isinstance(block, Paragraph) else ""
        is_line = text and len(text) <= _LINE and (_HEADER_LINE.match(text) or _INDEX_HEADER.search(text))
        if is_line and (_INDEX_HEADER.search(text) or not _BYLINE.search(text)):
            run.append(place)
            continue
        if len(run) <= _LONGEST_HEADER and any(_INDEX_HEADER.search(_text(blocks[line])) for line in run):
            found.update(run)
        run = []
    return frozenset(found)


def _text(block: Paragraph | Table) -> str:
    return _SPACE.sub("", block.text) if isinstance(block, Paragraph) else ""


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
    if label in _UPDATED.split("|"):
        return DateSource.UPDATED
    if label == _GENERATED:
        return DateSource.GENERATED
    return DateSource.HEADER if in_header else DateSource.SHOWN


def is_only_day(text: str) -> bool:
    compact = _SPACE.sub("", unicodedata.normalize("NFKC", text)).strip("()")
    return bool(re.fullmatch(r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日", compact) or _CHINESE_DAY.fullmatch(compact))
