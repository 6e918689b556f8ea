"""Whose report it is, of which year, when it was signed, and whether it is an annual report at all.

Touches nothing. The year: the statistics period first, then the title (titles are copied from last year). The
agency: as printed in the title or above it, then the signature, then meta ContentSource. The index header's
发布机构 is often another office and is no witness.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.model import DateEvidence, DateSource, Document, Issue, Paragraph
from crawler.reports import dates
from crawler.reports import title as titling
from crawler.reports.title import plain, printed

# How the names of offices end; enough to tell a signature from a sentence.
_OFFICE = re.compile(
    r"(?:局|委|委员会|办|办公室|办公厅|厅|部|署|院|府|处|所|站|中心|银行|公司|学校|大学|医院|协会|联合会|分局|总队|支队|大队"
    r"|街道|镇|乡|馆|社|会|组|科|队|管理区|开发区)$"
)
_LONGEST_OFFICE = 60
_BEGUN = re.compile(r"(?:19|20)\d\d年度?(?:政府|政务)?(?:信息公开)?(?:工作)?$|信息公开(?:工作)?$")
_ENDED = re.compile(r"^\D{0,20}(?:报告|年报)$")
_PERIOD = re.compile(
    r"((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日(?:起|开始)?,?(?:至|到|-|—|–|~|－)+,?(?:((?:19|20)\d\d)年)?(\d{1,2})月(\d{1,2})日"
)
_PERIOD_WORDS = re.compile(r"统计|数据|期限|时限|时段|起止")


@dataclass
class Identity:
    """Who and when, with the reasons in `evidence` and the doubts in `issues`."""

    is_report: bool = False
    agency: str | None = None
    year: int | None = None
    titled_year: int | None = None  # what the title says
    title: str = ""
    period: tuple[dt.date, dt.date] | None = None
    signature: DateEvidence | None = None
    signed_by: str | None = None
    evidence: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    block: int  # 1-based
    printed: str  # without spaces
    text: str  # the same with compatibility forms unified, sign for sign
    heading: bool


@dataclass(frozen=True, slots=True)
class TitleLine:
    """A report's title within the text. `block`: 1-based, where the title ends."""

    block: int
    text: str
    agency: str | None
    year: int | None


@dataclass(frozen=True, slots=True)
class _Title:
    text: str
    agency: str | None
    year: int | None
    source: str
    line: int | None = None  # index of the line it begins at


def identify(document: Document, *, hint_title: str = "") -> Identity:
    """`hint_title`: the title under which a list linked to the document; the last resort."""
    lines = _lines(document)
    result = Identity()
    title = _title(document, lines, hint_title)
    result.period = _period(lines)
    _sign(result, lines, title)
    if title is not None:
        result.title = title.text
        result.evidence["title"] = title.source
    result.is_report = title is not None
    _settle_agency(result, document, title)
    _settle_year(result, title)
    return result


def titles(document: Document) -> tuple[TitleLine, ...]:
    """Every title of a report that stands in the text; more than one report may be on a page."""
    lines = _lines(document)
    return tuple(
        TitleLine(line.block, title.text, title.agency, title.year)
        for number, line in enumerate(lines)
        for title in _found(line.printed, "", number, lines)
    )


def is_report_title(text: str) -> bool:
    """Whether a title is that of an annual disclosure report, not of something around it."""
    return titling.read(text) is not None


def _lines(document: Document) -> list[_Line]:
    """Paragraphs without those that only repeat a link: menus and lists of other reports."""
    linked = {plain(link.text) for link in document.links}
    return [
        _Line(number, printed(block.text), text, block.heading)
        for number, block in enumerate(document.blocks, start=1)
        if isinstance(block, Paragraph) and (text := plain(block.text)) and (block.heading or text not in linked)
    ]


def _title(document: Document, lines: list[_Line], hint_title: str) -> _Title | None:
    return next(_titles(document, lines, hint_title), None)


def _titles(document: Document, lines: list[_Line], hint_title: str) -> Iterator[_Title]:
    for name, value in document.metadata:
        if name == "articletitle":
            yield from _found(value, "页面元数据 ArticleTitle")
    for number, line in enumerate(lines):
        if line.heading:
            yield from _found(line.printed, "标题", number, lines)
    for number, line in enumerate(lines):
        yield from _found(line.printed, "正文标题", number, lines)
        yield from _broken(number, lines)
    for part in (document.title, *re.split(r"[_|]|--|-(?!\d)", document.title)):
        yield from _found(part, "网页标题")
    yield from _found(hint_title, "列表标题")


def _found(text: str, source: str, number: int | None = None, lines: list[_Line] | None = None) -> Iterator[_Title]:
    read = titling.read(text)
    if read is None:
        return
    title = _Title(read.text, read.agency, read.year, source, number)
    above = lines[number - 1] if lines and number else None
    if above is not None and title.agency is None and is_office(above.text):
        title = _Title(above.printed + title.text, above.printed, title.year, f"{source}及其上一行", (number or 1) - 1)
    yield title


