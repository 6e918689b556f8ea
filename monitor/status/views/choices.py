"""What may be chosen in the filters of a list: regions step by step, supervising offices, portals, words. May touch nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from config.schema import Portal
from monitor.board import Board
from monitor.status.filters import Filters
from monitor.status.views.atlas import Region, atlas

MOST: Final = 60  # a list that a person picks from; of more only the largest are proposed


@dataclass(frozen=True, slots=True)
class Options:
    """The values of one filter with their names. Not `whole`: there are more, which have to be written."""

    values: tuple[tuple[str, str], ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """`path`: from the province down to the region that is selected; `regions`: what may be chosen next."""

    path: tuple[Region, ...]
    regions: tuple[Region, ...]
    supervisors: Options
    portals: Options
    families: tuple[str, ...]
    years: tuple[int, ...]  # newest first


def choices(board: Board, portals: Mapping[str, Portal], filters: Filters) -> Choices:
    """What the filters of a list offer. `portals`: by slug, for their names."""
    index = atlas(board)
    return Choices(
        path=index.path(filters.region),
        regions=index.around(filters.region),
        supervisors=index.remembered("supervisors", lambda: _supervisors(board)),
        portals=index.remembered("portals", lambda: _portals(board, portals)),
        families=tuple(sorted(set(board.families))),
        years=board.years[::-1],
    )


def _supervisors(board: Board) -> Options:
    """Those with the most agencies first."""
    sizes = np.bincount(board.supervisor, minlength=len(board.supervisors))
    names = [board.supervisors[place] for place in np.argsort(-sizes, kind="stable").tolist()]
    named = [name for name in names if name]
    return Options(tuple((name, name) for name in named[:MOST]), len(named) <= MOST)


def _portals(board: Board, portals: Mapping[str, Portal]) -> Options:
    sizes = np.bincount(board.portal_rows, minlength=len(board.portals))
    slugs = [board.portals[place] for place in np.argsort(-sizes, kind="stable").tolist()[:MOST]]
    return Options(
        tuple((slug, portals[slug].name if slug in portals else slug) for slug in slugs), len(board.portals) <= MOST
    )
