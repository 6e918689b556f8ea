"""One event in one language, line by line, the same for text and HTML. Pure; the shapes are those of monitor.details."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from config.alerts import EventKind
from crawler.reports import templates
from monitor.wording import Language, explain, say, show_day, show_moment, state_line

LONGEST = 300  # characters of one value that comes from outside
LONGEST_LINE = 4000  # characters of a line made of such values
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"\\@]{1,2000}")  # without credentials, which would hide the host
YUAN = "元"
PATHS: Mapping[Language, str] = {"zh": "", "en": "/en"}


@dataclass(frozen=True, slots=True)
class Line:
    """`address` stands behind the text; `link` is the same if a browser may be sent there, else empty."""

    label: str
    text: str
    address: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    title: str
    lines: tuple[Line, ...]


def notice(
    kind: EventKind,
    agency_id: str,
    year: int,
    details: Mapping[str, Any],
    *,
    at: dt.datetime,
    public_url: str,
    language: Language,
) -> Notice:
    """What is said of one event at the moment `at`."""
    if "portal" in details:
        return Notice(portal_title(details, language), tuple(_about_portal(kind, details, public_url, language)))
    agency = details["agency"]
    title = say("mail.agency", language, name=plain(agency["name"]), year=year)
    if agency["invented"]:
        title += f" [{say('mail.invented', language)}]"
    page = f"{public_url.rstrip('/')}{PATHS[language]}/agency/{agency_id}"
    if details.get("finding", {}).get("kind") in ABOUT:
        lines = _about_finding(kind, details, language)
    else:
        lines = _about_state(kind, details, at, language)
    details_line = _line("details", language, "", page)
    return Notice(title, (*lines, details_line))


def portal_title(details: Mapping[str, Any], language: Language) -> str:
    return say("mail.portal", language, name=plain(details["portal"]["name"]))


def _about_portal(kind: EventKind, details: Mapping[str, Any], public_url: str, language: Language) -> Iterator[Line]:
    """What was seen where, and that it says nothing about any office."""
    finding = details["finding"]
    if kind is EventKind.RESOLVED:
        yield _line("state", language, say(f"resolved.{details['resolved']}", language))
    else:
        yield _line("state", language, say("portal_lost.seen", language, at=_moment(finding["at"], language)))
        yield _line("reason", language, finding["reason"])
        yield _line("suspicion", language, say("portal_lost.no_office", language))
    yield _line("column", language, plain(finding["column_name"]), finding["url"])
    yield _line("details", language, "", f"{public_url.rstrip('/')}{PATHS[language]}/")


def plain(text: object, longest: int = LONGEST) -> str:
    """One line of at most `longest` characters without control or direction characters."""
    kept = "".join(" " if unicodedata.category(mark) in ("Cc", "Cf", "Zl", "Zp") else mark for mark in str(text))
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _about_state(kind: EventKind, details: Mapping[str, Any], at: dt.datetime, language: Language) -> Iterator[Line]:
    """State, due day, rule, grounds, and what was looked at when."""
    state = state_line(details, at, language)
    if details["state"] in ("unknown", "withdrawn"):
        state = say("mail.since", language, text=state, at=_moment(details["since"], language))
    if kind is EventKind.RESOLVED:
        state = f"{say('resolved.' + details['resolved'], language)}{'；' if language == 'zh' else '; '}{state}"
    yield _line("state", language, state)
    if details["due"]:
        yield _line("due", language, show_day(dt.date.fromisoformat(details["due"]), language))
    if details["citation"] and kind is not EventKind.RESOLVED:
        yield _line("rule", language, details["citation"][language])
    yield _line("reason", language, explain(f"reason.{details['reason']}", details["parameters"], language))
    for note in details["notes"]:
        yield _line("note", language, explain(f"note.{note['key']}", note["parameters"], language))
    if details["stated"] and kind is not EventKind.RESOLVED:
        stated = [f"{say('date_source.' + one['source'], language)} {one['value']}" for one in details["stated"]]
        dates = list(dict.fromkeys(stated))
        yield _line("stated", language, ("、" if language == "zh" else ", ").join(dates))
    if details["report_url"]:
        yield _line("report", language, "", details["report_url"])
    if kind is not EventKind.RESOLVED:
        for column in details["columns"]:
            yield _column(column, details["state"], language)


def _column(column: Mapping[str, Any], state: str, language: Language) -> Line:
    """The column by name and address, when it was last looked at and how it looked then.

    Where the report is not there as far as we know: also when the column was last seen well without it.
    """
    said = [f"{plain(column['portal_name'])} {plain(column['column_name'])}"]
    if column["looked_at"] is None:
        said.append(say("mail.never_looked", language))
    else:
        outcome = say(f"look_outcome.{column['outcome']}", language)
        if column.get("reason"):
            outcome += ("：" if language == "zh" else ": ") + plain(column["reason"])
        said.append(say("mail.looked", language, at=_moment(column["looked_at"], language), outcome=outcome))
    if state in ("missing", "unknown") and column["proved_at"] is not None:
        said.append(say("mail.proved", language, at=_moment(column["proved_at"], language)))
    return _line("column", language, ("；" if language == "zh" else "; ").join(said), column["url"])


def _about_finding(kind: EventKind, details: Mapping[str, Any], language: Language) -> Iterator[Line]:
    """What was found, with both of its sides, and between or on which captures."""
    finding = details["finding"]
    if kind is EventKind.RESOLVED:
        yield _line("state", language, say(f"resolved.{details['resolved']}", language))
    yield from ABOUT[finding["kind"]](finding, language)
    yield _line("report", language, "", finding["url"])


def _about_change(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    for cell in finding["cells"]:
        yield _line("cell", language, _change(cell, language))
    before, after = (_moment(finding[side]["at"], language) for side in ("before", "after"))
    yield _line("captures", language, say("mail.between", language, before_at=before, after_at=after))


def _about_sum(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    yield _line("sum", language, finding["description"])
    for side in ("left", "right"):
        yield _line(side, language, _sum(finding[side], language))
    yield _captured(finding, language)


def _about_words(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    """The sentence with its number, and the tables' number with its cells."""
    said = say(
        "mail.stated_about" if finding["about"] else "mail.stated",
        language,
        matter=say(f"page.told.{finding['matter']}", language),
        number=_number(finding["number"]),
        sentence=plain(finding["sentence"]),
    )
    yield _line("sentence", language, said)
    yield _line("table", language, _sum(finding["table"], language))
    yield _captured(finding, language)


