"""Documents that LibreOffice converts: its start costs some seconds, so a pool lets it convert many at once.

Touches the files of the jobs, for reading. In the parent only their first bytes are looked at; everything else
happens in a reading process (crawler.formats.legacy). What the first bytes do not tell is converted one by one.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.errors import ReadError
from crawler.formats import legacy
from crawler.workers.job import MEGABYTE, Job

_SIGNATURES = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")  # OLE2 (DOC, WPS, XLS, ET) and RTF
_LARGEST = 4 * MEGABYTE  # a larger one goes alone: a batch is in memory as a whole

Bytes = bytes | ReadError


def is_for_libreoffice(job: Job) -> bool:
    try:
        with job.path.open("rb", buffering=0) as stream:
            head = stream.read(8)
        return head.startswith(_SIGNATURES) and job.path.stat().st_size <= _LARGEST
    except OSError:
        return False  # the reading process will say so


def convert(contents: Sequence[Bytes]) -> tuple[Bytes, ...]:
    """What LibreOffice makes of each; a content that could not be had, or not be converted, is its ReadError."""
    whole = [data for data in contents if isinstance(data, bytes)]
    try:
        converted = iter(legacy.convert(whole))
    except ReadError as error:  # LibreOffice is missing: none of them
        return tuple(error for _ in contents)
    return tuple(next(converted) if isinstance(data, bytes) else data for data in contents)
