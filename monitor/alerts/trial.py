"""A test message to one subscription: it says that it is one, is about no office, and leaves nothing in the store.

May touch: the store, for reading, and the subscription's channel.
"""

import hashlib
from dataclasses import replace

from config.alerts import Subscription
from config.errors import ConfigError, GongkaiError
from crawler.errors import DeliveryError
from monitor.alerts.letter import SPOKEN, Digest, Half, written
from monitor.alerts.message import Told
from monitor.channels import CHANNELS
from monitor.context import Context
from monitor.days import day_of
from monitor.desk import unsubscribes
from monitor.wording import say, show_moment


def trial(context: Context, name: str, *, dry_run: bool = False) -> Told:
    """Sends it at once, whatever pauses there are. Raises GongkaiError for a subscription that is unknown or has ended."""
    known = {one.name: one for one in context.configuration.alerts.subscriptions}
    if name not in known:
        raise GongkaiError(f"no subscription {name!r} in alerts.yml")
    subscription = known[name]
    if subscription.channel not in CHANNELS:
        raise ConfigError(
            f"alerts.yml: subscriptions/{name}/channel: {subscription.channel!r} is none of {', '.join(CHANNELS)}"
        )
    with context.sessions() as session:
        if unsubscribes.is_unsubscribed(session, subscription.to, subscription.channel):
            raise GongkaiError(f"{subscription.to} has unsubscribed: see gongkai unsubscribes")
    channel = CHANNELS[subscription.channel]
    made = _digest(context, subscription)
    digits = hashlib.sha256(f"trial {name} {subscription.to} {context.now.isoformat()}".encode()).hexdigest()[:40]
    message_id = f"{digits}@{context.settings.mail_from.rpartition('@')[2]}"
    told = Told(
        id=None,
        subscription=name,
        recipient=subscription.to,
        channel=subscription.channel,
        message_id=message_id,
        subject=made.subject,
        message=channel.compose(
            made, settings=context.settings, recipient=subscription.to, message_id=message_id, at=context.now
        ),
        status="planned",
    )
    if dry_run:
        return told
    try:
        channel.deliver(told.message, settings=context.settings, recipient=told.recipient)
    except DeliveryError as error:
        return replace(told, status="failed", error=str(error))
    return replace(told, status="sent")


def _digest(context: Context, subscription: Subscription) -> Digest:
    spoken = SPOKEN[subscription.language]
    halves = [
        Half(
            language=language,
            title=say("trial.title", language),
            as_of=say("mail.as_of", language, at=show_moment(context.now, language)),
            summary=say("trial.lead", language, name=subscription.name),
            sections=(),
            lead=say("trial.lead", language, name=subscription.name),
            footer=say("trial.footer", language),
        )
        for language in spoken
    ]
    counts, day = say("trial.subject", spoken[0]), day_of(context.now).isoformat()
    subject = say("mail.subject_line", spoken[0], counts=counts, day=day)
    return written(
        subject,
        halves,
        thread="",
        unsubscribe=unsubscribes.address(context.settings, subscription.to, subscription.channel),
    )
