"""From a portal and a column, or from an address, to the agencies whose reports are to be expected there. Touches nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from config.schema import Agency, Column, Portal
from crawler.identification.model import Place

_LAST = re.compile(r"[^/]*$")


class Places:
    """The columns of all portals, by slug and by host, and the sites of agencies."""

    def __init__(self, portals: Mapping[str, Portal], agencies: Mapping[str, Agency]) -> None:
        self.portals = portals
        self._sites: dict[str, list[str]] = defaultdict(list)
        for agency in agencies.values():
            for site in agency.sites:
                self._sites[_bare(site)].append(agency.id)
        self._by_host: dict[str, list[Portal]] = defaultdict(list)
        for portal in portals.values():
            for host in portal.hosts:
                self._by_host[_bare(host)].append(portal)

    def column(self, portal: str, column: str) -> Place:
        """A registered column; an unknown one is an empty place."""
        entry = self.portals.get(portal)
        columns = [one for one in entry.columns if one.key == column] if entry else []
        return _place(entry, columns) if entry else Place()

    def of_address(self, url: str) -> Place:
        """The column below whose address a page stands, else its portal, else the site of some agencies.

        The longest address that fits counts. An address that is none is no place.
        """
        try:
            host = _bare(urlsplit(url).netloc)
        except ValueError:
            return Place()
        best: tuple[int, Portal | None, list[Column]] = (-1, None, [])
        for portal in self._by_host.get(host, ()):
            if best[1] is None:
                best = (0, portal, [])
            for column in portal.columns:
                length = _fits(column.url, url)
                if length > best[0]:
                    best = (length, portal, [column])
                elif length == best[0] and best[1] is portal and length > 0:
                    best[2].append(column)
        return _place(best[1], best[2]) if best[1] else Place(portal_agencies=tuple(self._sites.get(host, ())))


def _place(portal: Portal, columns: list[Column]) -> Place:
    return Place(
        portal.slug,
        columns[0].key if columns else "",
        tuple(dict.fromkeys(id_ for column in columns for id_ in column.agencies)),
        tuple(dict.fromkeys(id_ for column in portal.columns for id_ in column.agencies)),
    )


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def _fits(column: str, url: str) -> int:
    """How many signs of the column's address the page's begins with; 0 where it stands elsewhere.

    A column that is a query (xxgkAnnualReport.jsp?area=…) fits a page with the same parameters; {year} fits any year.
    """
    own, other = urlsplit(column), urlsplit(url)
    if own.query:
        asked, given = dict(parse_qsl(own.query)), dict(parse_qsl(other.query))
        same = all(given.get(name) == value for name, value in asked.items() if value != "{year}")
        return len(column) if own.path == other.path and same else 0
    folder = own.path.partition("{year}")[0]
    if folder == own.path:
        folder = folder if folder.endswith("/") or "." not in _LAST.findall(folder)[0] else _LAST.sub("", folder)
    if own.path == other.path:
        return len(own.path)
    fits = len(folder) > 1 and other.path.startswith(folder if "{year}" in own.path else folder.rstrip("/") + "/")
    return len(folder) if fits else 0
