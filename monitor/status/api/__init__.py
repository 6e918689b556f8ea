"""What programs ask for: one module each, one line each; described in /api/openapi.json."""

from collections.abc import Callable

from fastapi import APIRouter

from monitor.status.api import health, v1
from monitor.status.web import Web

API: tuple[Callable[[Web], APIRouter], ...] = (v1.routes, health.routes)
