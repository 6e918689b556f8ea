"""Tells recipients what is new: plans the messages, delivers them, what did not arrive before first.

May touch: the store through reads.deliveries and writes.telling, the channels. Any number of senders may run at once.
"""

from crawler.store.reads import deliveries as reads
from crawler.store.writes import telling as writes
from monitor.alerts.delivery import Sender, claim, deliver, take_over, told
from monitor.alerts.errands import errands, of_recipients
from monitor.alerts.message import NotifyResult
from monitor.alerts.pending import settle
from monitor.clock import REAL, Clock
from monitor.context import Context


def notify(context: Context, *, dry_run: bool = False, retry_failed: bool = False, clock: Clock = REAL) -> NotifyResult:
    """What is due to each recipient (monitor.alerts.errands), each message once; those of earlier runs go first.

    `retry_failed`: also those that were given up or are resting. `dry_run`: nothing is written or sent. `clock` is that
    of leases and pauses, not of what is told. Raises ConfigError for a subscription to an unknown channel.
    """
    planned = errands(context)
    if dry_run:
        with context.sessions() as session:
            due = reads.due(session, clock.now())
            earlier = [told(reads.delivery(session, delivery_id), "waiting") for delivery_id in due]
            messages = [errand.plan(session, context) for errand in planned]
        return NotifyResult((*earlier, *(one for one in messages if one is not None)))
    sender = Sender(clock)
    with context.sessions.begin() as session:
        if retry_failed:
            writes.retry(session, clock.now())
        due = reads.due(session, clock.now())
    done = []
    for delivery_id in due:
        taken = take_over(context, sender, delivery_id)
        if taken is not None:
            done.append(deliver(context, sender, taken))
    for subscriptions in of_recipients(context.configuration.alerts.subscriptions):
        settle(context, subscriptions)
    for errand in planned:
        claimed = claim(context, sender, errand)
        if claimed is not None:
            done.append(deliver(context, sender, claimed))
    return NotifyResult(tuple(done))
