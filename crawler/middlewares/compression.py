"""Unpacks gzip and deflate, at most DOWNLOAD_MAXSIZE bytes of it: a few kilobytes may unpack to gigabytes.

Touches nothing. Nothing else is asked for, and what comes in another packing is not opened.
"""

import zlib

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.model import LookOutcome
from crawler.visit import NotFetched

PACKINGS = frozenset((b"gzip", b"x-gzip", b"deflate", b"identity"))


class Compression(HttpCompressionMiddleware):
    """Scrapy's unpacking, which stops at the bound while it unpacks, with outcomes of our own."""

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        request.headers.setdefault("Accept-Encoding", b"gzip, deflate")

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        packings = {
            part.strip().lower() for line in response.headers.getlist("Content-Encoding") for part in line.split(b",")
        } - {b""}
        if packings - PACKINGS:
            names = ", ".join(sorted(part.decode("ascii", "replace") for part in packings))
            raise NotFetched(LookOutcome.TRANSPORT_ERROR, f"未请求的压缩方式 {names}", status=response.status)
        if not packings - {b"identity"} or not response.body:
            return response
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            reason = f"解压后超过 {self._max_size} 字节，已中断"
            raise NotFetched(LookOutcome.INCOMPLETE, reason, status=response.status) from error
        except (OSError, EOFError, zlib.error) as error:
            reason = f"无法解压：{error}"
            raise NotFetched(LookOutcome.TRANSPORT_ERROR, reason, status=response.status) from error
