"""The registry of simulated portal families: a module each, with pages(), extra(), column_path(), article_path()."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from tests.portals import hanweb, trs
from tests.portals.site import Article, Column, Page, Site


class Family(Protocol):
    """What a family module offers. Addresses are paths from the root, with a leading slash."""

    def column_path(self, column: Column) -> str: ...

    def article_path(self, column: Column, article: Article) -> str: ...

    def pages(self, site: Site, host: str, day: dt.date) -> dict[str, Page]: ...

    def extra(self, site: Site, host: str, day: dt.date, path: str, query: dict[str, str]) -> Page | None: ...


FAMILIES: dict[str, Family] = {"trs": trs, "hanweb": hanweb}
