"""Badges for other pages: how one agency stands with a year, and how many published on time. From the board alone."""

from collections.abc import Iterable
from dataclasses import replace

from fastapi import APIRouter, HTTPException, Request, Response

from monitor.alerts.lines import plain
from monitor.board import Board, Place, Totals
from monitor.model import State
from monitor.status.feeds.addresses import language_asked
from monitor.status.feeds.answers import answer
from monitor.status.feeds.badge import COLOURS, MEDIA_TYPE, PLAIN, Badge, drawn
from monitor.status.filters import SIZES, Filters
from monitor.status.site import METHODS
from monitor.status.validators import etag_of
from monitor.status.web import Web
from monitor.wording import Language, say, show_days

FRESH = 300  # seconds for which a page that shows it need not ask again


def routes(web: Web) -> APIRouter:
    """A filter or `lang` that means nothing raises BadFilter, which the application answers."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/badge/agency/{agency_id}/{year}.svg", methods=METHODS)
    def of_agency(request: Request, agency_id: str, year: str) -> Response:
        language = language_asked(request.query_params.get("lang", ""))
        board = web.board()
        row = board.row_of.get(agency_id)
        if row is None:
            raise HTTPException(404)
        place = board.place(row, _year(board, year), web.now())
        name, invented = plain(board.names[row]), bool(board.invented[row])
        return _answer(request, agency_badge(name, place, language, invented=invented), language)

    @router.api_route("/badge/coverage/{year}.svg", methods=METHODS)
    def of_many(request: Request, year: str) -> Response:
        language = language_asked(request.query_params.get("lang", ""))
        filters = _of_whom(Filters.of(request.query_params))
        board = web.board()
        totals = board.totals(_year(board, year), filters.rows(board))
        return _answer(request, coverage_badge(totals, _whose(board, filters, language), language), language)

    return router


def _answer(request: Request, badge: Badge, language: Language) -> Response:
    return answer(
        request, lambda: drawn(badge, language), media_type=MEDIA_TYPE, etag=etag_of(badge, language), max_age=FRESH
    )


def _year(board: Board, text: str) -> int:
    known = {str(year): year for year in board.years}
    if text not in known:
        raise HTTPException(404)
    return known[text]


def agency_badge(name: str, place: Place, language: Language, *, invented: bool) -> Badge:
    """The state of one agency and year in words, with its days."""
    state = ("unjudged" if place.watched else "unwatched") if place.state is None else place.state.value
    value = " ".join(filter(None, (say(f"page.short.{state}", language), _days(place, language))))
    label = say("badge.year", language, year=place.year)
    if invented:
        label = f"{say('page.invented', language)} · {label}"
    title = say("badge.agency", language, name=name, label=label, value=value)
    return Badge(label, value, title, COLOURS.get(state, PLAIN))


def _days(place: Place, language: Language) -> str:
    if place.days is None or place.state is None:
        return ""
    first, last = place.days
    if place.state is State.DUE_SOON and last == 0:
        return say("page.days.due_today", language)
    text = show_days(last, language) if first == last else say("days.span", language, first=first, last=last)
    return say(f"page.days.{place.state.value}", language, days=text)


def coverage_badge(totals: Totals, whose: str, language: Language) -> Badge:
    """How many of those that owe a report published it on time; whoever cannot be told stands beside it, always.

    Per cents are rounded down: not everybody is never a hundred.
    """
    label = say("badge.coverage", language, year=totals.year)
    if whose:
        label = f"{whose} · {label}"
    owing, on_time = totals.owing, totals.states[State.ON_TIME]
    if not owing:
        value = say("badge.nobody", language)
        return Badge(label, value, say("badge.all", language, label=label, value=value), PLAIN)
    share = say("badge.share", language, count=on_time, total=owing, percent=100 * on_time // owing)
    ahead = totals.states[State.NOT_DUE] + totals.states[State.DUE_SOON]
    beside = {"unknown": totals.states[State.UNKNOWN], "unjudged": totals.unjudged, "not_due": ahead}
    value = " · ".join((share, *_counts(beside.items(), language)))
    told = {state.value: count for state, count in totals.states.items() if state is not State.EXEMPT}
    told["unjudged"] = totals.unjudged
    details = "；" if language == "zh" else "; "
    counted = details.join(_counts(told.items(), language))
    title = say("badge.all", language, label=label, value=details.join(filter(None, (share, counted))))
    return Badge(label, value, title, COLOURS["on_time"] if on_time == owing else PLAIN)


def _counts(counts: Iterable[tuple[str, int]], language: Language) -> list[str]:
    return [
        say("badge.count", language, state=say(f"page.short.{name}", language), count=count)
        for name, count in counts
        if count
    ]


def _of_whom(filters: Filters) -> Filters:
    """Only what agencies are: a share of those that are in one state would say nothing."""
    return replace(filters, state=None, flag="", first=None, last=None, year=None, sort=None, size=SIZES[0], page=1)


def _whose(board: Board, filters: Filters, language: Language) -> str:
    """Of which agencies it speaks: a region by its name; other selections are only said to be such."""
    parts = [say("badge.simulated", language)] if board.simulated else []
    if filters.region:
        named = (board.region_code == int(filters.region)).nonzero()[0]
        parts.append(plain(board.regions[named[0]]) if len(named) else filters.region)
    if filters != Filters(region=filters.region):
        parts.append(say("badge.selected", language))
    return " · ".join(parts)
