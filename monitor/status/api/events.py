"""`/api/v1/events`: what became news. May touch: the board; the store, for reading."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from config.alerts import EventKind
from crawler.store.reads import chronicle
from crawler.store.reads.chronicle import EventLine
from crawler.store.tables import Event
from monitor.status.api.agencies import page_of
from monitor.status.api.answers import Answers
from monitor.status.api.happenings import found
from monitor.status.api.listing import Asked, listed
from monitor.status.api.models.common import PortalName, Words, words
from monitor.status.api.models.event import EventPage, ShownEvent
from monitor.status.api.queries import NewsQuery
from monitor.status.api.routing import put_up
from monitor.status.web import Web


class EventQuery(NewsQuery):
    """Which events."""

    kind: Annotated[EventKind | None, Field(description="What happened.")] = None


def routes(answers: Answers) -> APIRouter:
    router = APIRouter(tags=["events"])

    def list_events(request: Request, query: Annotated[EventQuery, Query()]) -> Response:
        """What became news of the selected agencies and, where none are selected, of portals."""
        return listed(answers, request, query, _page, name="events", shape=(int,), tables=(Event,))

    put_up(router, "/events", list_events, EventPage)
    return router


def _page(asked: Asked[EventQuery]) -> EventPage:
    one = found(asked, Event, kind=asked.query.kind)
    by_id = {event.id: event for event in chronicle.events(asked.session, one.ids)}
    items = [_event(asked.web, by_id[event_id]) for event_id in one.ids]
    return asked.page(EventPage, items, one.following)


def _event(web: Web, event: EventLine) -> ShownEvent:
    agency = web.configuration.agencies.get(event.agency_id)
    return ShownEvent.model_validate(
        {
            "id": event.id,
            "at": event.at,
            "kind": event.kind,
            "title": _title(event),
            "agency": event.agency_id or None,
            "name": agency.name if agency else None,
            "invented": bool(agency and agency.invented),
            "year": event.year or None,
            "portal": _portal(event),
            "before": event.before,
            "after": event.after,
            "by_rules": event.because == "rules",
            "finding": event.finding_key,
            "url": page_of(web, f"/agency/{event.agency_id}/{event.year}") if event.agency_id else None,
        }
    )


def _title(event: EventLine) -> Words:
    kind = words(f"event.{event.kind}")
    if not event.resolved:
        return kind
    how = words(f"resolved.{event.resolved}")
    return Words(zh=f"{kind.zh}：{how.zh}", en=f"{kind.en}: {how.en}")


def _portal(event: EventLine) -> PortalName | None:
    return PortalName(slug=event.portal["slug"], name=event.portal["name"]) if event.portal else None
