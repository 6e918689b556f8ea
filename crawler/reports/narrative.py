"""The numbers that sentences give about requests, reviews and lawsuits → Statements. Touches nothing.

Only plain sentences count; brackets (其中…) and sentences about another year are passed over. 余, 多, 约, 近
mark a number as about. What is said twice in the same words and number is stated once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from crawler.model import Document, Issue, Paragraph, Place, Statement

_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_SENTENCE = re.compile(r"[^。;；!！?？]+")
_BRACKETS = re.compile(r"\([^()]*\)|〔[^〔〕]*〕|《[^《》]*》")
_YEAR = re.compile(r"((?:19|20)\d\d)年")

_COUNT = r"(?P<before>约|近|超过|逾|共|共计|为)*(?P<number>\d+(?:,\d{3})*)(?P<after>余|多)?(?:件|条|次|宗|份|项|例|起|个|人次)"
_TOPIC = r"(?:政府信息公开|政务信息公开|信息公开|依申请公开|依申请)"
# The words of a request as a whole; 网络, 当面, 信函, 结转, 转办 would make it a part of them.
_REQUEST = (
    r"(?:(?:[0-9年度]|自然人|法人|公民|群众|社会|各类|其他组织|其它组织|和|或|及|、|提交|提出|的|有效|新|政府|政务|信息|公开|依)"
    r"{0,20}(?:申请|依申请公开信息|依申请公开))"
)
_REQUEST_TAIL = r"(?:信息公开|公开|信息|的|数量|事项|案件|办件){0,3}"
_RECEIVED = re.compile(
    rf"(?<!未)(?<!没有)(?:(?:共计?|累计|总计|合计|全年)?(?:收到|受理|接收|接到|新收)|(?:共计?|累计|总计|合计)办理)(?:了)?"
    rf"{_REQUEST}{_REQUEST_TAIL}{_COUNT}"
)
_RECEIVED_AFTER = re.compile(rf"(?<!未)(?:收到|受理|接收|接到|新收)(?:了)?{_COUNT}{_REQUEST}(?=[,。、;]|$)")
_NONE_RECEIVED = re.compile(
    rf"(?:未|没有|尚未)(?:曾|有)?(?:收到|接到|受理|接收|产生)(?:过)?(?:任何|有关|相关)?{_REQUEST}{_REQUEST_TAIL}(?=[,。、;]|$)"
)

_OUTCOMES = {
    "granted": r"(?<!不)(?<!部分)予以公开",
    "partly_granted": r"(?:予以)?部分公开",
    "refused": r"不予公开",
    "unavailable": r"无法提供",
    "not_processed": r"不予处理",
    "carried_out": r"结转(?:至|到)?(?:下|次|20\d\d)(?:一)?年度?(?:继续)?(?:办理)?",
}
_REVIEW = r"行政复议"
_SUIT = r"(?:行政)?诉讼"
_CASE = r"(?:案件|申请|情况|事项|应诉)?"
_NO_MATTER = r"(?:任何|因|涉及|有关|相关|政府|政务|信息|公开|工作|被|提起|申请|而|所|引发|引起|产生|的){0,12}"
_NONE = re.compile(
    rf"(?:未|没有|无|尚未)(?:发生|产生|出现|收到|引发|涉及|被)?{_NO_MATTER}"
    rf"(?P<first>{_REVIEW}|{_SUIT}){_CASE}(?:(?:和|或|及|以及|与|、|,也?未?(?:发生|产生|出现)?){_NO_MATTER}(?P<second>{_REVIEW}|{_SUIT}){_CASE})?"
    r"(?=[,。、;]|和|及|或|与|$)"
)
_REVIEWS = re.compile(rf"{_REVIEW}{_CASE}{_COUNT}")
_SUITS = re.compile(rf"(?<!复议和)(?<!复议、)(?<!复议及)(?<!复议与)(?<!复议或)行政诉讼{_CASE}{_COUNT}")


def read(document: Document, *, year: int | None) -> tuple[tuple[Statement, ...], tuple[Issue, ...]]:
    """(statements in reading order, issues). `year`: the report's; sentences about others are passed over."""
    found: dict[tuple[str, Decimal, bool], Statement] = {}
    for number, block in enumerate(document.blocks, start=1):
        if isinstance(block, Paragraph):
            for statement in _of_paragraph(block.text, number, year):
                found.setdefault((statement.key, statement.value, statement.about), statement)
    statements = tuple(found.values())
    return statements, tuple(_conflicts(statements))


def _conflicts(statements: tuple[Statement, ...]) -> Iterator[Issue]:
    by_key: dict[str, list[Statement]] = {}
    for statement in statements:
        by_key.setdefault(statement.key, []).append(statement)
    for key, several in by_key.items():
        if len(several) > 1:
            words = "；".join(statement.raw for statement in several)
            yield Issue("narrative_conflict", f"正文对同一事项（{key}）给出不同的数：{words}。", several[1].place)


def _of_paragraph(text: str, block: int, year: int | None) -> Iterator[Statement]:
    plain = _SPACE.sub("", unicodedata.normalize("NFKC", text))
    for _ in range(3):  # brackets within brackets
        plain = _BRACKETS.sub("", plain)
    for sentence in _SENTENCE.findall(plain):
        for key, value, about, start, raw in _of_sentence(sentence):
            if _of_this_year(sentence[:start], year):
                yield Statement(key, value, raw, Place(block), about)


def _of_this_year(before: str, year: int | None) -> bool:
    """The nearest year named before the words, in their sentence, is the report's (or none is named)."""
    if re.search(r"(?:上年度?|去年|上一年度?|同比|较[^,]{0,6}|比[^,]{0,6})$", before):
        return False
    years = _YEAR.findall(before)
    return year is None or not years or int(years[-1]) == year


_Found = tuple[str, Decimal, bool, int, str]


def _of_sentence(sentence: str) -> Iterator[_Found]:
    if re.search(_TOPIC, sentence):
        for pattern in (_RECEIVED, _RECEIVED_AFTER):
            for match in pattern.finditer(sentence):
                if not re.search(r"其中[^,]*$", sentence[: match.start()]):
                    yield _counted("requests_received", match)
        for match in _NONE_RECEIVED.finditer(sentence):
            if re.search(_TOPIC, match[0]):
                yield "requests_received", Decimal(0), False, match.start(), match[0]
        if "申请" in sentence:
            for key, words in _OUTCOMES.items():
                for match in re.finditer(words + _COUNT, sentence):
                    yield _counted(key, match)
    for match in _NONE.finditer(sentence):
        for words in (match["first"], match["second"]):
            if words:
                key = "review_cases" if "复议" in words else "litigation_cases"
                yield key, Decimal(0), False, match.start(), match[0]
    for match in _REVIEWS.finditer(sentence):
        yield _counted("review_cases", match)
    for match in _SUITS.finditer(sentence):
        yield _counted("litigation_cases", match)


def _counted(key: str, match: re.Match[str]) -> _Found:
    about = bool(match["after"]) or match["before"] in ("约", "近", "超过", "逾")
    return key, Decimal(match["number"].replace(",", "")), about, match.start(), match[0]
