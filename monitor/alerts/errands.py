"""Every message that may be due: for each recipient the digests of its subscriptions, and the calendar's editions.

May touch: the store, for reading; the channels, for composing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from config.alerts import Subscription
from monitor.alerts.editions import Issue
from monitor.alerts.issuing import due_issues, plan_issue
from monitor.alerts.message import Told
from monitor.alerts.planning import addressees, plan
from monitor.context import Context
from monitor.desk import unsubscribes


@dataclass(frozen=True, slots=True)
class Errand:
    """One message that may be due to the one recipient and channel of `subscriptions`; `issue` None: a digest of events."""

    subscriptions: Sequence[Subscription]
    issue: Issue | None = None

    @property
    def recipient(self) -> str:
        return self.subscriptions[0].to

    def plan(self, session: Session, context: Context) -> Told | None:
        """The message, or None where there is nothing to say now, or nothing more to say to this recipient."""
        if unsubscribes.is_unsubscribed(session, self.recipient, self.subscriptions[0].channel):
            return None
        if self.issue is None:
            return plan(session, context, self.subscriptions)
        return plan_issue(session, context, self.subscriptions, self.issue)


def errands(context: Context) -> list[Errand]:
    """The digests first. Raises ConfigError for a subscription to an unknown channel."""
    digests = [Errand(group) for group in addressees(context.configuration)]
    editions = [
        Errand(subscriptions, issue)
        for subscriptions in of_recipients(context.configuration.alerts.subscriptions)
        for issue in due_issues(context, subscriptions)
    ]
    return digests + editions


def of_recipients(subscriptions: Sequence[Subscription]) -> list[list[Subscription]]:
    """Those of one recipient and channel together, in the order of the file."""
    grouped: dict[tuple[str, str], list[Subscription]] = {}
    for one in subscriptions:
        grouped.setdefault((one.to, one.channel), []).append(one)
    return list(grouped.values())
