"""A portal that is not seen for days, in a real store: the operator hears of it once, and of its end."""

from config.alerts import Alerts, Subscription
from config.env import Settings
from crawler.model import LookOutcome
from crawler.store.session import Sessions, open_store
from crawler.store.tables import Event
from monitor.alerts.notify import notify
from monitor.context import Context
from tests.monitor.checks.history import moment
from tests.monitor.newsroom import body, parsed
from tests.monitor.world import World, agency, configuration

SLUG = "shili-slj"
OPERATOR, OFFICE = "operator@example.org", "office@example.org"


def world(database_url: str) -> World:
    known = configuration(agency(SLUG, "示例市水利局"))
    subscriptions = (
        Subscription(name="operator", to=OPERATOR),
        Subscription(name="office", to=OFFICE, regions=("9901",)),
    )
    sessions: Sessions = open_store(database_url, create=True)
    return World(sessions, type(known)(**{**known.__dict__, "alerts": Alerts(subscriptions=subscriptions)}))


def told_of_portals(made: World, day: str) -> list[str]:
    return [event.kind for event in made.evaluate(day).events if not event.agency_id]


def test_blind_for_days_is_told_to_the_operator_and_its_end_too(database_url: str) -> None:
    made = world(database_url)
    made.visit(SLUG, "03-01")
    made.visit(SLUG, "03-02", outcome=LookOutcome.CHALLENGE, reason="captcha")
    assert told_of_portals(made, "03-02") == []
    made.visit(SLUG, "03-03", run_outcome="offline", outcome=LookOutcome.TRANSPORT_ERROR)
    made.visit(SLUG, "03-04", outcome=LookOutcome.CHALLENGE, reason="captcha")
    assert told_of_portals(made, "03-04") == []
    made.visit(SLUG, "03-05", outcome=LookOutcome.DENIED, reason="403")
    assert told_of_portals(made, "03-05") == ["portal_blind"]
    settings = Settings(mail_from="gongkai@example.org", public_url="https://watch.example.org")
    context = Context(settings, made.configuration, made.sessions, moment("03-05"))
    said = {one.recipient: body(parsed(one.message)) for one in notify(context, dry_run=True).told}
    assert "没有一次正常看到" in said[OPERATOR]
    assert "no registered column was seen well since 2 March 2024" in said[OPERATOR]
    assert "403" in said[OPERATOR]
    assert "没有一次正常看到" not in said.get(OFFICE, "")
    made.visit(SLUG, "03-06", outcome=LookOutcome.DENIED, reason="403")
    assert told_of_portals(made, "03-06") == []
    made.visit(SLUG, "03-07")
    assert told_of_portals(made, "03-07") == ["resolved"]
    with made.sessions() as session:
        assert [event.year for event in session.query(Event).where(Event.agency_id == "")] == [0, 0]
