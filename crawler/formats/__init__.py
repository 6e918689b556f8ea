"""Bytes → Document. One module a format, one registry; a format is known by its content, never by its name.

Touches no file and no socket, knows no template and no report. A new format is one module with `NAME`,
`sniff` and `read`, and one line in `FORMATS`.
"""

from __future__ import annotations

from typing import Protocol

from crawler.errors import ReadError
from crawler.formats import docx, html, image, legacy, mht, ofd, pdf, text, xlsx, zipped
from crawler.formats.unfold import unfold
from crawler.model import Document

MAX_BYTES = 20 * 1024 * 1024

# What the first bytes say about formats that no module reads (yet): better named than misread.
_SIGNATURES = (
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
)


class Format(Protocol):
    """The contract of a format module.

    `sniff` looks at the content; `name` and `content_type` may break a tie and never decide alone.
    `read` raises ReadError, naming what is wrong.
    """

    NAME: str

    def sniff(self, data: bytes, name: str, content_type: str) -> bool: ...

    def read(self, data: bytes, content_type: str) -> Document: ...


# Asked in this order; zipped after all other containers, text last.
FORMATS: tuple[Format, ...] = (docx, xlsx, ofd, legacy, mht, pdf, image, zipped, html, text)


def read(data: bytes, *, name: str = "", content_type: str = "") -> Document:
    """The document in `data`. `content_type` is the HTTP header's value where there was one.

    Raises ReadError: empty, larger than MAX_BYTES, or of no known format.
    """
    if not data.strip():
        raise ReadError("文件是空的。请确认下载完整。 / The file is empty; check that it was fetched completely.")
    if len(data) > MAX_BYTES:
        raise ReadError(
            f"文件有 {len(data)} 字节，超过上限 {MAX_BYTES} 字节。请只提供报告本身。"
            " / The file is larger than the limit; give the report alone."
        )
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise ReadError(
                f"这是 {kind}，不读取这种格式。请先解压或另存为网页、Word、PDF 等格式。"
                " / This format is not read; unpack it, or save it as HTML, Word or PDF first."
            )
    for module in FORMATS:
        if module.sniff(data, name, content_type):
            return unfold(module.read(data, content_type))
    raise ReadError(
        "认不出这个文件的格式。能读的有网页、Word、Excel、PDF、OFD、图片和文本。"
        " / The format is not known; HTML, Word, Excel, PDF, OFD, pictures and text can be read."
    )
