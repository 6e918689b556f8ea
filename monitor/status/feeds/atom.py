"""Atom feeds: /feeds/events.atom, late.atom, changes.atom, agency/ID.atom, each with the filters of the matrix.

May touch: the store for reading. An entry is an event in the words of the mails, as of the event's moment; what became of
it since stands in its title and its last line. Its id and its date never change.
"""

import datetime as dt
from typing import Final

from fastapi import APIRouter, HTTPException, Request, Response

from config.alerts import EventKind
from config.schema import Agency
from monitor.alerts.lines import Line, plain
from monitor.alerts.notice import notice
from monitor.board import Board
from monitor.days import day_of
from monitor.status.feeds.addresses import absolute, language_asked, tag
from monitor.status.feeds.answers import answer
from monitor.status.feeds.document import MEDIA_TYPE, Entry, Feed, document
from monitor.status.filters import BadFilter, Filters
from monitor.status.site import METHODS
from monitor.status.validators import etag_of
from monitor.status.views.feed import KINDS, FeedPage, Told, chosen, feed_page, of_events
from monitor.status.web import Web
from monitor.wording import Language, say

PAGES: Final = {"events": "/coverage", "late": "/late", "changes": "/changes"}  # for people, beside each feed
OF_STATES: Final = ("missing", "late", "withdrawn", "unknown", "due_soon")  # the kinds of events that are states
LONGEST_ID = 19  # digits


def routes(web: Web) -> APIRouter:
    """A filter, `lang` or `before` that means nothing raises BadFilter, which the application answers."""
    router = APIRouter(include_in_schema=False)

    # Before the feeds with names: an agency's id is no name of a feed.
    @router.api_route("/feeds/agency/{agency_id}.atom", methods=METHODS)
    def of_agency(request: Request, agency_id: str) -> Response:
        agency = web.configuration.agencies.get(agency_id)
        if agency is None:
            raise HTTPException(404)
        return _answer(web, request, "agency", agency)

    @router.api_route("/feeds/{name}.atom", methods=METHODS)
    def of_everybody(request: Request, name: str) -> Response:
        if name not in KINDS:
            raise HTTPException(404)
        return _answer(web, request, name, None)

    return router


def _answer(web: Web, request: Request, name: str, agency: Agency | None) -> Response:
    filters = of_events(Filters.of(request.query_params))
    language = language_asked(request.query_params.get("lang", ""))
    before = _before(request.query_params.get("before", ""))
    board = web.board()
    kinds = None if agency is not None else KINDS[name]
    agency_id = "" if agency is None else agency.id
    with web.sessions() as session:
        ids, older = chosen(session, web.configuration, board, filters, kinds, before, agency_id)
        page = feed_page(session, board, ids, older)
        path = f"/feeds/agency/{agency.id}.atom" if agency else f"/feeds/{name}.atom"
        said = sorted({reply.id for told in page.told for reply in told.replies})
        return answer(
            request,
            lambda: document(_feed(web, board, path, name, agency, filters, language, before, page)),
            media_type=MEDIA_TYPE,
            etag=etag_of(path, filters, language, before, board.digest, ids, older, said, web.settings.public_url),
            modified=_modified(board, page),
        )


def _before(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < LONGEST_ID and int(text) > 0):
        raise BadFilter("before")
    return int(text)


def _modified(board: Board, page: FeedPage) -> dt.datetime:
    """When anything in it changed last: an event, a judgement that makes one history, a reply."""
    moments = [told.event.at for told in page.told]
    moments += [reply.recorded_at for told in page.told for reply in told.replies]
    return max([board.made_at, *moments])


def _feed(
    web: Web,
    board: Board,
    path: str,
    name: str,
    agency: Agency | None,
    filters: Filters,
    language: Language,
    before: int | None,
    page: FeedPage,
) -> Feed:
    selected = filters.query()

    def at(older_than: int | None) -> str:
        parts = [selected.removeprefix("?"), "lang=en" if language == "en" else ""]
        parts.append(f"before={older_than}" if older_than is not None else "")
        query = "&".join(filter(None, parts))
        return path + (f"?{query}" if query else "")

    page_path = f"/agency/{agency.id}" if agency else PAGES[name] + selected
    links = {
        "self": absolute(web.settings, at(before)),
        "alternate": absolute(web.settings, page_path, language),
        "first": absolute(web.settings, at(None)),
    }
    if page.older is not None:
        links["next"] = absolute(web.settings, at(page.older))
    title = say(f"feed.title.{name}", language, name=agency.name) if agency else say(f"feed.title.{name}", language)
    if selected:
        title += say("feed.selected", language)
    if agency is not None and agency.invented:
        title += f" [{say('mail.invented', language)}]"
    subtitle = say("page.method", language)
    if board.simulated:
        subtitle = f"{say('page.simulated', language)} {subtitle}"
    return Feed(
        # All pages of one feed have the id of the first.
        id=tag(web.settings, at(None).lstrip("/")),
        title=title,
        subtitle=subtitle,
        author=say("feed.author", language),
        language=language,
        updated=max((told.event.at for told in page.told), default=board.judged_at or board.made_at),
        links=links,
        entries=[_entry(web, told, language) for told in page.told],
    )


def _entry(web: Web, told: Told, language: Language) -> Entry:
    event = told.event
    kind = EventKind(event.kind)
    details = {**event.details, "replies": [reply.as_json() for reply in told.replies]}
    item = notice(
        kind,
        event.agency_id,
        event.year,
        details,
        at=event.at,
        public_url=web.settings.public_url,
        language=language,
    )
    resolved = details.get("resolved")
    happened = say(f"resolved.{resolved}" if resolved else f"event.{event.kind}", language)
    title = say("feed.over" if told.over else "feed.entry", language, what=item.title, event=happened)
    if event.agency_id:
        page = absolute(web.settings, f"/agency/{event.agency_id}#y{event.year}", language)
    else:
        page = absolute(web.settings, f"/portals/{details['portal']['slug']}", language)
    suffix = "" if language == "zh" else f"/{language}"
    return Entry(
        id=tag(web.settings, f"event/{event.id}{suffix}", day_of(event.at)),
        title=title,
        updated=event.at,
        page=page,
        term=event.kind,
        label=say(f"event.{event.kind}", language),
        lines=(*item.lines, *((_since_then(told, language),) if told.over else ())),
    )


def _since_then(told: Told, language: Language) -> Line:
    text = say("feed.ended", language)
    if told.state_now is not None and told.event.kind in OF_STATES:
        text = say("feed.now", language, state=say(f"state.{told.state_now.value}", language))
    return Line(say("feed.since", language), plain(text))
