"""Which legacy files there are, and which are refused with a reason before LibreOffice is asked."""

from __future__ import annotations

import pytest

from crawler.errors import ReadError
from crawler.formats import legacy
from crawler.formats.legacy import ole
from tests.crawler.formats.office import zipped
from tests.golden.make import MADE

OLE = ole.SIGNATURE


def compound(streams: dict[str, bytes], *, within: dict[str, bytes] | None = None) -> bytes:
    """A small compound file: a directory in sector 0, a table in sector 1, every stream in sectors of its own.

    `within`: streams of a storage, as embedded objects have them.
    """
    entries: list[bytes] = []
    sectors: list[bytes] = []
    table: list[int] = []

    def entry(name: str, kind: int, start: int, size: int, behind: int, inside: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        number = (0xFFFFFFFF).to_bytes(4, "little")
        return (
            raw.ljust(64, b"\0")
            + len(raw).to_bytes(2, "little")
            + bytes([kind, 1])
            + number
            + behind.to_bytes(4, "little")
            + inside.to_bytes(4, "little")
            + bytes(36)
            + start.to_bytes(4, "little")
            + size.to_bytes(8, "little")
        )

    end = 0xFFFFFFFF
    names = list(streams.items())
    inner = list((within or {}).items())
    rows = 1 + len(names) + bool(inner) + len(inner)
    first = 1 + (rows + 3) // 4  # sectors of the table and the directory
    for group in (names, inner):
        for _, data in group:
            sectors.append(data.ljust(512, b"\0"))
    entries.append(entry("Root Entry", 5, end, 0, end, 1))
    for number, (name, _) in enumerate(names, start=1):
        behind = number + 1 if number < len(names) or inner else end
        entries.append(entry(name, 2, first + number - 1, 512, behind, end))
    if inner:
        entries.append(entry("ObjectPool", 1, 0, 0, end, len(entries) + 1))
        for number, (name, _) in enumerate(inner):
            behind = len(entries) + 1 if number + 1 < len(inner) else end
            entries.append(entry(name, 2, first + len(names) + number, 512, behind, end))
    directory = b"".join(entries).ljust((first - 1) * 512, b"\0")
    table = [0xFFFFFFFD, *range(2, first), 0xFFFFFFFE, *[0xFFFFFFFE] * len(sectors)]
    fat = b"".join(number.to_bytes(4, "little") for number in table).ljust(512, b"\xff")
    header = bytearray(512)
    header[:8] = OLE
    header[30:32] = (9).to_bytes(2, "little")
    header[48:52] = (1).to_bytes(4, "little")
    header[56:60] = (512).to_bytes(4, "little")
    header[68:72] = (0xFFFFFFFE).to_bytes(4, "little")
    header[76:512] = (0).to_bytes(4, "little") + b"\xff" * 432
    return bytes(header) + fat + directory + b"".join(sectors)


PLAIN_WORD = (0xA5EC).to_bytes(2, "little") + bytes(30)
LOCKED_WORD = (0xA5EC).to_bytes(2, "little") + bytes(8) + (0x0100).to_bytes(2, "little") + bytes(20)
PLAIN_SHEET = bytes.fromhex("0908 0400 00060500 4200 0200 b004".replace(" ", ""))
LOCKED_SHEET = bytes.fromhex("0908 0400 00060500 2f00 0200 0000".replace(" ", ""))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (compound({"WordDocument": PLAIN_WORD, "1Table": b""}), "doc"),
        (compound({"Workbook": PLAIN_SHEET}), "xls"),
        (compound({"Book": PLAIN_SHEET}), "xls"),
        (compound({"MatOST": b""}), "wps"),
        (compound({"Workbook": PLAIN_SHEET}, within={"WordDocument": PLAIN_WORD}), "xls"),
        (compound({"WordDocument": PLAIN_WORD}, within={"Workbook": PLAIN_SHEET}), "doc"),
        (b"{\\rtf1\\ansi x}", "rtf"),
        (b"\r\n{\\rtf1\\ansi x}", "rtf"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "odt"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "ods"),
        (zipped({"[Content_Types].xml": "application/vnd.ms-excel.sheet.binary.macroEnabled.main"}), "xlsb"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "xls.xml"),
    ],
)
def test_kinds(data: bytes, kind: str) -> None:
    assert legacy.is_legacy(data)
    assert legacy.kind_of(data) == kind


@pytest.mark.parametrize("data", [b"", b"<html>", b"PK\x03\x04", b'<?xml version="1.0"?><html/>', b"text"])
def test_not_legacy(data: bytes) -> None:
    assert not legacy.is_legacy(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (compound({"EncryptedPackage": b"", "EncryptionInfo": b""}), "密码"),
        (compound({"WordDocument": LOCKED_WORD}), "密码"),
        (compound({"Workbook": LOCKED_SHEET}), "密码"),
        (compound({"PowerPoint Document": b""}), "演示文稿"),
        (compound({"Something": b""}), "不是 Word"),
        (OLE + bytes(504), "扇区"),
        (OLE, "已损坏"),
        (compound({"WordDocument": PLAIN_WORD})[:600], "目录已损坏"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><wordDocument/>', "Word 2003 XML"),
        (b'<?xml version="1.0"?><w:wordDocument/>', "Word 2003 XML"),
        (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><?mso-application progid="Excel.Sheet"?><Workbook/>',
            "DTD",
        ),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>', "不是完整的 XML"),
        (b"{\\rtf1\\ansi x", "不完整"),
    ],
)
def test_refused(data: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        legacy.read(data, "")


def test_real_files_have_readable_directories() -> None:
    assert legacy.kind_of((MADE / "doc-2021.doc").read_bytes()) == "doc"
    assert legacy.kind_of((MADE / "xls-2021.xls").read_bytes()) == "xls"
    assert len(ole.Directory((MADE / "doc-2021.doc").read_bytes()).head("WordDocument")) >= 512


@pytest.mark.parametrize("name", ["doc-2021.doc", "doc-2008.doc", "xls-2021.xls", "rtf-2021.rtf"])
@pytest.mark.parametrize("percent", range(3, 98, 8))
def test_cut_off(name: str, percent: int) -> None:
    """LibreOffice would read what is left, and say nothing."""
    data = (MADE / name).read_bytes()
    with pytest.raises(ReadError, match=r"不完整|损坏"):
        legacy.kind_of(data[: len(data) * percent // 100])


def test_a_chain_of_sectors_that_returns_ends() -> None:
    data = bytearray(compound({"WordDocument": PLAIN_WORD}))
    data[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")  # the directory's sector points to itself
    assert legacy.kind_of(bytes(data)) == "doc"


@pytest.mark.parametrize("place", range(24, 512, 8))
def test_damaged_headers(place: int) -> None:
    data = bytearray((MADE / "doc-2008.doc").read_bytes())
    data[place : place + 8] = b"\xfe" * 8
    try:
        assert legacy.kind_of(bytes(data)) == "doc"
    except ReadError as error:
        assert "损坏" in str(error) or "不完整" in str(error) or "扇区" in str(error) or "不是 Word" in str(error)
