"""What a number in a sentence can be about, and what it would be in the statutory tables. Touches nothing but the forms.

`KEYS` is the registry: a new key is one entry here, its words in crawler.reports.narrative.phrases, its name in the wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from crawler.reports import templates

# Codes of a form, `*` for one part or more; all that match are added up.
Codes = tuple[str, ...]

_RECEIVED = "requests.received.total"
_CARRIED_IN = "requests.carried_in.total"
_PROCESSED = "requests.processed_total.total"
_GRANTED = "requests.granted.total"
_PARTLY = "requests.partly_granted.total"
_REFUSED = "requests.refused.*.total"
_UNAVAILABLE = "requests.unavailable.*.total"
_NOT_PROCESSED = "requests.not_processed.*.total"
_OTHER = ("requests.other.total", "requests.other.*.total")  # one row in the form of 2019, three in that of 2021
_ORGANISATIONS = ("company", "research", "social_organisation", "legal_service", "other_organisation")


_ANNEX = "annex.requests"  # the annex of 2014–2018; its 其中 rows are parts and never added up
_NOT_DISCLOSED = tuple(
    f"{_ANNEX}.answered.{row}"
    for row in ("refused", "not_this_agency", "not_existing", "needs_correction", "other_way")
)


def _of_organisations(row: str) -> Codes:
    return tuple(f"requests.{row}.{column}" for column in _ORGANISATIONS)


@dataclass(frozen=True, slots=True)
class Key:
    """`cells`: what the words mean in the forms that have such codes; empty where no form has them.

    `readings`: what else an honest writer may have meant by the same words. `or_more`: the table also counts cases of
    earlier years, so that it may hold more than the sentence says, and never less.
    """

    meaning: str
    cells: Codes = ()
    readings: tuple[Codes, ...] = ()
    or_more: bool = False


KEYS: Mapping[str, Key] = {
    "requests_received": Key(
        "本年新收政府信息公开申请",
        (_RECEIVED, f"{_ANNEX}.received"),
        (
            (_RECEIVED, _CARRIED_IN),
            (_PROCESSED,),
            ("requests.received.natural_person",),
            (f"{_ANNEX}.completed",),
            (f"{_ANNEX}.answered",),
        ),
    ),
    "received_from_persons": Key(
        "其中自然人提出",
        ("requests.received.natural_person",),
        (
            ("requests.received.natural_person", "requests.carried_in.natural_person"),
            ("requests.processed_total.natural_person",),
        ),
    ),
    "received_from_organisations": Key(
        "其中法人或其他组织提出",
        _of_organisations("received"),
        (_of_organisations("received") + _of_organisations("carried_in"), _of_organisations("processed_total")),
    ),
    "received_online": Key("其中通过网络提出", (f"{_ANNEX}.received.online",)),
    "received_by_letter": Key("其中以信函提出", (f"{_ANNEX}.received.letter",)),
    "received_in_person": Key("其中当面提出", (f"{_ANNEX}.received.in_person",)),
    "requests_answered": Key(
        "办结、答复",
        (_PROCESSED, f"{_ANNEX}.completed"),
        (
            (f"{_ANNEX}.answered",),
            (f"{_ANNEX}.received",),
            (f"{_ANNEX}.completed.on_time",),
            (_RECEIVED,),  # of this year's requests
            (_GRANTED, _PARTLY, _REFUSED, _UNAVAILABLE, _NOT_PROCESSED),
            (_GRANTED, _PARTLY, _REFUSED, _UNAVAILABLE),
        ),
    ),
    "granted": Key(
        "予以公开",
        (_GRANTED, f"{_ANNEX}.answered.granted"),
        (
            (_GRANTED, _PARTLY),
            (f"{_ANNEX}.answered.granted", f"{_ANNEX}.answered.partly_granted"),
            (f"{_ANNEX}.answered.granted", f"{_ANNEX}.answered.already_public"),
        ),
    ),
    "partly_granted": Key("部分公开", (_PARTLY, f"{_ANNEX}.answered.partly_granted")),
    "refused": Key(
        "不予公开",
        (_REFUSED, f"{_ANNEX}.answered.refused"),
        (
            _NOT_DISCLOSED,  # whatever was not disclosed
            (_REFUSED, _UNAVAILABLE),
            (_REFUSED, _UNAVAILABLE, _NOT_PROCESSED),
            (_REFUSED, _UNAVAILABLE, _NOT_PROCESSED, *_OTHER),
        ),
    ),
    "unavailable": Key("无法提供", (_UNAVAILABLE,)),
    "not_processed": Key("不予处理", (_NOT_PROCESSED,), ((_NOT_PROCESSED, *_OTHER),)),
    "other_outcomes": Key("其他处理", _OTHER, ((_NOT_PROCESSED, *_OTHER),)),
    "carried_in": Key("上年结转", (_CARRIED_IN,)),
    "carried_out": Key("结转下年度继续办理", ("requests.carried_out.total",)),
    "review_cases": Key("因政府信息公开被申请行政复议", ("review.total", "annex.review.total"), or_more=True),
    "review_upheld": Key("行政复议结果维持", ("review.upheld", "annex.review.upheld"), or_more=True),
    "review_corrected": Key("行政复议结果纠正", ("review.corrected", "annex.review.corrected"), or_more=True),
    "review_pending": Key("行政复议尚未审结", ("review.pending",), or_more=True),
    "litigation_cases": Key(
        "因政府信息公开被提起行政诉讼", ("litigation_*.total", "annex.litigation.total"), or_more=True
    ),
    "litigation_upheld": Key("行政诉讼结果维持", ("litigation_*.upheld", "annex.litigation.upheld"), or_more=True),
    "litigation_corrected": Key(
        "行政诉讼结果纠正", ("litigation_*.corrected", "annex.litigation.corrected"), or_more=True
    ),
    "litigation_pending": Key("行政诉讼尚未审结", ("litigation_*.pending",), or_more=True),
    "items_published": Key(
        "主动公开政府信息",
        ("annex.disclosed.items",),
        (("annex.channels.*",), ("annex.channels.website",)),
    ),
}


@cache
def readings_of(key: str, template: str) -> tuple[Codes, ...]:
    """The cells of a form that the words may mean, the plain meaning first; none where the form has no such cell."""
    known = KEYS.get(key)
    form = templates.load().get(template)
    if known is None or form is None:
        return ()
    codes = [cell.code for cell in form.cells()]
    plain, *others = (_expanded(patterns, codes) for patterns in (known.cells, *known.readings))
    return tuple(dict.fromkeys(reading for reading in (plain, *others) if reading)) if plain else ()


@cache
def all_codes() -> frozenset[str]:
    """Every cell that a sentence may be compared with, in any form."""
    return frozenset(
        code for name in templates.load() for key in KEYS for reading in readings_of(key, name) for code in reading
    )


def _expanded(patterns: Codes, codes: list[str]) -> Codes:
    return tuple(code for code in codes if any(fnmatchcase(code, pattern) for pattern in patterns))
