"""Kept files that are read by way of LibreOffice: all of them in one run of it, since its start takes seconds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crawler import formats
from crawler.formats import legacy
from crawler.model import Document


class Converted:
    """Reads kept files. The first that needs LibreOffice has all of `paths` converted."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)
        self._documents: dict[Path, Document] = {}

    def read(self, path: Path) -> Document:
        if path not in self._paths:
            return formats.read(path.read_bytes(), name=path.name)
        if not self._documents:
            batch = [one.read_bytes() for one in self._paths]
            for one, data, converted in zip(self._paths, batch, legacy.convert(batch), strict=True):
                self._documents[one] = legacy.read_converted(data, converted)
        return self._documents[path]
