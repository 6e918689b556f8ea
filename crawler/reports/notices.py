"""Whether a report says of itself that it was corrected: 更正说明, 勘误, 修订说明, 特此更正 … Touches nothing.

Reports speak of corrections all the time (行政复议结果纠正, 对不准确的信息予以更正), and columns are called 更正公告. So a notice
has to stand in the title, at the beginning of a line of its own, or in one sentence with the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.model import Document, Notice
from crawler.reports.navigation import own_paragraphs

# In a title such a word is about the document that bears it …
_TITLE = re.compile(
    r"更正(?:说明|公告|启事|声明|后|版|件|稿)?|勘误(?:说明|公告|启事|表)?|修订(?:说明|版|稿|后)|修正(?:说明|版|稿)"
    r"|重新(?:发布|公布|公开)"
)
# … but for what citizens may ask for (条例第四十一条).
_REQUESTS = re.compile(r"(?:信息)?更正(?:申请|请求|程序|办理|制度|流程)|(?:申请|请求|要求)更正")
_OPENING = r"^[\[(〔【《]{0,2}"
_LINE = re.compile(
    rf"{_OPENING}(?P<words>(?:更正|勘误|修订|修正)(?:说明|启事|声明)|勘误)|{_OPENING}(?P<word>更正|修订|修正)[\])〕】]?:"
)
_REPORT = r"(?:年度?报告|年报|工作报告|(?:本|该|此|原|上述)报告)"
_DONE = r"(?:更正如下|更正为|予以更正|勘误如下|修订如下|已更正|已作更正|已修订|已作修订|现更正(?:如下)?|特此更正|重新(?:发布|公布|公开))"
_SENTENCE = re.compile(r"[^。;!?]+")
_SAID = re.compile(rf"{_REPORT}.{{0,60}}{_DONE}|特此更正|现更正如下|现将.{{0,60}}更正如下")
_WORDS = re.compile(_DONE)
_LONGEST = 120  # characters that are kept of where the words stand


def in_title(title: str) -> str:
    """The words of a notice in a title; "" where there are none."""
    found = _TITLE.search(_REQUESTS.sub("", title))
    return found[0] if found else ""


def find(document: Document, title: str) -> tuple[Notice, ...]:
    """Every notice of the document, in its order; `title` is the report's own."""
    titled = [Notice(words, "title", _short(title)) for words in [in_title(title)] if words]
    return (*titled, *_in_text(document))


def _in_text(document: Document) -> Iterator[Notice]:
    for number, text in own_paragraphs(document):
        if line := _LINE.match(text):
            yield Notice(line["words"] or line["word"], "text", _short(text), number)
            continue
        for sentence in _SENTENCE.findall(text):
            if said := _SAID.search(sentence):
                yield Notice(_WORDS.findall(said[0])[-1], "text", _short(sentence), number)
                break


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
