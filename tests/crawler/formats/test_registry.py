"""Which format bytes are: by their content, and what is refused with a reason."""

import pytest

from crawler import formats
from crawler.errors import ReadError


@pytest.mark.parametrize(
    ("data", "name", "content_type", "format_name"),
    [
        (b"<html><p>x</p>", "report.txt", "text/plain", "html"),
        ("某局\n报告".encode(), "report.html", "text/html", "text"),
        ("<div>公开</div>".encode("gb18030"), "", "application/octet-stream", "html"),
        ("<html><p>公开</p>".encode("utf-16"), "", "", "html"),
        ("公开报告".encode("utf-16"), "", "", "text"),
    ],
)
def test_content_decides(data: bytes, name: str, content_type: str, format_name: str) -> None:
    assert formats.read(data, name=name, content_type=content_type).format == format_name


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空"),
        (b" \r\n\t ", "空"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04\x14\x00", "压缩容器已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "旧版 Office 文件已损坏"),
        (b"\x89PNG\r\n\x1a\n", "图片已损坏"),
        (b"Rar!\x1a\x07\x00" + bytes(20), "RAR"),
        (bytes(range(32)) * 20, "认不出"),
    ],
)
def test_refused_by_name(data: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        formats.read(data, name="report.html", content_type="text/html")


def test_size_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_BYTES", 10)
    with pytest.raises(ReadError, match="上限"):
        formats.read(b"<p>" + b"x" * 10)
