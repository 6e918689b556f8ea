"""What is said of each kind of finding, line by line. Pure; the shapes are those of the checks (monitor.checks).

A new kind of finding is one function and one line in ABOUT.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from crawler.reports import templates
from monitor.alerts.lines import Line, line, moment, plain
from monitor.alerts.revisions import about_revision, effect
from monitor.wording import Language, explain, say, show_day

YUAN = "元"


def _about_change(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    in_turn = "flapping" in finding
    cells = (line("cell", language, _change(cell, language, in_turn=in_turn)) for cell in finding.get("cells", ()))
    yield from about_revision(finding, language, cells)


def _about_sum(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    yield line("sum", language, finding["description"])
    for side in ("left", "right"):
        yield line(side, language, _sum(finding[side], language))
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
    yield line("sentence", language, said)
    yield line("table", language, _sum(finding["table"], language))
    yield _captured(finding, language)


def _about_years(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    """The rule, both sides, and the earlier report's address; the later one's stands below."""
    yield line("joint", language, say(f"carry_over.{finding['rule']}", language, year=finding["year"]))
    for side in ("left", "right"):
        yield line(side, language, _sum(finding[side], language))
    yield line("earlier", language, str(finding["earlier"]["year"]), finding["earlier"]["url"])
    yield _captured(finding, language)


def _about_attachment(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    for cell in finding["cells"]:
        before, after = (_number(cell[side]["value"]) for side in ("before", "after"))
        label = _label(cell["code"])
        yield line("differing", language, say("mail.differing", language, label=label, before=before, after=after))
    yield line("file", language, "", finding["other"]["url"])
    yield _captured(finding, language)


def _about_likeness(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    yield line("alike", language, likeness(finding, language))
    yield line("suspicion", language, say("mail.suspicion", language))
    yield line("other", language, "", finding["other"]["url"])
    yield _captured(finding, language)


def _about_date(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    """The stated day, the look without the report, the first capture with it; and what that does not say."""
    yield line("backdated", language, backdating(finding, language))
    stated = [f"{say('date_source.' + one['source'], language)} {one['raw']}" for one in finding["stated"]]
    yield line("stated", language, ("、" if language == "zh" else ", ").join(plain(one) for one in stated))
    without = finding["without"]
    yield line("column", language, f"{plain(without['portal_name'])} {plain(without['column_name'])}", without["url"])
    yield line("proofs", language, proofs(finding, language))
    yield line("suspicion", language, say("backdated.elsewhere", language))


def _about_local_day(finding: Mapping[str, Any], language: Language) -> Iterator[Line]:
    """What was seen against the supervising office's day, whose day that is, and how it stands with the law's."""
    yield line("local_day", language, local_day(finding, language))
    yield line("local_rule", language, finding["citation"][language])
    yield line("law", language, law_day(finding["law"], language))
    if finding["law"]["citation"]:
        yield line("rule", language, finding["law"]["citation"][language])


ABOUT: Mapping[str, Callable[[Mapping[str, Any], Language], Iterator[Line]]] = {
    "changed": _about_change,
    "revised": _about_change,
    "arithmetic": _about_sum,
    "narrative": _about_words,
    "carry_over": _about_years,
    "attachment": _about_attachment,
    "copied": _about_likeness,
    "backdated": _about_date,
    "local_late": _about_local_day,
}


def backdating(finding: Mapping[str, Any], language: Language) -> str:
    """What the page states and what we saw: a finding of kind `backdated`."""
    return say(
        "backdated.seen",
        language,
        stated=show_day(dt.date.fromisoformat(finding["stated_on"]), language),
        absent=moment(finding["without"]["at"], language),
        seen=moment(finding["with"]["first_seen"], language),
    )


def local_day(finding: Mapping[str, Any], language: Language) -> str:
    """That the supervising office's day was missed, and what was seen: a finding of kind `local_late`."""
    return explain(f"local_late.{finding['state']}", {"due_on": finding["due_on"], **finding["parameters"]}, language)


def law_day(law: Mapping[str, Any], language: Language) -> str:
    """That the law's day is another one, and whether that was kept or is still to come."""
    kept = {"on_time": "kept", "not_due": "ahead", "due_soon": "ahead", "late": "missed", "missing": "missed"}
    return explain(f"local_late.law_{kept.get(law['state'], 'unsure')}", {"due_on": law["due_on"]}, language)


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
    return line("captures", language, say("mail.captured", language, at=moment(finding["at"], language)))


def _change(cell: Mapping[str, Any], language: Language, *, in_turn: bool) -> str:
    """The cell's official label and code, from what to what, what that does to a sum, and the reader's doubts if it had any.

    `in_turn`: the page shows both again and again, so that neither came instead of the other.
    """
    before, after = (_side(cell[side], language) for side in ("before", "after"))
    kind = "change.in_turn" if in_turn else f"cell_change.{cell['change']}"
    change = say(kind, language, before=before, after=after)
    if cell["unit"] == YUAN:  # the form may print 万元; the numbers here are in yuan
        change += " 元" if language == "zh" else " yuan"
    doubt = say("cell_change.in_doubt", language) if cell["in_doubt"] else ""
    turned = "" if in_turn else effect(cell, language)
    change += "".join(f" [{said}]" for said in (turned, doubt) if said)
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


def _label(code: str) -> str:
    return templates.labels().get(code, code)
