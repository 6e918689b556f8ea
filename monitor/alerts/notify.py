"""Tells recipients what is new: plans the messages, delivers them, what did not arrive before first.

May touch: the store through reads.telling and writes.telling, the channels, one lock file.
"""

from crawler.store.reads import telling as reads
from crawler.store.writes import telling as writes
from monitor.alerts.delivery import claim, deliver, told
from monitor.alerts.message import NotifyResult
from monitor.alerts.planning import addressees, plan
from monitor.context import Context
from monitor.single import single


def notify(context: Context, *, dry_run: bool = False, retry_failed: bool = False) -> NotifyResult:
    """One digest for each recipient and channel that has news; messages of earlier runs that did not arrive go first.

    `retry_failed`: also those that were refused for good. `dry_run`: nothing is written or sent. Raises
    GongkaiError when another sender is at work, and ConfigError for a subscription to an unknown channel.
    """
    recipients = addressees(context.configuration)
    if dry_run:
        with context.sessions() as session:
            earlier = [told(delivery, "waiting") for delivery in reads.waiting(session)]
            planned = [plan(session, context, subscriptions) for subscriptions in recipients]
        return NotifyResult((*earlier, *(one for one in planned if one is not None)))
    done = []
    with single(context.settings.lock_dir / "notify.lock"):
        with context.sessions.begin() as session:
            if retry_failed:
                writes.claim_failed_again(session)
            earlier = [told(delivery, "waiting") for delivery in reads.waiting(session)]
        done += [deliver(context, one) for one in earlier]
        for subscriptions in recipients:
            claimed = claim(context, subscriptions)
            if claimed is not None:
                done.append(deliver(context, claimed))
    return NotifyResult(tuple(done))
