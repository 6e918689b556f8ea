"""What a perturbation is. Touches nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.perturb.page import Page

HTML = frozenset(("html",))
DUMPS = frozenset(("word", "lines"))
RENDERED = frozenset(("docx", "xlsx", "pdf"))
EVERY = HTML | DUMPS | RENDERED


class NotHere(Exception):
    """The page has nothing that this perturbation could change."""


@dataclass(frozen=True)
class Perturbation:
    """`change` damages the page and keeps its truth; `exact`: the formats in which nothing may stay open.

    `alone`: only the sums of an otherwise whole page can notice it, so nothing else is done to the page.
    """

    name: str
    change: Callable[[Page, random.Random], None]
    formats: frozenset[str] = EVERY
    exact: frozenset[str] = frozenset()
    alone: bool = False
