"""A paragraph → its sentences, and of what year each part of a sentence speaks. Touches nothing.

What stands in brackets and quotation marks is taken out of the sentence: it says something beside it. The printed
words are kept, so that a statement can be shown as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]")
_ASIDE = re.compile(r"\([^()]*\)|〔[^〔〕]*〕|《[^《》]*》|\[[^\[\]]*\]|【[^【】]*】")
_QUOTED = re.compile(r"“[^“”]*”|‘[^‘’]*’|「[^「」]*」|\"[^\"]*\"")
_SENTENCE = re.compile(r"[^。;！!？?]+")
_DEEPEST = 3  # brackets within brackets
QUOTE = "◇"  # stands for a quotation: words on both sides of it are not neighbours

# Numbers of another time: a part of the year, several years, an average, a plan, or up to a day that is no year's end.
_OTHER_TIMES = re.compile(
    r"[上下]半年|季度|\d月(?!\d)|月份|(?:月|年|日|周|季)均|平均|每[年月日周]|本月|当月|当日|近日|近期|目前|迄今|至今"
    r"|(?:19|20)\d\d年?(?:\d+月)?(?:\d+日)?(?:起|开始)?,?(?:[-~—至到和与及、]|以及)(?:19|20)\d\d年(?!\d+月)"
    r"|历年|历次|往年|近[两二三四五六七八九十\d]+年|[两二三四五六七八九十]年[来间内里多共]|十[二三四五]五|(?<!今年)(?<!本年)(?<!年度)(?<!\d年)以来"
    r"|预计|预期|力争|争取|拟于|计划于|分别"
)
_DAY = re.compile(r"(\d+)月(\d+)日")
_YEAR_ENDS = (("1", "1"), ("12", "31"), ("01", "01"))
_COMPARED = re.compile(
    r"(?:与|和|同|比|较|比较|相比于|相较于?)(?:去年|上年度?|上一年度?|往年|前年|(?:19|20)\d\d年度?)(?:同期)?(?:相比|相较|比较|同比)?"
    r"|同比|环比"
)
_CARRIED = re.compile(
    r"(?:上一?年度?|去年|(?:19|20)\d\d年度?)(?:结转|转结|转入|遗留)|(?:结转|转结|转入)(?:至|到|下)?(?:20\d\d年度?)"
)
_TIME = re.compile(
    r"(?P<year>(?:19|20)\d\d)年|(?P<former>去年|上一?年度?|前年|往年)|(?P<present>今年|本年度?|全年|当年|年内|一年来)"
)
_HEADING = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、])")
_LONGEST_HEADING = 40


@dataclass(frozen=True, slots=True)
class Sentence:
    """`plain`: without spaces, asides and quotations; `printed`: as it stands, without spaces; `asides`: what was
    taken out, each with its place in `plain`."""

    plain: str
    printed: str
    asides: tuple[tuple[int, str], ...] = ()


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a paragraph. Full-width signs are unified one by one, so that places stay the same."""
    printed = _SPACE.sub("", text)
    unified = "".join(_unified(sign) for sign in printed)
    kept, asides = _without_asides(unified)
    plain = "".join(unified[place] if place >= 0 else QUOTE for place in kept)
    for match in _SENTENCE.finditer(plain):
        start, end = match.span()
        places = [place for place in kept[start:end] if place >= 0]
        if places:
            last = kept[end] if end < len(kept) and kept[end] >= 0 else places[-1] + 1
            if end == len(kept):
                last = len(printed)
            yield Sentence(
                match[0],
                printed[places[0] : last],
                tuple((place - start, words) for place, words in asides if start < place <= end),
            )


@lru_cache(maxsize=8192)  # a report has some hundred different signs, and each thousands of times
def _unified(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 else sign


def _without_asides(text: str) -> tuple[list[int], list[tuple[int, str]]]:
    """(places of the characters that stay, -1 for a quotation; asides with their place among these)."""
    hidden: dict[int, int] = {}  # begin → end
    rest = text
    for _ in range(_DEEPEST):
        for match in _ASIDE.finditer(rest):
            hidden = {begin: end for begin, end in hidden.items() if not match.start() <= begin < match.end()}
            hidden[match.start()] = match.end()
        rest = _ASIDE.sub(lambda match: " " * len(match[0]), rest)
    quoted = {match.start(): match.end() for match in _QUOTED.finditer(rest)}
    kept: list[int] = []
    asides: list[tuple[int, str]] = []
    place = 0
    while place < len(text):
        if place in quoted:
            kept.append(-1)
            place = quoted[place]
        elif place in hidden:
            if text[place] == "(":
                asides.append((len(kept), text[place + 1 : hidden[place] - 1]))
            place = hidden[place]
        else:
            kept.append(place)
            place += 1
    return kept, asides


@dataclass(frozen=True, slots=True)
class When:
    """Of which time the words before a number speak. `own`: the report's year; `said`: a time was named at all."""

    own: bool
    said: bool


def when(before: str, year: int | None, *, inherited: bool) -> When:
    """`before`: the sentence up to the number's words; `inherited`: whether the sentences before spoke of the year."""
    words = _CARRIED.sub("", _COMPARED.sub("", before))
    if _OTHER_TIMES.search(words) or any(day.groups() not in _YEAR_ENDS for day in _DAY.finditer(words)):
        return When(own=False, said=True)
    times = list(_TIME.finditer(words))
    if not times:
        return When(own=inherited, said=False)
    return When(own=_is_own(times[-1], year), said=True)


def heading_year(text: str, year: int | None) -> bool | None:
    """Whether what stands below a heading is of the report's year: yes, unless it names another. None: no heading."""
    plain = unicodedata.normalize("NFKC", _SPACE.sub("", text))
    if len(plain) > _LONGEST_HEADING or "。" in plain or not _HEADING.search(plain):
        return None
    times = list(_TIME.finditer(plain))
    return _is_own(times[-1], year) if times else True


def _is_own(time: re.Match[str], year: int | None) -> bool:
    if time["former"]:
        return False
    return time["present"] is not None or year is None or int(time["year"]) == year
