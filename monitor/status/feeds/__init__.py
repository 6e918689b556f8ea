"""What feed readers, calendars, other pages and search engines ask for: one module each, one line each."""

from collections.abc import Callable

from fastapi import APIRouter

from monitor.status.feeds import atom, badges, calendar, robots, sitemap
from monitor.status.web import Web

FEEDS: tuple[Callable[[Web], APIRouter], ...] = (
    atom.routes,
    calendar.routes,
    badges.routes,
    sitemap.routes,
    robots.routes,
)
