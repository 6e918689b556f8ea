"""The pages for people: one module each, one line each. The same paths in Chinese and, below /en, in English.

A module has `routes(web, language)`: an APIRouter with the prefix of its language and without a place in the schema.
"""

from collections.abc import Callable

from fastapi import APIRouter

from monitor.status.pages import (
    account,
    agency,
    archived,
    changes,
    coverage,
    data,
    desk,
    diff,
    evidence,
    jobs,
    late,
    login,
    method,
    overview,
    portals,
    report,
    review,
    unsubscribe,
)
from monitor.status.web import Web
from monitor.wording import Language

PAGES: tuple[Callable[[Web, Language], APIRouter], ...] = (
    overview.routes,
    coverage.routes,
    late.routes,
    changes.routes,
    agency.routes,
    report.routes,
    data.routes,
    diff.routes,
    archived.routes,
    evidence.routes,
    review.routes,
    portals.routes,
    jobs.routes,
    method.routes,
    unsubscribe.routes,
    login.routes,
    account.routes,
    desk.routes,
)
