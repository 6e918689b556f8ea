"""The tables of a 通报: agencies with the evidence of their state, findings with what was found. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from monitor.circular import phrases
from monitor.circular.blocks import Block, Paragraph, Table
from monitor.circular.model import Case, Found, Item
from monitor.circular.phrases import clean, word

MOST_ROWS = 200  # of one table; the worksheet has all of them
MOST_LINES = 12  # of what one finding says
MOST_ADDRESSES = 3
ACROSS = 156.0  # millimetres between the margins


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table about agencies: its heading (below circular.column), its width, what it says."""

    name: str
    width: float
    text: Callable[[Case], str]


def agencies(cases: Sequence[Case], sheet: str, *fields: Field) -> Iterator[Block]:
    """A numbered table, one row an agency, with the office's replies below what its last column says."""
    headings = (word("column.number"), word("column.agency"), *(word(f"column.{field.name}") for field in fields))
    widths = (11.0, ACROSS - 11 - sum(field.width for field in fields), *(field.width for field in fields))
    rows = []
    for number, case in enumerate(cases[:MOST_ROWS], start=1):
        texts = [field.text(case) for field in fields]
        texts[-1] = _lines(texts[-1], *phrases.replies(case.judgement.replies))
        rows.append((str(number), clean(case.agency.name), *texts))
    yield Table(headings, widths, tuple(rows))
    yield from _more(len(cases), sheet)


def items(found: Sequence[Item], sheet: str) -> Iterator[Block]:
    headings = tuple(word(f"column.{name}") for name in ("number", "agency", "matter", "evidence"))
    rows = tuple(
        (
            str(number),
            clean(item.case.agency.name),
            _lines(*phrases.matter(item.found, MOST_LINES), *phrases.replies(item.found.replies)),
            _evidence_of(item.found),
        )
        for number, item in enumerate(found[:MOST_ROWS], start=1)
    )
    yield Table(headings, (11, 30, 75, 40), rows)
    yield from _more(len(found), sheet)


def _more(count: int, sheet: str) -> Iterator[Block]:
    if count > MOST_ROWS:
        yield Paragraph(word("say.more", count=count - MOST_ROWS, sheet=word(f"sheet.{sheet}")))


def evidence_of_absence(case: Case) -> str:
    """The columns, when all of them were last seen well without it, and the archived list pages."""
    proofs = phrases.numbers(case.judgement.absence_proofs)
    return _lines(*_few(phrases.columns(case)), _last_absent(case), proofs, *phrases.notes(case))


def evidence_of_lateness(case: Case) -> str:
    proofs = phrases.numbers((*case.judgement.absence_proofs, *case.judgement.report_proofs))
    return _lines(_report(case), _last_absent(case), proofs, _stated(case), *phrases.notes(case))


def evidence_of_local_lateness(case: Case) -> str:
    """Beside the proofs of the other lists: the notice that set the day."""
    citation = clean(case.local.citation_zh) if case.local else ""
    proofs = phrases.numbers((*case.judgement.absence_proofs, *case.judgement.report_proofs))
    watched = () if phrases.report_url(case) else _few(phrases.columns(case))
    return _lines(citation, _report(case), *watched, _last_absent(case), proofs, _stated(case))


def evidence_of_report(case: Case) -> str:
    return _lines(_report(case), phrases.numbers(case.judgement.report_proofs), *phrases.notes(case))


def _evidence_of(found: Found) -> str:
    return _lines(phrases.address(found), phrases.numbers(found.proofs))


def why_not_verified(case: Case) -> str:
    return _lines(phrases.reason(case), _report(case), _stated(case), *phrases.notes(case))


def _last_absent(case: Case) -> str:
    """When all of its columns were last seen well without it."""
    absent = case.judgement.assessment.last_absent if case.judgement.assessment else None
    return f"{word('column.absent')}：{phrases.moment(absent)}" if absent else ""


def _report(case: Case) -> str:
    url = phrases.report_url(case)
    return word("report", url=url) if url else ""


def _stated(case: Case) -> str:
    dates = phrases.stated(case)
    return word("stated", dates=dates) if dates else ""


def first_seen(case: Case) -> str:
    return phrases.moment(case.judgement.assessment.first_seen if case.judgement.assessment else None)


def since(case: Case) -> str:
    return phrases.moment(case.judgement.assessment.since if case.judgement.assessment else None)


def local_due(case: Case) -> str:
    return phrases.day(case.local.due if case.local else None)


def _few(texts: tuple[str, ...]) -> tuple[str, ...]:
    return texts if len(texts) <= MOST_ADDRESSES else (*texts[:MOST_ADDRESSES], "……")


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
