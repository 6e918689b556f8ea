"""The portals that are visited, and how well they could be seen."""

import datetime as dt

from pydantic import Field

from crawler.model import LookOutcome
from monitor.model import Sight
from monitor.status.api.models.common import Moment, Page, Shown


class ShownColumn(Shown):
    """One column (栏目) and the newest look at it."""

    key: str
    name: str
    url: str = Field(description="As configured; {year} stands for the report year where a year has its own address.")
    agencies: int = Field(description="How many agencies have their reports there.")
    outcome: LookOutcome | None = Field(
        description="How the newest look ended; only healthy and empty prove that something is not there. Null: it was "
        "never looked at."
    )
    sight: Sight | None = Field(
        description="What it saw instead of the column; null where it saw it, or nobody looked."
    )
    reason: str | None = Field(description="In the words of the crawl; null where there is nothing to say.")
    looked_at: Moment | None = Field(description="The newest look; null: never.")
    healthy_at: Moment | None = Field(description="When it was last seen well; null: never.")
    blind_since: Moment | None = Field(
        description="The first look after `healthy_at`, none of which could see; null where the newest one saw, or nobody "
        "looked."
    )


class ShownPortal(Shown):
    """A portal of the configuration."""

    slug: str = Field(description="Its one word in addresses, files and logs.")
    name: str
    family: str = Field(description="The family (CMS) that reads it.")
    hosts: list[str] = Field(description="Nothing else is ever fetched for it.")
    enabled: bool = Field(description="False: it is not visited, and nothing is said of its columns.")
    simulated: bool = Field(description="True: every host is this machine.")
    verified: dt.date | None = Field(
        description="Last day on which a person saw its columns live; null: none is recorded."
    )
    columns: list[ShownColumn]


class PortalPage(Page[ShownPortal]):
    """By slug."""
