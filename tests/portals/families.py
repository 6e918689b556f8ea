"""The registry of simulated portal families: a module each, with pages(), extra(), column_path(), article_path()."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from tests.portals import boda, epoint, general, gkmlpt, hanweb, jpaas, lonsun, nfcms, trs, truecms, ucap
from tests.portals.site import NOTHING, Article, Column, Page, Sent, Site


class Family(Protocol):
    """What a family module offers. Addresses are paths from the root, with a leading slash.

    `pages` are what GET finds; `extra` is asked for everything else, and for every POST.
    """

    def column_path(self, column: Column) -> str: ...

    def article_path(self, column: Column, article: Article) -> str: ...

    def pages(self, site: Site, host: str, day: dt.date) -> dict[str, Page]: ...

    def extra(
        self, site: Site, host: str, day: dt.date, path: str, query: dict[str, str], sent: Sent = NOTHING
    ) -> Page | None: ...


FAMILIES: dict[str, Family] = {
    "trs": trs,
    "hanweb": hanweb,
    "jpaas": jpaas,
    "gkmlpt": gkmlpt,
    "lonsun": lonsun,
    "boda": boda,
    "truecms": truecms,
    "epoint": epoint,
    "general": general,
    "ucap": ucap,
    "nfcms": nfcms,
}
