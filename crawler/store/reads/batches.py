"""Ids in portions that fit into one query. Touches nothing."""

from collections.abc import Collection, Iterator
from typing import TypeVar

Id = TypeVar("Id", int, str)
BATCH = 500  # ids in one IN (…): far below the limits of SQLite and PostgreSQL


def batches(ids: Collection[Id]) -> Iterator[list[Id]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]
