"""The first version of the API: its resources, one module each, one line each. Fields may be added to it, none is changed."""

from collections.abc import Callable

from fastapi import APIRouter

from monitor.status.api import (
    agencies,
    changes,
    coverage,
    description,
    events,
    facts,
    findings,
    indicators,
    portals,
    reports,
    totals,
    versions,
)
from monitor.status.api.answers import Answers
from monitor.status.web import Web

RESOURCES: tuple[Callable[[Answers], APIRouter], ...] = (
    agencies.routes,
    coverage.routes,
    totals.routes,
    reports.routes,
    versions.routes,
    facts.routes,
    changes.routes,
    findings.routes,
    events.routes,
    portals.routes,
    indicators.routes,
    description.routes,
)


def routes(web: Web) -> APIRouter:
    router, answers = APIRouter(), Answers(web)
    for resource in RESOURCES:
        router.include_router(resource(answers))
    return router
