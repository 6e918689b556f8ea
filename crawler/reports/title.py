"""A title of an annual report: which office and which year it names. Touches nothing.

Word orders met: X年政府信息公开工作年度报告 · 政府信息公开工作X年度报告 · 信息公开工作年度报告(X年度) · X年度某某局政府信息公开工作报告 ·
X年某某局… · 政府信息公开年报(X). A title may name neither the office nor the year.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_SUBJECT = r"(?:政府|政务)?信息公开"
_YEAR = r"(?P<{0}>(?:19|20)\d\d)年?(?:度|年度)?"
_TITLE = re.compile(
    rf"(?P<agency>.{{0,60}}?)(?:关于)?(?:{_YEAR.format('before')})?的?{_SUBJECT}(?:工作)?(?:情况)?的?"
    rf"(?:{_YEAR.format('within')})?(?:工作)?(?:情况)?(?:年度)?(?:工作)?(?:情况)?(?:的)?(?:(?:年度)?(?:总结)?报告|(?P<short>年报))"
    rf"(?:\({_YEAR.format('behind')}\)|\((?P<tail>\D{{2,40}})\))?"
)
_FRONT = re.compile(_YEAR.format("front"))
_LOOK_ALIKES = re.compile(
    r"网站|报表|解读|要点|指南|目录|通知|方案|制度|办法|汇总|统计表|考核|评估|通报|会议|培训|公示"
)
_SITE = re.compile(r"(?:政府|网|网站|平台)$")
_SENTENCE_SIGNS = re.compile(r"[,;:!?。…]")
_LONGEST = 120
# 二〇二三年: four signs become four digits, so that places stay the same.
_CHINESE_YEAR = re.compile(r"[一二][九〇○零][〇○零一二三四五六七八九]{2}(?=年)")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")

# What a list puts around a title.
_AROUND = re.compile(r"^[·•▪■>\-—]+|[\[(]?(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}[\])]?$|的?(?:公告|公布|公示)$")
_CUT = re.compile(r"(?:\.{2,}|…+|⋯+)$")
_BEGUN = re.compile(
    rf"(?:{_YEAR.format('front')})?(?P<agency>\D{{2,60}}?)(?:(?P<year>(?:19|20)\d\d)年(?:度|年度)?)?(?:政府信|政务信|信息公)\w*"
)
_FIELDS = re.compile(r"(?P<agency>[^_]{2,40})_(?P<year>(?:19|20)\d\d)年?度?_.*")


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says. `text`: as printed, without spaces; `agency` likewise; None where it names none."""

    text: str
    agency: str | None
    year: int | None


def printed(text: str) -> str:
    """Without spaces."""
    return _SPACE.sub("", text)


def plain(text: str) -> str:
    """Without spaces, full-width signs unified one by one, so that places stay those of `printed`."""
    unified = ((sign, unicodedata.normalize("NFKC", sign)) for sign in printed(text))
    return "".join(one if len(one) == 1 else sign for sign, one in unified)


def _with_digits(text: str) -> str:
    """`plain` with the years in Arabic digits: 二〇二三年 → 2023年."""
    return _CHINESE_YEAR.sub(lambda match: match[0].translate(_DIGITS), plain(text))


def read(text: str) -> Title | None:
    """A whole line as a report's title; None where it is something else or more than a title."""
    as_printed = _once(printed(_without_site(text)).strip("《》"))
    line = _with_digits(as_printed)
    if len(line) > _LONGEST or _LOOK_ALIKES.search(line) or _SENTENCE_SIGNS.search(line):
        return None
    match = _TITLE.fullmatch(line)
    if match is None or "年" not in line:
        return None
    front = _FRONT.match(line)  # 2020年度某某局政府信息公开工作年度报告
    begin = front.end() if front and front.end() <= match.end("agency") else 0
    year = match["before"] or match["within"] or match["behind"] or (front["front"] if front and begin else None)
    if match["short"] and year is None:
        return None  # 政府信息公开年报 is what columns are called
    agency = as_printed[begin : _end_of_agency(match, line)].strip("《》-—_|").removeprefix("关于")
    if not agency and match["tail"]:
        agency = as_printed[match.start("tail") : match.end("tail")]
    return Title(as_printed, agency or None, int(year) if year else None)


def read_listed(text: str) -> Title | None:
    """A title as a list or a window shows it: with a date, a word around it, fields between _, or its end cut off."""
    around = printed(_without_site(text))
    while (inner := _AROUND.sub("", around).strip("《》")) != around:
        around = inner
    title = read(around)
    if title is not None:
        return title
    line = _with_digits(around)
    fields = _FIELDS.fullmatch(line)
    if fields is not None:
        return Title(around, around[: fields.end("agency")], int(fields["year"]))
    uncut = _CUT.sub("", line)
    begun = _BEGUN.fullmatch(uncut) if uncut != line else None
    if begun is None:
        return None
    year = begun["year"] or begun["front"]
    return Title(around, around[begun.start("agency") : begun.end("agency")], int(year) if year else None)


def _without_site(text: str) -> str:
    """示例市人民政府 示例市教育局2023年…: the name of the site stands before some pages' titles."""
    site, _, rest = text.strip().partition(" ")
    named = _TITLE.fullmatch(_with_digits(rest)) if _SITE.search(site) else None
    return rest if named is not None and named["agency"] else text


def _once(text: str) -> str:
    """A title that a page prints twice in one line."""
    half = text[: len(text) // 2]
    return half if half and half * 2 == text else text


def _end_of_agency(match: re.Match[str], line: str) -> int:
    """某某县人民政府信息公开年度报告: the 政府 belongs to the name as much as to what the report is about."""
    end = match.end("agency")
    return end + 2 if line[:end].endswith("人民") and line.startswith("政府", end) else end
