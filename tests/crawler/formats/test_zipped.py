"""A ZIP that holds a document: one is read, several are named, none is chosen silently."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from crawler import formats
from crawler.errors import ReadError
from crawler.model import Document, Paragraph
from tests.crawler.formats.office import docx, zipped

PAGE = "<html><body><p>某局报告</p></body></html>"
OTHER = "<html><body><p>另一份</p></body></html>"
REPORT = docx("<w:p><w:r><w:t>某局报告</w:t></w:r></w:p>")


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize(
    ("parts", "format_name", "member"),
    [
        ({"report.html": PAGE}, "html", "report.html"),
        ({"说明.txt": "请用 Word 打开", "report.doc": REPORT}, "docx", "report.doc"),
        ({"a.docx": REPORT, "__MACOSX/._a.docx": REPORT, "Thumbs.db": b"x", "~$a.docx": REPORT}, "docx", "a.docx"),
        ({"in.zip": zipped({"a.docx": REPORT})}, "docx", "in.zip/a.docx"),
        ({"通知.docx": REPORT, "某局政府信息公开年度报告.html": PAGE}, "html", "某局政府信息公开年度报告.html"),
        ({"a.txt": "某局报告"}, "text", "a.txt"),
    ],
)
def test_one_is_read(parts: dict[str, str | bytes], format_name: str, member: str) -> None:
    document = formats.read(zipped(parts), name="x.zip")
    assert document.format == format_name
    assert texts(document) == ["某局报告"]
    assert ("archive_member", member) in document.metadata


def test_names_in_gbk() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as container:
        container.writestr("xxxxxx1.html", PAGE)
        container.writestr("xxxxxx2.html", OTHER)
    data = stream.getvalue()
    for number in (b"1", b"2"):
        data = data.replace(b"xxxxxx" + number, "公开件".encode("gb18030") + number)
    with pytest.raises(ReadError, match=r"公开件1\.html、公开件2\.html"):
        formats.read(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped({"a.html": PAGE, "b.docx": REPORT}), r"a\.html、b\.docx"),
        (zipped({"甲公开报告.html": PAGE, "乙公开报告.html": OTHER}), "不能确定哪一个是报告"),
        (zipped({}), "没有能读的文件"),
        (zipped({"a.html": b""}), "没有能读的文件"),
        (zipped({"a.zip": zipped({"b.zip": zipped({"c.html": PAGE})})}), "没有能读的文件"),
        (zipped({"[Content_Types].xml": "presentationml", "ppt/presentation.xml": "<p/>"}), "不是 Word 或 Excel"),
        (zipped({f"{number}.txt": "x" for number in range(60)}), "超过 50 个"),
        (zipped({f"{number}": "x" for number in range(2100)}), "超过上限 2000"),
        (zipped({"a.bin": bytes(60 << 20)}), "解压后超过上限"),
    ],
)
def test_refused(data: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        formats.read(data)


def test_encrypted() -> None:
    data = bytearray(zipped({"a.html": PAGE}))
    place = data.index(b"PK\x01\x02") + 8
    data[place : place + 2] = struct.pack("<H", 1)
    with pytest.raises(ReadError, match="已加密"):
        formats.read(bytes(data))


@pytest.mark.parametrize("percent", range(10, 100, 9))
def test_truncated(percent: int) -> None:
    whole = zipped({"a.html": PAGE * 50})
    with pytest.raises(ReadError):
        formats.read(whole[: len(whole) * percent // 100])
