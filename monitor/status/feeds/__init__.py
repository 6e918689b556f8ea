"""What feed readers, calendars, other pages and search engines ask for: one module each, one line each."""

from collections.abc import Callable

from fastapi import APIRouter

from monitor.status.feeds import atom
from monitor.status.web import Web

FEEDS: tuple[Callable[[Web], APIRouter], ...] = (atom.routes,)
