"""Scrapy settings and a pipeline for the tests of kill -9: the process dies at a chosen point, as if the power went.

May touch: its own process. The product knows nothing of this; a test names this module as SCRAPY_SETTINGS_MODULE.
"""

import os
import signal
from typing import Any

from sqlalchemy.orm import Session

from crawler import pipelines
from crawler.items import CaptureItem, LookItem
from crawler.settings import *  # noqa: F403 - the settings of the product with another pipeline
from crawler.store.writes import visit as writes

ITEM_PIPELINES = {"tests.spiders.dying.DyingPipeline": 100}
POINT_VARIABLE = "DYING_AT"
POINTS = ("before archive", "between archive and store", "between captures and look", "while the look is written")

pipelines.BATCH = 4  # so that several batches are behind us


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DyingPipeline(pipelines.StorePipeline):
    """Stores as the product does and dies at the point, once some details have been stored."""

    stored = 0

    def _store(self, batch: list[CaptureItem | LookItem]) -> None:
        point = os.environ[POINT_VARIABLE]
        last = any(isinstance(item, LookItem) for item in batch)
        if point == "before archive" and self.stored:
            die()
        if point == "between captures and look" and last:
            die()
        if point == "between archive and store" and self.stored:
            _replace("add_captures")
        if point == "while the look is written" and last:
            _replace("add_look")
        super()._store(batch)
        self.stored += 1


def _replace(name: str) -> None:
    original = getattr(writes, name)

    def write_and_die(session: Session, *arguments: Any) -> None:
        if name == "add_look":
            original(session, *arguments)
        die()

    setattr(writes, name, write_and_die)
