"""/calendar.ics: the days on which reports are due (RFC 5545), by the filters of the matrix or for one agency.

Touches no store: the rules of the configuration, the agencies of the board. A day is a whole day in Asia/Shanghai; one that
no rule names is in no calendar.
"""

import datetime as dt

from fastapi import APIRouter, Request, Response
from icalendar import Calendar, Event

from config.schema import Agency
from monitor.alerts.lines import plain
from monitor.days import begin_of, day_of
from monitor.status.feeds.addresses import absolute, authority, language_asked
from monitor.status.feeds.answers import answer
from monitor.status.filters import BadFilter, Filters
from monitor.status.site import METHODS
from monitor.status.validators import etag_of
from monitor.status.views.deadlines import DueDay, due_days
from monitor.status.views.feed import of_events
from monitor.status.web import Web
from monitor.wording import Language, say, show_day

MEDIA_TYPE = "text/calendar"
REFRESH = dt.timedelta(days=1)


def routes(web: Web) -> APIRouter:
    """A filter, `lang` or `agency` that means nothing raises BadFilter, which the application answers."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/calendar.ics", methods=METHODS)
    def calendar(request: Request) -> Response:
        filters = of_events(Filters.of(request.query_params))
        language = language_asked(request.query_params.get("lang", ""))
        agency = _agency(web, request.query_params.get("agency", ""))
        board, now = web.board(), web.now()
        rows = filters.rows(board)
        if agency is not None:
            kept = board.row_of[agency.id]
            rows[:kept] = False
            rows[kept + 1 :] = False
        days = [due for due in due_days(board, web.configuration.deadlines, rows, now) if filters.spans(due.year)]
        rules = web.configuration.deadlines.model_dump_json()
        today = day_of(now)
        return answer(
            request,
            lambda: _calendar(web, days, agency, language, today).to_ical(),
            media_type=MEDIA_TYPE,
            etag=etag_of(rules, language, agency and agency.name, today, web.settings.public_url, *_keys(days)),
        )

    return router


def _agency(web: Web, agency_id: str) -> Agency | None:
    if not agency_id:
        return None
    agency = web.configuration.agencies.get(agency_id)
    if agency is None or agency_id not in web.board().row_of:
        raise BadFilter("agency")
    return agency


def _keys(days: list[DueDay]) -> list[tuple[int, str]]:
    return [(due.year, due.rule.id) for due in days]


def _calendar(web: Web, days: list[DueDay], agency: Agency | None, language: Language, today: dt.date) -> Calendar:
    name = say("calendar.name", language)
    if agency is not None:
        name = say("calendar.of", language, name=plain(agency.name))
        if agency.invented:
            name += f" [{say('mail.invented', language)}]"
    made = Calendar()
    made.add("prodid", f"-//gongkai//{language}")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-caldesc", say("calendar.about", language))
    made.add("x-wr-timezone", "Asia/Shanghai")
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "P1D")
    for due in days:
        made.add_component(_event(web, due, language, today))
    return made


def _event(web: Web, due: DueDay, language: Language, today: dt.date) -> Event:
    rule = due.rule
    key = "calendar.local" if due.is_local else "calendar.law"
    whom = "、" if language == "zh" else ", "
    kinds = whom.join(say(f"agency_kind.{kind.value}", language) for kind in rule.kinds)
    levels = whom.join(say(f"level.{level.value}", language) for level in rule.levels)
    summary = say(key, language, year=due.year)
    if kinds:
        summary = say("calendar.whom", language, what=summary, whom=kinds)
    citation = rule.citation_zh if language == "zh" else rule.citation_en
    told = [
        say(f"{key}_long", language, year=due.year, due=show_day(due.day, language)),
        say("calendar.rule", language, citation=citation),
    ]
    if levels:
        told.append(say("calendar.levels", language, levels=levels))
    told.append(say("calendar.counts", language))
    event = Event()
    # The day is not in it: a rule that is corrected moves the event, and makes no second one.
    event.add("uid", f"due-{due.year}-{rule.id}-{language}@{authority(web.settings)}")
    event.add("dtstamp", begin_of(today).astimezone(dt.UTC))
    event.add("dtstart", due.day)
    event.add("dtend", due.day + dt.timedelta(days=1))
    event.add("summary", plain(summary))
    event.add("description", "\n".join(plain(line, 1000) for line in told))
    event.add("categories", [say("calendar.category", language)])
    event.add("url", absolute(web.settings, f"/?year={due.year}", language))
    event.add("transp", "TRANSPARENT")
    return event
