"""The status page: read models, routes, templates and static files. It only reads."""

from monitor.status.app import create_app

__all__ = ["create_app"]
