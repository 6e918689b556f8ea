"""Which portals and columns a crawl may visit, of what it was asked for. Pure: the configuration in, portals or CrawlError out."""

import json
from collections.abc import Sequence

from config.schema import Portal
from crawler.errors import CrawlError


def chosen(portals: dict[str, Portal], slugs: Sequence[str], *, also_off: bool = False) -> tuple[Portal, ...]:
    """The portals to visit: those named, else all that are enabled. Raises CrawlError.

    `also_off`: those named may be switched off (`gongkai portal check` looks before anybody switches them on).
    """
    for slug in slugs:
        if slug not in portals:
            raise CrawlError(f"no portal is called {slug}; known: {', '.join(portals) or 'none'}")
        if not portals[slug].enabled and not also_off:
            raise CrawlError(f"the portal {slug} is switched off (enabled: false in its file)")
    wanted = tuple(portal for slug, portal in portals.items() if (slug in slugs if slugs else portal.enabled))
    if not wanted:
        raise CrawlError("no portal is enabled; add one to portals/ (docs/portals.md)")
    return wanted


def read_columns(text: str) -> dict[str, tuple[str, ...]]:
    """The plan on stdin: portal → keys of its columns, in the order in which they are visited. Raises CrawlError."""
    try:
        plan = json.loads(text)
    except ValueError as error:
        raise CrawlError(f"--columns: stdin holds no JSON: {error}") from error
    if not isinstance(plan, dict) or not plan or not all(_is_keys(keys) for keys in plan.values()):
        raise CrawlError('--columns: expected is {"portal": ["column", …], …} with at least one portal')
    return {slug: tuple(keys) for slug, keys in plan.items()}


def _is_keys(keys: object) -> bool:
    return isinstance(keys, list) and bool(keys) and all(isinstance(key, str) for key in keys)


def with_columns(portal: Portal, keys: Sequence[str]) -> Portal:
    """The portal with these columns only, in this order; without any it stays as it is. Raises CrawlError."""
    if not keys:
        return portal
    columns = {column.key: column for column in portal.columns}
    if unknown := [key for key in keys if key not in columns]:
        raise CrawlError(f"the portal {portal.slug} has no column {', '.join(unknown)}")
    return portal.model_copy(update={"columns": tuple(columns[key] for key in dict.fromkeys(keys))})


def may_be_visited(portal: Portal, *, contact: str, simulated: bool) -> None:
    """Raises CrawlError for a real portal that we may not speak to in this way."""
    if portal.is_local:
        return
    if simulated:
        raise CrawlError(f"{portal.slug}: a real portal is not visited at a simulated time")
    if not contact.strip():
        raise CrawlError(
            f"{portal.slug}: set GONGKAI_CONTACT to an e-mail or web address; it is sent with every request, "
            "so that the portal's people can reach you"
        )
