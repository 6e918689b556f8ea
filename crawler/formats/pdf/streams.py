"""Whether the compressed streams of a PDF are whole. Touches nothing but the bytes it is given.

PDF readers show what they can of a damaged stream: a page would lose rows or digits without a word. Deflate
streams carry a checksum (RFC 1950); here it is looked at, and the unpacked size is bounded before anything else
unpacks it.
"""

from __future__ import annotations

import re
import zlib

from crawler.errors import ReadError

MAX_INFLATED = 200 * 1024 * 1024  # bytes of all streams; a long report with pictures has some 20 MB

_BEGIN = re.compile(rb"(?<!end)stream(?:\r\n|\n)")
_DEFLATED = re.compile(rb"/Filter\s*\[?\s*/FlateDecode\b")
_DICTIONARY = 4_096  # bytes before a stream in which its dictionary stands
_BLOCK = 1 << 16


def check(data: bytes) -> None:
    """Raises ReadError: a stream is damaged or cut, or all of them unpack to more than MAX_INFLATED bytes.

    Encrypted streams cannot be looked at.
    """
    if b"/Encrypt" in data:
        return
    left = MAX_INFLATED
    end = 0
    for begin in _BEGIN.finditer(data):
        if begin.start() < end:
            continue  # within the stream before
        before = data[max(begin.start() - _DICTIONARY, end) : begin.start()]
        if _DEFLATED.search(before[before.rfind(b" obj") + 1 :]):
            end, size = _inflated(data, begin.end(), left)
            left -= size


def _inflated(data: bytes, start: int, bound: int) -> tuple[int, int]:
    """(place behind the stream, unpacked size)."""
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    checksum, size = 1, 0
    place = start + 2  # the header of two bytes
    pending = b""
    try:
        while not unpacking.eof:
            if not pending:
                pending = data[place : place + _BLOCK]
                place += len(pending)
                if not pending:
                    raise _damaged()
            block = unpacking.decompress(pending, _BLOCK)
            pending = unpacking.unconsumed_tail
            checksum = zlib.adler32(block, checksum)
            size += len(block)
            if size > bound:
                raise ReadError(
                    f"PDF 的内容解压后超过上限 {MAX_INFLATED} 字节（压缩炸弹？）。 / The PDF unpacks beyond the limit."
                )
    except zlib.error as error:
        raise _damaged() from error
    place -= len(unpacking.unused_data)
    # Some writers leave the checksum out; then the end of the stream follows at once.
    left_out = data[place : place + 12].lstrip().startswith(b"endstream")
    if data[place : place + 4] != checksum.to_bytes(4, "big") and not left_out:
        raise _damaged()
    return place, size


def _damaged() -> ReadError:
    return ReadError("PDF 的压缩数据已损坏，不能保证内容完整。请重新下载。 / Compressed data of the PDF is damaged.")
