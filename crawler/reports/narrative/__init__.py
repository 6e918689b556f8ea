"""The numbers that sentences give about requests, reviews and lawsuits → Statements. Touches nothing.

A wrong statement is worse than none: a sentence about another year, another office, a part of the requests or
another matter states nothing. Words and patterns are in `phrases`, the keys in `keys`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from crawler.model import Document, Issue, Paragraph, Place, Statement
from crawler.reports.narrative import phrases
from crawler.reports.narrative.counts import value_of
from crawler.reports.narrative.keys import KEYS
from crawler.reports.narrative.phrases import Phrase
from crawler.reports.narrative.sentences import Sentence, heading_year, sentences, when

__all__ = ["KEYS", "read"]

LONGEST_SENTENCE = 1500  # signs; longer ones are no sentences, and patterns walk them for long
LONGEST_RAW = 240
LONGEST_PARAGRAPH = 20_000


@dataclass(frozen=True, slots=True)
class _Found:
    key: str
    value: Decimal
    about: bool
    start: int
    end: int


@dataclass
class _Context:
    """What the sentences before say about the next one."""

    year: int | None
    own: bool = True  # they speak of the report's year
    counted: bool = False  # the last one counted requests of that year
    about_requests: bool = False  # the paragraph is about requests


def read(document: Document, *, year: int | None) -> tuple[tuple[Statement, ...], tuple[Issue, ...]]:
    """(statements in reading order, issues). `year`: the report's; sentences about others are passed over."""
    found: dict[tuple[str, Decimal, bool], Statement] = {}
    below_own = True
    for number, block in enumerate(document.blocks, start=1):
        if not isinstance(block, Paragraph):
            continue
        heading = heading_year(block.text, year)
        below_own = below_own if heading is None else heading
        if not phrases.WORTH_READING.search("".join(block.text.split())):
            continue
        place = Place(number, page=block.page, box=block.box)
        for statement in _of_paragraph(block.text, place, year, own=below_own):
            certain = replace(statement, certain=not document.recognised)
            found.setdefault((statement.key, statement.value, statement.about), certain)
    statements = tuple(found.values())
    return statements, tuple(_conflicts(statements))


def _conflicts(statements: tuple[Statement, ...]) -> Iterator[Issue]:
    by_key: dict[str, list[Statement]] = {}
    for statement in statements:
        by_key.setdefault(statement.key, []).append(statement)
    for key, several in by_key.items():
        if len(several) > 1:
            words = "；".join(statement.raw for statement in several)
            yield Issue(
                "narrative_conflict", f"正文对同一事项（{KEYS[key].meaning}）给出不同的数：{words}。", several[1].place
            )


def _of_paragraph(text: str, place: Place, year: int | None, *, own: bool) -> Iterator[Statement]:
    text = text[:LONGEST_PARAGRAPH]
    context = _Context(year, own, about_requests=phrases.ABOUT_REQUESTS.search(text) is not None)
    for sentence in sentences(text):
        if len(sentence.plain) > LONGEST_SENTENCE:
            context.counted = False
            continue
        found = _of_sentence(sentence, context) if phrases.STATES_A_NUMBER.search(sentence.plain) else []
        last = when(sentence.plain, year, inherited=context.own)
        context.own = last.own if last.said else context.own
        context.counted = any(item.key in ("requests_received", "requests_answered") for item in found)
        for item in found:
            yield Statement(item.key, item.value, _shown(sentence, item), place, item.about)


def _of_sentence(sentence: Sentence, context: _Context) -> list[_Found]:
    """The statements of one sentence; what it says twice of one key are parts of something, and none is kept."""
    text = sentence.plain
    found: list[_Found] = [*_requests(sentence, context), *_disputes(text, context), *_published(text)]
    found = [item for item in found if _is_of_year(text, item, context)]
    found = _without_overlaps(found)
    keys = [item.key for item in found]
    return [item for item in found if keys.count(item.key) == 1]


def _is_of_year(text: str, item: _Found, context: _Context) -> bool:
    """累计 counts from the year's beginning only where the year is named; 截至 … 累计 counts from nobody knows when."""
    before = text[: item.start]
    time = when(before, context.year, inherited=context.own)
    if "累计" in text[max(0, item.start - 4) : item.end] and (not time.said or "截至" in before or "截止" in before):
        return False
    return time.own


def _requests(sentence: Sentence, context: _Context) -> Iterator[_Found]:
    text = sentence.plain
    goes_on = context.counted and phrases.GOES_ON.search(text) is not None
    if "申请" not in text and not goes_on:
        return
    topic = phrases.TOPIC.search(text)
    received = [item for item in _matches(phrases.RECEIVED, text, context) if _is_whole(text, item)]
    yield from received
    if received or goes_on:
        yield from _parts(sentence, received[-1] if received else None, context)
    if not goes_on and (topic is None or "申请" not in text):
        return
    for item in _matches(phrases.OUTCOMES, text, context):
        if not goes_on and topic is not None and topic.end() > item.end:
            continue
        if phrases.OTHER_SUBJECTS.search(text[: item.start]) or phrases.OTHER_OFFICES.search(text[: item.start]):
            continue
        if item.key == "requests_answered" and _is_timely_part(text, item):
            continue
        yield item


def _is_whole(text: str, item: _Found) -> bool:
    """Whether the number is all requests that this office received: no 其中, no channel, no other office before it."""
    words = text[item.start : item.end]
    if not phrases.TOPIC.search(words) and not phrases.ABOUT_REQUESTS.search(text[: item.start]):
        return False
    clause = re.split(r"[,;:]", text[: item.start])[-1]
    if "其中" in clause or phrases.CHANNELS.search(clause) or phrases.OTHER_OFFICES.search(text[: item.start]):
        return False
    if any(not phrases.CHANNELS.search(part[0]) for part in phrases.OWN_PART.finditer(text[item.end :])):
        return False
    one_kind = bool(phrases.PERSONS.search(words)) != bool(phrases.ORGANISATIONS.search(words))
    return not (one_kind and _has_other_applicants(text, item))


