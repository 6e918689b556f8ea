"""An invented town whose offices publish or do not, in a real store, for the tests of editions and mutes."""

from dataclasses import replace
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select

from config.alerts import Alerts, Calendar, Edition, Subscription
from config.deadlines import Deadlines, LocalRule
from config.env import Settings
from config.schema import AgencyKind
from crawler.model import LookOutcome
from crawler.store.session import open_store
from crawler.store.tables import Delivery, DeliveryEvent, Event
from monitor.alerts.errands import errands, of_recipients
from monitor.alerts.message import Told
from monitor.alerts.pending import settle
from monitor.context import Context
from tests.monitor.checks.history import moment
from tests.monitor.newsroom import parsed
from tests.monitor.world import Page, World, agency, configuration

OFFICE, OPERATOR = "office@shili.example.org", "operator@example.org"
# The civil bureau publishes by the due day, the water bureau never does, nobody can see the portal of the forest bureau.
CIVIL, WATER, FOREST, TOWNSHIP = "shili-mzj", "shili-slj", "shili-lyj", "shili-zhen"
DAYS = ("01-18", "01-25", "01-30", "01-31", "02-01", "02-02")


def subscription(name: str = "office", **wishes: Any) -> Subscription:
    return Subscription.model_validate({"name": name, "to": OFFICE, "regions": ["9901"], **wishes})


EVERY_EDITION = subscription(editions=list(Edition), events=[])


class Town(World):
    """Its `configuration` may be given other subscriptions and local rules at any time."""

    def __init__(self, database_url: str, *subscriptions: Subscription) -> None:
        known = configuration(
            agency(CIVIL, "示例市民政局"),
            agency(WATER, "示例市水利局"),
            agency(FOREST, "示例市林业局"),
            agency(TOWNSHIP, "示例市示例镇人民政府", AgencyKind.TOWNSHIP),
        )
        super().__init__(open_store(database_url, create=True), known)
        self.subscribe(*subscriptions)

    def subscribe(self, *subscriptions: Subscription, calendar: Calendar | None = None) -> None:
        alerts = Alerts(subscriptions=subscriptions, calendar=calendar or Calendar())
        self.configuration = replace(self.configuration, alerts=alerts)

    def rule(self, *local: LocalRule) -> None:
        known = self.configuration.deadlines.model_dump(mode="json")
        known["local"] = [one.model_dump(mode="json") for one in local]
        self.configuration = replace(self.configuration, deadlines=Deadlines.model_validate(known))

    def passes(self, *days: str, civil_from: str = "01-25") -> None:
        """Each day every portal is visited at 20:00, and judged."""
        for day in days:
            self.visit(CIVIL, day, [Page("nb", {"a": 1})] if moment(day) >= moment(civil_from) else [])
            self.visit(WATER, day)
            self.visit(FOREST, day, outcome=LookOutcome.CHALLENGE, reason="captcha")
            self.visit(TOWNSHIP, day)
            self.evaluate(day)

    def context(self, at: str) -> Context:
        settings = Settings(mail_from="gongkai@example.org", public_url="https://watch.example.org")
        return Context(settings, self.configuration, self.sessions, moment(at))

    def planned(self, at: str) -> list[Told]:
        """What would go out, the editions and the digests; nothing is recorded."""
        context = self.context(at)
        with self.sessions() as session:
            found = [errand.plan(session, context) for errand in errands(context)]
        return [one for one in found if one is not None]

    def mail(self, at: str) -> EmailMessage:
        """The only message that would go out."""
        [told] = self.planned(at)
        return parsed(told.message)

    def settle(self, at: str) -> None:
        context = self.context(at)
        for subscriptions in of_recipients(self.configuration.alerts.subscriptions):
            settle(context, subscriptions)

    def told(self) -> list[tuple[str, str, str]]:
        """Recipient, kind and agency of every event that was told in a message."""
        with self.sessions() as session:
            rows = (
                select(DeliveryEvent.recipient, Event.kind, Event.agency_id)
                .join(Event, Event.id == DeliveryEvent.event_id)
                .join(Delivery, Delivery.id == DeliveryEvent.delivery_id)
                .where(Delivery.status == "sent")
                .order_by(DeliveryEvent.recipient, Event.id)
            )
            return [(recipient, kind, agency_id) for recipient, kind, agency_id in session.execute(rows)]

    def editions_sent(self) -> list[str]:
        with self.sessions() as session:
            rows = select(Delivery.edition).where(Delivery.status == "sent", Delivery.edition != "")
            return list(session.scalars(rows.order_by(Delivery.id)))
