"""An edition for one recipient: whom it covers, how they stand, and the message that comes of it.

May touch: the store, for reading; the channels, for composing.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from config.alerts import Subscription
from config.deadlines import DeadlineRule, LocalRule
from config.schema import Agency
from config.visits import interval_days
from crawler.store.reads import recipients, standings
from crawler.store.reads.acts import acts
from monitor.alerts.digest import roll_digest
from monitor.alerts.editions import Issue, due_days, issues
from monitor.alerts.message import Told
from monitor.alerts.mutes import is_acknowledged, mutes
from monitor.alerts.planning import composed, covers
from monitor.alerts.rollcall import Called, Part, call, roll
from monitor.context import Context
from monitor.days import day_of
from monitor.desk import unsubscribes

Rule = DeadlineRule | LocalRule


def due_issues(context: Context, subscriptions: Sequence[Subscription]) -> list[Issue]:
    """The editions that are due at the context's moment to the one recipient and channel of `subscriptions`."""
    configuration = context.configuration
    return issues(
        subscriptions, configuration.alerts.calendar, due_days(configuration.deadlines, context.now), context.now
    )


def plan_issue(session: Session, context: Context, subscriptions: Sequence[Subscription], issue: Issue) -> Told | None:
    """The message of an edition; None where the recipient has had it, or it has nothing to say, or nothing yet.

    `subscriptions`: all those of one recipient and channel. It covers the offices of every one that asks for the edition,
    and speaks the language of the first.
    """
    asking = [one for one in subscriptions if issue.kind in one.editions]
    first = asking[0]
    if issue.name in recipients.editions(session, recipient=first.to, channel=first.channel):
        return None
    made = roll(issue, _parts(session, context, asking, issue), context.now, context.settings.public_url)
    if made is None:
        return None
    written = roll_digest(
        made,
        at=context.now,
        public_url=context.settings.public_url,
        language=first.language,
        subscription=", ".join(one.name for one in asking),
        unsubscribe=unsubscribes.address(context.settings, first.to, first.channel),
    )
    return composed(context, asking, written, [issue.name], edition=issue.name)


def bound(
    context: Context, subscriptions: Sequence[Subscription], issue: Issue
) -> list[tuple[Agency, Rule, dt.date | None]]:
    """The covered offices whose report is due on the day of the edition, by which rule, and beside a local one the law's day."""
    configuration, year = context.configuration, issue.due.year
    found: list[tuple[Agency, Rule, dt.date | None]] = []
    for agency in configuration.agencies.values():
        if not agency.watched(year) or not any(covers(one, agency) for one in subscriptions):
            continue
        found += [(agency, rule, law) for rule, law in _rules(context, agency, issue)]
    return found


def _rules(context: Context, agency: Agency, issue: Issue) -> Iterator[tuple[Rule, dt.date | None]]:
    deadlines, year = context.configuration.deadlines, issue.due.year
    law = deadlines.rule_for(agency, year)
    law_day = law.due.of(year) if law is not None and law.due is not None else None
    if law is not None and law_day == issue.due.day:
        yield law, None
    local = deadlines.local_rule_for(agency, year)
    if local is not None and local.due.of(year) == issue.due.day:
        yield local, law_day


def _parts(session: Session, context: Context, asking: Sequence[Subscription], issue: Issue) -> list[Part]:
    """Rule by rule, those of the law first; offices by region, as the registry has them."""
    found = bound(context, asking, issue)
    year = issue.due.year
    known = standings.standings(session, year, {agency.id for agency, _, _ in found})
    opened = standings.opened(session, year, "missing")
    muted = [mute for mute in mutes(acts(session, ("mute", "unmute"))) if mute.stands(context.now)]
    acks = acts(session, ("ack",))
    parts: dict[tuple[str, dt.date | None], list[Called]] = {}
    rules: dict[str, Rule] = {}
    for agency, rule, law in sorted(found, key=lambda one: one[0].region_code):
        standing = known.get(agency.id)
        if standing is None:  # never judged for that year
            continue
        fresh_days = _fresh_days(context, agency)
        called = call(agency, standing, issue, context.now, is_local=isinstance(rule, LocalRule), fresh_days=fresh_days)
        if called is None:
            continue
        key = f"missing:{agency.id}:{year}"
        rules[rule.id] = rule
        parts.setdefault((rule.id, law), []).append(
            Called(
                called.agency,
                called.place,
                called.reason,
                called.parameters,
                muted=any(mute.target.is_about_year(agency.id, year) for mute in muted),
                acknowledged=agency.id in opened and is_acknowledged(key, opened[agency.id], acks, context.now),
            )
        )
    made = [Part(rules[id_], tuple(called), law) for (id_, law), called in parts.items()]
    return sorted(made, key=lambda part: isinstance(part.rule, LocalRule))


def _fresh_days(context: Context, agency: Agency) -> int:
    """So many days after its newest proof an absence still stands: as judging has it (monitor.checks.case)."""
    configuration = context.configuration
    visit_days = interval_days(configuration.visits, configuration.deadlines, agency, day_of(context.now))
    return configuration.deadlines.evidence.longest_unverified(visit_days)
