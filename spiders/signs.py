"""By what a page shows which family made it. Frozen values; touches nothing.

An address alone proves nothing (sthjt.jiangxi.gov.cn keeps Hanweb's and runs UCAP's system), so it weighs least.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from crawler.page import Page

ADDRESS = 1  # an address of the family's shape
COMPANION = 2  # a class, a script's name, a file's name that the family brings along
PROOF = 4  # what only this family writes: its list container, its data answer, its pager's call
TOLD = 4  # points from which on a family is told


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: how much it weighs, and what was seen, in words for people."""

    weight: int
    seen: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """A family with the signs that speak for it."""

    family: str
    signs: tuple[Sign, ...]

    @property
    def points(self) -> int:
        return sum(sign.weight for sign in self.signs)


class Family(Protocol):
    """What is asked of a family here."""

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]: ...


def recognise(page: Page, families: Mapping[str, type[Family]]) -> tuple[Recognised, ...]:
    """The families that something speaks for, the likeliest first."""
    found = (Recognised(name, family.signs(page)) for name, family in families.items())
    return tuple(sorted((one for one in found if one.signs), key=lambda one: -one.points))


def told(found: tuple[Recognised, ...]) -> str:
    """The family's name; "" where none has enough signs, or two have the same."""
    if not found or found[0].points < TOLD:
        return ""
    if len(found) > 1 and found[1].points == found[0].points:
        return ""
    return found[0].family
