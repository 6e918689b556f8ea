"""What tells whether one report is a copy of another: its figures as one hash, its text clause by clause. Touches nothing.

Every report shares the form's headings and the law's phrases with every other; what counts is how much of its own text
stands word for word in another. So the text is cut into clauses, numbers and names are taken out (those are what a
copyist changes), and each clause is kept as a short hash with its length: the share of identical text is then exact,
and a comparison costs a look into a dictionary for each clause.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from hashlib import blake2b

from crawler.model import CellState, Document, Fact, Fingerprint
from crawler.reports.navigation import own_paragraphs

# Clauses below this many signs are common speech (一是加强组织领导): alone they prove nothing.
SHORTEST_CLAUSE = 10
# A number of one digit is in every report; one of two digits or more has to be met by chance.
TRIVIAL_BELOW = 10

_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_CLAUSE = re.compile(r"[^,。;:!?、()《》“”\"〔〕【】]+")
_NUMBERS = re.compile(r"[\d.,%‰]+|[〇零一二三四五六七八九十百千万亿两]+(?=[件条次项个份篇期人年月日种类批场家万余多])")
_OFFICES = re.compile(r"(?:我|本)(?:局|委|办|厅|镇|乡|县|市|区|街道|中心|单位|机关|部门)")
_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,12}?(?:省|市|县|区|自治州|盟|旗)(?:[\u4e00-\u9fff]{0,10}?(?:局|委员会|办公室|中心|政府|街道办事处))?"
)
_SECTION = re.compile(r"^(?P<number>[一二三四五六七八九])[、.]")
_READ_SECTIONS = ("一", "五")
_LONGEST_HEADING = 40


def fingerprint(document: Document, facts: Iterable[Fact], agency: str | None) -> Fingerprint:
    """The fingerprint of one report. `agency`: its name as printed, which is taken out of the text."""
    figures = sorted(
        f"{fact.code}={fact.value.normalize():f}"
        for fact in facts
        if fact.state is CellState.NUMBER and fact.value and fact.certain and _is_of_requests_or_disclosure(fact.code)
    )
    numbers = {Decimal(line.partition("=")[2]) for line in figures}
    return Fingerprint(
        figures=_hash("\n".join(figures)).to_bytes(6, "big").hex() if figures else "",
        numbers=sum(abs(number) >= TRIVIAL_BELOW for number in numbers),
        clauses=tuple(sorted({_hash(clause): len(clause) for clause in _clauses(document, agency or "")}.items())),
    )


def cells_digest(facts: Iterable[Fact]) -> str:
    """Equal for two readings of one form exactly if all their cells have the same states and values; 128 bits, in hex."""
    cells = sorted(
        f"{fact.code} {fact.state.value} {'' if fact.value is None else format(fact.value.normalize(), 'f')}"
        for fact in facts
    )
    return blake2b("\n".join(cells).encode(), digest_size=16).hexdigest()


def _is_of_requests_or_disclosure(code: str) -> bool:
    return code.startswith(("requests.", "proactive."))


def _clauses(document: Document, agency: str) -> Iterator[str]:
    """The clauses of sections one and five; none where the sections cannot be told apart.

    Lines of links are left out: the fifth section may be the last, and what a site puts below its articles changes.
    """
    section = ""
    for _, paragraph in own_paragraphs(document):
        text = _SPACE.sub("", unicodedata.normalize("NFKC", paragraph))
        heading = _SECTION.match(text)
        if heading and len(text) <= _LONGEST_HEADING:
            section = heading["number"]
        elif section in _READ_SECTIONS:
            for clause in _CLAUSE.findall(text.replace(agency, "") if agency else text):
                plain = _NUMBERS.sub("", _OFFICES.sub("", _NAME.sub("", clause)))
                if len(plain) >= SHORTEST_CLAUSE:
                    yield plain


def _hash(text: str) -> int:
    """48 bits: JSON's readers keep them exact, and a country's clauses hardly ever meet in one."""
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big")
