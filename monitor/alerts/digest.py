"""Events → one message: subject, text, HTML. Pure; the words come from monitor.wording, the labels of cells from the forms.

Chinese first, English below; worst first, within a kind by agency and year. Whatever comes from outside (titles,
addresses, raw cells) is made one bounded line here, and escaped by the HTML template.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from config.alerts import EventKind
from monitor.alerts.lines import plain
from monitor.alerts.notice import Notice, notice, portal_title
from monitor.days import day_of
from monitor.wording import LANGUAGES, Language, say, show_moment

WORST_FIRST = (
    EventKind.MISSING,
    EventKind.LATE,
    EventKind.LOCAL_LATE,
    EventKind.WITHDRAWN,
    EventKind.CHANGED,
    EventKind.REVISED,
    EventKind.BACKDATED,
    EventKind.ARITHMETIC,
    EventKind.NARRATIVE,
    EventKind.CARRY_OVER,
    EventKind.ATTACHMENT,
    EventKind.COPIED,
    EventKind.PORTAL_LOST,
    EventKind.PORTAL_BLIND,
    EventKind.UNKNOWN,
    EventKind.DUE_SOON,
    EventKind.RESOLVED,
)
MOST = 300  # notices in one message; a country's first day after the due day is read on the page
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class News:
    """One event as it is told.

    `details`: of the event (monitor.details). `over`: what it says is no longer so at the moment of telling
    (`state_now`, None: nothing recorded); it is then told as history, never as news.
    """

    event_id: int
    at: dt.datetime
    kind: EventKind
    agency_id: str
    year: int
    details: Mapping[str, Any]
    over: bool = False
    state_now: str | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """A message before any channel has formed it. `subject` is one line."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Half:
    """The message in one language."""

    language: Language
    title: str
    as_of: str
    sections: tuple[Section, ...]
    over_title: str
    over: tuple[str, ...]
    left_out: str
    footer: str


def digest(news: Sequence[News], *, at: dt.datetime, public_url: str) -> Digest:
    """The message about `news` (at least one) at the moment `at`: days are counted until then."""
    ordered = sorted(
        news, key=lambda one: (one.over, WORST_FIRST.index(one.kind), one.agency_id, one.year, one.event_id)
    )
    halves = [_half(ordered, at, public_url, language) for language in LANGUAGES]
    html = _environment().get_template("digest.html").render(halves=halves)
    return Digest(_subject(ordered, at), "\n\n".join(map(_text, halves)) + "\n", html)


def _subject(news: Sequence[News], at: dt.datetime) -> str:
    words = ["over" if one.over else one.kind.value for one in news]
    counts = [f"{say(f'mail.subject.{word}', 'zh')} {words.count(word)}" for word in dict.fromkeys(words)]
    return f"[公开] {' · '.join(counts)}（{day_of(at).isoformat()}）"


def _half(news: Sequence[News], at: dt.datetime, public_url: str, language: Language) -> Half:
    shown = news[:MOST]
    current = [one for one in shown if not one.over]
    rest = len(news) - len(shown)
    return Half(
        language=language,
        title=say("mail.title", language),
        as_of=say("mail.as_of", language, at=show_moment(at, language)),
        sections=tuple(
            Section(
                f"{say(f'event.{kind}', language)}（{len(alike)}）"
                if language == "zh"
                else f"{say(f'event.{kind}', language).capitalize()} ({len(alike)})",
                tuple(
                    notice(
                        one.kind, one.agency_id, one.year, one.details, at=at, public_url=public_url, language=language
                    )
                    for one in alike
                ),
            )
            for kind in WORST_FIRST
            if (alike := [one for one in current if one.kind is kind])
        ),
        over_title=say("mail.over_title", language),
        over=tuple(_over(one, language) for one in shown if one.over),
        left_out=say("mail.left_out", language, count=rest, url=public_url) if rest else "",
        footer=say("mail.footer", language),
    )


def _over(one: News, language: Language) -> str:
    if "portal" in one.details:
        about, now = portal_title(one.details, language), say("resolved.portal_back", language)
        event = say(f"event.{one.kind}", language)
        return f"{about} — {say('mail.over', language, at=show_moment(one.at, language), event=event, state=now)}"
    agency = say("mail.agency", language, name=plain(one.details["agency"]["name"]), year=one.year)
    now = say(f"state.{one.state_now}", language) if one.state_now else say("mail.no_state", language)
    event = say(f"event.{one.kind}", language)
    return f"{agency} — {say('mail.over', language, at=show_moment(one.at, language), event=event, state=now)}"


def _text(half: Half) -> str:
    lines = [half.title, half.as_of]
    for section in half.sections:
        lines += ["", f"■ {section.title}"]
        for number, item in enumerate(section.notices, start=1):
            lines += ["", f"{number}. {item.title}"]
            for line in item.lines:
                separator = "：" if half.language == "zh" else ": "
                lines.append(f"   {line.label}{separator}{' '.join(filter(None, (line.text, line.address)))}")
    if half.over:
        lines += ["", f"■ {half.over_title}", "", *(f"- {line}" for line in half.over)]
    lines += ["", *filter(None, (half.left_out, half.footer))]
    return "\n".join(lines)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