def _has_other_applicants(text: str, item: _Found) -> bool:
    """收到自然人申请12件，法人申请3件: each is a part. 共办理自然人提交的申请7件 alone is all there was."""
    before, rest = text[: item.start], text[item.end :]
    other = phrases.PERSONS.search(rest) or phrases.ORGANISATIONS.search(rest)
    total = re.search(r"(?:共计?|累计|总计|合计)", text[max(0, item.start - 2) : item.end])
    return other is not None or total is None or "其中" in before


def _parts(sentence: Sentence, received: _Found | None, context: _Context) -> Iterator[_Found]:
    """By channel and by applicant: in brackets right behind the number, or in what follows it in the sentence."""
    text = sentence.plain
    begin = received.end if received else 0
    for place, words in sentence.asides:
        if received and place == received.end:
            for item in _matches(phrases.PARTS, words, context):
                yield replace(item, start=begin, end=begin)
    outcome = next((item.start for item in _matches(phrases.OUTCOMES, text, context) if item.start >= begin), len(text))
    for item in _matches(phrases.PARTS, text, context):
        if begin <= item.start < outcome:
            yield item


def _is_timely_part(text: str, item: _Found) -> bool:
    """按时办结14件，延期办结3件: the first is no whole."""
    return re.search(r"按时|按期|及时", text[item.start : item.end]) is not None and bool(phrases.DELAYED.search(text))


def _disputes(text: str, context: _Context) -> Iterator[_Found]:
    topical = phrases.TOPIC.search(text) is not None or context.about_requests
    for phrase in phrases.DISPUTES if "复议" in text or "诉讼" in text else ():
        for match in phrase.pattern.finditer(text):
            for item in _found(phrase, match, context):
                if phrase.value is None and not (topical and _is_own_dispute(text, item)):
                    continue
                if phrase.value is not None and phrases.OTHER_OFFICES.search(text[: item.start]):
                    continue
                yield item
                if phrase.value is None and len(phrase.keys) == 1:
                    yield from _endings(text, item, context)


def _is_own_dispute(text: str, item: _Found) -> bool:
    """Whether the office is the one complained of, and the number is of one kind only."""
    before = text[: item.start]
    clause = re.split(r"[,;:]", before)[-1]
    if item.key == "review_cases" and phrases.AS_JUDGE.search(clause):
        return False
    if phrases.OTHER_OFFICES.search(before) or re.search(r"受理|审理|审结", clause):
        return False
    return not phrases.JOINED.search(before) and "其中" not in clause


def _endings(text: str, item: _Found, context: _Context) -> Iterator[_Found]:
    """维持, 纠正, 尚未审结 behind the number, before the sentence turns to the other kind or to another number of it."""
    rest = text[item.end :]
    turn = re.search(r"复议|诉讼|起诉", rest)
    rest = rest[: turn.start()] if turn else rest
    for ending, pattern in phrases.ENDINGS.items():
        key = f"{item.key.removesuffix('_cases')}_{ending}"
        for match in pattern.finditer(rest):
            for part in _found(Phrase((key,), pattern), match, context):
                yield replace(part, start=item.end + part.start, end=item.end + part.end)


def _published(text: str) -> Iterator[_Found]:
    for item in _matches(phrases.PUBLISHED, text, _Context(None)) if "主动公开" in text else ():
        before = text[: item.start]
        if phrases.CHANNELS.search(before) or phrases.OTHER_OFFICES.search(before) or "其中" in before:
            continue
        yield item


def _matches(patterns: Iterable[Phrase], text: str, context: _Context) -> list[_Found]:
    return [
        item
        for phrase in patterns
        for match in phrase.pattern.finditer(text)
        for item in _found(phrase, match, context)
    ]


def _found(phrase: Phrase, match: re.Match[str], context: _Context) -> Iterator[_Found]:
    if not _years_fit(match, context.year):
        return
    if phrase.value is not None:
        number: tuple[Decimal, bool] | None = (Decimal(phrase.value), False)
    else:
        number = value_of(match)
    if number is not None:
        for key in phrase.keys:
            yield _Found(key, *number, match.start(), match.end())


def _years_fit(match: re.Match[str], year: int | None) -> bool:
    """2019年结转 is the year before in the report of 2020, 结转2021年 the year after."""
    named = match.groupdict()
    last, following = named.get("last"), named.get("next")
    if year is None:
        return last is None and following is None
    return (last is None or int(last) == year - 1) and (following is None or int(following) == year + 1)


def _without_overlaps(found: list[_Found]) -> list[_Found]:
    """One statement of a key where several patterns meet the same words."""
    kept: list[_Found] = []
    for item in sorted(found, key=lambda one: (one.start, one.start - one.end)):
        met = [one for one in kept if one.key == item.key and one.start < item.end and item.start < one.end]
        if not met:
            kept.append(item)
    return kept


def _shown(sentence: Sentence, item: _Found) -> str:
    """The printed sentence; a very long one around the number's words."""
    if len(sentence.printed) <= LONGEST_RAW:
        return sentence.printed
    words = sentence.plain[item.start : item.end]
    begin = max(0, item.start - LONGEST_RAW // 3)
    end = min(len(sentence.printed), max(begin + LONGEST_RAW, item.start + len(words)))
    return ("…" if begin else "") + sentence.printed[begin:end] + ("…" if end < len(sentence.printed) else "")
