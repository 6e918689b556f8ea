"""One event in one language, line by line, the same for text and HTML. Pure; the shapes are those of monitor.details."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from config.alerts import EventKind
from monitor.alerts.findings import ABOUT
from monitor.alerts.letter import Item
from monitor.alerts.lines import LONGEST_LINE, Line, line, moment, plain
from monitor.wording import Language, explain, say, show_day, state_line

PATHS: Mapping[Language, str] = {"zh": "", "en": "/en"}


def notice(
    kind: EventKind,
    agency_id: str,
    year: int,
    details: Mapping[str, Any],
    *,
    at: dt.datetime,
    public_url: str,
    language: Language,
) -> Item:
    """What is said of one event at the moment `at`."""
    if "portal" in details:
        return Item(portal_title(details, language), tuple(_about_portal(kind, details, public_url, language)))
    agency = details["agency"]
    title = say("mail.agency", language, name=plain(agency["name"]), year=year)
    if agency["invented"]:
        title += f" [{say('mail.invented', language)}]"
    page = f"{public_url.rstrip('/')}{PATHS[language]}/agency/{agency_id}"
    if details.get("finding", {}).get("kind") in ABOUT:
        lines = _about_finding(kind, details, language)
    else:
        lines = _about_state(kind, details, at, language)
    details_line = line("details", language, "", page)
    return Item(title, (*lines, *_by_the_rules(details, language), *_replies(details, language), details_line))


def _by_the_rules(details: Mapping[str, Any], language: Language) -> Iterator[Line]:
    """What is told because another day is judged by: from which one to which one."""
    if details.get("because") != "rules":
        return
    former, now = details["rules"]["from"], details["rules"]["to"]
    for day in ("due", "local_due"):
        if former[day] != now[day]:
            before, after = (
                show_day(dt.date.fromisoformat(one[day]), language) if one[day] else say("rules.no_day", language)
                for one in (former, now)
            )
            yield line("rules", language, say(f"rules.{day}", language, before=before, after=after))


def _replies(details: Mapping[str, Any], language: Language) -> Iterator[Line]:
    """What the office said of it, with the day of receipt and the source."""
    for reply in details.get("replies", ()):
        said = say(
            "reply.in_mail",
            language,
            kind=say(f"reply.kind.{reply['kind']}", language),
            on=show_day(dt.date.fromisoformat(reply["received_on"]), language),
            text=plain(reply["text"], LONGEST_LINE),
        )
        yield line("reply", language, said, reply["source"])


def portal_title(details: Mapping[str, Any], language: Language) -> str:
    return say("mail.portal", language, name=plain(details["portal"]["name"]))


def _about_portal(kind: EventKind, details: Mapping[str, Any], public_url: str, language: Language) -> Iterator[Line]:
    """What was seen where, and that it says nothing about any office."""
    finding = details["finding"]
    if kind is EventKind.RESOLVED:
        yield line("state", language, say(f"resolved.{details['resolved']}", language))
    else:
        kind_of_it = finding["kind"]
        yield line("state", language, say(f"{kind_of_it}.seen", language, at=moment(finding["at"], language)))
        yield line("reason", language, _why(finding, language))
        yield line("suspicion", language, say(f"{kind_of_it}.no_office", language))
    yield line("column", language, plain(finding["column_name"]), finding["url"])
    yield line("details", language, "", f"{public_url.rstrip('/')}{PATHS[language]}/")


def _why(finding: Mapping[str, Any], language: Language) -> str:
    """What the newest look met, in the words of the crawl; for a blind portal also what that is called, and when it was."""
    if "outcome" not in finding:
        return str(finding["reason"])
    outcome = say(f"look_outcome.{finding['outcome']}", language)
    said = say("mail.looked", language, at=moment(finding["looked_at"], language), outcome=outcome)
    return ("；" if language == "zh" else "; ").join(filter(None, (said, plain(finding["reason"]))))


def _about_state(kind: EventKind, details: Mapping[str, Any], at: dt.datetime, language: Language) -> Iterator[Line]:
    """State, due day, rule, grounds, and what was looked at when."""
    state = state_line(details, at, language)
    if details["state"] in ("unknown", "withdrawn"):
        state = say("mail.since", language, text=state, at=moment(details["since"], language))
    if kind is EventKind.RESOLVED:
        state = f"{say('resolved.' + details['resolved'], language)}{'；' if language == 'zh' else '; '}{state}"
    yield line("state", language, state)
    if details["due"]:
        yield line("due", language, show_day(dt.date.fromisoformat(details["due"]), language))
    if details["citation"] and kind is not EventKind.RESOLVED:
        yield line("rule", language, details["citation"][language])
    yield line("reason", language, explain(f"reason.{details['reason']}", details["parameters"], language))
    for note in details["notes"]:
        yield line("note", language, explain(f"note.{note['key']}", note["parameters"], language))
    if details["stated"] and kind is not EventKind.RESOLVED:
        stated = [f"{say('date_source.' + one['source'], language)} {one['value']}" for one in details["stated"]]
        dates = list(dict.fromkeys(stated))
        yield line("stated", language, ("、" if language == "zh" else ", ").join(dates))
    if details["report_url"]:
        yield line("report", language, "", details["report_url"])
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
        said.append(say("mail.looked", language, at=moment(column["looked_at"], language), outcome=outcome))
    if state in ("missing", "unknown") and column["proved_at"] is not None:
        said.append(say("mail.proved", language, at=moment(column["proved_at"], language)))
    return line("column", language, ("；" if language == "zh" else "; ").join(said), column["url"])


def _about_finding(kind: EventKind, details: Mapping[str, Any], language: Language) -> Iterator[Line]:
    """What was found, with both of its sides, and between or on which captures."""
    finding = details["finding"]
    if kind is EventKind.RESOLVED:
        yield line("state", language, say(f"resolved.{details['resolved']}", language))
    yield from ABOUT[finding["kind"]](finding, language)
    if finding["url"]:
        yield line("report", language, "", finding["url"])
