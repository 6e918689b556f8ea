"""Unpacks gzip and deflate, at most DOWNLOAD_MAXSIZE bytes of it: a few kilobytes may unpack to gigabytes.

Touches nothing. Nothing else is asked for, and what comes in another packing is not opened. Scrapy's own
unpacks a cut stream as far as it goes; a list that was cut would look like a list without the last reports.
"""

import zlib
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.model import LookOutcome
from crawler.visit import NotFetched, visit_of

LAYERS = 3  # packings within packings
MEMBERS = 64  # streams in one gzip answer
_GZIP, _ZLIB, _RAW = 31, 15, -15  # zlib's names for them (wbits)
_WAYS = {b"gzip": (_GZIP,), b"x-gzip": (_GZIP,), b"deflate": (_ZLIB, _RAW)}


class TooBig(Exception):
    """Raised by `unpack`: more comes out than is allowed."""


class Compression:
    """Gives the spider what the portal meant to send."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(visit_of(crawler).portal.max_bytes)

    def process_request(self, request: Request) -> None:
        request.headers.setdefault("Accept-Encoding", b"gzip, deflate")

    def process_response(self, request: Request, response: Response) -> Response:
        lines = b",".join(response.headers.getlist("Content-Encoding"))
        packings = [name for part in lines.split(b",") if (name := part.strip().lower()) not in (b"", b"identity")]
        if not packings or not response.body:
            return response
        if len(packings) > LAYERS or any(name not in _WAYS for name in packings):
            names = lines.decode("ascii", "replace")[:60]
            raise NotFetched(LookOutcome.TRANSPORT_ERROR, f"未请求的压缩方式 {names}", status=response.status)
        body = response.body
        try:
            for name in reversed(packings):
                body = unpack(body, name, request.meta.get("download_maxsize", self._limit))
        except TooBig as error:
            raise NotFetched(LookOutcome.INCOMPLETE, str(error), status=response.status) from error
        except zlib.error as error:
            raise NotFetched(LookOutcome.TRANSPORT_ERROR, f"无法解压：{error}", status=response.status) from error
        unpacked = response.replace(body=body)
        del unpacked.headers["Content-Encoding"]
        return unpacked


def unpack(data: bytes, packing: bytes, limit: int) -> bytes:
    """The content of `data`. Raises TooBig as soon as it exceeds `limit` bytes, zlib.error when it is broken or cut."""
    ways = _WAYS[packing]
    for way in ways:
        try:
            return _unpack(data, way, limit)
        except zlib.error:
            if way == ways[-1]:
                raise
    raise ValueError(f"no way to unpack {packing!r}")


def _unpack(data: bytes, way: int, limit: int) -> bytes:
    unpacked = b""
    for _ in range(MEMBERS):
        unpacker = zlib.decompressobj(way)
        unpacked += unpacker.decompress(data, limit - len(unpacked) + 1)
        if len(unpacked) > limit:
            raise TooBig(f"解压后超过 {limit} 字节，已中断")
        if not unpacker.eof:
            raise zlib.error("the stream ends before its end")
        data = unpacker.unused_data
        if way != _GZIP or not data.startswith(b"\x1f\x8b"):  # gzip may consist of several members
            return unpacked
    raise zlib.error(f"more than {MEMBERS} streams")