def _broken(number: int, lines: list[_Line]) -> Iterator[_Title]:
    """A title that goes on in the next line: 某某局2022年政府信息公开 / 工作年度报告."""
    if number + 1 < len(lines) and _BEGUN.search(lines[number].text) and _ENDED.search(lines[number + 1].text):
        whole = lines[number].printed + lines[number + 1].printed
        yield from _found(whole, "分两行的标题", number, lines)


def is_office(text: str) -> bool:
    """Whether a line without spaces is the name of an office and nothing else."""
    return len(text) <= _LONGEST_OFFICE and not re.search(r"[,;:!?。、\d]", text) and _OFFICE.search(text) is not None


def _period(lines: list[_Line]) -> tuple[dt.date, dt.date] | None:
    """统计期限自2023年1月1日起，至2023年12月31日止 — the first that speaks of statistics."""
    for line in lines:
        for match in _PERIOD.finditer(line.text):
            if not _PERIOD_WORDS.search(line.text[max(0, match.start() - 40) : match.end() + 20]):
                continue
            begin = dates.parse_day(f"{match[1]}年{match[2]}月{match[3]}日")
            end = dates.parse_day(f"{match[4] or match[1]}年{match[5]}月{match[6]}日")
            if begin and end and begin <= end:
                return begin, end
    return None


def _sign(result: Identity, lines: list[_Line], title: _Title | None) -> None:
    """The line with the office and the day below the text, or below the title; the last one counts."""
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if title is not None and title.line is not None and number <= title.line:
            break
        day: dt.date | None = None
        office: str | None = None
        if dates.is_only_day(line.text):
            day = dates.parse_day(line.text)
            above = lines[number - 1] if number else None
            office = above.printed if above is not None and is_office(above.text) else None
        else:
            joined = re.fullmatch(r"\(?(\D{2,60}?)((?:19|20)\d\d年\d{1,2}月\d{1,2}日)\)?", line.text)
            if joined and is_office(joined[1]):
                day, office = dates.parse_day(joined[2]), line.printed[joined.start(1) : joined.end(1)]
        if day is None or office is None:
            continue
        result.signed_by = office
        raw = line.printed if office in line.printed else f"{office} {line.printed}"
        result.signature = DateEvidence(DateSource.SIGNATURE, day, raw)
        result.evidence["signed_on"] = f"段{line.block}：{result.signature.raw}"
        result.evidence["signed_by"] = office
        return


def _settle_agency(result: Identity, document: Document, title: _Title | None) -> None:
    source = next((value for name, value in document.metadata if name == "contentsource" and value.strip()), None)
    named = title.agency if title else None
    if named is not None and title is not None:
        result.agency, result.evidence["agency"] = named, title.source
    elif result.signed_by is not None:
        result.agency, result.evidence["agency"] = result.signed_by, "落款"
    elif source is not None and title is not None and is_office(plain(source)):
        result.agency, result.evidence["agency"] = printed(source), "页面元数据 ContentSource"
    if named and result.signed_by and not same_office(named, result.signed_by):
        message = f"标题中的机关“{named}”与落款“{result.signed_by}”不一致。"
        result.issues.append(Issue("agency_mismatch", message))
    if result.is_report and result.agency is None:
        result.issues.append(Issue("agency_unknown", "标题、落款和页面元数据都没有写明机关。"))


def same_office(one: str, other: str) -> bool:
    """The short and the full name of one office: one is the end of the other."""
    one, other = plain(one), plain(other)
    return one.endswith(other) or other.endswith(one)


def _settle_year(result: Identity, title: _Title | None) -> None:
    titled = result.titled_year = title.year if title else None
    if result.period is not None:
        begin, end = result.period
        text = f"统计期限 {begin.isoformat()} 至 {end.isoformat()}"
        if begin.year == end.year:
            result.year, result.evidence["year"] = begin.year, text
        else:
            result.issues.append(Issue("period_odd", f"{text}，不在同一年内。"))
        if titled is not None and result.year is not None and titled != result.year:
            message = f"标题写 {titled} 年，{text}；以统计期限为准。"
            result.issues.append(Issue("year_mismatch", message))
    if result.year is None and titled is not None and title is not None:
        result.year, result.evidence["year"] = titled, title.source
    if result.is_report and result.year is None:
        result.issues.append(Issue("year_unknown", "统计期限和标题都没有写明年份。"))
    if result.signature is not None and result.year is not None and result.signature.value.year < result.year:
        day = result.signature.value.isoformat()
        result.issues.append(Issue("signature_early", f"落款日期 {day} 早于报告年度 {result.year} 年。"))
