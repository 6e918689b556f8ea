"""What both files say of an agency, a finding, a proof or a reply: short Chinese texts. Pure.

Whatever comes from outside is made one bounded line that XML can hold.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from monitor.alerts.findings import ABOUT
from monitor.alerts.lines import Line, plain
from monitor.circular.model import Case, Found, Proof
from monitor.days import SHANGHAI, days_past, late_span
from monitor.desk.replies import Reply
from monitor.model import State
from monitor.wording import explain, say, show_day, show_moment, state_line

LONGEST = 600  # characters of one line in a document
SHA_DIGITS = 12


def word(key: str, **values: object) -> str:
    """A text of wording/circular.yml."""
    return say(f"circular.{key}", "zh", **values)


def clean(text: object, longest: int = LONGEST) -> str:
    """One line without control characters, and without those that XML has no way to write."""
    return plain("".join(mark for mark in str(text) if not _is_forbidden(ord(mark))), longest)


def _is_forbidden(code: int) -> bool:
    return 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE


def day(value: dt.date | None) -> str:
    return "–" if value is None else show_day(value, "zh")


def moment(value: dt.datetime | None) -> str:
    return "–" if value is None else show_moment(value, "zh")


def days_late(case: Case, at: dt.datetime) -> tuple[int, int] | None:
    """By how many days at least and at most after the day of the law: overdue at `at`, or late when it was published.

    None where it is neither.
    """
    assessment = case.judgement.assessment
    return None if assessment is None else _days(case, case.due, assessment.state, at)


def local_days_late(case: Case, at: dt.datetime) -> tuple[int, int] | None:
    """The same after the supervising office's own day."""
    return None if case.local is None else _days(case, case.local.due, case.local.state, at)


def _days(case: Case, due: dt.date | None, state: State, at: dt.datetime) -> tuple[int, int] | None:
    assessment = case.judgement.assessment
    if assessment is None or due is None:
        return None
    if state is State.MISSING:
        return (days_past(due, at),) * 2
    if state is State.LATE and assessment.first_seen is not None:
        return late_span(due, assessment.last_absent, assessment.first_seen)
    return None


def span(days: tuple[int, int] | None) -> str:
    if days is None:
        return "–"
    first, last = days
    return str(last) if first == last else f"{first}至{last}"


def state(case: Case, at: dt.datetime) -> str:
    """The state with its days and its reason, or that it was not judged."""
    details = case.judgement.details
    if not details:
        return word("group.unjudged")
    reason = explain(f"reason.{details['reason']}", details["parameters"], "zh")
    said = f"{state_line(details, at, 'zh')}；{reason}"
    assessment = case.judgement.assessment
    return clean(word("by_local_day", text=said) if assessment and assessment.is_by_local_day else said)


def reason(case: Case) -> str:
    details = case.judgement.details
    return clean(explain(f"reason.{details['reason']}", details["parameters"], "zh")) if details else ""


def notes(case: Case) -> tuple[str, ...]:
    """What is to be said beside the state, for or against the office."""
    return tuple(
        word("note_line", text=clean(explain(f"note.{note['key']}", note["parameters"], "zh")))
        for note in case.judgement.details.get("notes", ())
    )


def stated(case: Case) -> str:
    """The dates that the office itself states, each with where it stands; empty if there are none."""
    found = [
        f"{say('date_source.' + one['source'], 'zh')} {one['value']}"
        for one in case.judgement.details.get("stated", ())
    ]
    return "、".join(dict.fromkeys(found))


def columns(case: Case) -> tuple[str, ...]:
    """The columns in which the report is looked for."""
    found = case.judgement.details.get("columns", ())
    return tuple(
        word("watched", name=clean(f"{one['portal_name']} {one['column_name']}"), url=clean(one["url"]))
        for one in found
    )


def looked_at(case: Case) -> dt.datetime | None:
    """When the newest look at one of its columns was made."""
    found = [one["looked_at"] for one in case.judgement.details.get("columns", ()) if one["looked_at"]]
    return dt.datetime.fromisoformat(max(found)).astimezone(SHANGHAI) if found else None


def report_url(case: Case) -> str:
    return clean(case.judgement.details.get("report_url", ""), 2000)


def numbers(proofs: Iterable[Proof]) -> str:
    """存档12（ab12cd34ef56）、15（…）; empty without proofs."""
    found = [
        word("one_proof", number=one.capture, sha256=one.sha256[:SHA_DIGITS])
        if one.sha256
        else word("bare_proof", number=one.capture)
        for one in proofs
    ]
    return word("proof", numbers="、".join(found)) if found else ""


def matter(found: Found, most: int | None = None) -> tuple[str, ...]:
    """What was found, line by line: in the words of the mails, so that a new kind of finding needs none of its own.

    With `most` the rest is only counted.
    """
    about = ABOUT.get(found.kind)
    lines = [_text(line) for line in about(found.details, "zh")] if about and found.details else []
    lines = [line for line in lines if line] or [say(f"finding.{found.kind}", "zh")]
    if most is not None and len(lines) > most:
        return (*lines[:most], word("say.more_lines", count=len(lines) - most))
    return tuple(lines)


def address(found: Found) -> str:
    return clean(found.details.get("url", ""), 2000)


def severity(found: Found) -> str:
    """The weight of a change as config/changes.yml sets it; empty where the finding has none."""
    weight = found.details.get("severity")
    return say(f"severity.{weight}", "zh") if weight else ""


def replies(given: Sequence[Reply]) -> tuple[str, ...]:
    """Each reply in one line, with the day it was received and its source."""
    return tuple(
        word(
            "reply",
            kind=say(f"reply.kind.{one.kind.value}", "zh"),
            on=show_day(one.received_on, "zh"),
            source=clean(one.source),
            text=clean(one.text.replace("\n", " "), 2000),
        )
        for one in given
    )


def _text(line: Line) -> str:
    """As a mail writes it: the label, the text, the address."""
    return clean(f"{line.label}：{' '.join(part for part in (line.text, line.address) if part)}")
