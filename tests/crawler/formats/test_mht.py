"""MHTML: the page within the MIME message, also with the name .doc."""

from __future__ import annotations

import base64

import pytest

from crawler import formats
from crawler.errors import ReadError
from crawler.model import Paragraph

PAGE = '<html><head><meta charset="gb2312"></head><body><p>某局报告</p></body></html>'


def message(part: str, *, before: str = "") -> bytes:
    return (
        f'{before}MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n'
        f"--x\r\n{part}\r\n--x\r\nContent-Type: image/png\r\n\r\n\r\n--x--\r\n"
    ).encode()


ENCODED = base64.encodebytes(PAGE.encode("gb18030")).decode()
PLAIN = f"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n{ENCODED}"


@pytest.mark.parametrize(
    "before", ["", "\ufeff", "From: <Saved by Microsoft>\r\nSubject: x\r\n", "X-Document-Type: x\r\n"]
)
def test_the_page_is_read(before: str) -> None:
    document = formats.read(message(PLAIN, before=before), name="report.doc", content_type="application/msword")
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["某局报告"]
    assert document.format == "mht"


@pytest.mark.parametrize("data", [PAGE.encode(), "某局：报告\n正文".encode(), b"Content-Type: x\n"])
def test_what_is_no_message(data: bytes) -> None:
    assert formats.read(data).format != "mht"


def test_without_a_page() -> None:
    with pytest.raises(ReadError, match="没有网页内容"):
        formats.read(message("Content-Type: text/css\r\n\r\np {}"))


def test_nested_too_deeply() -> None:
    inner = "".join(
        f"Content-Type: multipart/mixed; boundary=b{number}\r\n\r\n--b{number}\r\n" for number in range(5000)
    )
    with pytest.raises(ReadError, match="嵌套过多"):
        formats.read(message(inner))


def test_cut_off() -> None:
    whole = message(PLAIN)
    document = formats.read(whole[: whole.index(b"--x\r\nContent-Type: image")])
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["某局报告"]
