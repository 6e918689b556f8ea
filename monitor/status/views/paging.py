"""The pages of a list: what is shown of how much, and which page numbers are named. May touch nothing."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

NEAR: Final = 2  # pages that are named before and after the present one


@dataclass(frozen=True, slots=True)
class Paging:
    """`begin`, `end`: places of the first and the last line that is shown, from 1; both 0 of an empty list.

    `pages`: the numbers that are named, None where some are left out. A `page` after the `last` one is none.
    """

    found: int
    page: int
    last: int
    begin: int
    end: int
    pages: tuple[int | None, ...]

    @classmethod
    def of(cls, found: int, page: int, size: int) -> "Paging":
        last = max(1, -(-found // size))
        named = sorted({1, last, *range(max(1, page - NEAR), min(last, page + NEAR) + 1)})
        pages: list[int | None] = [1]
        for before, after in pairwise(named):
            pages += [after] if after == before + 1 else [None, after]
        return cls(found, page, last, min((page - 1) * size + 1, found), min(page * size, found), tuple(pages))
