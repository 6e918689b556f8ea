"""`/api/v1/portals`: what could be seen, and what could not since when. May touch: the board, the configuration."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from config.schema import Portal
from crawler.model import LookOutcome
from monitor.board import ColumnSight
from monitor.checks.sight import blind_sight
from monitor.status.api.answers import Answers, place_of
from monitor.status.api.models.portal import PortalPage, ShownColumn, ShownPortal
from monitor.status.api.queries import Paged, Slug
from monitor.status.api.routing import put_up


class PortalQuery(Paged):
    """Which portals."""

    portal: Annotated[Slug | None, Field(description="The slug of one portal.")] = None
    family: Annotated[Slug | None, Field(description="A family (CMS).")] = None


def routes(answers: Answers) -> APIRouter:
    web = answers.web
    router = APIRouter(tags=["portals"])
    slugs = sorted(web.configuration.portals)

    def list_portals(request: Request, query: Annotated[PortalQuery, Query()]) -> Response:
        """Every portal of the configuration with its columns and the newest look at each."""
        board = web.board()
        place = place_of(request, query, (str,))

        def make() -> PortalPage:
            portals = [web.configuration.portals[slug] for slug in slugs if place is None or slug > str(place[0])]
            chosen = [
                portal
                for portal in portals
                if query.portal in (None, portal.slug) and query.family in (None, portal.family)
            ]
            seen = {(sight.portal, sight.column): sight for sight in board.columns}
            items = [_portal(portal, seen) for portal in chosen[: query.limit]]
            more = [items[-1].slug] if len(chosen) > query.limit else None
            return answers.page(request, PortalPage, board, items, more)

        return answers.answer(request, "portals", answers.board_marks(board), make)

    put_up(router, "/portals", list_portals, PortalPage)
    return router


def _portal(portal: Portal, seen: Mapping[tuple[str, str], ColumnSight]) -> ShownPortal:
    return ShownPortal(
        slug=portal.slug,
        name=portal.name,
        family=portal.family,
        hosts=list(portal.hosts),
        enabled=portal.enabled,
        simulated=portal.is_local,
        verified=portal.verified,
        columns=[
            _column(column.key, column.name, column.url, len(column.agencies), seen.get((portal.slug, column.key)))
            for column in portal.columns
        ],
    )


def _column(key: str, name: str, url: str, agencies: int, seen: ColumnSight | None) -> ShownColumn:
    outcome = LookOutcome(seen.outcome) if seen and seen.outcome else None
    return ShownColumn(
        key=key,
        name=name,
        url=url,
        agencies=agencies,
        outcome=outcome,
        sight=None if seen is None or outcome is None or outcome.proves_absence else blind_sight(outcome, seen.reason),
        reason=(seen.reason or None) if seen else None,
        looked_at=seen.looked_at if seen else None,
        healthy_at=seen.healthy_at if seen else None,
        blind_since=seen.since if seen else None,
    )
