"""The simulated portals: real HTTP servers on 127.0.0.1 that show what the portal families look like.

Nothing here is a copy of any portal's page, and every page says in a banner that it is simulated.

    with SimulatedPortals(WORLD) as portals:
        portals.day = date(2024, 1, 18)
        portals["sim-shili-city"].column_url()
"""

from tests.portals.faults import Fault, Kind
from tests.portals.fleet import SimulatedPortals, World
from tests.portals.server import ROBOTS, Request, SimulatedPortal
from tests.portals.site import Article, Column, File, Page, Sent, Site

__all__ = [
    "ROBOTS",
    "Article",
    "Column",
    "Fault",
    "File",
    "Kind",
    "Page",
    "Request",
    "Sent",
    "SimulatedPortal",
    "SimulatedPortals",
    "Site",
    "World",
]
