"""Events, or a roll of the calendar → one message. Pure; the words come from monitor.wording, how it looks from monitor.alerts.letter.

Chinese first, English below, or one of them; worst first, within a kind by agency and year. Whatever comes from outside
(titles, addresses, raw cells) is made one bounded line here, and escaped by the HTML template.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.alerts import EventKind, Speaks
from monitor.alerts import roll as rolls
from monitor.alerts.letter import SPOKEN, Digest, Half, Item, Row, Section, written
from monitor.alerts.lines import LONGEST_LINE, WEB_ADDRESS, plain
from monitor.alerts.notice import PATHS, notice, portal_title
from monitor.days import day_of
from monitor.wording import Language, say, show_moment

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
TONES = {
    EventKind.MISSING: "missing",
    EventKind.LATE: "late",
    EventKind.LOCAL_LATE: "late",
    EventKind.WITHDRAWN: "withdrawn",
    EventKind.UNKNOWN: "unknown",
    EventKind.PORTAL_LOST: "unknown",
    EventKind.PORTAL_BLIND: "unknown",
    EventKind.DUE_SOON: "due_soon",
    EventKind.RESOLVED: "on_time",
}
MOST = 300  # notices in one message; a country's first day after the due day is read on the page


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


def digest(
    news: Sequence[News],
    *,
    at: dt.datetime,
    public_url: str,
    language: Speaks = Speaks.BOTH,
    subscription: str = "",
    unsubscribe: str = "",
) -> Digest:
    """The message about `news` (at least one) at the moment `at`: days are counted until then.

    `subscription`: the name of what was subscribed to; messages about many offices make one conversation under it,
    those about one office make one of that office. `unsubscribe`: the address that ends it, for this recipient alone.
    """
    ordered = sorted(
        news, key=lambda one: (one.over, WORST_FIRST.index(one.kind), one.agency_id, one.year, one.event_id)
    )
    spoken = SPOKEN[language]
    halves = [_half(ordered, at, public_url, one) for one in spoken]
    return written(
        _subject(ordered, at, spoken[0]), halves, thread=_thread(ordered, subscription), unsubscribe=unsubscribe
    )


def roll_digest(
    roll: rolls.Roll,
    *,
    at: dt.datetime,
    public_url: str,
    language: Speaks = Speaks.BOTH,
    subscription: str = "",
    unsubscribe: str = "",
) -> Digest:
    """The message that an edition of the calendar is. The arguments are those of `digest`."""
    spoken = SPOKEN[language]
    first = plain(roll.halves[spoken[0]].subject)
    subject = say("mail.subject_line", spoken[0], counts=first, day=day_of(at).isoformat())
    halves = [_roll_half(roll.halves[one], at, public_url, one) for one in spoken]
    thread = f"subscription {subscription}" if subscription else ""
    return written(subject, halves, thread=thread, unsubscribe=unsubscribe)


def _roll_half(half: rolls.RollHalf, at: dt.datetime, public_url: str, language: Language) -> Half:
    return Half(
        language=language,
        title=plain(half.title),
        as_of=say("mail.as_of", language, at=show_moment(at, language)),
        summary=plain(half.lead),
        lead=plain(half.lead, LONGEST_LINE),
        sections=tuple(_group(group, public_url, language) for group in half.groups),
        notes=tuple(plain(note, LONGEST_LINE) for note in half.notes),
        left_out=say("mail.all_of_it", language, url=f"{public_url.rstrip('/')}{PATHS[language]}/"),
        footer=say("mail.roll_footer", language),
    )


def _group(group: rolls.Group, public_url: str, language: Language) -> Section:
    return Section(
        plain(group.title),
        group.tone,
        note=plain(group.note, LONGEST_LINE),
        rows=tuple(_row(row, language) for row in group.rows),
        more=say("mail.left_out", language, count=group.more, url=public_url) if group.more else "",
    )


def _row(row: rolls.Row, language: Language) -> Row:
    name = plain(row.name) + (f" [{say('mail.invented', language)}]" if row.invented else "")
    link = row.link if WEB_ADDRESS.fullmatch(row.link) else ""
    said = filter(None, (plain(row.region), plain(row.text, LONGEST_LINE)))
    return Row(name, link, ("；" if language == "zh" else "; ").join(said))


def _thread(news: Sequence[News], subscription: str) -> str:
    agencies = {one.agency_id for one in news}
    if len(agencies) == 1 and (agency := agencies.pop()):
        return f"agency {agency}"
    return f"subscription {subscription}" if subscription else ""


def _counts(news: Sequence[News], language: Language) -> str:
    words = ["over" if one.over else one.kind.value for one in news]
    return " · ".join(f"{say(f'mail.subject.{word}', language)} {words.count(word)}" for word in dict.fromkeys(words))


def _subject(news: Sequence[News], at: dt.datetime, language: Language) -> str:
    return say("mail.subject_line", language, counts=_counts(news, language), day=day_of(at).isoformat())


def _half(news: Sequence[News], at: dt.datetime, public_url: str, language: Language) -> Half:
    shown = news[:MOST]
    current = [one for one in shown if not one.over]
    rest = len(news) - len(shown)
    names = list(dict.fromkeys(_about(one, language) for one in shown[:3]))
    return Half(
        language=language,
        title=say("mail.title", language),
        as_of=say("mail.as_of", language, at=show_moment(at, language)),
        summary=f"{_counts(news, language)} — {('；' if language == 'zh' else '; ').join(names)}",
        sections=tuple(
            Section(
                _section_title(kind, len(alike), language),
                TONES.get(kind, "plain"),
                items=tuple(_item(one, at, public_url, language) for one in alike),
            )
            for kind in WORST_FIRST
            if (alike := [one for one in current if one.kind is kind])
        ),
        over_title=say("mail.over_title", language),
        over=tuple(_over(one, language) for one in shown if one.over),
        left_out=say("mail.left_out", language, count=rest, url=public_url) if rest else "",
        footer=say("mail.footer", language),
    )


def _section_title(kind: EventKind, count: int, language: Language) -> str:
    title = say(f"event.{kind}", language)
    return f"{title}（{count}）" if language == "zh" else f"{title[:1].upper()}{title[1:]} ({count})"


def _item(one: News, at: dt.datetime, public_url: str, language: Language) -> Item:
    return notice(one.kind, one.agency_id, one.year, one.details, at=at, public_url=public_url, language=language)


def _about(one: News, language: Language) -> str:
    if "portal" in one.details:
        return portal_title(one.details, language)
    return say("mail.agency", language, name=plain(one.details["agency"]["name"]), year=one.year)


def _over(one: News, language: Language) -> str:
    if "portal" in one.details:
        now = say("resolved.portal_back", language)
    else:
        now = say(f"state.{one.state_now}", language) if one.state_now else say("mail.no_state", language)
    event = say(f"event.{one.kind}", language)
    said = say("mail.over", language, at=show_moment(one.at, language), event=event, state=now)
    return f"{_about(one, language)} — {said}"