def _about_years(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    """The rule, both sides, and the earlier report's address; the later one's stands below."""
    yield _line("joint", language, say(f"carry_over.{finding['rule']}", language, year=finding["year"]))
    for side in ("left", "right"):
        yield _line(side, language, _sum(finding[side], language))
    yield _line("earlier", language, str(finding["earlier"]["year"]), finding["earlier"]["url"])
    yield _captured(finding, language)


def _about_attachment(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    for cell in finding["cells"]:
        before, after = (_number(cell[side]["value"]) for side in ("before", "after"))
        label = _label(cell["code"])
        yield _line("differing", language, say("mail.differing", language, label=label, before=before, after=after))
    yield _line("file", language, "", finding["other"]["url"])
    yield _captured(finding, language)


def _about_likeness(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    yield _line("alike", language, likeness(finding, language))
    yield _line("suspicion", language, say("mail.suspicion", language))
    yield _line("other", language, "", finding["other"]["url"])
    yield _captured(finding, language)


def _about_date(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    """The stated day, the look without the report, the first capture with it; and what that does not say."""
    yield _line("backdated", language, backdating(finding, language))
    stated = [f"{say('date_source.' + one['source'], language)} {one['raw']}" for one in finding["stated"]]
    yield _line("stated", language, ("、" if language == "zh" else ", ").join(plain(one) for one in stated))
    without = finding["without"]
    yield _line("column", language, f"{plain(without['portal_name'])} {plain(without['column_name'])}", without["url"])
    yield _line("proofs", language, proofs(finding, language))
    yield _line("suspicion", language, say("backdated.elsewhere", language))


ABOUT: Mapping[str, Callable[[Mapping[str, Any], Language], Iterator[Line]]] = {
    "changed": _about_change,
    "arithmetic": _about_sum,
    "narrative": _about_words,
    "carry_over": _about_years,
    "attachment": _about_attachment,
    "copied": _about_likeness,
    "backdated": _about_date,
}


def backdating(finding: Mapping[str, Any], language: Language) -> str:
    """What the page states and what we saw: a finding of kind `backdated`."""
    return say(
        "backdated.seen",
        language,
        stated=show_day(dt.date.fromisoformat(finding["stated_on"]), language),
        absent=_moment(finding["without"]["at"], language),
        seen=_moment(finding["with"]["first_seen"], language),
    )


def proofs(finding: Mapping[str, Any], language: Language) -> str:
    """The numbers under which the archive keeps both proofs."""
    without = ", ".join(str(capture) for capture in finding["without"]["captures"])
    return say("backdated.proofs", language, without=without, present=finding["with"]["capture"])


def likeness(finding: Mapping[str, Any], language: Language) -> str:
    """How alike two reports are, in words and shares: a finding of kind `copied`."""
    same = "both" if finding["same_text"] and finding["same_figures"] else "text" if finding["same_text"] else "figures"
    other = finding["other"]
    values = {"agency": plain(other["agency"]), "year": other["year"]}
    values |= {"share": finding["share"], "numbers": finding["numbers"]}
    text = say(f"copied.{same}", language, **values)
    if finding["more"]:
        text += ("；" if language == "zh" else "; ") + say("copied.more", language, count=finding["more"])
    return text


def _captured(finding: Mapping[str, Any], language: Language) -> Line:
    return _line("captures", language, say("mail.captured", language, at=_moment(finding["at"], language)))


def _change(cell: Mapping[str, Any], language: Language) -> str:
    """The cell's official label and code, from what to what, and the reader's doubts if it had any."""
    before, after = (_side(cell[side], language) for side in ("before", "after"))
    change = say(f"cell_change.{cell['change']}", language, before=before, after=after)
    if cell["unit"] == YUAN:  # the form may print 万元; the numbers here are in yuan
        change += " 元" if language == "zh" else " yuan"
    if cell["in_doubt"]:
        change += f" [{say('cell_change.in_doubt', language)}]"
    return say("mail.cell", language, label=_label(cell["code"]), code=cell["code"], change=change)


def _sum(side: Mapping[str, Any], language: Language) -> str:
    """The total and what it is made of; noughts are only counted, a row of table three has twenty of them."""
    noughts = [cell for cell in side["cells"] if cell["value"] is not None and not Decimal(cell["value"])]
    terms = [(cell.get("sign", 1), _term(cell, language)) for cell in side["cells"] if cell not in noughts]
    if noughts:
        terms.append((1, say("mail.noughts", language, count=len(noughts))))
    text = "".join(f" {'+' if sign > 0 else '−'} {term}" for sign, term in terms).strip().removeprefix("+ ")
    return say("mail.sum", language, total=_number(side["total"]), terms=text)


def _term(cell: Mapping[str, Any], language: Language) -> str:
    """A cell of a sum; with its year, where two reports are added up."""
    text = f"{_side(cell, language)} [{_label(cell['code'])}]"
    return say("mail.of_year", language, text=text, year=cell["year"]) if "year" in cell else text


def _side(cell: Mapping[str, Any], language: Language) -> str:
    """The number if it is one; else what stands there, else what that means (blank, no such cell …)."""
    if cell["value"] is not None:
        return _number(cell["value"])
    return plain(cell["raw"]) or say(f"cell_state.{cell['state']}", language)


def _number(value: str | None) -> str:
    """Exact, without exponent and needless zeros: 12500.50 → 12,500.5; None, a sum that cannot be made: –."""
    if value is None:
        return "–"
    text = f"{Decimal(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def _labels() -> Mapping[str, str]:
    """code → what the newest form that has it prints: row × column."""
    return {
        cell.code: f"{cell.row_label} × {cell.column_label}"
        for template in templates.load().values()
        for cell in template.cells()
    }


def _label(code: str) -> str:
    return _labels().get(code, code)


def _moment(text: str, language: Language) -> str:
    return show_moment(dt.datetime.fromisoformat(text), language)


def _line(name: str, language: Language, text: str, address: str = "") -> Line:
    link = address if WEB_ADDRESS.fullmatch(address) else ""
    return Line(say(f"mail.label.{name}", language), plain(text, LONGEST_LINE), plain(address, LONGEST_LINE), link)
